//! `lst devnode`: a Stylus node on this machine, with the protocol on it if asked.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Instant;

use alloy::providers::DynProvider;
use alloy::signers::local::PrivateKeySigner;
use clap::Args;
use client::connection::connect;
use client::launch::launch;
use client::parameters::Parameters;
use console::style;
use eyre::{Result, WrapErr};
use nitro_devnode::Devnode;

use crate::options::Deployments;
use crate::{build, deploy};

/// Options of `lst devnode`.
#[derive(Args)]
pub(crate) struct Options {
    /// Port for HTTP and WebSocket; 0 takes any free one.
    #[arg(long, default_value_t = 8547)]
    port: u16,
    /// Address to listen on.
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// Builds and deploys the protocol before the node is handed over.
    #[arg(long)]
    deploy: bool,
    #[command(flatten)]
    deployments: Deployments,
}

/// A node in this process, connected; it stops when this is dropped.
pub(crate) struct Running {
    /// Where it serves HTTP.
    pub(crate) url: String,
    /// Key of the prefunded account.
    pub(crate) key: PrivateKeySigner,
    /// A connection that signs with that key.
    pub(crate) provider: DynProvider,
    chain_id: u64,
    /// Held, not used: dropping it stops the node.
    _node: Devnode,
}

/// Starts a node on any free port.
pub(crate) async fn start() -> Result<Running> {
    running(Devnode::builder().spawn().await?).await
}

async fn running(node: Devnode) -> Result<Running> {
    let (url, key) = (node.http_url(), node.dev_account().clone());
    let (provider, chain_id) = connect(&url, std::slice::from_ref(&key)).await?;
    Ok(Running {
        url,
        key,
        provider,
        chain_id,
        _node: node,
    })
}

/// Serves until it is interrupted.
pub(crate) async fn run(options: Options) -> Result<()> {
    let starting = Instant::now();
    let builder = Devnode::builder().host(options.host).port(options.port);
    let node = builder.spawn().await?;
    println!(
        "{} devnode started in {} ms",
        style("✓").green(),
        starting.elapsed().as_millis()
    );
    print_accounts(&node);
    println!("  http  {}\n  ws    {}", node.http_url(), node.ws_url());
    let node = running(node).await?;
    if options.deploy {
        let artifacts = build::contracts().await?;
        let parameters = Parameters::devnode(node.key.address());
        let launched = launch(&node.provider, &artifacts, &parameters).await?;
        deploy::print(&launched);
        let path = launched
            .book(node.chain_id)
            .write(&options.deployments.deployments)?;
        println!("  address book: {}", path.display());
    }
    println!("  interrupt to stop");
    tokio::signal::ctrl_c()
        .await
        .wrap_err("cannot wait for an interrupt")
}

fn print_accounts(node: &Devnode) {
    println!("  accounts, whose keys everybody knows:");
    for key in std::iter::once(node.dev_account()).chain(node.accounts()) {
        println!("  {}  0x{:x}", key.address(), key.to_bytes());
    }
}
