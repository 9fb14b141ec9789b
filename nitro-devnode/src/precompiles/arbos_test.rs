//! ArbosTest (0x69): burns gas on demand.
use alloy::sol_types::SolCall;
use revm::Database;

use super::{
    call::Failure,
    method::{Method, pure},
};

alloy::sol! {
    interface IArbosTest {
        function burnArbGas(uint256 gasAmount);
    }
}

/// The methods.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    match selector {
        IArbosTest::burnArbGasCall::SELECTOR => Some(pure(|call, args| {
            let amount = args.u256()?;
            let amount = u64::try_from(amount).map_err(|_| Failure::Reverted)?;
            // Corpus: asking for more than there is takes all and succeeds.
            let _ = call.burn(amount);
            Ok(Vec::new())
        })),
        _ => None,
    }
}
