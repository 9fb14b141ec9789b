// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// What only the owner of the devnode's cache manager calls.
interface ICacheKeeper {
    /// How many bytes of compiled code the cache has room for; what no longer fits is evicted.
    function configure(uint64 cacheSize, uint64 decay, bool isPaused) external;
}
