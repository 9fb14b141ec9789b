//! The ABI of all contracts as Rust types, expanded from `contracts/interfaces/*.sol`.
//!
//! Decides nothing: the files are the only place where the ABI is written.
#![no_std]

alloy_sol_types::sol!("../interfaces/IStakingPool.sol");
alloy_sol_types::sol!("../interfaces/IValidatorRegistry.sol");
alloy_sol_types::sol!("../interfaces/IWithdrawalQueue.sol");
