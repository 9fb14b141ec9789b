//! How long programs stay active, and how they are kept so.
//!
//! A chain runs a program for a year from its activation. Whoever pays the data fee again prolongs that,
//! or brings back what has expired: nothing is lost meanwhile, but nothing answers either.

use alloy::primitives::{Address, B256, U256};
use alloy::providers::DynProvider;

use crate::deploy::{activate, with_margin};
use crate::nitro::IArbWasm::{
    ProgramExpired, ProgramInsufficientValue, ProgramKeepaliveTooSoon, ProgramLifetimeExtended,
    ProgramNeedsUpgrade, ProgramNotActivated,
};
use crate::nitro::{ARB_WASM, IArbWasm};
use crate::revert::Revert;
use crate::send::{SendError, send};

/// Whether a chain runs a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Life {
    /// For as long as that.
    Active {
        /// Seconds from the latest block on.
        secs: u64,
    },
    /// Not any more, or not yet.
    Inactive(Revert),
}

/// What became of a program that was to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It was active and is for another year.
    Prolonged {
        /// Wei paid for that.
        fee: U256,
    },
    /// It was not active and is now.
    Reactivated {
        /// Wei paid for that.
        fee: U256,
    },
    /// It began so short a time ago that the chain prolongs it not yet.
    TooYoung {
        /// Seconds since it was activated or prolonged.
        age_secs: u64,
    },
}

/// For how long the program at an address stays active.
///
/// # Errors
/// [`SendError`] if the node does not answer.
pub async fn left(provider: &DynProvider, program: Address) -> Result<Life, SendError> {
    let wasm = IArbWasm::new(ARB_WASM, provider);
    let left = wasm.programTimeLeft(program).call().await;
    match left.map_err(SendError::from) {
        Ok(secs) => Ok(Life::Active { secs }),
        Err(SendError::Reverted(why)) => Ok(Life::Inactive(why)),
        Err(other) => Err(other),
    }
}

/// Prolongs the life of a program, or activates it again if it has ended. `from` pays the data fee and
/// a fifth of it, which comes back.
///
/// # Errors
/// [`SendError`] if the chain refuses for another reason than age.
pub async fn keep(
    provider: &DynProvider,
    from: Address,
    program: Address,
    codehash: B256,
) -> Result<Kept, SendError> {
    let wasm = IArbWasm::new(ARB_WASM, provider);
    let prolong = wasm.codehashKeepalive(codehash).from(from);
    // Nothing is offered, so that the refusal tells what it costs.
    let fee = match prolong.call().await.map_err(SendError::from) {
        Ok(_) => U256::ZERO,
        Err(SendError::Reverted(why)) => match refusal(&why) {
            Some(Refusal::Costs(fee)) => fee,
            Some(Refusal::TooYoung(age_secs)) => return Ok(Kept::TooYoung { age_secs }),
            Some(Refusal::Inactive) => {
                let (fee, _) = activate(provider, from, program, codehash).await?;
                return Ok(Kept::Reactivated { fee });
            }
            None => return Err(SendError::Reverted(why)),
        },
        Err(other) => return Err(other),
    };
    let paid = prolong.value(with_margin(fee));
    let receipt = send(provider, paid.into_transaction_request()).await?;
    let prolonged = receipt.decoded_log::<ProgramLifetimeExtended>();
    let fee = prolonged.map_or(fee, |prolonged| prolonged.dataFee);
    Ok(Kept::Prolonged { fee })
}

/// Why a program is not prolonged for nothing.
enum Refusal {
    Costs(U256),
    TooYoung(u64),
    Inactive,
}

fn refusal(why: &Revert) -> Option<Refusal> {
    if let Some(short) = why.decoded::<ProgramInsufficientValue>() {
        return Some(Refusal::Costs(short.want));
    }
    if let Some(young) = why.decoded::<ProgramKeepaliveTooSoon>() {
        return Some(Refusal::TooYoung(young.ageInSeconds));
    }
    let inactive = why.is::<ProgramExpired>()
        || why.is::<ProgramNeedsUpgrade>()
        || why.is::<ProgramNotActivated>();
    inactive.then_some(Refusal::Inactive)
}
