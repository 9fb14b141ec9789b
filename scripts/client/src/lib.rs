//! Talks to the contracts from off chain: builds, deploys, calls and reads them.

pub mod abi;
pub mod address_book;
pub mod artifact;
pub mod books;
pub mod clock;
pub mod compile;
pub mod connection;
pub mod contract;
pub mod deploy;
pub mod launch;
pub mod lifetime;
pub mod module;
pub mod nitro;
pub mod optimize;
pub mod parameters;
pub mod permit;
pub mod protocol;
pub mod proxy;
pub mod revert;
pub mod send;
