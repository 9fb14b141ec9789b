// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// ArbWasm, as far as a cache manager asks it.
interface IArbWasm {
    /// Reverts unless the program is active.
    function codehashAsmSize(bytes32 codehash) external view returns (uint32 size);
}

/// ArbWasmCache, which obeys registered managers.
interface IArbWasmCache {
    function codehashIsCached(bytes32 codehash) external view returns (bool);
    function cacheProgram(address program) external;
    function evictCodehash(bytes32 codehash) external;
}

/// Sells room in the cache of started Stylus programs, by auction.
///
/// A program takes as many bytes as its compiled code is estimated to have. A bid weighs what
/// was paid plus `decay` wei for every second of the clock when it was placed, so that older
/// bids lose against newer ones by `decay` wei a second. Where room is needed the lightest
/// bids go, as long as they weigh less than the bid that needs it. What was paid is kept.
///
/// Answers the interface that cargo-stylus 0.10 asks; the code is this repository's own.
contract CacheManager {
    struct Entry {
        bytes32 code;
        uint64 size;
        uint192 bid;
    }

    /// `size` bytes do not fit the cache even when it is empty.
    error AsmTooLarge(uint256 asm, uint256 queueSize, uint256 cacheSize);
    error AlreadyCached(bytes32 codehash);
    error BidTooSmall(uint192 bid, uint192 min);
    error BidsArePaused();
    error NotOwner(address caller);

    event Bid(bytes32 indexed codehash, address program, uint192 bid, uint64 size);
    event Evicted(bytes32 indexed codehash, uint192 bid, uint64 size);
    event Configured(uint64 cacheSize, uint64 decay, bool isPaused);

    IArbWasm private constant ARB_WASM = IArbWasm(address(0x71));
    IArbWasmCache private constant ARB_WASM_CACHE = IArbWasmCache(address(0x72));

    /// Who may configure, and takes the bids.
    address public immutable owner;
    /// Bytes that all cached programs together may have.
    uint64 public cacheSize;
    /// Bytes that they have.
    uint64 public queueSize;
    /// Wei a second by which a bid loses weight against newer ones.
    uint64 public decay;
    bool public isPaused;

    Entry[] private entries;

    constructor(uint64 cacheSize_, uint64 decay_) {
        owner = msg.sender;
        cacheSize = cacheSize_;
        decay = decay_;
    }

    /// Caches `program` for the wei sent along, and evicts what weighs less if it must.
    function placeBid(address program) external payable {
        if (isPaused) revert BidsArePaused();
        bytes32 code = program.codehash;
        if (ARB_WASM_CACHE.codehashIsCached(code)) revert AlreadyCached(code);
        uint64 size = ARB_WASM.codehashAsmSize(code);
        uint192 min = getMinBid(size);
        if (msg.value < min) revert BidTooSmall(uint192(msg.value), min);
        while (queueSize + size > cacheSize) evict(lightest(entries));
        uint192 bid = uint192(msg.value) + age();
        entries.push(Entry(code, size, bid));
        queueSize += size;
        ARB_WASM_CACHE.cacheProgram(program);
        emit Bid(code, program, bid, size);
    }

    /// Least wei for which `program` is cached now.
    function getMinBid(address program) external view returns (uint192 min) {
        return getMinBid(ARB_WASM.codehashAsmSize(program.codehash));
    }

    /// Least wei for which a program of `size` bytes is cached now: nothing while there is
    /// room, and otherwise as much as outweighs every bid that has to go.
    function getMinBid(uint64 size) public view returns (uint192 min) {
        if (size > cacheSize) revert AsmTooLarge(size, queueSize, cacheSize);
        uint64 used = queueSize;
        if (used + size <= cacheSize) return 0;
        Entry[] memory left = entries;
        while (used + size > cacheSize) {
            uint256 index = lightest(left);
            used -= left[index].size;
            min = left[index].bid;
            left[index].bid = type(uint192).max;
        }
        return min >= age() ? min - age() + 1 : 0;
    }

    /// What is cached, in no order.
    function getEntries() external view returns (Entry[] memory) {
        return entries;
    }

    /// Sets the room, the decay and whether bids are taken. Programs that no longer fit go.
    function configure(uint64 cacheSize_, uint64 decay_, bool isPaused_) external {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        (cacheSize, decay, isPaused) = (cacheSize_, decay_, isPaused_);
        while (queueSize > cacheSize) evict(lightest(entries));
        emit Configured(cacheSize_, decay_, isPaused_);
    }

    /// Sends the owner what was bid.
    function withdraw() external {
        (bool sent,) = owner.call{value: address(this).balance}("");
        require(sent);
    }

    /// What a bid placed now weighs more than what is paid for it.
    function age() private view returns (uint192) {
        return uint192(block.timestamp) * decay;
    }

    /// Index of the entry with the least bid. There is one: an empty cache has room for
    /// whatever is not refused for its size.
    function lightest(Entry[] memory among) private pure returns (uint256 index) {
        for (uint256 i = 1; i < among.length; ++i) {
            if (among[i].bid < among[index].bid) index = i;
        }
    }

    function evict(uint256 index) private {
        Entry memory entry = entries[index];
        entries[index] = entries[entries.length - 1];
        entries.pop();
        queueSize -= entry.size;
        ARB_WASM_CACHE.evictCodehash(entry.code);
        emit Evicted(entry.code, entry.bid, entry.size);
    }
}
