//! Deposits, transfers, allowances and permits of lsETH.

use alloy::primitives::{Address, B256, U256};
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::SolStruct;
use client::abi::{IStakingPool as Pool, IWrappedToken as Wrapped};
use rand::Rng;

use super::{Draw, ETHER};
use crate::lockstep::model::{Delegation, MINIMUM, Permit, Token};
use crate::lockstep::operation::Operation;

/// A permit with its signature.
pub(super) struct SignedPermit {
    pub(super) permit: Permit,
    pub(super) v: u8,
    pub(super) r: B256,
    pub(super) s: B256,
}

impl Draw<'_> {
    pub(super) fn token_call(&mut self, from: Address) -> Operation {
        let pool = self.model.at.pool;
        let to = self.receiver();
        match self.rng.random_range(0..78) {
            0..20 => {
                let value = self.ether(MINIMUM);
                Operation::paid(from, pool, value, &Pool::submitCall { referral: to })
            }
            20..30 => {
                let deposit = Pool::depositCall {
                    receiver: to,
                    referral: from,
                    minShares: U256::from(self.rng.random_range(0..2 * ETHER)),
                };
                Operation::paid(from, pool, self.ether(MINIMUM), &deposit)
            }
            30..38 => self.allowance_call(from),
            38..42 => self.permit_call(),
            42..54 => {
                let amount = self.amount(self.model.worth(self.model.held(from)));
                Operation::call(from, pool, &Pool::transferCall { to, amount })
            }
            54..62 => {
                let owner = self.person();
                let allowed = self.model.allowance(owner, from).saturating_to();
                let transfer = Pool::transferFromCall {
                    from: owner,
                    to,
                    amount: self.amount(allowed),
                };
                Operation::call(from, pool, &transfer)
            }
            62..70 => {
                let shares = self.amount(self.model.held(from));
                Operation::call(from, pool, &Pool::transferSharesCall { to, shares })
            }
            _ => {
                let owner = self.person();
                let transfer = Pool::transferSharesFromCall {
                    from: owner,
                    to,
                    shares: self.amount(self.model.held(owner)),
                };
                Operation::call(from, pool, &transfer)
            }
        }
    }

    fn allowance_call(&mut self, from: Address) -> Operation {
        let at = self.model.at;
        let spender = match self.rng.random_range(0..8) {
            0 => Address::ZERO,
            1 => at.wrapped,
            2 => at.queue,
            _ => self.person(),
        };
        match self.rng.random_range(0..4) {
            0 => {
                let raise = Pool::increaseAllowanceCall {
                    spender,
                    addedValue: self.amount(5 * ETHER),
                };
                Operation::call(from, at.pool, &raise)
            }
            1 => {
                let allowed = self.model.allowance(from, spender).saturating_to();
                let lower = Pool::decreaseAllowanceCall {
                    spender,
                    subtractedValue: self.amount(allowed),
                };
                Operation::call(from, at.pool, &lower)
            }
            _ => {
                let amount = self.amount(50 * ETHER);
                Operation::call(from, at.pool, &Pool::approveCall { spender, amount })
            }
        }
    }

    /// Submitted by anybody.
    fn permit_call(&mut self) -> Operation {
        let (sender, owner, spender) = (self.person(), self.key(), self.receiver());
        let SignedPermit { permit, v, r, s } = self.permit(Token::Lseth, &owner, spender);
        let call = Pool::permit_0Call {
            owner: permit.owner,
            spender: permit.spender,
            value: permit.value,
            deadline: permit.deadline,
            v,
            r,
            s,
        };
        Operation::call(sender, self.model.at.pool, &call)
    }

    /// As [`Self::permit_call`], of wlsETH.
    pub(super) fn wrapped_permit_call(&mut self) -> Operation {
        let (sender, owner, spender) = (self.person(), self.key(), self.receiver());
        let SignedPermit { permit, v, r, s } = self.permit(Token::Wrapped, &owner, spender);
        let call = Wrapped::permit_0Call {
            owner: permit.owner,
            spender: permit.spender,
            value: permit.value,
            deadline: permit.deadline,
            v,
            r,
            s,
        };
        Operation::call(sender, self.model.at.wrapped, &call)
    }

    /// A permit that is good, mostly: the rest is late, used, somebody else's, or garbled.
    pub(super) fn permit(
        &mut self,
        token: Token,
        owner: &PrivateKeySigner,
        spender: Address,
    ) -> SignedPermit {
        let right = self.model.nonce(token, owner.address());
        let permit = Permit {
            owner: owner.address(),
            spender,
            value: self.amount(20 * ETHER),
            nonce: right + U256::from(u8::from(self.one_in(12))),
            deadline: self.deadline(),
        };
        let digest = permit.eip712_signing_hash(&self.model.domain(token));
        let (v, r, s) = self.signature(owner, digest);
        SignedPermit { permit, v, r, s }
    }

    /// A delegation of votes, submitted by anybody.
    pub(super) fn signed_delegation(&mut self) -> Operation {
        let (sender, owner, delegatee) = (self.person(), self.key(), self.receiver());
        let right = self.model.nonce(Token::Wrapped, owner.address());
        let delegation = Delegation {
            delegatee,
            nonce: right + U256::from(u8::from(self.one_in(12))),
            expiry: self.deadline(),
        };
        let digest = delegation.eip712_signing_hash(&self.model.domain(Token::Wrapped));
        let (v, r, s) = self.signature(&owner, digest);
        let call = Wrapped::delegateBySigCall {
            delegatee,
            nonce: delegation.nonce,
            expiry: delegation.expiry,
            v,
            r,
            s,
        };
        Operation::call(sender, self.model.at.wrapped, &call)
    }

    fn deadline(&mut self) -> U256 {
        let now = U256::from(self.model.now);
        match self.rng.random_range(0..12) {
            0 => now - U256::ONE,
            1 => now,
            2 => U256::MAX,
            _ => now + U256::from(self.rng.random_range(1..86_400_u64)),
        }
    }

    fn signature(&mut self, key: &PrivateKeySigner, digest: B256) -> (u8, B256, B256) {
        let key = if self.one_in(12) {
            self.key()
        } else {
            key.clone()
        };
        let signature = key.sign_hash_sync(&digest).expect("a key in memory signs");
        let v = 27 + u8::from(signature.v());
        match self.rng.random_range(0..24) {
            0 => (v - 27, signature.r().into(), signature.s().into()),
            1 => (v, B256::ZERO, signature.s().into()),
            _ => (v, signature.r().into(), signature.s().into()),
        }
    }
}
