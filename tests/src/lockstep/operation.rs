//! A call that somebody makes.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;

/// Who calls whom, with how much ETH, and with which data.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    pub(super) from: Address,
    pub(super) to: Address,
    pub(super) value: U256,
    pub(super) data: Vec<u8>,
    /// Contract and method, for the tally.
    pub(super) name: String,
    /// The call with its arguments, for whoever looks into a difference.
    pub(super) shown: String,
}

impl Operation {
    /// A call without ETH.
    pub(super) fn call<C: SolCall + std::fmt::Debug>(from: Address, to: Address, call: &C) -> Self {
        Self::paid(from, to, 0, call)
    }

    /// A call with `value` wei.
    pub(super) fn paid<C>(from: Address, to: Address, value: u128, call: &C) -> Self
    where
        C: SolCall + std::fmt::Debug,
    {
        // `client::abi::IStakingPool::submitCall`
        let mut path = std::any::type_name::<C>().rsplit("::");
        let method = path.next().unwrap_or_default().trim_end_matches("Call");
        let contract = path.next().unwrap_or_default().trim_start_matches('I');
        Self {
            from,
            to,
            value: U256::from(value),
            data: call.abi_encode(),
            name: format!("{contract}.{method}"),
            shown: format!("{call:?}"),
        }
    }

    /// A plain send of ETH.
    pub(super) fn send(from: Address, to: Address, value: u128) -> Self {
        Self {
            from,
            to,
            value: U256::from(value),
            data: Vec::new(),
            name: "send".to_owned(),
            shown: format!("to {to}"),
        }
    }
}
