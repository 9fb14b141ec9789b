//! What a chain is started with.
use alloy::primitives::{Address, B256, U256, b256};

/// The key of [`DEV_ACCOUNT`](crate::arbos::accounts::DEV_ACCOUNT), public knowledge.
pub const DEV_KEY: B256 =
    b256!("0xb6b15c8cb491557369f3c7d2c287b053eb229daa9c22138887752191c9520659");

/// Keys of the first ten accounts of the mnemonic "test test test test test test test test
/// test test test junk" at m/44'/60'/0'/0/0 to 9, public knowledge. Literals, so that no
/// mnemonic library has to be linked.
pub const DERIVED_KEYS: [B256; 10] = [
    b256!("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"),
    b256!("0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"),
    b256!("0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a"),
    b256!("0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6"),
    b256!("0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a"),
    b256!("0x8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba"),
    b256!("0x92db14e403b83dfe3df233f83dfa3a0d7096f21ca9b0d6d6b8d88b2b4ec1564e"),
    b256!("0x4bbbf85ce3377467afe5d46f804f221813b2bb87f24d81f60f1fcdbf7cbf4356"),
    b256!("0xdbda1821b80551c9d65939329250298aa3472ba22feea921c0cf5d620ea67b97"),
    b256!("0x2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6"),
];

/// Wei in one ETH.
pub(super) const ETHER: u128 = 1_000_000_000_000_000_000;

/// What a chain is started with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// ArbOS version of the genesis.
    pub arbos_version: u64,
    /// Refuse programs that only a debug chain accepts.
    pub production_rules: bool,
    /// Start from the plain genesis, without the preset.
    pub bare: bool,
    /// Accounts with a balance at genesis beside the dev account; wei.
    pub funded: Vec<(Address, U256)>,
    /// Seconds since the epoch at which the chain's clock starts; then it runs as fast as
    /// the wall clock. Nothing: the wall clock itself.
    pub clock_start: Option<u64>,
    /// The clock stands still but for who moves it.
    pub manual_clock: bool,
    /// Most gas an `eth_call` or estimate may use, L1 part not counted.
    pub gas_cap: u64,
}

impl Default for Config {
    /// `nitro --dev` at ArbOS 51.
    fn default() -> Self {
        Self {
            chain_id: 412_346,
            arbos_version: 51,
            production_rules: false,
            bare: false,
            funded: Vec::new(),
            clock_start: None,
            manual_clock: false,
            gas_cap: 50_000_000,
        }
    }
}
