//! A next version of a contract, for tests of upgrades: all that it was, and one more field.

/// Wraps a contract in a program with one more slot behind all of the contract's, `added()` to read it
/// and `setAdded(uint256)` to write it. Everything else is the contract's.
#[macro_export]
macro_rules! next {
    ($contract:ident) => {
        /// The next version of the contract.
        #[entrypoint]
        #[storage]
        pub struct Next {
            contract: $contract,
            added: $crate::storage::Slot,
        }

        // SAFETY: as the entrypoint's own: the contract is made once, by the one that is wrapped around it.
        unsafe impl ::stylus_sdk::stylus_core::TopLevelStorage for $contract {}

        impl ::stylus_sdk::abi::Router<Next> for Next {
            type Storage = Self;

            fn route(
                next: &mut Next,
                selector: u32,
                input: &[u8],
            ) -> Option<::stylus_sdk::ArbResult> {
                use $crate::router::{Answer, Input};
                if selector == u32::from_be_bytes(::stylus_sdk::function_selector!("added")) {
                    return Some(next.added.read().answer());
                }
                if selector
                    == u32::from_be_bytes(::stylus_sdk::function_selector!("setAdded", U256))
                {
                    let Some(word) = Input::new(input).argument::<U256>() else {
                        return Some(Err(Vec::new()));
                    };
                    next.added.write(word);
                    return Some(Ok(Vec::new()));
                }
                $contract::route(&mut next.contract, selector, input)
            }

            fn receive(next: &mut Next) -> Option<Result<(), Vec<u8>>> {
                $contract::receive(&mut next.contract)
            }

            fn fallback(next: &mut Next, input: &[u8]) -> Option<::stylus_sdk::ArbResult> {
                $contract::fallback(&mut next.contract, input)
            }

            fn constructor(_: &mut Next, _: &[u8]) -> Option<::stylus_sdk::ArbResult> {
                None
            }
        }
    };
}
