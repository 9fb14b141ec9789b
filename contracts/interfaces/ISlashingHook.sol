// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// @title What is told of every slash
/// @notice The validator registry calls up to eight of these after each slash, inside its transaction:
/// insurers, lending markets, oracles.
/// @dev A hook gets 100,000 gas. What it returns is not read; if it fails, the slash stands. It may
/// read the registry, whose books are final by then, and cannot change it.
interface ISlashingHook {
    /// @notice Validator `validator` lost `bondLoss` wei of its bond; the cover fund paid `coverUsed`;
    /// the holders of lsETH lost `socialised` wei through the rate. What unreleased rewards paid is
    /// not among them.
    function onSlash(
        uint32 validator,
        uint256 bondLoss,
        uint256 coverUsed,
        uint256 socialised,
        bytes32 evidenceHash
    ) external;
}
