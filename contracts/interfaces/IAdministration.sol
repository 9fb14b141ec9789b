// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// @title Roles and pauses, at the addresses of pool, registry and queue
/// @notice OpenZeppelin's AccessControl with enumerable holders and one admin role for all, and pauses
/// by group of functions that end by themselves. The pool, the validator registry and the withdrawal
/// queue each answer these calls beside their own interface; what one grants or pauses, it grants or
/// pauses for itself. wlsETH and its vault have neither roles nor pauses.
/// @dev None of these calls takes ETH, but for what `begin` is called with.
interface IAdministration {
    // ---------------------------------------------------------------- events

    event RoleGranted(bytes32 indexed role, address indexed account, address indexed sender);
    event RoleRevoked(bytes32 indexed role, address indexed account, address indexed sender);
    /// @notice `group` is paused until the timestamp `until`.
    event Paused(uint8 indexed group, uint64 until, address account);
    event Unpaused(uint8 indexed group, address account);
    /// @notice What the contract does not answer itself is answered by these programs.
    event ProgramsSet(address administration, address extension);

    // ---------------------------------------------------------------- errors

    error AccessControlUnauthorizedAccount(address account, bytes32 neededRole);
    /// @notice Who gives a role up must name itself.
    error AccessControlBadConfirmation();
    /// @notice `role` has `count` holders, counted from 0.
    error RoleMemberOutOfBounds(bytes32 role, uint256 index, uint256 count);
    /// @notice `group` is paused until the timestamp `until`.
    error GroupPaused(uint8 group, uint64 until);
    /// @notice The contract has no such group.
    error UnknownPauseGroup(uint8 group);
    /// @notice A pause of `duration` seconds is outside `[minimum, maximum]`.
    error PauseOutOfBounds(uint64 duration, uint64 minimum, uint64 maximum);
    /// @notice Only the admin of the contract's proxy may do that, inside an upgrade or outside.
    error CallerNotUpgrader(address caller, address upgrader);
    /// @notice A program cannot be initialised for itself, only behind a proxy.
    error NotBehindProxy();
    /// @notice The contract was initialised when its proxy was created.
    error AlreadyInitialized();
    error NotAContract(address target);
    error ZeroAddress();

    // ---------------------------------------------------------------- roles

    /// @notice Zero: the role that grants and revokes every role.
    function DEFAULT_ADMIN_ROLE() external view returns (bytes32);
    function hasRole(bytes32 role, address account) external view returns (bool);
    /// @notice DEFAULT_ADMIN_ROLE (zero), for every role.
    function getRoleAdmin(bytes32 role) external view returns (bytes32);
    /// @notice DEFAULT_ADMIN_ROLE. Emits `RoleGranted` if `account` did not hold the role.
    function grantRole(bytes32 role, address account) external;
    /// @notice DEFAULT_ADMIN_ROLE. Emits `RoleRevoked` if `account` held the role.
    function revokeRole(bytes32 role, address account) external;
    /// @notice Gives up the caller's own role; `callerConfirmation` must be the caller.
    function renounceRole(bytes32 role, address callerConfirmation) external;
    function getRoleMemberCount(bytes32 role) external view returns (uint256);
    /// @notice The holders in no particular order, which changes when one loses the role.
    function getRoleMember(bytes32 role, uint256 index) external view returns (address);
    function getRoleMembers(bytes32 role) external view returns (address[] memory);

    // ---------------------------------------------------------------- pauses

    /// @notice PAUSER_ROLE: pauses a group for `duration` seconds, 8 hours to 30 days, whatever was set
    /// before. Which groups there are is said in each contract's interface.
    function pause(uint8 group, uint64 duration) external;
    /// @notice PAUSER_ROLE: ends a pause now.
    function unpause(uint8 group) external;
    /// @notice The timestamp at which the group's last pause ends; it is paused while that is ahead.
    function pausedUntil(uint8 group) external view returns (uint64);

    // ---------------------------------------------------------------- programs

    /// @notice What `initialize` of each of the three does first, once: names the two programs (zero
    /// for no extension), the number of pause groups, and the first admin.
    /// @dev Payable because it runs with the value of `initialize`. Emits `RoleGranted`. Refused by
    /// `NotBehindProxy`, `AlreadyInitialized`, `NotAContract`, `ZeroAddress`.
    function begin(address admin, address administration, address extension, uint8 groups)
        external
        payable;
    /// @notice ERC-165: itself, AccessControl and AccessControlEnumerable.
    function supportsInterface(bytes4 interfaceId) external view returns (bool);
    /// @notice The program that answers these calls on the contract's storage.
    function administration() external view returns (address);
    /// @notice A second program of the contract, with its rare methods; zero if it has none.
    function extension() external view returns (address);
    /// @notice The admin of the contract's proxy, best inside `upgradeToAndCall`: replaces both
    /// programs. A zero `extension` stands for none.
    function setPrograms(address administration, address extension) external;
}
