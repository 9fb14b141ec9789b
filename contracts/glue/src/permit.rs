//! Signed approvals: what is signed (EIP-712, EIP-5267), who signed it (a key, or a contract by
//! ERC-1271), and that nothing is used twice (ERC-2612). What a permit allows, the token decides.
#![expect(
    clippy::disallowed_types,
    reason = "static calls that flush the storage cache and read one word"
)]

use alloc::vec::Vec;

use abi::IStakingPool;
use alloy_primitives::{Address, B256, U256};
use stylus_sdk::{call::RawCall, keccak_const::Keccak256, prelude::*, stylus_core::Host};

use crate::{
    revert,
    revert::{Revert, Word, append},
    router::{Input, Output, append_text},
    storage::WordMap,
};

/// Version of the domain of every token here.
const VERSION: &str = "1";
/// What a domain says of itself: name, version, chain and contract; no salt (EIP-5267).
const FIELDS: U256 = U256::from_limbs([0, 0, 0, 0x0f << 56]);
const DOMAIN_TYPE: [u8; 32] =
    hash("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
const PERMIT_TYPE: [u8; 32] =
    hash("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
/// The precompile that recovers the address of a key.
const ECRECOVER: Address = Address::with_last_byte(1);
/// Half the order of secp256k1: of a signature's two forms, the one with the smaller `s` counts.
const HALF_ORDER: U256 = U256::from_limbs([
    0xdfe9_2f46_681b_20a0,
    0x5d57_6e73_57a4_501d,
    0xffff_ffff_ffff_ffff,
    0x7fff_ffff_ffff_ffff,
]);
/// Gas that a wallet may use on checking a signature. A passkey checked in Solidity takes 330,000.
const WALLET_GAS: u64 = 400_000;
/// `isValidSignature(bytes32,bytes)` of ERC-1271.
const IS_VALID_SIGNATURE: [u8; 4] = [0x16, 0x26, 0xba, 0x7e];
/// What a wallet answers to a signature that it accepts: its own selector, padded.
const ACCEPTED: U256 = U256::from_limbs([0, 0, 0, 0x1626_ba7e << 32]);

/// A token as its signers see it.
pub struct Domain {
    name: &'static str,
    name_hash: [u8; 32],
}

impl Domain {
    /// The domain of the token of this name.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            name_hash: hash(name),
        }
    }

    /// The token's name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// `DOMAIN_SEPARATOR()`. Computed at every use, so that it is right after a fork of the chain.
    #[inline(never)]
    pub fn separator(&self, host: &impl Host) -> B256 {
        let version = const { hash(VERSION) };
        hash_words(
            host,
            &[
                U256::from_be_bytes(DOMAIN_TYPE),
                U256::from_be_bytes(self.name_hash),
                U256::from_be_bytes(version),
                U256::from(host.chain_id()),
                host.contract_address().word(),
            ],
        )
    }

    /// What a key signs to agree to a struct of these words, its type hash first.
    #[inline(never)]
    pub fn digest(&self, host: &impl Host, words: &[U256]) -> B256 {
        let mut data = vec![0x19, 0x01];
        data.extend_from_slice(self.separator(host).as_slice());
        data.extend_from_slice(hash_words(host, words).as_slice());
        host.native_keccak256(&data)
    }

    /// The answer to `eip712Domain()`.
    pub fn described(&'static self, host: &impl Host) -> Description {
        Description {
            name: self.name,
            chain: U256::from(host.chain_id()),
            contract: host.contract_address(),
        }
    }
}

/// What `eip712Domain()` answers.
pub struct Description {
    name: &'static str,
    chain: U256,
    contract: Address,
}

impl Output for Description {
    fn output(self, data: &mut Vec<u8>) {
        let mut texts = Vec::new();
        append_text(&mut texts, self.name.as_bytes());
        // Seven words stand before the texts.
        let version_at = texts.len().saturating_add(224);
        append_text(&mut texts, VERSION.as_bytes());
        let extensions_at = texts.len().saturating_add(224);
        append(
            data,
            &[
                FIELDS,
                U256::from(224),
                U256::from(version_at),
                self.chain,
                self.contract.word(),
                U256::ZERO,
                U256::from(extensions_at),
            ],
        );
        data.extend_from_slice(&texts);
        // No extensions: a list of length 0.
        append(data, &[U256::ZERO]);
    }
}

/// A signature of a key, as most calls carry it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeySignature {
    /// Which of two keys; 27 or 28.
    pub v: u8,
    /// The point's coordinate.
    pub r: B256,
    /// The proof, at most half the order of the curve.
    pub s: B256,
}

impl KeySignature {
    /// The 65 bytes that a wallet expects.
    #[inline(never)]
    pub fn to_bytes(self) -> Vec<u8> {
        let mut bytes = self.r.to_vec();
        bytes.extend_from_slice(self.s.as_slice());
        bytes.push(self.v);
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut input = Input::new(bytes);
        let (r, s) = (input.argument()?, input.argument()?);
        match bytes.get(64..) {
            Some([v]) => Some(Self { v: *v, r, s }),
            _ => None,
        }
    }
}

/// The key that signed `digest`; `None` for anything but one canonical signature.
#[inline(never)]
pub fn signer(host: &impl Host, digest: B256, signature: &KeySignature) -> Option<Address> {
    let KeySignature { v, r, s } = *signature;
    let s = s.word();
    if !matches!(v, 27 | 28) || s > HALF_ORDER {
        return None;
    }
    let mut data = Vec::new();
    append(&mut data, &[digest.word(), v.word(), r.word(), s]);
    // No answer at all means no key.
    let signer = ask(host, ECRECOVER, u64::MAX, &data)?;
    Some(crate::word::address(signer))
}

/// Whether the contract at `account` agrees to `digest` (ERC-1271). An account without code never does.
///
/// It is asked with bounded gas, and one word of its answer is read, however long it is.
#[inline(never)]
pub fn agrees(host: &impl Host, account: Address, digest: B256, signature: &[u8]) -> bool {
    let mut data = IS_VALID_SIGNATURE.to_vec();
    append(&mut data, &[digest.word(), U256::from(64)]);
    let mut bytes = Vec::new();
    append_text(&mut bytes, signature);
    data.extend_from_slice(&bytes);
    ask(host, account, WALLET_GAS, &data) == Some(ACCEPTED)
}

/// The first word that `target` answers, if there is a whole one.
fn ask(host: &impl Host, target: Address, gas: u64, calldata: &[u8]) -> Option<U256> {
    // SAFETY: a static call cannot write, so no reference to storage can go stale.
    let answer = unsafe {
        RawCall::new_static(host)
            .flush_storage_cache()
            .gas(gas)
            .limit_return_data(0, 32)
            .call(target, calldata)
    };
    let word = <[u8; 32]>::try_from(answer.ok()?).ok()?;
    Some(U256::from_be_bytes(word))
}

/// A permit as it is submitted.
pub struct Permit<'a> {
    /// Whose tokens.
    pub owner: Address,
    /// Who may move them.
    pub spender: Address,
    /// How many.
    pub value: U256,
    /// Last timestamp at which the permit counts.
    pub deadline: U256,
    /// Proof of the owner's will.
    pub signature: &'a [u8],
}

/// How many permits (and other signed messages) each account has used.
#[storage]
pub struct Nonces {
    used: WordMap,
}

impl Nonces {
    /// The number that the account's next message must carry.
    pub fn get(&self, account: Address) -> U256 {
        self.used.get(account.word())
    }

    /// Marks the account's next message as used.
    pub fn spend(&mut self, account: Address) {
        // A permit a nanosecond would take 10^60 years to get to the end.
        let next = self.get(account).wrapping_add(U256::ONE);
        self.used.set(account.word(), next);
    }

    /// Checks a permit and uses it up; the allowance is for the token to set.
    ///
    /// - Errors: `ERC2612ExpiredSignature`, `ERC2612InvalidSigner`.
    #[inline(never)]
    pub fn take(&mut self, domain: &Domain, permit: &Permit<'_>) -> Result<(), Revert> {
        let Permit {
            owner,
            spender,
            value,
            deadline,
            signature,
        } = *permit;
        if U256::from(self.vm().block_timestamp()) > deadline {
            return Err(revert!(IStakingPool::ERC2612ExpiredSignature { deadline }));
        }
        let digest = domain.digest(
            self.vm(),
            &[
                U256::from_be_bytes(PERMIT_TYPE),
                owner.word(),
                spender.word(),
                value,
                self.get(owner),
                deadline,
            ],
        );
        let signer = KeySignature::from_bytes(signature)
            .and_then(|key| signer(self.vm(), digest, &key))
            .unwrap_or_default();
        // Nobody has the key of address zero, and it has no code to agree.
        let by_key = signer == owner && !owner.is_zero();
        if !by_key && !agrees(self.vm(), owner, digest, signature) {
            return Err(revert!(IStakingPool::ERC2612InvalidSigner {
                signer,
                owner
            }));
        }
        self.spend(owner);
        Ok(())
    }
}

/// The methods of ERC-2612, for a token with `state.nonces` and `state.allowances`.
#[macro_export]
macro_rules! permits {
    ($token:ident, $domain:expr) => {
        impl $token {
            #[expect(clippy::too_many_arguments, reason = "ERC-2612 has seven")]
            pub fn permit(
                &mut self,
                owner: Address,
                spender: Address,
                value: U256,
                deadline: U256,
                v: u8,
                r: B256,
                s: B256,
            ) -> Result<(), Error> {
                let signature = $crate::permit::KeySignature { v, r, s };
                self.permit_signed(owner, spender, value, deadline, Text(signature.to_bytes()))
            }

            pub fn permit_signed(
                &mut self,
                owner: Address,
                spender: Address,
                value: U256,
                deadline: U256,
                signature: Text,
            ) -> Result<(), Error> {
                let permit = $crate::permit::Permit {
                    owner,
                    spender,
                    value,
                    deadline,
                    signature: &signature.0,
                };
                self.state.nonces.take(&$domain, &permit)?;
                Ok(self.state.allowances.set(owner, spender, value)?)
            }

            pub fn nonces(&self, owner: Address) -> U256 {
                self.state.nonces.get(owner)
            }

            pub fn domain_separator(&self) -> B256 {
                $domain.separator(self.vm())
            }
        }
    };
}

const fn hash(text: &str) -> [u8; 32] {
    Keccak256::new().update(text.as_bytes()).finalize()
}

fn hash_words(host: &impl Host, words: &[U256]) -> B256 {
    let mut data = Vec::new();
    append(&mut data, words);
    host.native_keccak256(&data)
}
