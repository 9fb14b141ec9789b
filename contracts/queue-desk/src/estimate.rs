//! What a request may expect, from what the queue and the pool know.

use alloy_primitives::U256;
use protocol::{
    mul_div::sub,
    queue::{Request, Unfilled, estimate},
};
use queue_state::{Ends, Error};
use stylus_sdk::prelude::*;

use crate::QueueDesk;

/// Most requests that are added up.
const MAX_SUM: u64 = 1_000;

impl QueueDesk {
    pub fn estimate(&self, request_id: U256) -> Result<(u64, U256, U256), Error> {
        let (_, request) = self.state.open(request_id)?;
        let (totals, free) = self.state.quote()?;
        let ahead = match request.shares {
            0 => Unfilled::default(),
            _ => self.ahead(request_id.saturating_to(), &request)?,
        };
        let estimate = estimate::estimate(&request, ahead, totals, free)?;
        let eta = match estimate.missing {
            0 => self.vm().block_timestamp(),
            _ => 0,
        };
        Ok((eta, U256::from(estimate.ahead), U256::from(estimate.payout)))
    }

    /// The sums over the open requests before `id`, counted from the nearer end of the queue. Far from
    /// both, the sums over all others: never too little.
    fn ahead(&self, id: u64, request: &Request) -> Result<Unfilled, Error> {
        let Ends {
            last, finalized, ..
        } = self.state.line.ends();
        let all = self.state.line.unfilled();
        let first = finalized.saturating_add(1);
        let before = id.saturating_sub(first);
        let behind = last.saturating_sub(id);
        if before <= behind && before <= MAX_SUM {
            return self.sum(first, id);
        }
        let rest = if behind <= MAX_SUM {
            self.sum(id, last.saturating_add(1))?
        } else {
            Unfilled::default().with(request)?
        };
        Ok(Unfilled {
            shares: sub(all.shares, rest.shares)?,
            nominal: sub(all.nominal, rest.nominal)?,
        })
    }

    /// The sums over the requests from `first` on, before `end`.
    fn sum(&self, first: u64, end: u64) -> Result<Unfilled, Error> {
        let mut sum = Unfilled::default();
        let mut next = first;
        while next < end {
            let id = U256::from(next);
            sum = sum.with(&self.state.line.request(id, &self.state.line.place(id)))?;
            next = next.saturating_add(1);
        }
        Ok(sum)
    }
}
