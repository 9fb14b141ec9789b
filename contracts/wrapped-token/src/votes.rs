//! Who votes with whose wlsETH.

use abi::IWrappedToken;
use alloy_primitives::{Address, U256};
use glue::{
    emit,
    permit::{self, KeySignature},
    revert,
    revert::Word,
};
use protocol::mul_div::{add, sub};
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
        if before == delegatee {
            return Ok(());
        }
        self.lower_votes(before, account.balance)?;
        self.raise_votes(delegatee, account.balance)
    }

    /// Checks a signed delegation, uses it up and follows it.
    pub(crate) fn delegate_signed(
        &mut self,
        delegatee: Address,
        nonce: U256,
        expiry: U256,
        signature: &KeySignature,
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
        let signer = permit::signer(self.vm(), digest, signature).unwrap_or_default();
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

    pub(crate) fn raise_votes(&mut self, delegate: Address, amount: u128) -> Result<(), Error> {
        if delegate.is_zero() || amount == 0 {
            return Ok(());
        }
        let trace = self.state.votes(delegate);
        let votes = add(trace.latest.votes, amount)?;
        self.state.store_votes(delegate, &trace, votes);
        self.log_votes(delegate, trace.latest.votes, votes);
        Ok(())
    }

    pub(crate) fn lower_votes(&mut self, delegate: Address, amount: u128) -> Result<(), Error> {
        if delegate.is_zero() || amount == 0 {
            return Ok(());
        }
        let trace = self.state.votes(delegate);
        let votes = sub(trace.latest.votes, amount)?;
        self.state.store_votes(delegate, &trace, votes);
        self.log_votes(delegate, trace.latest.votes, votes);
        Ok(())
    }

    #[inline(never)]
    fn log_votes(&self, delegate: Address, before: u128, after: u128) {
        emit!(
            self.vm(),
            IWrappedToken::DelegateVotesChanged [delegate] { previousVotes: U256::from(before), newVotes: U256::from(after) }
        );
    }
}
