//! The price feed: rounds of the pool's history, bounded.

use abi::{IStakingPool, IWrappedToken};
use alloy_primitives::{Address, U256};
use glue::{calldata, calls, revert, word};
use protocol::{feed::Round, mul_div::narrow};
use stylus_sdk::prelude::*;

use crate::{WrappedToken, error::Error};

/// `(roundId, answer, startedAt, updatedAt, answeredInRound)`.
pub(crate) type RoundData = (U256, U256, U256, U256, U256);

impl WrappedToken {
    /// The newest round of what may be a pool; `None` if it is not.
    pub(crate) fn first_round(&self, pool: Address) -> Option<Round> {
        let round = self.newest_of(pool).ok()?;
        self.recorded(pool, round).ok()
    }

    /// Number of the pool's newest round.
    pub(crate) fn newest(&self) -> Result<u64, Error> {
        self.newest_of(self.state.pool())
    }

    fn newest_of(&self, pool: Address) -> Result<u64, Error> {
        let [round] = calls::view(
            self.vm(),
            pool,
            &calldata!(IStakingPool::latestRoundCall {}),
        )?;
        Ok(word::low_64(round))
    }

    /// A round of a pool's history, as it stands there.
    fn recorded(&self, pool: Address, round: u64) -> Result<Round, Error> {
        let [rate_e27, at] = calls::view(
            self.vm(),
            pool,
            &calldata!(IStakingPool::rateAtCall { round }),
        )?;
        Ok(Round {
            rate_e27: narrow(rate_e27)?,
            at: word::low_64(at),
        })
    }

    /// A round as the feed tells it; the pool has it.
    pub(crate) fn round_data(&self, round: u64) -> Result<RoundData, Error> {
        let recorded = self.recorded(self.state.pool(), round)?;
        let answer = self.state.start().capped_e18(&recorded)?;
        let (id, at) = (U256::from(round), U256::from(recorded.at));
        Ok((id, U256::from(answer), at, at, id))
    }

    /// Refuses a round that the pool does not have.
    pub(crate) fn existing(&self, round: U256) -> Result<u64, Error> {
        match u64::try_from(round) {
            Ok(id) if id != 0 && id <= self.newest()? => Ok(id),
            Ok(_) | Err(_) => Err(revert!(IWrappedToken::NoDataPresent { roundId: round }).into()),
        }
    }
}
