//! ArbosActs (0xa4b05): what ArbOS does to itself, by transactions of its own that run no
//! precompile. Whoever else calls is refused. Source: the published interface.
use alloy::sol_types::SolCall;
use revm::Database;

use super::{
    call::Failure,
    method::{Method, write},
};

alloy::sol! {
    interface IArbosActs {
        function startBlock(uint256 l1BaseFee, uint64 l1BlockNumber, uint64 l2BlockNumber, uint64 timePassed);
        function batchPostingReport(uint256 batchTimestamp, address batchPosterAddress, uint64 batchNumber, uint64 batchDataGas, uint256 l1BaseFeeWei);
        error CallerNotArbOS();
    }
}

/// The methods.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    Some(match selector {
        IArbosActs::startBlockCall::SELECTOR => write(|_, args| {
            args.u256()?;
            for _ in 0..3 {
                args.uint::<u64>()?;
            }
            refuse()
        }),
        IArbosActs::batchPostingReportCall::SELECTOR => write(|_, args| {
            args.u256()?;
            args.address()?;
            for _ in 0..2 {
                args.uint::<u64>()?;
            }
            args.u256()?;
            refuse()
        }),
        _ => return None,
    })
}

fn refuse() -> Result<Vec<u8>, Failure> {
    let error = IArbosActs::CallerNotArbOS {};
    Err(Failure::typed(&error, "error CallerNotArbOS()"))
}
