//! Bindings of the protocol's contracts, from the files that the contracts themselves are built from.
#![expect(
    clippy::too_many_arguments,
    reason = "ERC-2612's permit has seven, and a contract to call"
)]

use alloy::sol;

sol!(
    #[sol(rpc, all_derives)]
    "../../contracts/interfaces/IAdministration.sol"
);
sol!(
    #[sol(rpc, all_derives)]
    "../../contracts/interfaces/IEtherVault.sol"
);
sol!(
    #[sol(rpc, all_derives)]
    "../../contracts/interfaces/ISlashingHook.sol"
);
sol!(
    #[sol(rpc, all_derives)]
    "../../contracts/interfaces/IStakingPool.sol"
);
sol!(
    #[sol(rpc, all_derives)]
    "../../contracts/interfaces/IValidatorRegistry.sol"
);
sol!(
    #[sol(rpc, all_derives)]
    "../../contracts/interfaces/IWithdrawalQueue.sol"
);
sol!(
    #[sol(rpc, all_derives)]
    "../../contracts/interfaces/IWrappedToken.sol"
);
