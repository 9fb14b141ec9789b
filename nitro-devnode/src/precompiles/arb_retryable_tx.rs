//! ArbRetryableTx (0x6e): tickets come from an L1; a dev chain never has any.
use alloy::sol_types::SolCall;
use revm::Database;

use super::{
    abi::{self, Args},
    call::{Call, Failure},
    method::{Method, view, write},
};
use crate::arbos::{layout, storage::Slots};

alloy::sol! {
    interface IArbRetryableTx {
        function getLifetime();
        function getCurrentRedeemer();
        function getTimeout(bytes32 ticketId);
        function getBeneficiary(bytes32 ticketId);
        function redeem(bytes32 ticketId);
        function keepalive(bytes32 ticketId);
        function cancel(bytes32 ticketId);
        function submitRetryable(bytes32, uint256, uint256, uint256, uint256, uint64, uint256, address, address, address, bytes);
        error NoTicketWithID();
        error NotCallable();
    }
}

/// One week, in seconds.
const LIFETIME_SECS: u64 = 604_800;
/// Offset of the timeout in a ticket's sub-space.
const TIMEOUT: u64 = 5;

/// The methods.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    Some(match selector {
        IArbRetryableTx::getLifetimeCall::SELECTOR => view(|_, _| Ok(abi::number(LIFETIME_SECS))),
        IArbRetryableTx::getCurrentRedeemerCall::SELECTOR => view(|_, _| Ok(abi::number(0))),
        IArbRetryableTx::getTimeoutCall::SELECTOR
        | IArbRetryableTx::getBeneficiaryCall::SELECTOR => view(look_up),
        IArbRetryableTx::keepaliveCall::SELECTOR | IArbRetryableTx::cancelCall::SELECTOR => {
            write(look_up)
        }
        IArbRetryableTx::redeemCall::SELECTOR => write(redeem),
        IArbRetryableTx::submitRetryableCall::SELECTOR => write(submit),
        _ => return None,
    })
}

/// Refuses everybody: the method stands for a message from the L1.
fn submit<DB: Database>(_: &mut Call<'_, DB>, args: &mut Args<'_>) -> Result<Vec<u8>, Failure> {
    args.b256()?;
    for _ in 0..4 {
        args.u256()?;
    }
    args.uint::<u64>()?;
    args.u256()?;
    for _ in 0..3 {
        args.address()?;
    }
    args.bytes()?;
    let error = IArbRetryableTx::NotCallable {};
    Err(Failure::typed(&error, "error NotCallable()"))
}

/// Reads the ticket's timeout, which is 0 as there is no ticket.
fn look_up<DB: Database>(call: &mut Call<'_, DB>, args: &mut Args<'_>) -> Result<Vec<u8>, Failure> {
    let id = args.b256()?;
    let ticket = layout::retryables().child(id.as_slice());
    if call.read(ticket.at(TIMEOUT))?.is_zero() {
        let error = IArbRetryableTx::NoTicketWithID {};
        return Err(Failure::typed(&error, "error NoTicketWithID()"));
    }
    Err(Failure::unsupported("ArbRetryableTx on an existing ticket"))
}

/// Looks the ticket up twice: its size, then the ticket.
fn redeem<DB: Database>(call: &mut Call<'_, DB>, args: &mut Args<'_>) -> Result<Vec<u8>, Failure> {
    call.burn(super::call::READ_GAS)?;
    look_up(call, args)
}
