//! A small world in memory: pool, registry, queue and their users, moved by the rules alone.
//!
//! It keeps real ETH balances beside the books, so a wei that the rules lose or invent shows.

pub(crate) mod invariants;
pub(crate) mod op;

use std::collections::VecDeque;

use protocol::{
    allocation::{self, Slot},
    delegation::{self, UnbondingEntry},
    drip::DAILY_CAP_E9,
    fees::FeeBps,
    instant,
    pool::{self, DistributionTerms, Ledger},
    queue::{self, QueueError, Request, Unfilled, fill::Finalization, leave},
    rate::{self, Totals},
    registry::{Lane, Status, Validator},
    slashing::{self, Slash},
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
    pub(crate) validators: [Validator; VALIDATORS],
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
        let ledger = pool::bootstrap(&Ledger::default(), BOOTSTRAP).unwrap();
        let mut shares = [0; USERS + 3];
        shares[DEAD] = ledger.booked.shares;
        let validators = std::array::from_fn(|index| {
            let validator = Validator::default()
                .register((2 + index as u128) * ETH, &terms())
                .and_then(|validator| validator.activate(&terms()))
                .unwrap();
            match index {
                0 => limited(&validator, 40 * ETH),
                1 => limited(&validator, 4 * ETH),
                _ => validator,
            }
        });
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
        self.totals().assets - self.staked
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

    pub(crate) fn request_shares(&mut self, user: usize, shares: u128) {
        let shares = shares.min(self.shares[user]);
        if let Ok(request) = queue::request_shares(self.totals(), shares, 0) {
            self.enqueue(user, request);
        }
    }

    pub(crate) fn request_assets(&mut self, user: usize, assets: u128) {
        match queue::request_assets(self.totals(), assets) {
            Ok(request) if request.shares <= self.shares[user] => self.enqueue(user, request),
            _ => {}
        }
    }

    fn enqueue(&mut self, owner: usize, request: Request) {
        self.shares[owner] -= request.shares;
        self.shares[QUEUE] += request.shares;
        self.unfilled = self.unfilled.with(&request).unwrap();
        self.places.push(Place {
            owner,
            request,
            nominal: request.nominal,
            paid: 0,
            over: false,
        });
    }

    /// Fills at most `max` requests from the head, as the queue contract does.
    pub(crate) fn finalize(&mut self, max: usize) {
        let mut call = Finalization::new(self.totals(), self.free());
        for _ in 0..max {
            let Some(place) = self.places.get_mut(self.head) else {
                break;
            };
            let before = place.request;
            let totals = call.totals;
            if before.shares == 0 {
                self.head += 1;
                continue;
            }
            let Some(fill) = call.step(&before).unwrap() else {
                break;
            };
            assert!(fill.paid <= before.nominal, "I6: above nominal");
            let worth = rate::assets_for_shares(totals, fill.shares_burned).unwrap();
            assert!(fill.paid <= worth, "I6: above shares × rate");
            place.request = fill.request;
            place.paid += fill.paid;
            self.unfilled = self.unfilled.changed(&before, &fill.request).unwrap();
            if fill.request.shares != 0 {
                break;
            }
            self.head += 1;
        }
        let Finalization {
            paid,
            shares_burned,
            ..
        } = call;
        self.ledger =
            pool::redeem(&self.ledger, self.staked, shares_burned, paid, self.now).unwrap();
        assert_eq!(self.totals(), call.totals, "queue and pool agree");
        self.shares[QUEUE] -= shares_burned;
        self.pool_eth -= paid;
        self.queue_eth += paid;
    }

    pub(crate) fn cancel(&mut self, index: usize) {
        let totals = self.totals();
        let Some(place) = self.places.get_mut(index) else {
            return;
        };
        let before = place.request;
        let owed = queue::owed(&before, totals).unwrap();
        let cancelled = match leave::cancel(&before, totals) {
            Ok(cancelled) => cancelled,
            Err(QueueError::AlreadyFinalized) => return,
            Err(other) => panic!("{other:?}"),
        };
        let worth = rate::assets_for_shares(totals, cancelled.shares_returned).unwrap();
        assert!(worth <= owed, "I6: cancelling beats staying");
        assert_eq!(cancelled.paid, place.paid, "I7: what was filled is paid");
        place.request = Request::default();
        place.over = true;
        let owner = place.owner;
        self.unfilled = self.unfilled.changed(&before, &Request::default()).unwrap();
        self.shares[QUEUE] -= before.shares;
        self.shares[owner] += cancelled.shares_returned;
        self.ledger = pool::burn(&self.ledger, cancelled.shares_burned).unwrap();
        self.queue_eth -= cancelled.paid;
        self.eth_out += cancelled.paid;
    }

    pub(crate) fn claim(&mut self, index: usize) {
        let Some(place) = self.places.get_mut(index) else {
            return;
        };
        if place.over {
            return;
        }
        match leave::claim(&place.request) {
            Ok(assets) => {
                assert_eq!(assets, place.paid, "I7: a claim pays what was filled");
                self.queue_eth -= assets;
                self.eth_out += assets;
                place.request = Request::default();
                place.over = true;
            }
            Err(_) => assert!(
                place.request.shares != 0,
                "I7: a finalized claim was refused"
            ),
        }
    }

    /// Leaves past the queue with what it does not need.
    pub(crate) fn leave_at_once(&mut self, user: usize, shares: u128) {
        let (totals, free) = (self.totals(), self.free());
        let shares = shares.min(self.shares[user]);
        let demand = queue::demand(self.unfilled, totals).unwrap();
        let Ok(left) = instant::withdraw(totals, shares, free, demand, 0) else {
            return;
        };
        let worth = rate::assets_for_shares(totals, shares).unwrap();
        assert!(left.paid + left.fee == worth && left.fee * 1_000 >= worth);
        self.ledger = pool::redeem(&self.ledger, self.staked, shares, left.paid, self.now).unwrap();
        assert!(
            self.free() >= demand.min(free),
            "the queue keeps what it is owed"
        );
        self.shares[user] -= shares;
        self.pool_eth -= left.paid;
        self.eth_out += left.paid;
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

    pub(crate) fn fund_cover(&mut self, assets: u128) {
        self.cover += assets;
        self.registry_eth += assets;
        self.eth_in += assets;
    }

    /// Slashes `ppm` millionths of the exposure and jails.
    pub(crate) fn slash(&mut self, index: usize, ppm: u128) {
        let before = self.totals();
        let validator = self.validators[index];
        let exposure = slashing::exposure(&validator).unwrap();
        let penalty = exposure * ppm / 1_000_000;
        if penalty == 0 {
            return;
        }
        assert!(slashing::slash(&validator, self.cover, exposure + 1, 0).is_err());
        let slash: Slash =
            slashing::slash(&validator, self.cover, penalty, self.now + DAY).unwrap();
        let loss =
            pool::recognise_loss(&self.ledger, self.staked, slash.stake_loss, self.now).unwrap();
        assert_eq!(
            slash.bond_loss + slash.cover_used + loss.from_unreleased + loss.socialised,
            penalty,
            "I8: parts sum to the penalty"
        );
        assert_eq!(slash.active_cut + slash.unbonding_cut, slash.stake_loss);
        assert!(slash.reporter_reward * 20 <= slash.bond_loss);
        self.validators[index] = slash.validator;
        self.cover = slash.cover_fund;
        self.reporter_rewards += slash.reporter_reward;
        self.registry_eth -= slash.burned;
        self.eth_out += slash.burned;
        self.ledger = loss.ledger;
        self.staked = loss.staked;
        let after = self.totals();
        assert_eq!(after.assets, before.assets - loss.socialised, "I8");
        assert_eq!(after.shares, before.shares);
    }

    fn slots(&self) -> Vec<Slot> {
        let pool_assets = self.totals().assets;
        (0_u32..)
            .zip(&self.validators)
            .map(|(id, validator)| Slot {
                id,
                status: validator.status,
                active: validator.active,
                capacity: delegation::capacity(validator, pool_assets, &terms()).unwrap(),
                amount: 0,
            })
            .collect()
    }

    /// One bounded rebalance: exits for what the queue lacks, deposits for what lies idle.
    pub(crate) fn rebalance(&mut self, max_ops: usize) {
        let totals = self.totals();
        let free = self.free();
        let unbonding = self.validators.iter().map(|v| v.unbonding.assets).sum();
        let exiting = self
            .validators
            .iter()
            .filter(|v| v.status == Status::Exiting)
            .map(|v| v.active)
            .sum();
        let demand = queue::demand(self.unfilled, totals).unwrap();
        let plan = allocation::rebalance(free, TARGET_BUFFER, demand, unbonding, exiting);
        let mut slots = self.slots();
        let planned = allocation::plan_exits(&mut slots, plan.undelegate, max_ops).unwrap();
        assert!(planned <= plan.undelegate);
        let mut moved = 0;
        for slot in slots.iter().filter(|slot| slot.amount != 0) {
            let index = slot.id as usize;
            let (validator, entry) =
                delegation::undelegate(&self.validators[index], slot.amount, self.now, &terms())
                    .unwrap();
            self.validators[index] = validator;
            self.entries.push_back((index, entry));
            moved += slot.amount;
        }
        assert_eq!(moved, planned);
        let mut slots = self.slots();
        let planned = allocation::plan_deposits(&mut slots, plan.delegate, max_ops).unwrap();
        assert!(planned <= plan.delegate && planned <= free, "I9");
        assert!(
            slots.iter().filter(|slot| slot.amount != 0).count() <= max_ops,
            "I11"
        );
        let mut moved = 0;
        for slot in slots.iter().filter(|slot| slot.amount != 0) {
            let index = slot.id as usize;
            // `delegate` refuses anything above the capacity: I9.
            self.validators[index] = delegation::delegate(
                &self.validators[index],
                slot.amount,
                totals.assets,
                &terms(),
            )
            .unwrap();
            moved += slot.amount;
        }
        assert_eq!(moved, planned);
        self.staked = pool::stake(&self.ledger, self.staked, planned, self.now).unwrap();
        self.pool_eth -= planned;
        self.registry_eth += planned;
    }

    /// Brings back at most `max` matured entries, oldest first.
    pub(crate) fn release(&mut self, max: usize) {
        for _ in 0..max {
            let Some(&(index, entry)) = self.entries.front() else {
                return;
            };
            let Ok((validator, assets)) =
                delegation::release(&self.validators[index], &entry, self.now)
            else {
                assert!(self.now < entry.matures_at);
                return;
            };
            self.entries.pop_front();
            self.validators[index] = validator;
            self.staked = pool::unstake(self.staked, assets).unwrap();
            self.registry_eth -= assets;
            self.pool_eth += assets;
        }
    }

    pub(crate) fn claim_bond(&mut self, index: usize) {
        if let Ok((validator, assets)) = self.validators[index].claim_bond(self.now, &terms()) {
            self.validators[index] = validator;
            self.registry_eth -= assets;
            self.eth_out += assets;
        }
    }

    pub(crate) fn complete_exit(&mut self, index: usize) {
        if let Ok((validator, assets)) = self.validators[index].complete_exit(self.now) {
            self.validators[index] = validator;
            self.registry_eth -= assets;
            self.eth_out += assets;
        }
    }

    pub(crate) fn add_bond(&mut self, index: usize, assets: u128) {
        if let Ok(validator) = self.validators[index].add_bond(assets) {
            self.validators[index] = validator;
            self.registry_eth += assets;
            self.eth_in += assets;
        }
    }

    /// Applies a step of one validator, if it is allowed.
    pub(crate) fn step_validator<E>(
        &mut self,
        index: usize,
        step: impl FnOnce(&Validator) -> Result<Validator, E>,
    ) {
        if let Ok(next) = step(&self.validators[index]) {
            let before = self.validators[index].status;
            assert!(
                before == next.status || before.may_become(next.status),
                "I9: arrows"
            );
            self.validators[index] = next;
        }
    }
}
