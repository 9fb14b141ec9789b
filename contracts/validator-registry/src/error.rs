//! Maps every refusal of the rules to one error of the interface.

use abi::IValidatorRegistry;
use alloy_primitives::U256;
use glue::{lock::Reentrant, revert, revert::Revert};
use protocol::{registry::RegistryError, reserves::ReservesError, slashing::SlashError};

glue::contract_error!();

impl From<RegistryError> for Error {
    fn from(error: RegistryError) -> Self {
        Self::from(encode(error))
    }
}

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
        RegistryError::AboveCapacity { active, capacity } => {
            revert!(IValidatorRegistry::AboveCapacity {
                delegated: U256::from(active),
                capacity: U256::from(capacity),
            })
        }
        RegistryError::AboveStake { assets, active } => revert!(IValidatorRegistry::AboveStake {
            assets: U256::from(assets),
            delegated: U256::from(active),
        }),
        RegistryError::ZeroAmount => revert!(IValidatorRegistry::ZeroAmount {}),
        RegistryError::NotMatured { matures_at, now } => revert!(IValidatorRegistry::NotMatured {
            maturity: matures_at,
            timestamp: now,
        }),
    }
}

impl From<SlashError> for Error {
    fn from(error: SlashError) -> Self {
        match error {
            SlashError::Math(error) => error.into(),
            SlashError::ZeroPenalty => revert!(IValidatorRegistry::ZeroPenalty {}).into(),
            SlashError::AboveExposure { penalty, exposure } => {
                revert!(IValidatorRegistry::PenaltyAboveExposure {
                    penalty: U256::from(penalty),
                    exposure: U256::from(exposure),
                })
                .into()
            }
        }
    }
}

impl From<Reentrant> for Error {
    fn from(_: Reentrant) -> Self {
        revert!(IValidatorRegistry::ReentrantCall {}).into()
    }
}

impl From<ReservesError> for Error {
    fn from(error: ReservesError) -> Self {
        match error {
            ReservesError::Math(error) => error.into(),
            ReservesError::Insolvent { balance, owed } => revert!(IValidatorRegistry::Insolvent {
                balance: U256::from(balance),
                owed: U256::from(owed),
            })
            .into(),
        }
    }
}
