//! Accounts that both nodes fund, and transactions signed ahead of the measurement.
use alloy::{
    consensus::{SignableTransaction, TxEip1559, TxEnvelope},
    eips::Encodable2718,
    primitives::{Address, Bytes, TxKind, U256, hex},
    signers::{SignerSync, local::PrivateKeySigner},
};
use eyre::Result;
use nitro_devnode::chain::DERIVED_KEYS;

/// The chain that everything is signed for.
pub(crate) const CHAIN_ID: u64 = 412_346;

/// What a transaction asks for.
#[derive(Clone)]
pub(crate) struct Job {
    pub(crate) to: TxKind,
    pub(crate) value: U256,
    pub(crate) input: Bytes,
    pub(crate) gas: u64,
}

impl Job {
    /// One wei to `to`.
    pub(crate) fn transfer(to: Address) -> Self {
        Self {
            to: TxKind::Call(to),
            value: U256::ONE,
            input: Bytes::new(),
            gas: 21_000,
        }
    }

    /// A call of a contract.
    pub(crate) fn call(to: Address, input: Vec<u8>) -> Self {
        Self {
            to: TxKind::Call(to),
            value: U256::ZERO,
            input: input.into(),
            gas: 500_000,
        }
    }
}

/// The ten accounts and the nonces they use next on one node.
pub(crate) struct Wallet {
    accounts: Vec<(PrivateKeySigner, u64)>,
}

impl Wallet {
    pub(crate) fn new() -> Result<Self> {
        let keys = DERIVED_KEYS.iter().map(PrivateKeySigner::from_bytes);
        let accounts = keys.map(|key| Ok((key?, 0))).collect::<Result<_>>()?;
        Ok(Self { accounts })
    }

    pub(crate) fn addresses(&self) -> impl Iterator<Item = Address> {
        self.accounts.iter().map(|(key, _)| key.address())
    }

    /// The next transaction of one account, as hex.
    pub(crate) fn sign(&mut self, account: usize, job: &Job) -> Result<String> {
        let (key, nonce) = &mut self.accounts[account];
        let signed = signed(key, *nonce, job)?;
        *nonce += 1;
        Ok(signed)
    }

    /// `count` transactions of every account in turn, as hex; on all cores.
    pub(crate) fn sign_all(&mut self, count: usize, job: &Job) -> Result<Vec<Vec<String>>> {
        std::thread::scope(|scope| {
            let signing = self.accounts.iter_mut().map(|(key, nonce)| {
                let first = *nonce;
                *nonce += count as u64;
                let key = &*key;
                scope.spawn(move || {
                    (first..*nonce)
                        .map(|nonce| signed(key, nonce, job))
                        .collect()
                })
            });
            let signing: Vec<_> = signing.collect();
            let done = signing.into_iter().map(|thread| {
                let joined = thread.join();
                joined.map_err(|_| eyre::eyre!("a signing thread panicked"))?
            });
            done.collect()
        })
    }
}

fn signed(key: &PrivateKeySigner, nonce: u64, job: &Job) -> Result<String> {
    let tx = TxEip1559 {
        chain_id: CHAIN_ID,
        nonce,
        gas_limit: job.gas,
        max_fee_per_gas: 2_000_000_000,
        max_priority_fee_per_gas: 0,
        to: job.to,
        value: job.value,
        access_list: Default::default(),
        input: job.input.clone(),
    };
    let signature = key.sign_hash_sync(&tx.signature_hash())?;
    let envelope = TxEnvelope::from(tx.into_signed(signature));
    Ok(hex::encode_prefixed(envelope.encoded_2718()))
}
