//! Signs permits, the right ones and those with a flaw.

use alloy::primitives::{Address, B256, U256, b256};
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::{Eip712Domain, SolCall, eip712_domain};
use client::abi::IWrappedToken as Token;
use client::permit::{Permit, Signature, sign};
use eyre::{OptionExt, Result};
use operations::token::Flaw;

use super::ground::Ground;
use crate::world::Person;

/// Order of the curve.
const ORDER: B256 = b256!("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");

/// Chain of the embedded node.
const CHAIN: u64 = 412_346;

/// The calldata of `permit` for `token`, whose domain has this name.
pub(super) fn permit(
    ground: &Ground,
    token: Address,
    name: &str,
    permit: (Address, Address, U256),
    flaw: Flaw,
) -> Result<Vec<u8>> {
    let (owner, spender, value) = permit;
    let nonce: U256 = ground.read(token, &Token::noncesCall { owner })?;
    let nonce = match flaw {
        Flaw::Nonce => nonce + U256::ONE,
        // The very permit that was used; a first permit has nothing to repeat and is good.
        Flaw::Replayed => nonce.saturating_sub(U256::ONE),
        _ => nonce,
    };
    let deadline = match flaw {
        Flaw::Expired => U256::ONE,
        _ => U256::MAX,
    };
    let message = Permit {
        owner,
        spender,
        value,
        nonce,
        deadline,
    };
    let signer = match flaw {
        Flaw::Signer => ground.people.iter().find(|other| **other != owner),
        _ => Some(&owner),
    };
    let key = ground
        .world
        .key(Person(*signer.ok_or_eyre("five people")?))?;
    let domain = domain(token, name, flaw);
    let (v, r, s) = signature(key, &message, &domain, flaw)?;
    let call = Token::permit_0Call {
        owner,
        spender,
        value,
        deadline,
        v,
        r,
        s,
    };
    Ok(call.abi_encode())
}

/// What a permit for `token` is signed for.
pub(super) fn domain(token: Address, name: &str, flaw: Flaw) -> Eip712Domain {
    eip712_domain! {
        name: name.to_owned(),
        version: "1",
        chain_id: match flaw {
            Flaw::Chain => 1,
            _ => CHAIN,
        },
        verifying_contract: match flaw {
            Flaw::Contract => Address::ZERO,
            _ => token,
        },
    }
}

fn signature(
    key: &PrivateKeySigner,
    message: &Permit,
    domain: &Eip712Domain,
    flaw: Flaw,
) -> Result<(u8, B256, B256)> {
    let Signature { v, r, s } = sign(key, domain.separator(), message)?;
    Ok(match flaw {
        Flaw::HighS => {
            let mirrored = U256::from_be_bytes(ORDER.0) - U256::from_be_bytes(s.0);
            (55 - v, r, mirrored.into())
        }
        Flaw::V => (v - 27, r, s),
        Flaw::Zero => (v, B256::ZERO, s),
        _ => (v, r, s),
    })
}
