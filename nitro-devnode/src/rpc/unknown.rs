//! Requests for methods that do not exist, or not over HTTP: a log line, and geth's words.
use std::{borrow::Cow, collections::HashSet, sync::Arc};

use jsonrpsee::{
    RpcModule,
    core::middleware::{Batch, BatchEntry, Notification, RpcServiceT},
    server::HttpRequest,
    types::Request,
};
use serde_json::value::to_raw_value;
use tower::Layer;

use super::{
    Args, Registered, Rpc,
    errors::RpcError,
    subscribe::{SUBSCRIBE, UNSUBSCRIBE},
};

/// What a request has that came without a WebSocket, to which nothing can be pushed.
#[derive(Debug, Clone, Copy)]
struct NoNotifications;

/// Marks a request, unless it opens a WebSocket.
pub(super) fn mark<B>(mut request: HttpRequest<B>) -> HttpRequest<B> {
    if !request.headers().contains_key("upgrade") {
        request.extensions_mut().insert(NoNotifications);
    }
    request
}

/// Where requests for unknown methods are sent, with the name as parameter.
const NOWHERE: &str = "rpc_unknownMethod";

pub(super) fn register(module: &mut RpcModule<Rpc>) -> Registered {
    super::answer(module, NOWHERE, refuse)
}

fn refuse(_: &Rpc, mut args: Args) -> Result<(), RpcError> {
    let name: String = args.required(0)?;
    match name.as_str() {
        SUBSCRIBE => return Err(RpcError::NoNotifications),
        UNSUBSCRIBE => return Err(RpcError::UnknownSubscription),
        _ => {}
    }
    tracing::warn!(method = name, "unknown method");
    Err(RpcError::UnknownMethod(name))
}

/// Sends requests for unknown methods to where they are refused.
#[derive(Debug, Clone)]
pub(super) struct NameUnknown {
    known: Arc<HashSet<&'static str>>,
}

impl NameUnknown {
    pub(super) fn new(known: HashSet<&'static str>) -> Self {
        Self {
            known: Arc::new(known),
        }
    }
}

impl<S> Layer<S> for NameUnknown {
    type Service = Named<S>;

    fn layer(&self, service: S) -> Named<S> {
        Named {
            service,
            known: self.known.clone(),
        }
    }
}

/// See [`NameUnknown`].
#[derive(Debug, Clone)]
pub(super) struct Named<S> {
    service: S,
    known: Arc<HashSet<&'static str>>,
}

impl<S> Named<S> {
    fn redirect(&self, request: &mut Request<'_>) {
        let name = request.method_name();
        let is_deaf = request.extensions().get::<NoNotifications>().is_some();
        if !self.known.contains(name) || is_deaf && [SUBSCRIBE, UNSUBSCRIBE].contains(&name) {
            let params = to_raw_value(&[name]).ok();
            request.params = params.map(Cow::Owned);
            request.method = NOWHERE.into();
        }
    }
}

impl<S: RpcServiceT> RpcServiceT for Named<S> {
    type MethodResponse = S::MethodResponse;
    type NotificationResponse = S::NotificationResponse;
    type BatchResponse = S::BatchResponse;

    fn call<'a>(
        &self,
        mut request: Request<'a>,
    ) -> impl Future<Output = Self::MethodResponse> + Send + 'a {
        self.redirect(&mut request);
        self.service.call(request)
    }

    fn batch<'a>(
        &self,
        mut requests: Batch<'a>,
    ) -> impl Future<Output = Self::BatchResponse> + Send + 'a {
        for entry in requests.iter_mut() {
            if let Ok(BatchEntry::Call(request)) = entry {
                self.redirect(request);
            }
        }
        self.service.batch(requests)
    }

    fn notification<'a>(
        &self,
        notification: Notification<'a>,
    ) -> impl Future<Output = Self::NotificationResponse> + Send + 'a {
        self.service.notification(notification)
    }
}
