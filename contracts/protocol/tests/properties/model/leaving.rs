//! The queue of the small world: requests, fills, cancels, claims, and leaving at once.

use protocol::{
    instant, pool,
    queue::{self, QueueError, Request, fill::Finalization, leave},
    rate,
};

use super::{Place, QUEUE, World};

/// More requests than anybody makes to leave.
const MOST_PARTS: usize = 64;

impl World {
    pub(crate) fn request_shares(&mut self, user: usize, shares: u128) {
        let shares = shares.min(self.shares[user]).min(queue::MAX_SHARES);
        if let Ok(request) = crate::request_shares(self.totals(), shares) {
            self.enqueue(user, request);
        }
    }

    pub(crate) fn request_assets(&mut self, user: usize, assets: u128) {
        match queue::request_assets(self.totals(), 0, assets) {
            Ok(request) if request.shares <= self.shares[user] => self.enqueue(user, request),
            _ => {}
        }
    }

    /// Asks for all that `user` has, in parts if one request has no room for it.
    pub(crate) fn request_all(&mut self, user: usize) {
        // After a deposit into a pool that has lost all but a 10⁻¹⁶th of itself; see `MAX_SHARES`.
        for _ in 0..MOST_PARTS {
            let before = self.places.len();
            self.request_shares(user, u128::MAX);
            if self.places.len() == before {
                return;
            }
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
        // What is left behind is in neither's rate; less than a gwei of it is in the pool's. The queue
        // rounds once a request, the pool once.
        let (pool, queue) = (self.totals(), call.totals);
        assert_eq!(pool.shares, queue.shares, "queue and pool agree");
        let rounding = pool::MIN_LEFT_BEHIND + max as u128;
        assert!(
            pool.assets.abs_diff(queue.assets) < rounding,
            "{pool:?} {queue:?}"
        );
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
        let burned = cancelled.shares_burned;
        self.ledger = pool::redeem(&self.ledger, self.staked, burned, 0, self.now).unwrap();
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
}
