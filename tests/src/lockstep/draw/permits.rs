//! What keys and wallets sign, for lsETH and wlsETH: allowances and delegations.

use alloy::primitives::{Address, B256, Bytes, U256, uint};
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::SolStruct;
use client::abi::{IStakingPool as Pool, IWrappedToken as Wrapped};
use rand::Rng;

use super::{Draw, ETHER};
use crate::lockstep::model::{Delegation, Neighbour, Permit, Token};
use crate::lockstep::operation::Operation;

/// Order of secp256k1: what signs with `s` signs with the order less `s` as well.
const ORDER: U256 = uint!(0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141_U256);

/// A permit with its signature.
pub(super) struct SignedPermit {
    pub(super) permit: Permit,
    pub(super) v: u8,
    pub(super) r: B256,
    pub(super) s: B256,
}

/// Whose permit it is, and the key that signs it.
pub(super) struct Signatory {
    pub(super) account: Address,
    pub(super) key: PrivateKeySigner,
}

impl Draw<'_> {
    /// Submitted by anybody. Both tokens have the same methods.
    pub(super) fn permit_call(&mut self, token: Token) -> Operation {
        let (sender, owner, spender) = (self.person(), self.signatory(), self.receiver());
        let signed = self.permit(token, &owner, spender);
        let signature = self.as_bytes(&signed);
        let to = match token {
            Token::Lseth => self.model.at.pool,
            Token::Wrapped => self.model.at.wrapped,
        };
        let SignedPermit { permit, v, r, s } = signed;
        let Permit {
            owner,
            spender,
            value,
            deadline,
            ..
        } = permit;
        if let Some(signature) = signature {
            let call = Pool::permit_1Call {
                owner,
                spender,
                value,
                deadline,
                signature,
            };
            return Operation::call(sender, to, &call);
        }
        let call = Pool::permit_0Call {
            owner,
            spender,
            value,
            deadline,
            v,
            r,
            s,
        };
        Operation::call(sender, to, &call)
    }

    /// A key for itself, a wallet's key for the wallet, or any key for another contract.
    fn signatory(&mut self) -> Signatory {
        let key = self.key();
        let account = match self.rng.random_range(0..12) {
            0 => self.neighbour(),
            1..6 => self.wallet(),
            _ => key.address(),
        };
        let key = match self.model.neighbours.get(&account) {
            Some(Neighbour::Wallet(owner)) => {
                let its_own = self.people.iter().find(|one| one.address() == *owner);
                its_own.cloned().unwrap_or(key)
            }
            _ => key,
        };
        Signatory { account, key }
    }

    /// Half of the signatures travel as bytes, and some of these are too long or too short.
    fn as_bytes(&mut self, signed: &SignedPermit) -> Option<Bytes> {
        if self.one_in(2) {
            return None;
        }
        let mut bytes = [signed.r.as_slice(), signed.s.as_slice(), &[signed.v]].concat();
        match self.rng.random_range(0..16) {
            0 => bytes.clear(),
            1 => bytes.truncate(64),
            2 => bytes.push(0),
            _ => {}
        }
        Some(bytes.into())
    }

    /// A permit that is good, mostly: the rest is late, used, somebody else's, or garbled.
    pub(super) fn permit(
        &mut self,
        token: Token,
        owner: &Signatory,
        spender: Address,
    ) -> SignedPermit {
        let right = self.model.nonce(token, owner.account);
        let permit = Permit {
            owner: owner.account,
            spender,
            value: self.amount(20 * ETHER),
            nonce: right + U256::from(u8::from(self.one_in(12))),
            deadline: self.deadline(),
        };
        let digest = permit.eip712_signing_hash(&self.model.domain(token));
        let (v, r, s) = self.signature(&owner.key, digest);
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
            // The other form of the same signature: no key's, but a wallet may take it.
            2 | 3 => (55 - v, signature.r().into(), (ORDER - signature.s()).into()),
            _ => (v, signature.r().into(), signature.s().into()),
        }
    }
}
