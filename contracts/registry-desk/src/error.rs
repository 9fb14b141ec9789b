//! Maps every refusal of the rules to one error of the interface.

use abi::IValidatorRegistry;
use alloy_primitives::U256;
use glue::{revert, revert::Revert};
use protocol::{
    commission::{CommissionError, MAX_COMMISSION_BPS, MAX_RAISE_BPS},
    registry::RegistryError,
};

glue::contract_error!();

impl From<RegistryError> for Error {
    fn from(error: RegistryError) -> Self {
        Self::from(encode(error))
    }
}

#[cold]
#[inline(never)]
fn encode(error: RegistryError) -> Revert {
    match error {
        RegistryError::Math(error) => error.into(),
        RegistryError::ForbiddenTransition { from, to } => {
            revert!(IValidatorRegistry::ForbiddenTransition {
                current: from as u8,
                requested: to as u8,
            })
        }
        RegistryError::BondTooSmall { bond, required } => {
            revert!(IValidatorRegistry::BondTooSmall {
                bond: U256::from(bond),
                required: U256::from(required),
            })
        }
        RegistryError::JailedUntil { until, now } => revert!(IValidatorRegistry::StillJailed {
            until,
            timestamp: now,
        }),
        RegistryError::StakeOutstanding { active, unbonding } => {
            revert!(IValidatorRegistry::StakeOutstanding {
                delegated: U256::from(active),
                unbonding: U256::from(unbonding),
            })
        }
        RegistryError::OpenFaults { count } => revert!(IValidatorRegistry::OpenFaults { count }),
        RegistryError::NoBondExit => revert!(IValidatorRegistry::NoBondExit {}),
        RegistryError::BondLocked { available_at, now } => {
            revert!(IValidatorRegistry::BondLocked {
                availableAt: available_at,
                timestamp: now,
            })
        }
        RegistryError::ZeroAmount => revert!(IValidatorRegistry::ZeroAmount {}),
    }
}

impl From<CommissionError> for Error {
    fn from(error: CommissionError) -> Self {
        match error {
            CommissionError::AboveMaximum { commission_bps } => {
                revert!(IValidatorRegistry::CommissionTooHigh {
                    commissionBps: commission_bps,
                    maximum: MAX_COMMISSION_BPS,
                })
                .into()
            }
            CommissionError::RaiseTooLarge {
                current_bps,
                next_bps,
            } => revert!(IValidatorRegistry::CommissionRaiseTooLarge {
                currentBps: current_bps,
                commissionBps: next_bps,
                maximumRaise: MAX_RAISE_BPS,
            })
            .into(),
        }
    }
}
