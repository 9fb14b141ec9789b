//! Builds one block: the internal transaction, then what was handed in, in order.
use std::convert::Infallible;

use alloy::{
    consensus::Transaction as _,
    primitives::{B256, map::AddressSet},
};

use super::{
    Block, Body, Chain, Head, Included, Incoming, Receipt, Rejected, block::internal_transaction,
};
use crate::{
    arbos::{accounts::ARBOS_STATE, l2_pricing, send_merkle::SendMerkle},
    evm::{self, BlockConstants, BlockValues, Outcome, Purpose, Status},
};

/// What every transaction takes of the budget at least; below it no other is tried.
const LEAST_COMPUTE: u64 = 21_000;

/// The ArbOS version from which a block's last transaction may exceed what is left of the
/// block's gas; before, only its first may.
const LAST_MAY_EXCEED_SINCE: u64 = 50;

/// The compute gas that a transaction may use by its own limit.
fn offered_compute(tx: &Incoming, outcome: &Outcome) -> u64 {
    let limit = tx.envelope.gas_limit();
    limit
        .saturating_sub(outcome.gas_used_for_l1)
        .max(LEAST_COMPUTE)
}

/// What to do when no transaction could be executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Empty {
    /// Seal the block all the same.
    Allowed,
    /// There is no block; whatever its start changed is taken back.
    Refused,
}

impl Chain {
    /// Seals a block and answers for each transaction in order.
    pub(super) fn seal(
        &mut self,
        transactions: &[Incoming],
        empty: Empty,
    ) -> Vec<Result<B256, Rejected>> {
        let before = self.head;
        let mark = self.reader.state().start_recording();
        let (verdicts, values, included) = match self.execute_block(transactions) {
            Ok(executed) => executed,
            Err(refusal) => {
                self.undo_block(mark, before);
                return transactions
                    .iter()
                    .map(|_| Err(refusal.clone().into()))
                    .collect();
            }
        };
        let users = included.len().saturating_sub(1);
        if users == 0 && empty == Empty::Refused {
            self.undo_block(mark, before);
            return verdicts;
        }
        self.reader.clock().write().take(before.timestamp);
        let chain_id = self.reader.config().chain_id;
        let state = self.reader.state();
        let sent = SendMerkle::load(|slot| {
            Ok::<_, Infallible>(state.slot(values.number, ARBOS_STATE, slot))
        });
        let Ok(sent) = sent;
        let root = self.head.digest.0;
        let block = Block::seal(&values, before.hash, root, chain_id, &sent, included);
        self.head.number = values.number;
        self.head.timestamp = values.timestamp;
        self.head.hash = block.hash;
        self.reader.publish(block);
        self.reader.state().stop_recording();
        verdicts
    }

    /// Seals one block with these transactions, as far as they can be executed.
    pub fn send_together(&mut self, transactions: &[Incoming]) -> Vec<Result<B256, Rejected>> {
        self.seal(transactions, Empty::Refused)
    }

    /// Base fee of the next block in wei: what ArbOS holds when the block starts.
    fn next_base_fee(&self) -> u64 {
        let slot = l2_pricing::slot(l2_pricing::BASE_FEE);
        let fee = self.reader.slot(self.head.number, ARBOS_STATE, slot);
        fee.saturating_to()
    }

    /// What the next block starts with, if it starts now.
    pub(super) fn next_values(&self) -> BlockValues {
        BlockValues {
            number: self.head.number.saturating_add(1),
            timestamp: self.reader.clock().read().peek(self.head.timestamp),
            base_fee: self.next_base_fee(),
            l1_block_number: 0,
            arbos_version: self.head.arbos_version,
            constants: BlockConstants::default(),
        }
    }

    fn undo_block(&mut self, mark: crate::state::Mark, before: Head) {
        let state = self.reader.state();
        state.roll_back(mark);
        state.stop_recording();
        self.head = before;
    }

    /// Runs the internal transaction and the users', and writes their changes.
    fn execute_block(&mut self, transactions: &[Incoming]) -> Result<Executed, evm::TxError> {
        let rules = self.reader.rules();
        let state = self.reader.state().clone();
        let mut values = self.next_values();
        let time_passed = values.timestamp.saturating_sub(self.head.timestamp);
        let number = values.number;
        let started = evm::start_block(state.view(number), &values, &rules, time_passed)?;
        state.commit(number, started.state, &mut self.head.digest);
        values.arbos_version = started.arbos_version;
        self.head.arbos_version = started.arbos_version;

        let mut included = vec![internal_transaction(rules.chain_id, &values, time_passed)];
        // Compute gas that is left in the block.
        let limit = l2_pricing::slot(l2_pricing::BLOCK_GAS_LIMIT);
        let mut budget: u64 = state.slot(number, ARBOS_STATE, limit).saturating_to();
        let mut totals = Totals::default();
        let mut verdicts = Vec::with_capacity(transactions.len());
        // Whose later nonces have to wait too.
        let mut postponed = AddressSet::default();
        for tx in transactions {
            if budget < LEAST_COMPUTE || postponed.contains(&tx.sender) {
                verdicts.push(Err(Rejected::Postponed));
                continue;
            }
            let executable = tx.executable();
            let view = state.view(number);
            match evm::execute(view, &values, &rules, &executable, Purpose::Commit) {
                Ok(outcome)
                    if values.arbos_version < LAST_MAY_EXCEED_SINCE
                        && included.len() > 1
                        && offered_compute(tx, &outcome) > budget =>
                {
                    postponed.insert(tx.sender);
                    verdicts.push(Err(Rejected::Postponed));
                }
                Ok(outcome) => {
                    let compute = outcome.gas_used.saturating_sub(outcome.gas_used_for_l1);
                    budget = budget.saturating_sub(compute.max(LEAST_COMPUTE));
                    let (receipt, changes) = totals.receipt(tx, outcome);
                    state.commit(number, changes, &mut self.head.digest);
                    let sender = tx.sender;
                    included.push(Included {
                        body: Body::from(tx),
                        hash: tx.hash,
                        sender,
                        receipt,
                    });
                    verdicts.push(Ok(tx.hash));
                }
                Err(refusal) => verdicts.push(Err(refusal.into())),
            }
        }
        Ok((verdicts, values, included))
    }
}

type Executed = (Vec<Result<B256, Rejected>>, BlockValues, Vec<Included>);

/// Running totals of a block.
#[derive(Debug, Default)]
struct Totals {
    gas_used: u64,
    logs: u64,
}

impl Totals {
    fn receipt(&mut self, tx: &Incoming, outcome: Outcome) -> (Receipt, revm::state::EvmState) {
        self.gas_used = self.gas_used.saturating_add(outcome.gas_used);
        let first_log_index = self.logs;
        self.logs = self
            .logs
            .saturating_add(outcome.logs.len().try_into().unwrap_or(u64::MAX));
        let receipt = Receipt {
            success: outcome.status == Status::Success,
            gas_used: outcome.gas_used,
            gas_used_for_l1: outcome.gas_used_for_l1,
            cumulative_gas_used: self.gas_used,
            contract_address: tx.created_contract(),
            logs: outcome.logs,
            first_log_index,
        };
        (receipt, outcome.state)
    }
}
