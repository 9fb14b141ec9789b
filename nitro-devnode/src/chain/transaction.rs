//! From bytes or a signed envelope to what the machine executes.
use std::sync::Arc;

use alloy::{
    consensus::{
        SignableTransaction, Signed, Transaction as _, TxEip1559, TxEip2930, TxEip7702, TxEnvelope,
        TxLegacy,
    },
    eips::{Encodable2718, eip2718::Decodable2718},
    primitives::{Address, B256, Bytes, Signature, U256},
    signers::{SignerSync, local::PrivateKeySigner},
};
use revm::{
    context::{TxEnv, either::Either},
    precompile::crypto,
};

use super::{Rejected, config::ETHER};
use crate::evm;

/// Longest transaction the sequencer takes, in bytes.
const MAX_SIZE: usize = 95_000;

/// A transaction that was signed by, or is played for, `sender`.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// The transaction and its signature.
    pub envelope: Arc<TxEnvelope>,
    /// Its EIP-2718 bytes.
    pub raw: Bytes,
    /// keccak256 of `raw`.
    pub hash: B256,
    /// Who pays.
    pub sender: Address,
}

impl Incoming {
    /// Decodes a signed transaction, as `eth_sendRawTransaction` takes it.
    ///
    /// Legacy transactions without a chain id are accepted.
    ///
    /// # Errors
    /// [`Rejected`] in Nitro's words.
    pub fn decode(raw: Bytes, chain_id: u64) -> Result<Self, Rejected> {
        match raw.as_ref() {
            [] | [..=0x7f] => return Err(Rejected::TooShort),
            [1 | 2 | 4 | 0x80.., ..] => {}
            [_, ..] => return Err(Rejected::UnsupportedType),
        }
        let envelope = TxEnvelope::decode_2718_exact(&raw).map_err(Rejected::Malformed)?;
        if raw.len() > MAX_SIZE {
            return Err(Rejected::Oversized);
        }
        match envelope.chain_id() {
            Some(have) if have != chain_id => {
                return Err(Rejected::WrongChain {
                    have,
                    want: chain_id,
                });
            }
            _ => {}
        }
        let fee_wei = envelope
            .max_fee_per_gas()
            .saturating_mul(envelope.gas_limit().into());
        if fee_wei > ETHER {
            return Err(Rejected::FeeAboveCap { fee_wei });
        }
        let sender = signer(&envelope).ok_or(Rejected::BadSignature)?;
        Ok(Self {
            hash: *envelope.tx_hash(),
            envelope: Arc::new(envelope),
            raw,
            sender,
        })
    }

    /// A transaction nobody signed, for an impersonated sender.
    pub fn unsigned(tx: Unsigned, sender: Address) -> Self {
        let signature = no_signature(sender);
        let envelope = match tx {
            Unsigned::Legacy(tx) => TxEnvelope::Legacy(sealed(tx, signature)),
            Unsigned::Eip2930(tx) => TxEnvelope::Eip2930(sealed(tx, signature)),
            Unsigned::Eip1559(tx) => TxEnvelope::Eip1559(sealed(tx, signature)),
            Unsigned::Eip7702(tx) => TxEnvelope::Eip7702(sealed(tx, signature)),
        };
        Self::from_envelope(envelope, sender)
    }

    /// A transaction signed here.
    ///
    /// # Errors
    /// When the key cannot sign, which does not happen with a key in memory.
    pub fn signed(tx: Unsigned, key: &PrivateKeySigner) -> Result<Self, alloy::signers::Error> {
        let envelope = match tx {
            Unsigned::Legacy(tx) => TxEnvelope::Legacy(sign(tx, key)?),
            Unsigned::Eip2930(tx) => TxEnvelope::Eip2930(sign(tx, key)?),
            Unsigned::Eip1559(tx) => TxEnvelope::Eip1559(sign(tx, key)?),
            Unsigned::Eip7702(tx) => TxEnvelope::Eip7702(sign(tx, key)?),
        };
        Ok(Self::from_envelope(envelope, key.address()))
    }

    /// A signed envelope whose sender is known.
    fn from_envelope(envelope: TxEnvelope, sender: Address) -> Self {
        let raw = Bytes::from(envelope.encoded_2718());
        Self {
            hash: *envelope.tx_hash(),
            envelope: Arc::new(envelope),
            raw,
            sender,
        }
    }

    /// The sender's nonce that it needs.
    pub fn nonce(&self) -> u64 {
        self.envelope.nonce()
    }

    /// Address of the contract it creates, or would create if it failed.
    pub fn created_contract(&self) -> Option<Address> {
        self.envelope
            .kind()
            .is_create()
            .then(|| self.sender.create(self.nonce()))
    }

    /// What the machine executes.
    pub fn executable(&self) -> evm::Transaction {
        executable(&self.envelope, &self.raw, self.sender)
    }
}

/// A transaction without signature.
#[derive(Debug, Clone)]
pub enum Unsigned {
    /// Type 0.
    Legacy(TxLegacy),
    /// Type 1, with an access list.
    Eip2930(TxEip2930),
    /// Type 2, with a fee cap.
    Eip1559(TxEip1559),
    /// Type 4, with authorizations.
    Eip7702(TxEip7702),
}

fn sealed<T: SignableTransaction<Signature>>(tx: T, signature: Signature) -> Signed<T> {
    tx.into_signed(signature)
}

fn sign<T: SignableTransaction<Signature>>(
    tx: T,
    key: &PrivateKeySigner,
) -> Result<Signed<T>, alloy::signers::Error> {
    let signature = key.sign_hash_sync(&tx.signature_hash())?;
    Ok(tx.into_signed(signature))
}

/// Who signed, by the implementation that the ECRECOVER precompile uses: it takes a fifth of
/// the time of the one that alloy has by default, and recovery was half of a transfer's cost.
///
/// Nothing if no key made the signature, or if its `s` is in the upper half (EIP-2).
fn signer(envelope: &TxEnvelope) -> Option<Address> {
    let signature = envelope.signature();
    if signature.normalize_s().is_some() {
        return None;
    }
    let mut bytes = [0; 64];
    let (r, s) = bytes.split_at_mut(32);
    r.copy_from_slice(&signature.r().to_be_bytes::<32>());
    s.copy_from_slice(&signature.s().to_be_bytes::<32>());
    let digest = envelope.signature_hash();
    let word = crypto().secp256k1_ecrecover(&bytes, signature.v().into(), &digest.0);
    Some(Address::from_word(word.ok()?.into()))
}

/// What stands for a signature where nobody signed. The sender is its `r`, so that equal
/// transactions of different senders differ, and so that a block, a saved chain and a trace
/// show what was impersonated. No key signs so: its address would have to be its own `r`.
fn no_signature(sender: Address) -> Signature {
    Signature::new(sender.into_word().into(), U256::ONE, false)
}

/// What the machine executes of a transaction that was signed by, or is played for, `sender`.
pub(super) fn executable(envelope: &TxEnvelope, raw: &Bytes, sender: Address) -> evm::Transaction {
    evm::Transaction {
        env: tx_env(envelope, sender),
        raw: Some(raw.clone()),
        skips_l1: false,
        replaced: Default::default(),
        is_impersonated: *envelope.signature() == no_signature(sender),
    }
}

/// The fields revm executes.
fn tx_env(envelope: &TxEnvelope, sender: Address) -> TxEnv {
    let authorizations = envelope.authorization_list().unwrap_or_default();
    TxEnv {
        tx_type: envelope.tx_type().into(),
        caller: sender,
        gas_limit: envelope.gas_limit(),
        gas_price: envelope.max_fee_per_gas(),
        kind: envelope.kind(),
        value: envelope.value(),
        data: envelope.input().clone(),
        nonce: envelope.nonce(),
        chain_id: envelope.chain_id(),
        access_list: envelope.access_list().cloned().unwrap_or_default(),
        gas_priority_fee: envelope.max_priority_fee_per_gas(),
        blob_hashes: Vec::new(),
        max_fee_per_blob_gas: 0,
        authorization_list: authorizations.iter().cloned().map(Either::Left).collect(),
    }
}
