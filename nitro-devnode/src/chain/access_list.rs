//! Which accounts and slots a call touches, as an access list.
mod touched;

use alloy::eips::eip2930::AccessList;

use touched::Touched;

use super::{Block, CallError, CallOptions, CallRequest, Reader, call::Prepared};
use crate::evm::{self, Purpose, Status};

/// Rounds after which the list is taken as it is: it can change which path a call takes.
const MOST_ROUNDS: usize = 8;

/// The answer to `eth_createAccessList`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessListFound {
    /// Accounts and slots, without what is warm anyway.
    pub access_list: AccessList,
    /// Gas the call uses with this list.
    pub gas_used: u64,
    /// Why the call fails, if it does.
    pub error: Option<String>,
}

impl Reader {
    /// Executes a call with the list it touches until that list no longer changes.
    ///
    /// # Errors
    /// [`CallError`] when the call cannot be executed at all, or calls too many hostios.
    pub fn access_list(
        &self,
        request: &CallRequest,
        block: &Block,
        options: CallOptions,
    ) -> Result<AccessListFound, CallError> {
        let _past = self.keep_past();
        let rules = self.rules();
        let mut request = request.clone();
        let mut found = AccessListFound::default();
        for _ in 0..MOST_ROUNDS {
            let prepared = Prepared::new(self, &request, block, options.clone());
            let gas = prepared.gas()?;
            let tx = prepared.executable(gas);
            let mut inspector = Touched::new(found.access_list.clone());
            let view = prepared.view.clone();
            let values = &prepared.values;
            let outcome =
                evm::execute_traced(view, values, &rules, &tx, Purpose::Call, &mut inspector)
                    .map_err(|error| CallError::Refused { error, gas })?;
            found.gas_used = outcome.gas_used;
            found.error =
                (outcome.status != Status::Success).then(|| CallError::of(outcome).to_string());
            let touched = inspector.into_access_list().ok_or_else(|| {
                CallError::Failed("the call does too much for an access list".to_owned())
            })?;
            if touched == found.access_list {
                break;
            }
            found.access_list = touched.clone();
            request.access_list = Some(touched);
        }
        Ok(found)
    }
}
