//! Signs permits (ERC-2612): an allowance that somebody else may send.

use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::providers::DynProvider;
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::SolStruct;

use crate::abi::IStakingPool::IStakingPoolInstance;
use crate::send::SendError;

alloy::sol! {
    /// What an owner signs.
    #[derive(Debug, PartialEq, Eq)]
    struct Permit {
        address owner;
        address spender;
        uint256 value;
        uint256 nonce;
        uint256 deadline;
    }
}

/// Why a permit was not signed.
#[derive(Debug, thiserror::Error)]
pub enum PermitError {
    /// The token did not say what is signed for, or which permit is the next.
    #[error("the token tells neither its domain nor the next nonce")]
    Token(#[from] SendError),
    /// The key did not sign.
    #[error("the key does not sign")]
    Key(#[from] alloy::signers::Error),
}

/// A signature as `permit` takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// 27 or 28.
    pub v: u8,
    /// The point's x coordinate.
    pub r: B256,
    /// In the lower half of the curve's order.
    pub s: B256,
}

/// Signs the next permit of the key's lsETH: `spender` may take `value` wei of it, if somebody sends
/// this by `deadline`, in seconds.
///
/// # Errors
/// [`PermitError`].
pub async fn next(
    pool: &IStakingPoolInstance<DynProvider>,
    key: &PrivateKeySigner,
    spender: Address,
    value: U256,
    deadline: U256,
) -> Result<Signature, PermitError> {
    let owner = key.address();
    let (nonce, domain) = (pool.nonces(owner), pool.DOMAIN_SEPARATOR());
    let asked = tokio::try_join!(nonce.call(), domain.call());
    let (nonce, domain) = asked.map_err(SendError::from)?;
    let permit = Permit {
        owner,
        spender,
        value,
        nonce,
        deadline,
    };
    Ok(sign(key, domain, &permit)?)
}

/// Signs a permit for the token with this domain separator.
///
/// # Errors
/// Those of the key.
pub fn sign(
    key: &PrivateKeySigner,
    domain: B256,
    permit: &Permit,
) -> Result<Signature, alloy::signers::Error> {
    let mut signed = vec![0x19, 0x01];
    signed.extend(domain);
    signed.extend(permit.eip712_hash_struct());
    let signature = key.sign_hash_sync(&keccak256(signed))?;
    Ok(Signature {
        v: 27 + u8::from(signature.v()),
        r: signature.r().into(),
        s: signature.s().into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy::primitives::b256;

    #[test]
    fn what_is_signed_has_the_type_of_the_erc() {
        let permit = Permit {
            owner: Address::ZERO,
            spender: Address::ZERO,
            value: U256::ZERO,
            nonce: U256::ZERO,
            deadline: U256::ZERO,
        };
        // keccak256 of the type in EIP-2612, as every token with permits has it in its code.
        let expected = b256!("6e71edae12b1b97f4d1f60370fef10105fa2faae0126114a169c64845d6126c9");
        assert_eq!(permit.eip712_type_hash(), expected);
    }
}
