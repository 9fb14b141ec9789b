//! What a deposit, a distribution, a redemption and a loss do to the pool's ledger.

use crate::{
    drip::{DAILY_CAP_E9, Drip},
    fees::{self, FeeBps, FeeSplit},
    limits::{LimitError, MIN_BOOTSTRAP, MIN_DEPOSIT, check_minimum},
    mul_div::{MathError, add, sub},
    rate::{RateError, Totals, assets_for_shares, check_not_lowered, shares_for_deposit},
};

/// What burned shares were worth beyond their payment is released over time from this on: a gwei.
///
/// Less is the rounding of conversions, and not worth a storage word.
pub const MIN_LEFT_BEHIND: u128 = 1_000_000_000;

/// The pool's books.
///
/// The drip is settled into `booked` only where it changes; a deposit touches `booked` alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Shares, and the holders' ETH without what `drip` has released since it was last settled.
    pub booked: Totals,
    /// Rewards on their way to the holders.
    pub drip: Drip,
}

/// A step of the pool that is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolError {
    /// The step has no answer.
    Math(MathError),
    /// A conversion is refused or the rate would fall.
    Rate(RateError),
    /// An amount is outside its bounds.
    Limit(LimitError),
    /// Fewer shares than the depositor insisted on.
    BelowMinShares {
        /// Shares the deposit buys.
        shares: u128,
        /// Shares demanded.
        min_shares: u128,
    },
    /// The pool has had its first deposit already.
    AlreadyBootstrapped {
        /// Shares that exist.
        shares: u128,
    },
    /// More ETH than lies in the pool.
    AboveBuffer {
        /// Wei asked for.
        assets: u128,
        /// Wei there.
        buffered: u128,
    },
    /// A loss larger than the stake it is said to come from.
    LossAboveStake {
        /// Wei lost.
        loss: u128,
        /// Wei at the registry.
        staked: u128,
    },
}

impl From<MathError> for PoolError {
    fn from(error: MathError) -> Self {
        Self::Math(error)
    }
}

impl From<RateError> for PoolError {
    fn from(error: RateError) -> Self {
        Self::Rate(error)
    }
}

impl From<LimitError> for PoolError {
    fn from(error: LimitError) -> Self {
        Self::Limit(error)
    }
}

/// Wei of the holders that lie in the pool, where `staked` wei lie with validators; none while these
/// carry more than is the holders', see [`not_released`].
pub const fn buffered(totals: Totals, staked: u128) -> u128 {
    totals.assets.saturating_sub(staked)
}

/// Wei of the `staked` that are nobody's yet: those who left have left them behind, and they are not
/// released ([`redeem`]). As many of what comes back are not free.
pub const fn not_released(totals: Totals, staked: u128) -> u128 {
    staked.saturating_sub(totals.assets)
}

impl Ledger {
    /// What all shares are worth at `now`, released rewards included.
    ///
    /// - Errors: [`MathError::SumOverflow`].
    pub fn totals(&self, now: u64) -> Result<Totals, MathError> {
        Ok(Totals {
            assets: add(self.booked.assets, self.drip.released(now)?)?,
            shares: self.booked.shares,
        })
    }

    /// The same ledger with everything released by `now` moved into `booked`; the rate does not move.
    ///
    /// The rest goes on at the same pace up to the rounding of one wei, to the same end.
    ///
    /// - Errors: [`MathError::SumOverflow`].
    pub fn settled(&self, now: u64) -> Result<Self, MathError> {
        Ok(Self {
            booked: self.totals(now)?,
            drip: self.drip.reduced(now, 0)?,
        })
    }
}

/// The first deposit, whose shares go to a dead address: one share per wei.
///
/// Shares that nobody can redeem make an attack on the rate of an empty pool impossible
/// and let the last holder leave.
///
/// - Errors: [`PoolError::AlreadyBootstrapped`]; [`LimitError::BelowMinimum`] under 10^12 wei.
pub fn bootstrap(ledger: &Ledger, assets: u128) -> Result<Ledger, PoolError> {
    if ledger.booked.shares != 0 {
        return Err(PoolError::AlreadyBootstrapped {
            shares: ledger.booked.shares,
        });
    }
    check_minimum(assets, MIN_BOOTSTRAP)?;
    Ok(Ledger {
        booked: Totals {
            assets,
            shares: assets,
        },
        drip: Drip::default(),
    })
}

/// A deposit that was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deposited {
    /// Shares minted to the receiver.
    pub shares: u128,
    /// What is booked afterwards; the drip is untouched.
    pub booked: Totals,
}

/// Takes `assets` wei for shares at the rate of `now`.
///
/// - Rounding: shares down, in favour of the holders already in.
/// - Errors: [`LimitError::BelowMinimum`] under 0.001 ETH, [`RateError::ZeroShares`],
///   [`PoolError::BelowMinShares`], [`MathError`].
pub fn deposit(
    ledger: &Ledger,
    assets: u128,
    min_shares: u128,
    now: u64,
) -> Result<Deposited, PoolError> {
    check_minimum(assets, MIN_DEPOSIT)?;
    let before = ledger.totals(now)?;
    let shares = shares_for_deposit(before, assets)?;
    if shares < min_shares {
        return Err(PoolError::BelowMinShares { shares, min_shares });
    }
    let booked = Totals {
        assets: add(ledger.booked.assets, assets)?,
        shares: add(ledger.booked.shares, shares)?,
    };
    debug_assert!(
        Ledger { booked, ..*ledger }
            .totals(now)
            .is_ok_and(|after| before.assets == 0 || check_not_lowered(before, after).is_ok())
    );
    Ok(Deposited { shares, booked })
}

/// How rewards are handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DistributionTerms {
    /// The protocol's part.
    pub fee: FeeBps,
    /// Seconds a release lasts at least.
    pub epoch_secs: u64,
    /// Most that a day may add, in billionths of the pool.
    pub daily_cap_e9: u32,
}

/// A reward that was taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Distribution {
    /// Fee, fee shares and net reward.
    pub split: FeeSplit,
    /// The ledger afterwards; its drip holds what was unreleased and the net reward.
    pub ledger: Ledger,
}

/// Takes in a reward at `now`: the fee at once against new shares, the rest as a release.
///
/// - Rounding: see [`fees::split`] and [`Drip::extended`]; the rate never falls.
/// - Errors: [`MathError`].
pub fn distribute(
    ledger: &Ledger,
    reward: u128,
    now: u64,
    terms: &DistributionTerms,
) -> Result<Distribution, PoolError> {
    let settled = ledger.settled(now)?;
    let split = fees::split(settled.booked, reward, terms.fee)?;
    let booked = Totals {
        assets: add(settled.booked.assets, split.fee)?,
        shares: add(settled.booked.shares, split.fee_shares)?,
    };
    let drip = settled.drip.extended(
        now,
        split.net,
        booked.assets,
        terms.epoch_secs,
        terms.daily_cap_e9,
    )?;
    Ok(Distribution {
        split,
        ledger: Ledger { booked, drip },
    })
}

/// Burns `shares` and lets `assets` wei out of the buffer, for the queue.
///
/// What the shares are worth beyond that is left to the holders: gains since a request was made, a
/// fee, all of it where nothing is paid. It is released as rewards are. At once it would be a jump of
/// the rate whose moment whoever pays the queue could choose, and deposit before it. A release that is
/// under way is slowed where the pool that is left would rise too fast by it.
///
/// Settles the drip only where it changes or if `booked` alone cannot pay, so it seldom has to be
/// written.
///
/// - Rounding: what is left behind down; under [`MIN_LEFT_BEHIND`] it stays in the rate.
/// - Errors: [`PoolError::AboveBuffer`] if the pool holds less;
///   [`RateError::RateLowered`] if the shares are worth less than the ETH; [`MathError`].
pub fn redeem(
    ledger: &Ledger,
    staked: u128,
    shares: u128,
    assets: u128,
    now: u64,
) -> Result<Ledger, PoolError> {
    let before = ledger.totals(now)?;
    let buffered = buffered(before, staked);
    if assets > buffered {
        return Err(PoolError::AboveBuffer { assets, buffered });
    }
    // A payment above the worth is refused below, as a fall of the rate.
    let left_behind = assets_for_shares(before, shares)?.saturating_sub(assets);
    let left_behind = match left_behind {
        ..MIN_LEFT_BEHIND => 0,
        enough => enough,
    };
    let gone = add(assets, left_behind)?;
    let pooled = sub(before.assets, gone)?;
    let joined = ledger.drip.joined(now, left_behind, pooled, DAILY_CAP_E9)?;
    let (assets, drip) = match (joined, ledger.booked.assets.checked_sub(gone)) {
        (Some(joined), _) => (pooled, joined),
        (None, Some(left)) => (left, ledger.drip),
        (None, None) => (pooled, ledger.drip.reduced(now, 0)?),
    };
    let shares = sub(before.shares, shares)?;
    let after = Ledger {
        booked: Totals { assets, shares },
        drip,
    };
    check_not_lowered(before, after.totals(now)?)?;
    Ok(after)
}

/// Sends `assets` wei of the buffer to the registry; returns the stake afterwards.
///
/// What is staked stays the holders', so the ledger does not change.
///
/// - Errors: [`PoolError::AboveBuffer`], [`MathError`].
pub fn stake(ledger: &Ledger, staked: u128, assets: u128, now: u64) -> Result<u128, PoolError> {
    let buffered = buffered(ledger.totals(now)?, staked);
    if assets > buffered {
        return Err(PoolError::AboveBuffer { assets, buffered });
    }
    Ok(add(staked, assets)?)
}

/// Takes `assets` wei back from the registry; returns the stake afterwards.
///
/// - Errors: [`MathError::DifferenceUnderflow`] if more comes back than was staked.
pub fn unstake(staked: u128, assets: u128) -> Result<u128, PoolError> {
    Ok(sub(staked, assets)?)
}

/// A loss that was recognised. `from_unreleased + socialised` is the loss, to the wei.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Wei taken from rewards that nobody owned yet.
    pub from_unreleased: u128,
    /// Wei taken from all holders through the rate.
    pub socialised: u128,
    /// The ledger afterwards.
    pub ledger: Ledger,
    /// Wei at the registry afterwards.
    pub staked: u128,
}

/// Books a loss of stake at `now`: unreleased rewards pay first, then the rate falls.
///
/// - Errors: [`PoolError::LossAboveStake`], [`MathError`].
pub fn recognise_loss(
    ledger: &Ledger,
    staked: u128,
    loss: u128,
    now: u64,
) -> Result<Loss, PoolError> {
    let Some(staked_after) = staked.checked_sub(loss) else {
        return Err(PoolError::LossAboveStake { loss, staked });
    };
    let settled = ledger.settled(now)?;
    let from_unreleased = settled.drip.amount.min(loss);
    let socialised = sub(loss, from_unreleased)?;
    Ok(Loss {
        from_unreleased,
        socialised,
        ledger: Ledger {
            booked: Totals {
                assets: sub(settled.booked.assets, socialised)?,
                shares: settled.booked.shares,
            },
            drip: settled.drip.reduced(now, from_unreleased)?,
        },
        staked: staked_after,
    })
}
