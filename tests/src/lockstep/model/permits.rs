//! What keys and wallets have signed: allowances (ERC-2612) and delegations of votes (ERC-5805).

use alloy::primitives::{Address, B256, Signature, U256};
use alloy::sol;
use alloy::sol_types::{Eip712Domain, SolStruct, eip712_domain};
use client::abi::IStakingPool as Pool;
use client::abi::IWrappedToken::{
    InvalidAccountNonce, VotesExpiredSignature, delegateBySigCall as DelegateBySig,
};

use super::{Model, Refusal, refuse};

sol! {
    /// What is signed for an allowance.
    struct Permit {
        address owner;
        address spender;
        uint256 value;
        uint256 nonce;
        uint256 deadline;
    }

    /// What is signed for votes.
    struct Delegation {
        address delegatee;
        uint256 nonce;
        uint256 expiry;
    }
}

/// A token that takes permits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::lockstep) enum Token {
    Lseth,
    Wrapped,
}

/// A signature as calls carry it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signed {
    v: u8,
    r: B256,
    s: B256,
}

impl Signed {
    pub(super) fn new(v: u8, r: B256, s: B256) -> Self {
        Self { v, r, s }
    }

    /// The 65 bytes that wallets expect.
    pub(super) fn to_bytes(self) -> Vec<u8> {
        [self.r.as_slice(), self.s.as_slice(), &[self.v]].concat()
    }

    /// As a contract reads it that does not look at the length.
    pub(super) fn padded(bytes: &[u8]) -> Self {
        let at = |place: usize| bytes.get(place).copied().unwrap_or_default();
        Self {
            v: at(64),
            r: B256::new(std::array::from_fn(at)),
            s: B256::new(std::array::from_fn(|place| at(32 + place))),
        }
    }

    /// A key signs with 65 bytes.
    fn of_key(bytes: &[u8]) -> Option<Self> {
        (bytes.len() == 65).then(|| Self::padded(bytes))
    }

    /// Whose key it is; zero if it is nobody's, or not the one form of a signature that counts.
    fn signer(self, digest: B256) -> Address {
        if self.signature().normalize_s().is_some() {
            return Address::ZERO;
        }
        self.recovers(digest)
    }

    /// Whose key it is by the precompile, which takes both forms; zero if it is nobody's.
    pub(super) fn recovers(self, digest: B256) -> Address {
        if !matches!(self.v, 27 | 28) {
            return Address::ZERO;
        }
        let signer = self.signature().recover_address_from_prehash(&digest);
        signer.unwrap_or_default()
    }

    fn signature(self) -> Signature {
        Signature::new(self.r.into(), self.s.into(), self.v == 28)
    }
}

impl Model {
    /// What a key signs for.
    pub(in crate::lockstep) fn domain(&self, token: Token) -> Eip712Domain {
        let (name, contract) = match token {
            Token::Lseth => ("Liquid staked ETH", self.at.pool),
            Token::Wrapped => ("Wrapped liquid staked ETH", self.at.wrapped),
        };
        eip712_domain! {
            name: name,
            version: "1",
            chain_id: self.chain,
            verifying_contract: contract,
        }
    }

    pub(in crate::lockstep) fn nonce(&self, token: Token, account: Address) -> U256 {
        let nonce = self.nonces.get(&(token, account));
        nonce.copied().unwrap_or_default()
    }

    fn use_nonce(&mut self, token: Token, account: Address) {
        *self.nonces.entry((token, account)).or_default() += U256::ONE;
    }

    pub(super) fn permit(
        &mut self,
        token: Token,
        owner: Address,
        spender: Address,
        value: U256,
        deadline: U256,
        signature: &[u8],
    ) -> Result<Vec<u8>, Refusal> {
        if U256::from(self.now) > deadline {
            return refuse(&Pool::ERC2612ExpiredSignature { deadline });
        }
        let permit = Permit {
            owner,
            spender,
            value,
            nonce: self.nonce(token, owner),
            deadline,
        };
        let digest = permit.eip712_signing_hash(&self.domain(token));
        let key = Signed::of_key(signature);
        let signer = key.map_or(Address::ZERO, |signed| signed.signer(digest));
        let by_key = signer == owner && !signer.is_zero();
        if !by_key && !self.agrees(owner, digest, signature) {
            return refuse(&Pool::ERC2612InvalidSigner { signer, owner });
        }
        match token {
            Token::Lseth => drop(self.approve(owner, spender, value)?),
            Token::Wrapped => self.approve_wrapped(owner, spender, value)?,
        }
        self.use_nonce(token, owner);
        Ok(Vec::new())
    }

    pub(super) fn delegate_signed(&mut self, call: &DelegateBySig) -> Result<Vec<u8>, Refusal> {
        if U256::from(self.now) > call.expiry {
            return refuse(&VotesExpiredSignature {
                expiry: call.expiry,
            });
        }
        let delegation = Delegation {
            delegatee: call.delegatee,
            nonce: call.nonce,
            expiry: call.expiry,
        };
        let digest = delegation.eip712_signing_hash(&self.domain(Token::Wrapped));
        let account = Signed::new(call.v, call.r, call.s).signer(digest);
        if account.is_zero() {
            return refuse(&Pool::ERC2612InvalidSigner {
                signer: account,
                owner: account,
            });
        }
        let current = self.nonce(Token::Wrapped, account);
        if call.nonce != current {
            return refuse(&InvalidAccountNonce {
                account,
                currentNonce: current,
            });
        }
        self.use_nonce(Token::Wrapped, account);
        self.delegate_votes(account, call.delegatee);
        Ok(Vec::new())
    }
}
