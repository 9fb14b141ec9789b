//! The ABI of all contracts as Rust types, expanded from `contracts/interfaces/*.sol`.
//!
//! Decides nothing: the files are the only place where the ABI is written.
#![no_std]

alloy_sol_types::sol!(
    #[sol(all_derives)]
    "../interfaces/IAdministration.sol"
);
alloy_sol_types::sol!(
    #[sol(all_derives)]
    "../interfaces/IEtherVault.sol"
);
alloy_sol_types::sol!(
    #[sol(all_derives)]
    "../interfaces/ISlashingHook.sol"
);
alloy_sol_types::sol!(
    #[sol(all_derives)]
    "../interfaces/IStakingPool.sol"
);
alloy_sol_types::sol!(
    #[sol(all_derives)]
    "../interfaces/IValidatorRegistry.sol"
);
alloy_sol_types::sol!(
    #[sol(all_derives)]
    "../interfaces/IWithdrawalQueue.sol"
);
alloy_sol_types::sol!(
    #[sol(all_derives)]
    "../interfaces/IWrappedToken.sol"
);
