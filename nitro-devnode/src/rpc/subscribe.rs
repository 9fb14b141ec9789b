//! `eth_subscribe`: new heads, logs and transactions over WebSocket.
use std::sync::Arc;

use jsonrpsee::{
    Extensions, PendingSubscriptionSink, RpcModule,
    core::SubscriptionResult,
    server::{SubscriptionMessage, SubscriptionSink},
    types::{ErrorObjectOwned, Params},
};
use serde::Serialize;
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::{
    Args, Registered, Rpc,
    blocks::{RpcHeader, pending_transactions},
    errors::RpcError,
    log_filter::LogFilter,
};
use crate::chain::Event;

/// Name in every notification.
const NOTIFICATION: &str = "eth_subscription";

pub(super) const SUBSCRIBE: &str = "eth_subscribe";

pub(super) const UNSUBSCRIBE: &str = "eth_unsubscribe";

pub(super) fn register(module: &mut RpcModule<Rpc>) -> Registered {
    module.register_subscription(SUBSCRIBE, NOTIFICATION, UNSUBSCRIBE, subscribe)?;
    Ok(())
}

enum Topic {
    Heads,
    Logs(Box<LogFilter>),
    Transactions,
    FullTransactions,
}

async fn subscribe(
    params: Params<'static>,
    pending: PendingSubscriptionSink,
    rpc: Arc<Rpc>,
    _: Extensions,
) -> SubscriptionResult {
    let topic = match topic(&params) {
        Ok(topic) => topic,
        Err(error) => {
            pending.reject(ErrorObjectOwned::from(error)).await;
            return Ok(());
        }
    };
    let events = rpc.node.reader().subscribe();
    // The task must not keep the node alive.
    drop(rpc);
    let sink = pending.accept().await?;
    feed(sink, events, topic).await
}

fn topic(params: &Params<'_>) -> Result<Topic, RpcError> {
    let mut args = Args::new(params)?;
    let name: String = args.required(0)?;
    match name.as_str() {
        "newHeads" => Ok(Topic::Heads),
        "newPendingTransactions" => Ok(match args.optional(1)?.unwrap_or(false) {
            true => Topic::FullTransactions,
            false => Topic::Transactions,
        }),
        "logs" => {
            let filter: Box<LogFilter> = args.optional(1)?.unwrap_or_default();
            filter.check_range()?;
            Ok(Topic::Logs(filter))
        }
        _ => Err(RpcError::Unsupported(
            "this subscription",
            "newHeads, logs and newPendingTransactions are",
        )),
    }
}

/// The subscriber took too long to read: its subscription is over.
#[derive(Debug, thiserror::Error)]
#[error("the subscriber is too slow: {missed} blocks were dropped, and the subscription is over")]
struct TooSlow {
    missed: u64,
}

async fn feed(
    sink: SubscriptionSink,
    mut events: Receiver<Event>,
    topic: Topic,
) -> SubscriptionResult {
    loop {
        let event = tokio::select! {
            () = sink.closed() => return Ok(()),
            event = events.recv() => event,
        };
        let event = match event {
            Ok(event) => event,
            // Going on would hide a gap. The subscriber hears of it when it reads again.
            Err(RecvError::Lagged(missed)) => return Err(TooSlow { missed }.into()),
            Err(RecvError::Closed) => return Ok(()),
        };
        let sent = match (&topic, &event) {
            (Topic::Heads, Event::Sealed(block) | Event::Dropped { head: block, .. }) => {
                send(&sink, &[RpcHeader::of(block)]).await
            }
            (Topic::Logs(filter), Event::Sealed(block)) => send(&sink, &filter.news(block)).await,
            (Topic::Logs(filter), Event::Dropped { dropped, .. }) => {
                let removed = dropped.iter().flat_map(|block| filter.removed(block));
                send(&sink, &removed.collect::<Vec<_>>()).await
            }
            (Topic::Transactions, Event::Sealed(block)) => {
                let users = block.transactions.iter().skip(1);
                send(&sink, &users.map(|tx| tx.hash).collect::<Vec<_>>()).await
            }
            (Topic::FullTransactions, Event::Sealed(block)) => {
                send(&sink, &pending_transactions(block)).await
            }
            (Topic::Transactions | Topic::FullTransactions, Event::Dropped { .. }) => Some(()),
        };
        if sent.is_none() {
            return Ok(());
        }
    }
}

/// Nothing when the subscriber is gone.
async fn send(sink: &SubscriptionSink, items: &[impl Serialize]) -> Option<()> {
    for item in items {
        let message = SubscriptionMessage::new(NOTIFICATION, sink.subscription_id(), item).ok()?;
        sink.send(message).await.ok()?;
    }
    Some(())
}
