//! Hostile neighbours: whoever is paid may call back, burn gas or answer at length, and ends with what
//! one honest call gives.

/// Calls of one contract with their names, not sent yet; `with` a value where one is sent along.
macro_rules! calls {
    ($contract:expr; $($method:ident($($argument:expr),*) $(with $value:expr)?),+ $(,)?) => {
        vec![$((
            stringify!($method),
            $contract.$method($($argument),*)$(.value($value))?.into_transaction_request(),
        )),+]
    };
}

mod account;
mod estate;
mod queue;
mod receivers;
mod registry;
