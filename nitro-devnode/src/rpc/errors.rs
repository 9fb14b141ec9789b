//! What goes wrong in a request, with the codes and words clients act on.
use std::time::Duration;

use alloy::{eips::BlockId, primitives::B256};
use jsonrpsee::types::{
    ErrorObjectOwned,
    error::{
        CALL_EXECUTION_FAILED_CODE, INTERNAL_ERROR_CODE, INVALID_PARAMS_CODE, METHOD_NOT_FOUND_CODE,
    },
};

use crate::{
    chain::{CallError, Rejected, RestoreError, SimulateError, TimeInPast, TooDeep, TraceError},
    node::{SaveError, Stopped},
    state_file::BadSave,
};

/// EIP-7966: a transaction waits still.
const NOT_YET_INCLUDED_CODE: i32 = 4;

/// Why a request has no result.
#[derive(Debug, thiserror::Error)]
pub(super) enum RpcError {
    #[error("non-array args")]
    NotPositional,
    #[error("missing value for required argument {0}")]
    Missing(usize),
    #[error("invalid argument {index}: {why}")]
    Invalid { index: usize, why: String },
    #[error("{0}")]
    Contradictory(&'static str),
    #[error("header not found")]
    UnknownBlock(BlockId),
    #[error("filter not found")]
    UnknownFilter,
    #[error("invalid block range params")]
    BackwardRange,
    #[error(
        "The transaction was added to the transaction pool but wasn't processed in {} ms",
        wait.as_millis()
    )]
    NotYetIncluded { hash: B256, wait: Duration },
    #[error("chainId does not match node's (have={have}, want={want})")]
    OtherChain { have: u64, want: u64 },
    #[error("invalid reward percentile: {0}")]
    Percentiles(String),
    #[error("{asked} blocks are more than the {most} that one request may mine")]
    TooManyBlocks { asked: u64, most: u64 },
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Simulate(#[from] SimulateError),
    #[error(transparent)]
    Rejected(#[from] Rejected),
    #[error(transparent)]
    Time(#[from] TimeInPast),
    #[error("{0} is not supported by this node: {1}")]
    Unsupported(&'static str, &'static str),
    #[error("the method {0} does not exist/is not available")]
    UnknownMethod(String),
    #[error("notifications not supported")]
    NoNotifications,
    #[error("subscription not found")]
    UnknownSubscription,
    #[error(transparent)]
    Trace(#[from] TraceError),
    #[error("this node keeps no state file: start it with --state FILE")]
    NoStateFile,
    #[error(transparent)]
    TooDeep(#[from] TooDeep),
    #[error(transparent)]
    Save(#[from] SaveError),
    #[error(transparent)]
    BadSave(#[from] BadSave),
    #[error(transparent)]
    Restore(#[from] RestoreError),
    #[error("cannot sign: {0}")]
    Signing(#[from] alloy::signers::Error),
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

impl RpcError {
    fn code(&self) -> i32 {
        match self {
            Self::NotPositional | Self::Missing(_) | Self::Invalid { .. } => INVALID_PARAMS_CODE,
            Self::UnknownMethod(_) | Self::NoNotifications => METHOD_NOT_FOUND_CODE,
            Self::Stopped(_) => INTERNAL_ERROR_CODE,
            Self::NotYetIncluded { .. } => NOT_YET_INCLUDED_CODE,
            Self::Call(error) => error.code(),
            Self::Simulate(error) => error.code(),
            Self::Contradictory(_)
            | Self::UnknownBlock(_)
            | Self::UnknownFilter
            | Self::UnknownSubscription
            | Self::BackwardRange
            | Self::OtherChain { .. }
            | Self::Percentiles(_)
            | Self::TooManyBlocks { .. }
            | Self::Rejected(_)
            | Self::Time(_)
            | Self::Unsupported(..)
            | Self::Trace(_)
            | Self::NoStateFile
            | Self::TooDeep(_)
            | Self::Save(_)
            | Self::BadSave(_)
            | Self::Restore(_)
            | Self::Signing(_) => CALL_EXECUTION_FAILED_CODE,
        }
    }
}

impl From<RpcError> for ErrorObjectOwned {
    fn from(error: RpcError) -> Self {
        let data = match &error {
            RpcError::Call(error) => error.data().cloned(),
            RpcError::NotYetIncluded { hash, .. } => Some((*hash).into()),
            _ => None,
        };
        Self::owned(error.code(), error.to_string(), data)
    }
}
