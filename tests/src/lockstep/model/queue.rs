//! The line of those who leave.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use client::abi::IWithdrawalQueue as Queue;

use super::pauses::{FINALIZATION, REQUESTS};
use super::{MINIMUM, Model, Refusal, narrow, refuse, word};
use crate::lockstep::amounts::{down, up};

/// Most requests that one call may touch.
const MOST: u64 = 100;

/// A place in the line.
#[derive(Debug, Clone)]
pub(in crate::lockstep) struct Request {
    pub(in crate::lockstep) owner: Address,
    pub(in crate::lockstep) made_at: u64,
    /// Shares still locked, and the most wei still to be paid for them.
    pub(in crate::lockstep) shares: u128,
    pub(in crate::lockstep) nominal: u128,
    /// Wei filled and not claimed.
    pub(in crate::lockstep) filled: u128,
    /// Claimed or cancelled: the token is gone.
    pub(in crate::lockstep) closed: bool,
}

impl Model {
    pub(in crate::lockstep) fn request(
        &mut self,
        sender: Address,
        amounts: &[U256],
        owner: Address,
    ) -> Result<Vec<u8>, Refusal> {
        self.check_open(self.at.queue, REQUESTS)?;
        let owner = if owner.is_zero() { sender } else { owner };
        self.check_taker(owner)?;
        // Together they lock the shares of their sum, rounded up once.
        let (mut parts, mut sum) = (Vec::new(), 0);
        for &amount in amounts {
            let nominal = narrow(amount)?;
            let shares = self.shares_up(sum + nominal) - self.shares_up(sum);
            parts.push((shares, nominal));
            sum += nominal;
        }
        self.take(sender, &parts)?;
        for &(_, nominal) in &parts {
            check_minimum(nominal)?;
        }
        let ids = self.enter(sender, owner, &parts);
        Ok(Queue::requestWithdrawalsCall::abi_encode_returns(&ids))
    }

    pub(in crate::lockstep) fn request_shares(
        &mut self,
        sender: Address,
        shares: U256,
        owner: Address,
        min_eth: U256,
    ) -> Result<Vec<u8>, Refusal> {
        self.check_open(self.at.queue, REQUESTS)?;
        let owner = if owner.is_zero() { sender } else { owner };
        self.check_taker(owner)?;
        let shares = narrow(shares)?;
        let nominal = self.worth(shares);
        self.take(sender, &[(shares, nominal)])?;
        let least = narrow(min_eth)?;
        if nominal < least {
            return refuse(&Queue::WorthBelowMinimum {
                assets: word(nominal),
                minimum: min_eth,
            });
        }
        check_minimum(nominal)?;
        self.enter(sender, owner, &[(shares, nominal)]);
        let id = U256::from(self.requests.len());
        Ok(Queue::requestWithdrawalCall::abi_encode_returns(&id))
    }

    fn enter(&mut self, requestor: Address, owner: Address, parts: &[(u128, u128)]) -> Vec<U256> {
        let queue = self.at.queue;
        let mut ids = Vec::new();
        for &(shares, nominal) in parts {
            self.requests.push(Request {
                owner,
                made_at: self.now,
                shares,
                nominal,
                filled: 0,
                closed: false,
            });
            let id = U256::from(self.requests.len());
            let requested = Queue::WithdrawalRequested {
                requestId: id,
                requestor,
                owner,
                amountOfStETH: word(nominal),
                amountOfShares: word(shares),
            };
            self.log(queue, &requested);
            self.log_token(Address::ZERO, owner, id);
            ids.push(id);
        }
        ids
    }

    /// The queue takes the shares of requests.
    fn take(&mut self, requestor: Address, parts: &[(u128, u128)]) -> Result<(), Refusal> {
        let queue = self.at.queue;
        let shares = parts.iter().map(|(shares, _)| *shares).sum();
        self.transfer_shares_from(queue, requestor, queue, word(shares))
            .map(drop)
    }

    /// The pool and wlsETH would take ETH of the queue for a deposit of the queue.
    pub(super) fn send_from_queue(
        &mut self,
        receiver: Address,
        assets: U256,
    ) -> Result<(), Refusal> {
        if [self.at.pool, self.at.wrapped].contains(&receiver) {
            return refuse(&Queue::TransferFailed { receiver, assets });
        }
        self.send(receiver, assets)
    }

    /// What would fill every request now.
    pub(super) fn demand(&self) -> u128 {
        let shares = self.requests.iter().map(|one| one.shares).sum();
        let nominal: u128 = self.requests.iter().map(|one| one.nominal).sum();
        nominal.min(self.worth(shares))
    }

    pub(in crate::lockstep) fn finalize(&mut self, most: U256) -> Result<Vec<u8>, Refusal> {
        self.check_open(self.at.queue, FINALIZATION)?;
        let maximum = U256::from(MOST);
        if most.is_zero() || most > maximum {
            return refuse(&Queue::InvalidOperationCount {
                maxOps: most,
                maximum,
            });
        }
        if self.is_slash_pending() {
            let until = self.slash_pending_until;
            return refuse(&Queue::SlashPending { until });
        }
        let first = self.finalized;
        // The pool without the shares burned so far and what they were worth.
        let (mut assets, mut shares) = (self.assets(), self.total_shares);
        let (mut free, mut total_paid) = (self.buffered(), 0);
        for _ in 0..most.to::<u64>() {
            let Some(request) = self.requests.get(self.finalized) else {
                break;
            };
            if request.closed {
                self.finalized += 1;
                continue;
            }
            let worth = down(request.shares, assets, shares);
            let owed = request.nominal.min(worth);
            let Some((paid, burned)) = fill(request, owed, free) else {
                break;
            };
            self.fill_head(owed, paid, burned);
            assets -= down(burned, assets, shares).max(paid);
            (shares, free, total_paid) = (shares - burned, free - paid, total_paid + paid);
            if self.requests[self.finalized].shares != 0 {
                let changed = Queue::MetadataUpdate {
                    _tokenId: U256::from(self.finalized + 1),
                };
                self.log(self.at.queue, &changed);
                break;
            }
            self.finalized += 1;
        }
        let filled = U256::from(self.finalized - first);
        let (burned, paid) = (self.total_shares - shares, total_paid);
        if self.finalized > first {
            let finalized = Queue::WithdrawalsFinalized {
                from: U256::from(first + 1),
                to: U256::from(self.finalized),
                amountOfETHLocked: word(paid),
                sharesToBurn: word(burned),
                timestamp: U256::from(self.now),
            };
            self.log(self.at.queue, &finalized);
            let changed = Queue::BatchMetadataUpdate {
                _fromTokenId: U256::from(first + 1),
                _toTokenId: U256::from(self.finalized),
            };
            self.log(self.at.queue, &changed);
        }
        if burned != 0 {
            self.pay_queue(burned, paid)?;
        }
        Ok(Queue::finalizeCall::abi_encode_returns(
            &Queue::finalizeReturn {
                filled,
                ethLocked: word(paid),
            },
        ))
    }

    fn fill_head(&mut self, owed: u128, paid: u128, burned: u128) {
        let head = self.finalized;
        let request = &mut self.requests[head];
        request.shares -= burned;
        request.nominal = match request.shares {
            0 => 0,
            _ => request.nominal - up(request.nominal, paid, owed),
        };
        request.filled += paid;
        let filled = Queue::RequestFilled {
            requestId: U256::from(head + 1),
            assets: word(paid),
            shares: word(burned),
            assetsLeft: word(request.nominal),
        };
        self.log(self.at.queue, &filled);
    }

    pub(in crate::lockstep) fn claim(&mut self, id: U256) -> Result<Vec<u8>, Refusal> {
        let index = self.open(id)?;
        self.pay(index, self.requests[index].owner)
    }

    pub(in crate::lockstep) fn claim_to(
        &mut self,
        caller: Address,
        id: U256,
        receiver: Address,
    ) -> Result<Vec<u8>, Refusal> {
        let index = self.open(id)?;
        self.check_mover(caller, index)?;
        if receiver.is_zero() {
            return refuse(&Queue::ZeroAddress {});
        }
        self.pay(index, receiver)
    }

    pub(super) fn pay(&mut self, index: usize, receiver: Address) -> Result<Vec<u8>, Refusal> {
        let id = U256::from(index + 1);
        let request = &mut self.requests[index];
        if request.shares != 0 {
            return refuse(&Queue::RequestNotFinalized {
                requestId: id,
                sharesLeft: word(request.shares),
            });
        }
        let assets = word(std::mem::take(&mut request.filled));
        request.closed = true;
        let owner = request.owner;
        let claimed = Queue::WithdrawalClaimed {
            requestId: id,
            owner,
            receiver,
            amountOfETH: assets,
        };
        self.log(self.at.queue, &claimed);
        self.log_token(owner, Address::ZERO, id);
        self.send_from_queue(receiver, assets)?;
        Ok(Vec::new())
    }

    /// Takes the unfilled part back in shares, at most as many as the nominal is worth now.
    pub(in crate::lockstep) fn cancel(
        &mut self,
        caller: Address,
        id: U256,
    ) -> Result<Vec<u8>, Refusal> {
        let index = self.open(id)?;
        self.check_mover(caller, index)?;
        let request = self.requests[index].clone();
        if request.shares == 0 {
            return refuse(&Queue::RequestAlreadyFinalized { requestId: id });
        }
        let worth = down(request.nominal, self.total_shares, self.assets());
        let returned = request.shares.min(worth);
        let burned = request.shares - returned;
        let owner = request.owner;
        self.requests[index] = Request {
            shares: 0,
            nominal: 0,
            filled: 0,
            closed: true,
            ..request
        };
        let cancelled = Queue::RequestCancelled {
            requestId: id,
            owner,
            sharesReturned: word(returned),
            sharesBurned: word(burned),
            amountOfETH: word(request.filled),
        };
        self.log(self.at.queue, &cancelled);
        self.log_token(owner, Address::ZERO, id);
        if burned != 0 {
            self.pay_queue(burned, 0)?;
        }
        if returned != 0 {
            self.transfer_shares(self.at.queue, owner, word(returned))?;
        }
        if request.filled != 0 {
            self.send_from_queue(owner, word(request.filled))?;
        }
        Ok(Queue::cancelCall::abi_encode_returns(
            &Queue::cancelReturn {
                sharesReturned: word(returned),
                amountOfETH: word(request.filled),
            },
        ))
    }

    /// A request that was made and is neither claimed nor cancelled.
    pub(super) fn open(&self, id: U256) -> Result<usize, Refusal> {
        let known = !id.is_zero() && id <= U256::from(self.requests.len());
        if !known {
            return refuse(&Queue::RequestNotFound { requestId: id });
        }
        let index = id.to::<usize>() - 1;
        if self.requests[index].closed {
            return refuse(&Queue::RequestAlreadyClaimed { requestId: id });
        }
        Ok(index)
    }
}

/// Wei paid and shares burned for a request that is owed `owed`, with `free` wei at hand.
fn fill(request: &Request, owed: u128, free: u128) -> Option<(u128, u128)> {
    if owed <= free {
        return Some((owed, request.shares));
    }
    // Parts below the minimum of a request are not worth their rounding.
    (free >= MINIMUM).then(|| (free, up(request.shares, free, owed)))
}

fn check_minimum(assets: u128) -> Result<(), Refusal> {
    if assets < MINIMUM {
        return refuse(&Queue::RequestBelowMinimum {
            assets: word(assets),
            minimum: word(MINIMUM),
        });
    }
    Ok(())
}
