//! What must hold after every step, and at the end when everybody has left.

use protocol::{
    delegation::entry_assets,
    drip::DAILY_CAP_E9,
    limits::MIN_REQUEST,
    mul_div::compare_products,
    queue::MAX_SHARES,
    rate,
    registry::Status,
    reserves::{self, RegistryBooks},
};

use super::op::Op;
use super::{DAY, DEAD, QUEUE, USERS, World, terms};

impl World {
    /// I1, I2, I6, I7 and the books against the balances.
    pub(crate) fn check(&self) {
        let totals = self.totals();
        let holders = self.shares.len() as u128;
        assert_eq!(self.shares.iter().sum::<u128>(), totals.shares, "I1");
        let balances: u128 = self
            .shares
            .iter()
            .map(|shares| rate::assets_for_shares(totals, *shares).unwrap())
            .sum();
        assert!(balances <= totals.assets, "I1: more than there is");
        assert!(totals.assets - balances <= holders, "I1: dust");

        let pool = reserves::pool(&self.ledger, self.staked, self.pool_eth, self.now).unwrap();
        assert_eq!(pool.surplus, 0, "I2: pool");
        let books = RegistryBooks {
            bonds: self.validators.iter().map(|v| v.bond).sum(),
            active: self.validators.iter().map(|v| v.active).sum(),
            unbonding: self.validators.iter().map(|v| v.unbonding.assets).sum(),
            cover_fund: self.cover,
            reporter_rewards: self.reporter_rewards,
        };
        let owed = books.owed().unwrap();
        assert_eq!(reserves::surplus(self.registry_eth, owed), Ok(0), "I2");
        assert_eq!(self.staked, books.active + books.unbonding, "I2: staked");
        let unclaimed: u128 = self.places.iter().map(|place| place.request.filled).sum();
        assert_eq!(self.queue_eth, unclaimed, "I2: queue");
        let held = self.pool_eth + self.registry_eth + self.queue_eth;
        assert_eq!(self.eth_in, self.eth_out + held, "I2: in = out + held");

        let locked: u128 = self.places.iter().map(|place| place.request.shares).sum();
        let nominal: u128 = self.places.iter().map(|place| place.request.nominal).sum();
        assert_eq!(self.shares[QUEUE], locked, "queue holds what is locked");
        assert_eq!(self.unfilled.shares, locked);
        assert_eq!(self.unfilled.nominal, nominal);
        for (index, place) in self.places.iter().enumerate() {
            assert!(place.paid + place.request.nominal <= place.nominal, "I6");
            let open = place.request.shares != 0;
            assert!(!open || index >= self.head, "I6: id order is fill order");
            assert!(
                place.paid == 0 || index <= self.head,
                "I6: a later one was filled first"
            );
        }
        self.check_entries();
        self.check_pace(totals.assets);
    }

    /// No day adds more than its part of the pool, however the pool has shrunk since a release began.
    fn check_pace(&self, pooled: u128) {
        let drip = self.ledger.drip;
        let left = u128::from(drip.end.saturating_sub(self.now));
        // Rounded down at each settlement, so that a wei may be left over.
        let unreleased = drip.unreleased(self.now).unwrap().saturating_sub(1);
        // Of nothing the cap allows nothing: what comes then is spread over all time there is.
        if pooled == 0 {
            assert!(unreleased == 0 || drip.end == u64::MAX, "{drip:?}");
            return;
        }
        let pace = compare_products(
            unreleased,
            u128::from(DAY) * 1_000_000_000,
            pooled,
            left * u128::from(DAILY_CAP_E9),
        );
        assert!(pace.is_le(), "{unreleased} in {left} s of {pooled}");
    }

    /// Unbonding stake is the sum of its entries; a share of it never grows beyond a wei.
    fn check_entries(&self) {
        for (index, validator) in self.validators.iter().enumerate() {
            let unbonding = validator.unbonding;
            let own = self.entries.iter().filter(|(id, _)| *id == index);
            let shares: u128 = own.clone().map(|(_, entry)| entry.shares).sum();
            assert_eq!(shares, unbonding.shares);
            assert!(unbonding.assets <= unbonding.shares);
            let assets: u128 = own
                .map(|(_, entry)| entry_assets(&unbonding, entry.shares).unwrap())
                .sum();
            assert!(assets <= unbonding.assets);
        }
    }

    /// Does `op`, and checks the step and the state that it leads to.
    pub(crate) fn after(&self, op: &Op) -> Self {
        let mut next = self.clone();
        op.apply(&mut next);
        next.check();
        next.check_step_since(self);
        if !op.may_lower_rate() {
            rate::check_not_lowered(self.totals(), next.totals()).expect("I3");
        }
        next
    }

    /// I6, I7, I9: what one step may change of requests and validators.
    fn check_step_since(&self, before: &Self) {
        for (was, is) in before.places.iter().zip(&self.places) {
            assert!(
                was.over <= is.over && was.paid <= is.paid,
                "I6: unfilled again"
            );
            if was.request.shares == 0 && !is.over {
                assert_eq!(was.request, is.request, "I7: a finalized claim changed");
            }
        }
        for (was, is) in before.validators.iter().zip(&self.validators) {
            let arrow = was.status == is.status || was.status.may_become(is.status);
            assert!(arrow, "I9: from {:?} to {:?}", was.status, is.status);
        }
        assert!(before.head <= self.head, "I6: the head moved back");
    }

    /// I12: everybody leaves; nothing stays but the dead shares' ETH and amounts too small to request.
    pub(crate) fn drain(&mut self) {
        for index in 0..self.validators.len() {
            let now = self.now;
            self.step_validator(index, |v| v.begin_exit(now, &terms()));
        }
        // What a release still owes is the holders'. After a loss of all but everything the cap may
        // stretch it beyond all time, until a distribution into a larger pool shortens it again.
        let patience = self.now + 1_000 * 365 * DAY;
        self.now = self.now.max(self.ledger.drip.end.min(patience));
        // What requests gained while they waited goes to those who stay, which may lift an amount
        // that was too small to request over the minimum: hence several rounds.
        for _ in 0..8 {
            for user in 0..=USERS {
                self.request_all(user);
            }
            self.rebalance(self.validators.len());
            self.now += 7 * DAY;
            self.release(self.entries.len());
            self.finalize(self.places.len());
            self.check();
        }
        // A release that is still under way lifts somebody over the minimum every week. Time stands
        // still now: whoever has enough to ask for it gets it at once.
        for user in 0..=USERS {
            self.request_all(user);
        }
        self.finalize(self.places.len());
        for place in 0..self.places.len() {
            self.claim(place);
        }
        for index in 0..self.validators.len() {
            self.leave(index);
        }
        self.check();
        assert_eq!(self.staked, 0, "I12: stake came back");
        assert_eq!(self.queue_eth, 0, "I12: all claims were paid");
        assert_eq!(self.shares[QUEUE], 0, "I12: the queue is empty");
        assert_eq!(self.registry_eth, self.cover + self.reporter_rewards, "I12");
        assert!(self.shares[DEAD] > 0);
        let totals = self.totals();
        for user in 0..=USERS {
            let left = rate::assets_for_shares(totals, self.shares[user]).unwrap();
            // The price of a narrow storage word: who bought into what was left of a pool after it had
            // lost all but a 10⁻¹⁶th of itself needs requests below the minimum, or too many.
            let most = MAX_SHARES.min(self.shares[user]);
            let one_request = rate::assets_for_shares(totals, most).unwrap();
            assert!(
                left < MIN_REQUEST || one_request < MIN_REQUEST || left / one_request > 60,
                "I12: user {user} could not leave with {left} wei: {self:?}"
            );
        }
    }

    fn leave(&mut self, index: usize) {
        let now = self.now;
        self.now = now.max(self.validators[index].bond_exit.available_at);
        let faults = self.validators[index].faults;
        if faults.open_at(self.now) != 0 {
            self.now = faults.until;
        }
        self.complete_exit(index);
        assert_eq!(self.validators[index].status, Status::Exited, "I12");
        assert_eq!(self.validators[index].bond, 0, "I12: the bond left");
    }
}
