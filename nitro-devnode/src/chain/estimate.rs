//! The gas limit a transaction needs, found by the bisection Nitro uses.
use std::sync::Arc;

use alloy::primitives::U256;

use super::{
    Block, CallError, CallOptions, CallRequest, Reader, call::Prepared,
    node_interface::NODE_INTERFACE,
};
use crate::evm::{BLOCK_GAS_LIMIT, Outcome, Purpose, Status};

/// Gas of a plain transfer.
const TRANSFER: u64 = 21_000;

/// Gas that a callee gets for free with a value.
const STIPEND: u64 = 2_300;

/// The search ends when the bounds are closer than this share of the upper one.
const ERROR_RATIO: f64 = 0.015;

/// One probe: enough gas, with what happened, or not enough.
enum Probe {
    Enough(Outcome),
    /// The outcome is missing when not even the intrinsic gas was covered.
    Short(Option<Outcome>),
}

impl Prepared<'_> {
    fn probe(&self, gas: u64) -> Result<Probe, CallError> {
        match self.run(gas, Purpose::Estimate) {
            Ok(outcome) if outcome.status == Status::Success => Ok(Probe::Enough(outcome)),
            Ok(outcome) => Ok(Probe::Short(Some(outcome))),
            Err(error) if error.is_intrinsic_gas() => Ok(Probe::Short(None)),
            Err(error) => Err(CallError::ProbeRefused { error, gas }),
        }
    }

    fn is_enough(&self, gas: u64) -> Result<bool, CallError> {
        Ok(matches!(self.probe(gas)?, Probe::Enough(_)))
    }
}

impl Reader {
    /// The gas limit with which `request` succeeds, within 1.5 % of the least.
    ///
    /// # Errors
    /// [`CallError`] when it succeeds with no limit that is allowed or affordable.
    pub fn estimate(
        &self,
        request: &CallRequest,
        block: &Arc<Block>,
        options: CallOptions,
    ) -> Result<u64, CallError> {
        let _past = self.keep_past();
        if request.to == Some(NODE_INTERFACE) {
            self.node_interface(request, block, &options)?;
            return Ok(TRANSFER);
        }
        self.estimate_on(request, block, options)
    }

    /// [`Reader::estimate`] for whoever keeps the past already.
    pub(super) fn estimate_on(
        &self,
        request: &CallRequest,
        block: &Block,
        options: CallOptions,
    ) -> Result<u64, CallError> {
        let number = block.header.number;
        let balance = match options.overlay.accounts.get(&request.from) {
            Some(pretended) => pretended.balance,
            None => None,
        };
        let balance = balance.unwrap_or_else(|| self.account(number, request.from).balance);
        let has_no_code = |to| {
            let pretended = options.overlay.accounts.get(&to);
            match pretended.and_then(|account| account.code.as_ref()) {
                Some(code) => code.is_empty(),
                None => self.code(number, to).is_empty(),
            }
        };
        let plain_target = request.to.is_some_and(has_no_code);
        let prepared = Prepared::new(self, request, block, options);

        let mut high = request
            .gas
            .filter(|gas| *gas >= TRANSFER)
            .unwrap_or(BLOCK_GAS_LIMIT);
        if request.fee_cap != 0 {
            high = high.min(affordable(balance, request.value, request.fee_cap)?);
        }
        if request.data.is_empty() && plain_target {
            // A refusal here shows again below, with its words.
            if let Ok(true) = prepared.is_enough(TRANSFER) {
                return Ok(TRANSFER);
            }
        }
        let high = prepared
            .capped(high)
            .map_err(|error| CallError::ProbeRefused { error, gas: high })?;
        match prepared.probe(high)? {
            Probe::Enough(outcome) => prepared.narrow(high, &outcome),
            Probe::Short(Some(outcome)) if !is_out_of_gas(&outcome) => Err(CallError::of(outcome)),
            Probe::Short(_) => Err(CallError::AboveAllowance(high)),
        }
    }
}

impl Prepared<'_> {
    fn narrow(&self, mut high: u64, outcome: &Outcome) -> Result<u64, CallError> {
        let mut low = outcome.gas_used.saturating_sub(1);
        let likely = outcome.peak_gas.saturating_add(STIPEND).saturating_mul(64) / 63;
        if likely < high {
            if self.is_enough(likely)? {
                high = likely;
            } else {
                low = likely;
            }
        }
        while low.saturating_add(1) < high {
            let gap = high.saturating_sub(low);
            #[expect(
                clippy::cast_precision_loss,
                reason = "Nitro compares these as floats too"
            )]
            if gap as f64 / (high as f64) < ERROR_RATIO {
                break;
            }
            let middle = low.saturating_add(gap / 2).min(low.saturating_mul(2));
            if self.is_enough(middle)? {
                high = middle;
            } else {
                low = middle;
            }
        }
        Ok(high)
    }
}

/// Gas that the caller can pay for after sending the value.
fn affordable(balance: U256, value: U256, fee_cap: u128) -> Result<u64, CallError> {
    if value >= balance {
        return Err(CallError::ValueAboveBalance);
    }
    let left = balance.saturating_sub(value);
    let gas = left.checked_div(U256::from(fee_cap)).unwrap_or(U256::MAX);
    Ok(gas.saturating_to())
}

fn is_out_of_gas(outcome: &Outcome) -> bool {
    let message = outcome.message.as_deref().unwrap_or_default();
    outcome.status == Status::Failure && message.starts_with("out of gas")
}
