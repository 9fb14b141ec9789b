//! A small world in memory: pool, registry, queue and their users, moved by the rules alone.
//!
//! It keeps real ETH balances beside the books, so a wei that the rules lose or invent shows.

pub(crate) mod invariants;
mod leaving;
pub(crate) mod op;
mod stake;

use std::collections::VecDeque;

use protocol::{
    delegation::UnbondingEntry,
    drip::DAILY_CAP_E9,
    fees::FeeBps,
    pool::{self, DistributionTerms, Ledger},
    queue::{Request, Unfilled},
    rate::{self, Totals},
    registry::{Lane, Validator},
    terms::Terms,
};

pub(crate) const ETH: u128 = 1_000_000_000_000_000_000;
pub(crate) const DAY: u64 = 86_400;
pub(crate) const USERS: usize = 4;
pub(crate) const VALIDATORS: usize = 5;
/// Holders of shares: the users, then the treasury, the dead address and the queue.
pub(crate) const TREASURY: usize = USERS;
pub(crate) const DEAD: usize = USERS + 1;
pub(crate) const QUEUE: usize = USERS + 2;
pub(crate) const TARGET_BUFFER: u128 = ETH;
pub(crate) const BOOTSTRAP: u128 = 1_000_000_000_000;

pub(crate) fn terms() -> Terms {
    Terms {
        min_bond: ETH,
        leverage: 10,
        open_leverage: 5,
        pool_share_bps: 2_000,
        unbonding_secs: 7 * DAY,
        bond_exit_secs: 7 * DAY,
        notice_secs: DAY,
    }
}

pub(crate) fn distribution_terms() -> DistributionTerms {
    DistributionTerms {
        fee: FeeBps::new(1_000).unwrap(),
        epoch_secs: DAY,
        daily_cap_e9: DAILY_CAP_E9,
    }
}

fn active_validator(index: usize) -> Validator {
    let validator = Validator::default()
        .register((2 + index as u128) * ETH, &terms())
        .and_then(|validator| validator.activate(&terms()))
        .unwrap();
    match index {
        0 => limited(&validator, 40 * ETH),
        1 => limited(&validator, 4 * ETH),
        _ => validator,
    }
}

/// Vetted, with a target.
fn limited(validator: &Validator, target: u128) -> Validator {
    let vetted = validator.in_lane(Lane::Vetted).unwrap();
    vetted.with_target(Some(target)).unwrap()
}

/// A request with what the model remembers of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) owner: usize,
    pub(crate) request: Request,
    /// Nominal at the beginning.
    pub(crate) nominal: u128,
    /// Wei paid by fills so far, claimed or not.
    pub(crate) paid: u128,
    /// Claimed or cancelled.
    pub(crate) over: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) now: u64,
    pub(crate) ledger: Ledger,
    pub(crate) staked: u128,
    pub(crate) shares: [u128; USERS + 3],
    pub(crate) pool_eth: u128,
    pub(crate) registry_eth: u128,
    pub(crate) queue_eth: u128,
    /// Wei that came in from outside, and that went out again or were burned.
    pub(crate) eth_in: u128,
    pub(crate) eth_out: u128,
    pub(crate) validators: Vec<Validator>,
    pub(crate) entries: VecDeque<(usize, UnbondingEntry)>,
    pub(crate) cover: u128,
    pub(crate) reporter_rewards: u128,
    pub(crate) places: Vec<Place>,
    /// Index of the first request that is not filled.
    pub(crate) head: usize,
    pub(crate) unfilled: Unfilled,
}

impl World {
    /// After deployment: bootstrapped, with two vetted and three open validators.
    pub(crate) fn new() -> Self {
        Self::with_validators(VALIDATORS)
    }

    /// As [`Self::new`] with the first `count` of the validators.
    pub(crate) fn with_validators(count: usize) -> Self {
        let ledger = pool::bootstrap(&Ledger::default(), BOOTSTRAP).unwrap();
        let mut shares = [0; USERS + 3];
        shares[DEAD] = ledger.booked.shares;
        let validators: Vec<Validator> = (0..count).map(active_validator).collect();
        let bonds: u128 = validators.iter().map(|validator| validator.bond).sum();
        Self {
            now: 1_800_000_000,
            ledger,
            staked: 0,
            shares,
            pool_eth: BOOTSTRAP,
            registry_eth: bonds,
            queue_eth: 0,
            eth_in: BOOTSTRAP + bonds,
            eth_out: 0,
            validators,
            entries: VecDeque::new(),
            cover: 0,
            reporter_rewards: 0,
            places: Vec::new(),
            head: 0,
            unfilled: Unfilled::default(),
        }
    }

    pub(crate) fn totals(&self) -> Totals {
        self.ledger.totals(self.now).unwrap()
    }

    /// ETH in the pool that belongs to the holders.
    pub(crate) fn free(&self) -> u128 {
        pool::buffered(self.totals(), self.staked)
    }

    pub(crate) fn deposit(&mut self, user: usize, assets: u128) {
        let Ok(deposited) = pool::deposit(&self.ledger, assets, 0, self.now) else {
            return;
        };
        self.ledger.booked = deposited.booked;
        self.shares[user] += deposited.shares;
        self.pool_eth += assets;
        self.eth_in += assets;
    }

    /// `transfer(assets)`; the full balance must always go through.
    pub(crate) fn transfer(&mut self, from: usize, to: usize, assets: u128) {
        let totals = self.totals();
        let balance = rate::assets_for_shares(totals, self.shares[from]).unwrap();
        let Ok(moved) = rate::shares_for_transfer(totals, assets) else {
            return;
        };
        if assets <= balance {
            assert!(moved <= self.shares[from], "I5: balance is transferable");
        } else if moved > self.shares[from] {
            return;
        }
        let before = rate::assets_for_shares(totals, self.shares[to]).unwrap();
        self.shares[from] -= moved;
        self.shares[to] += moved;
        if from != to {
            let got = rate::assets_for_shares(totals, self.shares[to]).unwrap() - before;
            let wei_per_share = totals.assets.div_ceil(totals.shares);
            assert!(got >= assets, "I5: receiver is short");
            assert!(got <= assets + wei_per_share, "I5: receiver gets too much");
        }
    }

    pub(crate) fn distribute(&mut self, reward: u128) {
        let Ok(done) = pool::distribute(&self.ledger, reward, self.now, &distribution_terms())
        else {
            return;
        };
        self.ledger = done.ledger;
        self.shares[TREASURY] += done.split.fee_shares;
        self.pool_eth += reward;
        self.eth_in += reward;
    }
}
