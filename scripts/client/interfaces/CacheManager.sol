// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// The part of Nitro's CacheManager that a deployment calls: places in the cache are auctioned.
interface ICacheManager {
    /// Lowest bid that gets `program` a place; zero while there is room.
    function getMinBid(address program) external view returns (uint192 min);

    /// Bids the value for a place and caches `program`.
    function placeBid(address program) external payable;
}
