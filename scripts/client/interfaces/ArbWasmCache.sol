// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// The part of Nitro's precompile at 0x72 that a deployment calls.
interface IArbWasmCache {
    /// Keeps the program in the cache; cache managers and chain owners only.
    function cacheProgram(address program) external;

    /// Takes the program with this code hash out of the cache; cache managers and chain owners only.
    function evictCodehash(bytes32 codehash) external;

    /// Whether the program with this code hash is cached.
    function codehashIsCached(bytes32 codehash) external view returns (bool);

    /// Every cache manager of the chain.
    function allCacheManagers() external view returns (address[] memory managers);

    event UpdateProgramCache(address indexed manager, bytes32 indexed codehash, bool cached);
}
