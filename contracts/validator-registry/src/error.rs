//! Maps every refusal of the rules to one error of the interface.

use abi::IValidatorRegistry;
use alloy_primitives::U256;
use glue::revert;
use protocol::{delegation::DelegationError, slashing::SlashError};

glue::contract_error!();

impl From<DelegationError> for Error {
    fn from(error: DelegationError) -> Self {
        match error {
            DelegationError::Math(error) => error.into(),
            DelegationError::ZeroAmount => revert!(IValidatorRegistry::ZeroAmount {}).into(),
            DelegationError::AboveCapacity { active, capacity } => {
                revert!(IValidatorRegistry::AboveCapacity {
                    delegated: U256::from(active),
                    capacity: U256::from(capacity),
                })
                .into()
            }
            DelegationError::AboveStake { assets, active } => {
                revert!(IValidatorRegistry::AboveStake {
                    assets: U256::from(assets),
                    delegated: U256::from(active),
                })
                .into()
            }
            DelegationError::NotMatured { matures_at, now } => {
                revert!(IValidatorRegistry::NotMatured {
                    maturity: matures_at,
                    timestamp: now,
                })
                .into()
            }
        }
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
