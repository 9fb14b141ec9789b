//! Ids of requests over HTTP. The server knows text and whole numbers; it takes a request with
//! any other id for one that wants no answer. Such a request is refused instead.
use std::{
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use jsonrpsee::{
    core::http_helpers::{HttpError, read_body},
    server::{HttpBody, HttpRequest, HttpResponse, http::response},
    types::Id,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use tower::{Layer, Service};

use super::MAX_REQUEST;

/// What stands for a request with an odd id: the server refuses it as invalid.
const REFUSED: &str = r#"{"id":null}"#;

/// Refuses requests with odd ids.
#[derive(Debug, Clone, Copy)]
pub(super) struct CheckIds;

impl<S> Layer<S> for CheckIds {
    type Service = Checked<S>;

    fn layer(&self, service: S) -> Checked<S> {
        Checked(service)
    }
}

/// See [`CheckIds`].
#[derive(Debug, Clone)]
pub(super) struct Checked<S>(S);

impl<S> Service<HttpRequest> for Checked<S>
where
    S: Service<HttpRequest, Response = HttpResponse> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = HttpResponse;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: HttpRequest) -> Self::Future {
        // The one that has said that it is ready.
        let next = self.0.clone();
        let mut service = mem::replace(&mut self.0, next);
        Box::pin(async move {
            if request.method().as_str() != "POST" {
                return service.call(request).await;
            }
            let (parts, body) = request.into_parts();
            let body = match read_body(&parts.headers, body, MAX_REQUEST).await {
                Ok((body, true)) => checked(body),
                Ok((body, false)) => all_checked(body),
                Err(HttpError::TooLarge) => return Ok(response::too_large(MAX_REQUEST)),
                Err(HttpError::Malformed) => return Ok(response::malformed()),
                Err(HttpError::Stream(_)) => return Ok(response::internal_error()),
            };
            let request = HttpRequest::from_parts(parts, HttpBody::from(body));
            service.call(request).await
        })
    }
}

/// A request, as far as it matters here.
#[derive(Deserialize)]
struct Identified<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
}

/// Whether it has an id that the server does not know. What is no request at all has none.
fn is_odd(request: &[u8]) -> bool {
    let id = serde_json::from_slice::<Identified<'_>>(request).ok();
    let id = id.and_then(|request| request.id);
    id.is_some_and(|id| serde_json::from_str::<Id<'_>>(id.get()).is_err())
}

fn checked(request: Vec<u8>) -> Vec<u8> {
    if is_odd(&request) {
        return REFUSED.into();
    }
    request
}

/// A batch in which odd ids are refused one by one.
fn all_checked(batch: Vec<u8>) -> Vec<u8> {
    let Ok(requests) = serde_json::from_slice::<Vec<&RawValue>>(&batch) else {
        return batch;
    };
    if !requests
        .iter()
        .any(|request| is_odd(request.get().as_bytes()))
    {
        return batch;
    }
    let requests = requests.iter().map(|request| match request.get() {
        odd if is_odd(odd.as_bytes()) => REFUSED,
        request => request,
    });
    format!("[{}]", requests.collect::<Vec<_>>().join(",")).into()
}
