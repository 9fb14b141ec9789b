//! What a contract said when it refused, as the typed error of its interface.

use std::fmt;

use alloy::primitives::{Bytes, hex};
use alloy::sol_types::{Panic, Revert as Reason, SolError, SolInterface};
use alloy::transports::TransportError;

use crate::abi::IAdministration::IAdministrationErrors;
use crate::abi::IEtherVault::IEtherVaultErrors;
use crate::abi::IStakingPool::IStakingPoolErrors;
use crate::abi::IValidatorRegistry::IValidatorRegistryErrors;
use crate::abi::IWithdrawalQueue::IWithdrawalQueueErrors;
use crate::abi::IWrappedToken::IWrappedTokenErrors;
use crate::nitro::IArbWasm::IArbWasmErrors;
use crate::proxy::IProxy::IProxyErrors;

/// The return data of a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revert(pub Bytes);

impl Revert {
    /// The refusal inside a node's answer; `None` if the node itself failed.
    pub fn from_node(error: &TransportError) -> Option<Self> {
        let payload = error.as_error_resp()?;
        match payload.as_revert_data() {
            Some(data) => Some(Self(data)),
            // Nitro answers a refusal without data by code 3 and no `data`.
            None => (payload.code == 3).then(|| Self(Bytes::new())),
        }
    }

    /// Whether this is the error `E`, whatever its arguments.
    pub fn is<E: SolError>(&self) -> bool {
        self.decoded::<E>().is_some()
    }

    /// The error `E` with its arguments, if it is one.
    pub fn decoded<E: SolError>(&self) -> Option<E> {
        E::abi_decode(&self.0).ok()
    }

    fn named(&self) -> Option<String> {
        let data = &self.0;
        // One error may stand in several interfaces; it has the same fields in each.
        decode::<IStakingPoolErrors>(data)
            .or_else(|| decode::<IWithdrawalQueueErrors>(data))
            .or_else(|| decode::<IValidatorRegistryErrors>(data))
            .or_else(|| decode::<IWrappedTokenErrors>(data))
            .or_else(|| decode::<IEtherVaultErrors>(data))
            .or_else(|| decode::<IAdministrationErrors>(data))
            .or_else(|| decode::<IProxyErrors>(data))
            .or_else(|| decode::<IArbWasmErrors>(data))
            .or_else(|| Reason::abi_decode(data).ok().map(|reason| reason.reason))
            .or_else(|| Panic::abi_decode(data).ok().map(|panic| panic.to_string()))
    }
}

impl fmt::Display for Revert {
    /// `RequestNotFinalized { requestId: 3, sharesLeft: 1000 }`, else the bytes.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return formatter.write_str("no reason given");
        }
        match self.named() {
            Some(name) => formatter.write_str(&name),
            None => write!(formatter, "unknown error 0x{}", hex::encode(&self.0)),
        }
    }
}

/// The error's name and arguments.
///
/// Debug output of the enum of an interface is `Variant(Error { .. })`: what is inside the
/// parentheses is what a reader wants.
fn decode<E: SolInterface + fmt::Debug>(data: &[u8]) -> Option<String> {
    let error = format!("{:?}", E::abi_decode(data).ok()?);
    let inside = error
        .split_once('(')
        .and_then(|(_, rest)| rest.strip_suffix(')'));
    Some(inside.unwrap_or(&error).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::abi::IWithdrawalQueue::RequestNotFinalized;
    use alloy::primitives::U256;

    #[test]
    fn a_typed_error_is_shown_with_its_arguments() {
        let error = RequestNotFinalized {
            requestId: U256::from(3),
            sharesLeft: U256::from(1_000),
        };
        let revert = Revert(error.abi_encode().into());
        assert_eq!(
            revert.to_string(),
            "RequestNotFinalized { requestId: 3, sharesLeft: 1000 }"
        );
        assert_eq!(revert.decoded(), Some(error));
    }

    #[test]
    fn a_reason_in_words_is_shown_as_it_is() {
        let data = Reason::from("not today").abi_encode();
        assert_eq!(Revert(data.into()).to_string(), "not today");
    }

    #[test]
    fn unknown_bytes_are_shown_as_they_are() {
        let revert = Revert(Bytes::from_static(&[0xde, 0xad]));
        assert_eq!(revert.to_string(), "unknown error 0xdead");
    }
}
