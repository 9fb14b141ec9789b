//! Maps every refusal of the rules to one error of the interface.

use abi::IWithdrawalQueue;
use alloy_primitives::U256;
use glue::{lock::Reentrant, revert};
use protocol::{limits::LimitError, queue::QueueError};

glue::contract_error!();

impl Error {
    /// A refusal that concerns request `id`.
    pub fn of_request(id: U256, error: QueueError) -> Self {
        match error {
            QueueError::Math(error) => error.into(),
            QueueError::Limit(LimitError::Math(error)) => error.into(),
            QueueError::Limit(LimitError::BelowMinimum { assets, minimum }) => {
                revert!(IWithdrawalQueue::RequestBelowMinimum {
                    assets: U256::from(assets),
                    minimum: U256::from(minimum),
                })
                .into()
            }
            QueueError::Limit(LimitError::AboveLimit { assets, available }) => {
                revert!(IWithdrawalQueue::AboveLimit {
                    assets: U256::from(assets),
                    available: U256::from(available),
                })
                .into()
            }
            QueueError::BelowMinAssets { assets, min_assets } => {
                revert!(IWithdrawalQueue::WorthBelowMinimum {
                    assets: U256::from(assets),
                    minimum: U256::from(min_assets),
                })
                .into()
            }
            QueueError::NotFinalized { shares } => revert!(IWithdrawalQueue::RequestNotFinalized {
                requestId: id,
                sharesLeft: U256::from(shares),
            })
            .into(),
            QueueError::AlreadyFinalized => {
                revert!(IWithdrawalQueue::RequestAlreadyFinalized { requestId: id }).into()
            }
        }
    }
}

impl From<Reentrant> for Error {
    fn from(_: Reentrant) -> Self {
        revert!(IWithdrawalQueue::ReentrantCall {}).into()
    }
}
