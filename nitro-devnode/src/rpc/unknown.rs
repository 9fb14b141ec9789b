//! Requests for methods that do not exist, or not over HTTP: a log line, and geth's words.
//! Requests that want no answer, and those of a health probe, which are none.
use std::{borrow::Cow, collections::HashSet, sync::Arc};

use jsonrpsee::{
    RpcModule,
    core::middleware::{Batch, BatchEntry, Notification, RpcServiceT},
    server::{BatchResponseBuilder, HttpBody, HttpRequest, MethodResponse},
    types::{Id, Request},
};
use serde_json::value::to_raw_value;
use tower::Layer;

use super::{
    Args, MAX_RESPONSE, Registered, Rpc,
    errors::RpcError,
    subscribe::{SUBSCRIBE, UNSUBSCRIBE},
};

/// What a request has that came without a WebSocket, to which nothing can be pushed.
#[derive(Debug, Clone, Copy)]
struct NoNotifications;

/// What a GET is taken for: it asks whether the node lives.
const PROBE: &str = r#"{"jsonrpc":"2.0","id":1,"method":"web3_clientVersion"}"#;

/// Marks a request, unless it opens a WebSocket.
pub(super) fn mark(mut request: HttpRequest) -> HttpRequest {
    if request.headers().contains_key("upgrade") {
        return request;
    }
    request.extensions_mut().insert(NoNotifications);
    if request.method().as_str() == "GET"
        && let (Ok(post), Ok(json)) = ("POST".parse(), "application/json".parse())
    {
        *request.method_mut() = post;
        *request.body_mut() = HttpBody::from(PROBE);
        request.headers_mut().insert("content-type", json);
        request.headers_mut().remove("content-length");
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

impl<S> RpcServiceT for Named<S>
where
    S: RpcServiceT<
            MethodResponse = MethodResponse,
            NotificationResponse = MethodResponse,
            BatchResponse = MethodResponse,
        > + Clone
        + Send
        + Sync
        + 'static,
{
    type MethodResponse = MethodResponse;
    type NotificationResponse = MethodResponse;
    type BatchResponse = MethodResponse;

    fn call<'a>(
        &self,
        mut request: Request<'a>,
    ) -> impl Future<Output = MethodResponse> + Send + 'a {
        self.redirect(&mut request);
        self.service.call(request)
    }

    /// One after the other, as the service would, but for notifications.
    fn batch<'a>(&self, requests: Batch<'a>) -> impl Future<Output = MethodResponse> + Send + 'a {
        let service = self.clone();
        async move {
            let mut answers = BatchResponseBuilder::new_with_limit(MAX_RESPONSE as usize);
            let mut is_answered = requests.is_empty();
            for entry in requests {
                let answer = match entry {
                    Ok(BatchEntry::Call(request)) => service.call(request).await,
                    Ok(BatchEntry::Notification(notification)) => {
                        service.notification(notification).await;
                        continue;
                    }
                    Err(malformed) => {
                        let (error, id) = malformed.into_parts();
                        MethodResponse::error(id, error)
                    }
                };
                is_answered = true;
                if let Err(too_long) = answers.append(answer) {
                    return too_long;
                }
            }
            if is_answered {
                MethodResponse::from_batch(answers.finish())
            } else {
                MethodResponse::notification()
            }
        }
    }

    /// A request without an id is executed as others are; its answer goes nowhere. The service
    /// itself would not execute it.
    fn notification<'a>(
        &self,
        notification: Notification<'a>,
    ) -> impl Future<Output = MethodResponse> + Send + 'a {
        let request = Request {
            jsonrpc: notification.jsonrpc,
            id: Id::Null,
            method: notification.method.clone(),
            params: notification.params.clone(),
            extensions: notification.extensions.clone(),
        };
        // Nobody would know the subscription.
        let executed = (request.method != SUBSCRIBE).then(|| self.call(request));
        let acknowledged = self.service.notification(notification);
        async move {
            if let Some(executed) = executed {
                executed.await;
            }
            acknowledged.await
        }
    }
}
