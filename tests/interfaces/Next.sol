// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// What the next version of every contract has more.
interface INext {
    function added() external view returns (uint256);
    function setAdded(uint256 value) external;
}
