// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// What every library's test deploys, calls, sends to and listens to.
/// `counter.init.hex` is this, compiled by solc 0.8.30, optimised for 200 runs, for cancun, without metadata.
contract Counter {
    uint256 public number;

    event Increased(address indexed by, uint256 number);

    error TooMuch(uint256 amount, uint256 most);

    constructor(uint256 start) {
        number = start;
    }

    function increase(uint256 amount) external {
        if (amount > 10) revert TooMuch(amount, 10);
        number += amount;
        emit Increased(msg.sender, number);
    }
}
