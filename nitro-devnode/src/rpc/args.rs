//! Positional parameters, with geth's words when one is missing or wrong.
use jsonrpsee::types::Params;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::errors::RpcError;

/// The parameters of a request.
#[derive(Debug)]
pub(super) struct Args(Vec<Value>);

impl Args {
    pub(super) fn new(params: &Params<'_>) -> Result<Self, RpcError> {
        let Some(text) = params.as_str() else {
            return Ok(Self(Vec::new()));
        };
        match serde_json::from_str(text) {
            Ok(Value::Array(values)) => Ok(Self(values)),
            Ok(Value::Null) => Ok(Self(Vec::new())),
            Ok(Value::Object(fields)) if fields.is_empty() => Ok(Self(Vec::new())),
            Ok(_) | Err(_) => Err(RpcError::NotPositional),
        }
    }

    pub(super) fn from_values(values: Vec<Value>) -> Self {
        Self(values)
    }

    /// The parameter at `index`.
    pub(super) fn required<T: DeserializeOwned>(&mut self, index: usize) -> Result<T, RpcError> {
        self.optional(index)?.ok_or(RpcError::Missing(index))
    }

    /// The parameter at `index`; missing and `null` are the same.
    pub(super) fn optional<T: DeserializeOwned>(
        &mut self,
        index: usize,
    ) -> Result<Option<T>, RpcError> {
        match self.0.get_mut(index).map(Value::take) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                serde_json::from_value(value)
                    .map(Some)
                    .map_err(|error| RpcError::Invalid {
                        index,
                        why: error.to_string(),
                    })
            }
        }
    }
}
