// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// The part of Nitro's precompile at 0x71 that a deployment calls, and whoever keeps it alive.
interface IArbWasm {
    /// Makes the code at `program` callable; pays the data fee out of the value and returns the rest.
    function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);

    /// Version of Stylus that the chain activates programs for.
    function stylusVersion() external view returns (uint16 version);

    /// Version of the program with this code hash; reverts while it is not active.
    function codehashVersion(bytes32 codehash) external view returns (uint16 version);

    /// Gas that a call pays to start the program, when it is not cached and when it is.
    function programInitGas(address program) external view returns (uint64 gas, uint64 gasWhenCached);

    /// Memory pages that the program starts with.
    function programMemoryFootprint(address program) external view returns (uint16 footprint);

    /// Seconds for which the program stays active; reverts while it is not.
    function programTimeLeft(address program) external view returns (uint64 secs);

    /// Makes the program with this code hash active for another year, from 31 days after it began; pays
    /// the data fee out of the value and returns the rest. Anyone.
    function codehashKeepalive(bytes32 codehash) external payable;

    event ProgramLifetimeExtended(bytes32 indexed codehash, uint256 dataFee);

    event ProgramActivated(
        bytes32 indexed codehash,
        bytes32 moduleHash,
        address program,
        uint256 dataFee,
        uint16 version
    );

    error ProgramNotWasm();
    error ProgramNotActivated();
    error ProgramNeedsUpgrade(uint16 version, uint16 stylusVersion);
    error ProgramExpired(uint64 ageInSeconds);
    error ProgramUpToDate();
    error ProgramKeepaliveTooSoon(uint64 ageInSeconds);
    error ProgramInsufficientValue(uint256 have, uint256 want);
}
