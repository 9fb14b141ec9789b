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
    state::{Mark, State},
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
        let unsealed = Unsealed::start(self.reader.state());
        let mut head = self.head;
        let (verdicts, values, included) = match self.execute_block(transactions, &mut head) {
            Ok(executed) => executed,
            Err(refusal) => {
                return transactions
                    .iter()
                    .map(|_| Err(refusal.clone().into()))
                    .collect();
            }
        };
        let users = included.len().saturating_sub(1);
        if users == 0 && empty == Empty::Refused {
            return verdicts;
        }
        let chain_id = self.reader.config().chain_id;
        let state = self.reader.state();
        let sent = SendMerkle::load(|slot| {
            Ok::<_, Infallible>(state.slot(values.number, ARBOS_STATE, slot))
        });
        let Ok(sent) = sent;
        let (parent, root) = (head.hash, head.digest.0);
        let block = Block::seal(&values, parent, root, chain_id, &sent, included);
        unsealed.keep();
        self.reader.clock().write().take(head.timestamp);
        self.head = Head::at(&block);
        self.reader.publish(block);
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

    /// Runs the internal transaction and the users', writes their changes into the state and
    /// what follows from them into `head`.
    fn execute_block(
        &self,
        transactions: &[Incoming],
        head: &mut Head,
    ) -> Result<Executed, evm::TxError> {
        let rules = self.reader.rules();
        let state = self.reader.state().clone();
        let mut values = self.next_values();
        let time_passed = values.timestamp.saturating_sub(self.head.timestamp);
        let number = values.number;
        let started = evm::start_block(state.view(number), &values, &rules, time_passed)?;
        state.commit(number, started.state, &mut head.digest);
        values.arbos_version = started.arbos_version;

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
                    state.commit(number, changes, &mut head.digest);
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

/// A block in the making. Unless it is kept, what it wrote into the state is taken back: also
/// when a panic ends it, which the node survives.
struct Unsealed {
    state: State,
    mark: Mark,
    is_kept: bool,
}

impl Unsealed {
    fn start(state: &State) -> Self {
        Self {
            state: state.clone(),
            mark: state.start_recording(),
            is_kept: false,
        }
    }

    fn keep(mut self) {
        self.is_kept = true;
    }
}

impl Drop for Unsealed {
    fn drop(&mut self) {
        if !self.is_kept {
            self.state.roll_back(self.mark);
        }
        self.state.stop_recording();
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

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use alloy::primitives::{Address, U256};

    use super::*;

    #[test]
    fn a_panic_takes_back_what_its_block_wrote() {
        let state = State::default();
        let account = Address::with_last_byte(7);
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let _unsealed = Unsealed::start(&state);
            state.set_slot(0, account, U256::ONE, U256::from(5));
            panic!("on purpose");
        }));
        assert!(panicked.is_err());
        assert_eq!(state.slot(0, account, U256::ONE), U256::ZERO);
        // No recording is open: what is written now is not noted, and cannot be taken back.
        let mark = state.start_recording();
        state.stop_recording();
        state.set_slot(0, account, U256::ONE, U256::from(6));
        state.roll_back(mark);
        assert_eq!(state.slot(0, account, U256::ONE), U256::from(6));
    }
}
