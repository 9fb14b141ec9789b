//! What the nitro-devnode start script sets up, as real transactions of the dev account.
//!
//! In order: chain ownership, L1 price 0, the CREATE2 factory with its well-known raw
//! transaction, a cache manager registered with ArbOS, and StylusDeployer through the
//! factory. Nonces and addresses are those of the script. The cache manager is our own
//! (`preset/CacheManager.sol`), StylusDeployer our recording's, which is compiled differently
//! from the published one.
use alloy::{
    consensus::TxEip1559,
    hex,
    primitives::{Address, B256, Bytes, TxKind, U256, address},
    signers::local::PrivateKeySigner,
    sol,
    sol_types::SolCall,
};

use super::{
    Chain, Incoming, Rejected, Unsigned,
    config::{DEV_KEY, ETHER},
};

/// Factory for CREATE2 that every chain has at this address.
pub(crate) const FACTORY: Address = address!("0x4e59b44847b379578588920cA78FbF26c0B4956C");

/// Who published the factory with a signature that nobody has a key for.
pub(crate) const FACTORY_SENDER: Address = address!("0x3fab184622dc19b6109349b94811493bf2a45362");

/// Where cargo-stylus looks for StylusDeployer.
pub(crate) const STYLUS_DEPLOYER: Address = address!("0xcEcba2F1DC234f70Dd89F2041029807F8D03A990");

const ARB_OWNER: Address = address!("0x0000000000000000000000000000000000000070");
const ARB_DEBUG: Address = address!("0x00000000000000000000000000000000000000ff");

/// Gas limit of each transaction: room for the L1 part while it still has a price.
const GAS: u64 = 5_000_000;

/// Wei per gas that the transactions offer: 1 gwei. They pay the base fee.
const FEE_CAP: u128 = 1_000_000_000;

sol! {
    function becomeChainOwner();
    function setL1PricePerUnit(uint256 pricePerUnit);
    function addWasmCacheManager(address manager);
}

fn data(text: &str) -> Result<Bytes, Rejected> {
    let bytes = hex::decode(text.trim()).map_err(|error| Rejected::Preset(error.to_string()))?;
    Ok(bytes.into())
}

struct Script<'a> {
    chain: &'a mut Chain,
    key: PrivateKeySigner,
    nonce: u64,
}

impl Script<'_> {
    fn send(&mut self, to: TxKind, value: U256, input: Bytes) -> Result<B256, Rejected> {
        let tx = TxEip1559 {
            chain_id: self.chain.reader.config().chain_id,
            nonce: self.nonce,
            gas_limit: GAS,
            max_fee_per_gas: FEE_CAP,
            max_priority_fee_per_gas: 0,
            to,
            value,
            access_list: Default::default(),
            input,
        };
        self.nonce = self.nonce.saturating_add(1);
        let tx = Incoming::signed(Unsigned::Eip1559(tx), &self.key)
            .map_err(|error| Rejected::Preset(error.to_string()))?;
        self.chain.send(tx)
    }

    fn call(&mut self, to: Address, call: &impl SolCall) -> Result<B256, Rejected> {
        self.send(to.into(), U256::ZERO, call.abi_encode().into())
    }
}

impl Chain {
    /// Runs the transactions of the preset.
    pub(super) fn apply_preset(&mut self) -> Result<(), Rejected> {
        let factory = data(include_str!("../../preset/create2-factory.tx.hex"))?;
        let manager = data(include_str!("../../preset/cache-manager.init.hex"))?;
        let deployer = data(include_str!("../../preset/stylus-deployer.init.hex"))?;
        let key = PrivateKeySigner::from_bytes(&DEV_KEY)
            .map_err(|error| Rejected::Preset(error.to_string()))?;
        let chain_id = self.reader.config().chain_id;
        let mut script = Script {
            key,
            nonce: 0,
            chain: self,
        };

        script.call(ARB_DEBUG, &becomeChainOwnerCall {})?;
        script.call(
            ARB_OWNER,
            &setL1PricePerUnitCall {
                pricePerUnit: U256::ZERO,
            },
        )?;
        script.send(FACTORY_SENDER.into(), U256::from(ETHER), Bytes::new())?;
        script.chain.send(Incoming::decode(factory, chain_id)?)?;

        let created = script.key.address().create(script.nonce);
        script.send(TxKind::Create, U256::ZERO, manager)?;
        script.call(ARB_OWNER, &addWasmCacheManagerCall { manager: created })?;

        let salt = B256::ZERO;
        let input = [salt.as_slice(), &deployer].concat();
        script.send(FACTORY.into(), U256::ZERO, input.into())?;
        let deployed = FACTORY.create2_from_code(salt, &deployer);
        let code = self.reader.code(self.head.number, deployed);
        self.set_code(STYLUS_DEPLOYER, code);
        self.set_nonce(STYLUS_DEPLOYER, 1);
        Ok(())
    }
}
