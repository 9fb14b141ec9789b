// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// Creates, activates and constructs a Stylus program in one transaction.
///
/// Until it has been constructed a program can be constructed by anyone; one transaction leaves
/// nobody the time.
interface IStylusDeployer {
    /// A zero `salt` creates with CREATE, any other with CREATE2. The value pays for `initValue`
    /// and for the data fee; what is left returns to the caller.
    function deploy(bytes calldata bytecode, bytes calldata initData, uint256 initValue, bytes32 salt)
        external
        payable
        returns (address);

    event ContractDeployed(address deployedContract);
}
