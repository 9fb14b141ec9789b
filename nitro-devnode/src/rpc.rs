//! JSON-RPC over HTTP and WebSocket on one port.
//!
//! Each method reads its parameters, makes one call into the chain and prints the answer.
//! Names, words and codes are Nitro's; `evm_…` and `anvil_…` are Anvil's.
mod anvil;
mod args;
mod blocks;
mod debug;
mod devnode;
mod errors;
mod eth;
mod filters;
mod ids;
mod log_filter;
mod net;
mod request;
mod send;
mod sign;
mod simulate;
mod subscribe;
mod txpool;
mod unknown;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use alloy::{primitives::Address, signers::local::PrivateKeySigner};
use jsonrpsee::{
    RpcModule,
    core::middleware::RpcServiceBuilder,
    server::{BatchRequestConfig, IdProvider, PingConfig, Server, ServerConfig, ServerHandle},
    types::SubscriptionId,
};
use parking_lot::Mutex;
use serde::Serialize;
use tower_http::cors::CorsLayer;

use crate::node::Node;
use args::Args;
use errors::RpcError;
use filters::Filters;
use ids::CheckIds;
use unknown::NameUnknown;

/// Largest request body, in bytes: a batch of many full-size deployments.
const MAX_REQUEST: u32 = 16 << 20;

/// Largest response body, in bytes: traces are long.
const MAX_RESPONSE: u32 = 512 << 20;

/// Most requests in one batch, as geth has it.
const MAX_BATCH: u32 = 1_000;

/// Most connections open at once.
const MAX_CONNECTIONS: u32 = 1_024;

/// Most messages that wait for a client to read them, one connection.
const MAX_UNREAD: u32 = 256;

/// Most subscriptions of one connection.
const MAX_SUBSCRIPTIONS: u32 = 256;

/// A WebSocket client is asked for a sign of life this often.
const PING_INTERVAL: Duration = Duration::from_secs(30);

/// A WebSocket client that says nothing for this long is gone.
const MAX_SILENCE: Duration = Duration::from_secs(120);

/// What the methods work on.
#[derive(Debug)]
pub(crate) struct Rpc {
    node: Node,
    /// Accounts whose keys the node has.
    signers: Vec<PrivateKeySigner>,
    filters: Mutex<Filters>,
}

impl Rpc {
    fn signer(&self, address: Address) -> Option<&PrivateKeySigner> {
        self.signers
            .iter()
            .find(|signer| signer.address() == address)
    }
}

/// A running server; dropping it stops it.
#[derive(Debug)]
pub(crate) struct RunningServer {
    pub(crate) address: SocketAddr,
    handle: ServerHandle,
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        // An error means that it stopped before.
        let _ = self.handle.stop();
    }
}

/// Starts to serve a node.
pub(crate) async fn serve(
    node: Node,
    signers: Vec<PrivateKeySigner>,
    address: SocketAddr,
) -> std::io::Result<RunningServer> {
    let rpc = Rpc {
        node,
        signers,
        filters: Mutex::default(),
    };
    let module = module(rpc).map_err(std::io::Error::other)?;
    let known = module.method_names().collect();
    let config = ServerConfig::builder()
        .max_request_body_size(MAX_REQUEST)
        .max_response_body_size(MAX_RESPONSE)
        .set_batch_request_config(BatchRequestConfig::Limit(MAX_BATCH))
        .max_connections(MAX_CONNECTIONS)
        .max_subscriptions_per_connection(MAX_SUBSCRIPTIONS)
        .set_message_buffer_capacity(MAX_UNREAD)
        .enable_ws_ping(
            PingConfig::new()
                .ping_interval(PING_INTERVAL)
                .inactive_limit(MAX_SILENCE),
        )
        .set_id_provider(HexIds::default())
        .build();
    let server = Server::builder()
        .set_config(config)
        .set_http_middleware(
            tower::ServiceBuilder::new()
                .layer(CorsLayer::permissive())
                .map_request(unknown::mark)
                .layer(CheckIds),
        )
        .set_rpc_middleware(RpcServiceBuilder::new().layer(NameUnknown::new(known)))
        .build(address)
        .await?;
    let address = server.local_addr()?;
    Ok(RunningServer {
        address,
        handle: server.start(module),
    })
}

/// Two names for one method, or a name twice: excluded by a test.
type Registered = Result<(), jsonrpsee::server::RegisterMethodError>;

fn module(rpc: Rpc) -> Result<RpcModule<Rpc>, jsonrpsee::server::RegisterMethodError> {
    let mut module = RpcModule::new(rpc);
    net::register(&mut module)?;
    txpool::register(&mut module)?;
    eth::register(&mut module)?;
    blocks::register(&mut module)?;
    send::register(&mut module)?;
    sign::register(&mut module)?;
    filters::register(&mut module)?;
    subscribe::register(&mut module)?;
    simulate::register(&mut module)?;
    debug::register(&mut module)?;
    anvil::register(&mut module)?;
    devnode::register(&mut module)?;
    unknown::register(&mut module)?;
    Ok(module)
}

/// Adds a method that answers from what is sealed, at once.
fn answer<R: Serialize + Clone + 'static>(
    module: &mut RpcModule<Rpc>,
    name: &'static str,
    method: fn(&Rpc, Args) -> Result<R, RpcError>,
) -> Registered {
    module.register_method(name, move |params, rpc, _| method(rpc, Args::new(&params)?))?;
    Ok(())
}

/// Adds a method that has to wait for something.
fn answer_later<R, F>(
    module: &mut RpcModule<Rpc>,
    name: &'static str,
    method: fn(Arc<Rpc>, Args) -> F,
) -> Registered
where
    R: Serialize + Clone + Send + 'static,
    F: Future<Output = Result<R, RpcError>> + Send + 'static,
{
    module.register_async_method(name, move |params, rpc, _| async move {
        method(rpc, Args::new(&params)?).await
    })?;
    Ok(())
}

/// Subscription ids in hex, as clients expect them.
#[derive(Debug, Default)]
struct HexIds(AtomicU64);

impl IdProvider for HexIds {
    fn next_id(&self) -> SubscriptionId<'static> {
        let id = self.0.fetch_add(1, Ordering::Relaxed);
        SubscriptionId::Str(format!("{id:#034x}").into())
    }
}
