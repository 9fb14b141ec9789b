//! An embedded Stylus node; its README follows.
#![doc = include_str!("../README.md")]
pub mod arbos;
pub mod chain;
pub mod evm;
mod node;
pub mod precompiles;
pub mod replay;
mod rpc;
pub mod state;
pub mod stylus;

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use alloy::{
    primitives::{Address, U256},
    signers::local::PrivateKeySigner,
};

use chain::{Chain, Config, DERIVED_KEYS, DEV_KEY, Mining, Reader, Rejected};
use node::Node;
use rpc::RunningServer;

/// Balance of each derived account: 10,000 ETH in wei.
const DERIVED_BALANCE: u128 = 10_000_000_000_000_000_000_000;

/// Why a node does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken, or the system refuses threads or sockets.
    #[error("cannot serve on {address}: {source}")]
    Serve {
        /// Where it was to serve.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// The preset does not run on the genesis.
    #[error("the preset does not run: {0}")]
    Preset(#[from] Rejected),
    /// A built-in key is not a key.
    #[error("a built-in key is not a key: {0}")]
    Key(#[from] alloy::signers::k256::ecdsa::Error),
}

/// How a node is started. Made by [`Devnode::builder`].
#[derive(Debug, Clone)]
pub struct Builder {
    config: Config,
    address: SocketAddr,
    mining: Mining,
    derived: usize,
}

impl Builder {
    /// Serves on this port; 0, the default, takes any free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.address.set_port(port);
        self
    }

    /// Serves on this address; the default is 127.0.0.1.
    #[must_use]
    pub fn host(mut self, host: IpAddr) -> Self {
        self.address.set_ip(host);
        self
    }

    /// Starts from the plain genesis of `nitro --dev`: no preset, no derived accounts.
    #[must_use]
    pub fn bare(mut self) -> Self {
        self.config.bare = true;
        self
    }

    /// ArbOS version of the genesis; the default is 51.
    #[must_use]
    pub fn arbos_version(mut self, version: u64) -> Self {
        self.config.arbos_version = version;
        self
    }

    /// Chain id; the default is 412346.
    #[must_use]
    pub fn chain_id(mut self, chain_id: u64) -> Self {
        self.config.chain_id = chain_id;
        self
    }

    /// Refuses programs that only a debug chain accepts.
    #[must_use]
    pub fn production_rules(mut self) -> Self {
        self.config.production_rules = true;
        self
    }

    /// Seals a block every so often instead of one for each transaction.
    #[must_use]
    pub fn block_time(mut self, interval: Duration) -> Self {
        self.mining = Mining::Interval(interval);
        self
    }

    /// Seals blocks only when told to, by `evm_mine`.
    #[must_use]
    pub fn no_mining(mut self) -> Self {
        self.mining = Mining::Manual;
        self
    }

    /// How many derived accounts are funded, up to the default of ten.
    #[must_use]
    pub fn accounts(mut self, count: usize) -> Self {
        self.derived = count;
        self
    }

    /// Gives an account a balance, in wei, at genesis.
    #[must_use]
    pub fn fund(mut self, account: Address, wei: U256) -> Self {
        self.config.funded.push((account, wei));
        self
    }

    /// Sets the chain's clock, in seconds since the epoch; it runs on from there.
    #[must_use]
    pub fn clock_start(mut self, seconds: u64) -> Self {
        self.config.clock_start = Some(seconds);
        self
    }

    /// Starts the node.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn spawn(self) -> Result<Devnode, StartError> {
        let Self {
            mut config,
            address,
            mining,
            derived,
        } = self;
        let derived = if config.bare { 0 } else { derived };
        let dev = PrivateKeySigner::from_bytes(&DEV_KEY)?;
        let derived = DERIVED_KEYS
            .iter()
            .take(derived)
            .map(PrivateKeySigner::from_bytes);
        let derived = derived.collect::<Result<Vec<_>, _>>()?;
        let funded = derived
            .iter()
            .map(|key| (key.address(), U256::from(DERIVED_BALANCE)));
        config.funded.extend(funded);
        let refused = |source| StartError::Serve { address, source };
        let mut chain = Chain::new(config)?;
        chain.set_mining(mining);
        let node = Node::start(chain).map_err(refused)?;
        let keys = std::iter::once(dev.clone())
            .chain(derived.clone())
            .collect();
        let server = rpc::serve(node.clone(), keys, address)
            .await
            .map_err(refused)?;
        Ok(Devnode {
            server,
            node,
            dev,
            derived,
        })
    }
}

/// A running node; dropping it stops it.
#[derive(Debug)]
pub struct Devnode {
    server: RunningServer,
    node: Node,
    dev: PrivateKeySigner,
    derived: Vec<PrivateKeySigner>,
}

impl Devnode {
    /// A node like `nitro --dev` with the nitro-devnode preset, on any free port.
    pub fn builder() -> Builder {
        Builder {
            config: Config::default(),
            address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            mining: Mining::Automatic,
            derived: DERIVED_KEYS.len(),
        }
    }

    /// Where it serves HTTP.
    pub fn http_url(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// Where it serves WebSocket: the same port.
    pub fn ws_url(&self) -> String {
        format!("ws://{}", self.server.address)
    }

    /// Key of the dev account, which holds 1,000 ETH and owns the chain.
    pub fn dev_account(&self) -> &PrivateKeySigner {
        &self.dev
    }

    /// Keys of the derived accounts, which hold 10,000 ETH each.
    pub fn accounts(&self) -> &[PrivateKeySigner] {
        &self.derived
    }

    /// The chain, read in process.
    pub fn reader(&self) -> &Reader {
        self.node.reader()
    }
}
