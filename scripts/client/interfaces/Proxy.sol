// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// What the proxy itself says and answers: ERC-1967, and one call for its admin.
interface IProxy {
    event Upgraded(address indexed implementation);
    event AdminChanged(address previousAdmin, address newAdmin);

    /// There is no code at the address.
    error ERC1967InvalidImplementation(address implementation);

    /// The proxy's admin: replaces the program and, with data, calls it.
    function upgradeToAndCall(address implementation, bytes calldata data) external payable;
}
