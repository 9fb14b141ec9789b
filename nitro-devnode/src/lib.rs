//! An embedded Stylus node.
pub mod arbos;
pub mod evm;
pub mod precompiles;
pub mod stylus;
