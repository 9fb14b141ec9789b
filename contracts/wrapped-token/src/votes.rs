//! Who votes with whose wlsETH.

use abi::IWrappedToken;
use alloy_primitives::{Address, B256, U256};
use glue::{
    emit,
    permit::{self, KeySignature},
    revert,
    revert::Word,
};
use protocol::{
    mul_div::{add, sub},
    votes::Trace,
};
use stylus_sdk::{keccak_const::Keccak256, prelude::*};

use crate::{DOMAIN, WrappedToken, error::Error};

const DELEGATION_TYPE: [u8; 32] = Keccak256::new()
    .update(b"Delegation(address delegatee,uint256 nonce,uint256 expiry)")
    .finalize();

impl WrappedToken {
    /// Gives the votes of an account to a delegate.
    pub(crate) fn delegate_votes(
        &mut self,
        delegator: Address,
        delegatee: Address,
    ) -> Result<(), Error> {
        let mut account = self.state.account(delegator);
        let before = account.delegate;
        account.delegate = delegatee;
        self.state.store_account(delegator, &account);
        emit!(
            self.vm(),
            IWrappedToken::DelegateChanged [delegator, fromDelegate: before, toDelegate: delegatee] {}
        );
        self.move_votes(before, delegatee, account.balance)
    }

    pub fn delegate_by_sig(
        &mut self,
        delegatee: Address,
        nonce: U256,
        expiry: U256,
        v: u8,
        r: B256,
        s: B256,
    ) -> Result<(), Error> {
        if U256::from(self.vm().block_timestamp()) > expiry {
            return Err(revert!(IWrappedToken::VotesExpiredSignature { expiry }).into());
        }
        let words = [
            U256::from_be_bytes(DELEGATION_TYPE),
            delegatee.word(),
            nonce,
            expiry,
        ];
        let digest = DOMAIN.digest(self.vm(), &words);
        let signer =
            permit::signer(self.vm(), digest, &KeySignature { v, r, s }).unwrap_or_default();
        if signer.is_zero() {
            return Err(revert!(IWrappedToken::ERC2612InvalidSigner {
                signer,
                owner: signer
            })
            .into());
        }
        let current = self.state.nonces.get(signer);
        if nonce != current {
            return Err(revert!(IWrappedToken::InvalidAccountNonce {
                account: signer,
                currentNonce: current,
            })
            .into());
        }
        self.state.nonces.spend(signer);
        self.delegate_votes(signer, delegatee)
    }

    /// Refuses a moment that is not past, whose votes may still change.
    #[inline(never)]
    pub(crate) fn past(&self, timepoint: U256) -> Result<u64, Error> {
        let now = self.vm().block_timestamp();
        match u64::try_from(timepoint) {
            Ok(past) if past < now => Ok(past),
            Ok(_) | Err(_) => Err(revert!(IWrappedToken::ERC5805FutureLookup {
                timepoint,
                clock: self.clock(),
            })
            .into()),
        }
    }

    /// Moves votes from one delegate to another. Nobody's, which are minted or burned or not given to
    /// anybody, do not count; what stays with one delegate leaves no trace.
    #[inline(never)]
    pub(crate) fn move_votes(
        &mut self,
        from: Address,
        to: Address,
        amount: u128,
    ) -> Result<(), Error> {
        if from == to || amount == 0 {
            return Ok(());
        }
        if !from.is_zero() {
            let trace = self.state.votes(from);
            self.change_votes(from, &trace, sub(trace.latest.votes, amount)?);
        }
        if !to.is_zero() {
            let trace = self.state.votes(to);
            self.change_votes(to, &trace, add(trace.latest.votes, amount)?);
        }
        Ok(())
    }

    #[inline(never)]
    fn change_votes(&mut self, delegate: Address, before: &Trace, votes: u128) {
        self.state.store_votes(delegate, before, votes);
        emit!(
            self.vm(),
            IWrappedToken::DelegateVotesChanged [delegate] {
                previousVotes: U256::from(before.latest.votes),
                newVotes: U256::from(votes),
            }
        );
    }
}
