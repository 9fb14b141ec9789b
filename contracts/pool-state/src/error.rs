//! Maps every refusal of the rules to one error of the interface.

use abi::IStakingPool;
use alloy_primitives::U256;
use glue::revert;
use protocol::{fees::FeeError, limits::LimitError, pool::PoolError, rate::RateError};

glue::contract_error!();

impl From<RateError> for Error {
    fn from(error: RateError) -> Self {
        match error {
            RateError::Math(error) => error.into(),
            RateError::ZeroShares { assets } => revert!(IStakingPool::ZeroShares {
                assets: U256::from(assets),
            })
            .into(),
            RateError::RateLowered { before, after } => revert!(IStakingPool::RateLowered {
                preTotalEther: U256::from(before.assets),
                preTotalShares: U256::from(before.shares),
                postTotalEther: U256::from(after.assets),
                postTotalShares: U256::from(after.shares),
            })
            .into(),
        }
    }
}

impl From<LimitError> for Error {
    fn from(error: LimitError) -> Self {
        match error {
            LimitError::BelowMinimum { assets, minimum } => {
                revert!(IStakingPool::BelowMinimumDeposit {
                    assets: U256::from(assets),
                    minimum: U256::from(minimum),
                })
                .into()
            }
            LimitError::AboveLimit { assets, available } => {
                revert!(IStakingPool::StakingLimitExceeded {
                    assets: U256::from(assets),
                    available: U256::from(available),
                })
                .into()
            }
            LimitError::Math(error) => error.into(),
        }
    }
}

impl From<PoolError> for Error {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Math(error) => error.into(),
            PoolError::Rate(error) => error.into(),
            PoolError::Limit(error) => error.into(),
            PoolError::BelowMinShares { shares, min_shares } => {
                revert!(IStakingPool::TooFewShares {
                    shares: U256::from(shares),
                    minimum: U256::from(min_shares),
                })
                .into()
            }
            PoolError::AlreadyBootstrapped { shares } => {
                revert!(IStakingPool::AlreadyBootstrapped {
                    shares: U256::from(shares),
                })
                .into()
            }
            PoolError::AboveBuffer { assets, buffered } => {
                revert!(IStakingPool::InsufficientBuffer {
                    available: U256::from(buffered),
                    needed: U256::from(assets),
                })
                .into()
            }
            PoolError::LossAboveStake { loss, staked } => {
                revert!(IStakingPool::LossAboveDelegated {
                    loss: U256::from(loss),
                    delegated: U256::from(staked),
                })
                .into()
            }
        }
    }
}

impl From<FeeError> for Error {
    fn from(error: FeeError) -> Self {
        let FeeError::AboveMaximum {
            fee_bps,
            maximum_bps,
        } = error;
        revert!(IStakingPool::FeeAboveMaximum {
            feeBps: fee_bps,
            maximumBps: maximum_bps,
        })
        .into()
    }
}
