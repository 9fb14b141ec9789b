//! An embedded Stylus node; its README follows.
#![doc = include_str!("../README.md")]
pub mod arbos;
pub mod chain;
pub mod evm;
mod node;
pub mod precompiles;
pub mod replay;
mod rpc;
pub mod setup;
pub mod state;
pub mod state_file;
pub mod stylus;

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    time::{Duration, SystemTime},
};

use alloy::{
    primitives::{Address, U256},
    signers::local::PrivateKeySigner,
};

use chain::{Chain, Config, DERIVED_KEYS, DEV_KEY, Mining, Reader, Rejected, RestoreError};
use node::{Keeper, Node};
use rpc::RunningServer;
use state_file::{Moment, StateFile, StateFileError};
use stylus::artifacts::{self, FolderRefused};

pub use node::SaveError;

/// Balance of each derived account: 10,000 ETH in wei.
const DERIVED_BALANCE: u128 = 10_000_000_000_000_000_000_000;

/// How often a changed chain is saved unless the builder says otherwise.
const SAVE_INTERVAL: Duration = Duration::from_secs(30);

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
    /// An ArbOS version that this node cannot run.
    #[error(
        "ArbOS version {version} is not one of {:?}",
        arbos::upgrade::SUPPORTED
    )]
    UnknownArbos {
        /// Asked for.
        version: u64,
    },
    /// The state file cannot be used.
    #[error(transparent)]
    StateFile(#[from] StateFileError),
    /// The state file holds a chain that this node cannot go on with.
    #[error("state file {}: {source}; it is left as it is", path.display())]
    Restore {
        /// Which file.
        path: PathBuf,
        /// What does not fit.
        source: RestoreError,
    },
    /// Compiled programs cannot be kept where they should be.
    #[error(transparent)]
    CacheDir(#[from] FolderRefused),
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
    state: Option<PathBuf>,
    state_interval: Option<Duration>,
    cache_dir: Option<PathBuf>,
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

    /// ArbOS version of the genesis: 40, 50 or 51, the default.
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

    /// Refuses what only a debug chain accepts: start functions, console imports, ArbDebug.
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

    /// Lets time pass only when told to, by `evm_increaseTime` and the like, so that a run does
    /// not depend on how fast the machine is.
    #[must_use]
    pub fn manual_clock(mut self) -> Self {
        self.config.manual_clock = true;
        self
    }

    /// Keeps the chain in this file: goes on with what it holds, if it exists, and saves
    /// there when the node stops and every 30 seconds in which something changed.
    #[must_use]
    pub fn state_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.state = Some(path.into());
        self
    }

    /// How often a changed chain is saved; zero saves only when the node stops.
    #[must_use]
    pub fn state_interval(mut self, interval: Duration) -> Self {
        self.state_interval = (!interval.is_zero()).then_some(interval);
        self
    }

    /// Keeps compiled programs in this folder, so that the next process need not compile them;
    /// [`default_folder`](stylus::artifacts::default_folder) is the user's. The first node of a
    /// process that names a folder decides for all of them; by default there is none.
    #[must_use]
    pub fn cache_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.cache_dir = Some(folder.into());
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
            state,
            state_interval,
            cache_dir,
        } = self;
        let version = config.arbos_version;
        if !arbos::upgrade::is_supported(version) {
            return Err(StartError::UnknownArbos { version });
        }
        if let Some(folder) = cache_dir {
            artifacts::keep_in(&folder)?;
        }
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
        let (mut chain, keeper, resumed) = match state {
            Some(path) => {
                let file = StateFile::open(&path)?;
                let (chain, resumed) = resume(config, &file)?;
                (chain, Some(Keeper::new(file, state_interval)), resumed)
            }
            None => (Chain::new(config)?, None, None),
        };
        chain.set_mining(mining);
        let node = Node::start(chain, keeper).map_err(refused)?;
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
            resumed,
        })
    }
}

/// The chain in `file`, or a new one if there is none.
fn resume(config: Config, file: &StateFile) -> Result<(Chain, Option<Resumed>), StartError> {
    let Some(save) = file.read()? else {
        return Ok((Chain::new(config)?, None));
    };
    let chain = Chain::from_image(config, &save.payload);
    let chain = chain.map_err(|source| StartError::Restore {
        path: file.path().to_owned(),
        source,
    })?;
    let resumed = Resumed {
        path: file.path().to_owned(),
        block: chain.reader().head_number(),
        saved_at: save.saved_at,
        moment: save.moment,
    };
    Ok((chain, Some(resumed)))
}

/// Where a node went on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resumed {
    /// The state file.
    pub path: PathBuf,
    /// Its newest block.
    pub block: u64,
    /// When it was saved.
    pub saved_at: SystemTime,
    /// [`Moment::Running`] if the last node ended without saving, as when it was killed.
    pub moment: Moment,
}

/// A running node; dropping it stops it, and saves it if it has a state file.
#[derive(Debug)]
pub struct Devnode {
    server: RunningServer,
    node: Node,
    dev: PrivateKeySigner,
    derived: Vec<PrivateKeySigner>,
    resumed: Option<Resumed>,
}

impl Drop for Devnode {
    fn drop(&mut self) {
        if let Err(error) = self.node.stop() {
            tracing::error!(%error, "the chain was not saved");
        }
    }
}

impl Devnode {
    /// A node like `nitro --dev` with the nitro-devnode preset, on any free port.
    pub fn builder() -> Builder {
        Builder {
            config: Config::default(),
            address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            mining: Mining::Automatic,
            derived: DERIVED_KEYS.len(),
            state: None,
            state_interval: Some(SAVE_INTERVAL),
            cache_dir: None,
        }
    }

    /// Stops the node, as dropping it does, and reports if it could not be saved.
    ///
    /// # Errors
    /// [`SaveError`].
    pub fn stop(self) -> Result<(), SaveError> {
        self.node.stop()
    }

    /// Where it went on, if its state file held a chain.
    pub fn resumed(&self) -> Option<&Resumed> {
        self.resumed.as_ref()
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
