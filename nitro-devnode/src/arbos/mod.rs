//! The chain's own state: what Nitro keeps in the ArbOS account, and the rules over it.
//!
//! Nothing here charges gas; the precompiles charge for their own accesses.
pub mod accounts;
pub mod address_set;
pub mod address_table;
pub mod data_price;
pub mod exponent;
pub mod genesis;
pub mod l1_pricing;
pub mod l2_pricing;
pub mod layout;
pub mod pages;
pub mod params;
pub mod programs;
pub mod send_merkle;
pub mod start_block;
pub mod storage;
pub mod upgrade;

pub use accounts::ARBOS_STATE;
