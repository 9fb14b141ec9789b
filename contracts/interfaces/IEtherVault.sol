// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// @title The ETH vault of wlsETH: in at once, out through the withdrawal queue
/// @notice An ERC-7540 vault with asynchronous redemption, whose asset is ETH (ERC-7528, ERC-7535)
/// and whose share is wlsETH, a token with a contract of its own (ERC-7575). A redemption is a request
/// in the withdrawal queue that belongs to this contract; its controller takes what it was filled with,
/// in any parts. It cannot be upgraded or paused, and nobody has a role in it.
/// @dev `assets` are wei, `shares` are wlsETH. Filled as the queue fills: at most what the shares were
/// worth when they were requested, less what losses take until then. A request here cannot be
/// cancelled or sold; who wants that asks the queue itself.
interface IEtherVault {
    // ---------------------------------------------------------------- events

    /// @notice ERC-4626.
    event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares);
    /// @notice ERC-4626; `owner` is the controller.
    event Withdraw(
        address indexed sender,
        address indexed receiver,
        address indexed owner,
        uint256 assets,
        uint256 shares
    );
    /// @notice ERC-7540.
    event RedeemRequest(
        address indexed controller,
        address indexed owner,
        uint256 indexed requestId,
        address sender,
        uint256 shares
    );
    /// @notice ERC-7540.
    event OperatorSet(address indexed controller, address indexed operator, bool approved);

    // ---------------------------------------------------------------- errors

    /// @notice `caller` is neither `account` nor its operator.
    error NotAnOperator(address account, address caller);
    /// @notice `controller` can take `available` more now, of `wanted`; in a call, 32 requests at most.
    error AboveClaimable(address controller, uint256 wanted, uint256 available);
    /// @notice The shares cost `needed` wei, and `value` were sent.
    error ValueTooSmall(uint256 value, uint256 needed);
    /// @notice What a redemption pays is known when it is filled, not before (ERC-7540).
    error NoPreview();
    error AlreadyInitialized();
    /// @notice `token` has no code, or does not answer as a wlsETH that has begun.
    error NotAWrappedToken(address token);
    error ZeroAddress();
    /// @notice Nobody could act for `controller`.
    error InvalidController(address controller);
    error CallerNotAllowed(address caller, address expected);
    /// @notice The contract holds `balance` wei and owes `owed`.
    error Insolvent(uint256 balance, uint256 owed);
    error DivisionByZero(uint256 a, uint256 b);
    error QuotientOverflow(uint256 a, uint256 b, uint256 denominator);
    error SumOverflow(uint256 a, uint256 b);
    error DifferenceUnderflow(uint256 a, uint256 b);
    error AmountTooWide(uint256 value);
    error CallFailed(address target);
    error TransferFailed(address receiver, uint256 assets);

    // ---------------------------------------------------------------- beginning

    /// @notice Once, by whoever deploys: names the wlsETH for ever, and with it pool and queue. Who uses
    /// a vault checks `share()`, and that the wlsETH names it as `vault(asset())`.
    /// @dev Refused by `AlreadyInitialized`, `NotAWrappedToken`.
    function initialize(address wrapped) external;

    // ---------------------------------------------------------------- ERC-7575

    /// @notice ETH, as ERC-7528 writes it: 0xEeee…EEeE.
    function asset() external view returns (address);
    /// @notice wlsETH.
    function share() external view returns (address);
    /// @notice What all wlsETH is worth, rounded down.
    function totalAssets() external view returns (uint256);
    /// @notice At today's rate, rounded down.
    function convertToShares(uint256 assets) external view returns (uint256);
    /// @notice At today's rate, rounded down.
    function convertToAssets(uint256 shares) external view returns (uint256);
    /// @notice The pool's deposit limit; 0 while deposits are paused, or the limit is under the minimum
    /// deposit.
    function maxDeposit(address receiver) external view returns (uint256);
    function previewDeposit(uint256 assets) external view returns (uint256);
    /// @notice Stakes the ETH sent and mints wlsETH for `receiver`. `assets` is not looked at: the value
    /// counts, as ERC-7535 has it.
    /// @dev Emits `Deposit`. Refused as a deposit of the pool is.
    function deposit(uint256 assets, address receiver) external payable returns (uint256 shares);
    function maxMint(address receiver) external view returns (uint256);
    /// @notice Rounded up.
    function previewMint(uint256 shares) external view returns (uint256);
    /// @notice Mints `shares` for what they cost now, and sends what is too much back to the caller. Where
    /// a share is worth less than a wei, the last wei may buy a few shares more.
    /// @dev Emits `Deposit`. Refused by `ValueTooSmall`, `TransferFailed`, and as a deposit is.
    function mint(uint256 shares, address receiver) external payable returns (uint256 assets);
    /// @notice Wei that `controller` can take now, of its first 32 filled requests.
    function maxWithdraw(address controller) external view returns (uint256);
    /// @notice Refused by `NoPreview`.
    function previewWithdraw(uint256 assets) external view returns (uint256);
    /// @notice The controller or its operator: pays `assets` wei of what was filled to `receiver`, oldest
    /// request first.
    /// @dev Returns the shares they stand for, rounded down. Emits `Withdraw`. Refused by
    /// `NotAnOperator`, `AboveClaimable`, `ZeroAddress`, and by `TransferFailed`, also for pool and
    /// wlsETH, which would take them for a deposit of this contract.
    function withdraw(uint256 assets, address receiver, address controller)
        external
        returns (uint256 shares);
    /// @notice Shares whose ETH `controller` can take now, of its first 32 filled requests.
    function maxRedeem(address controller) external view returns (uint256);
    /// @notice Refused by `NoPreview`.
    function previewRedeem(uint256 shares) external view returns (uint256);
    /// @notice The controller or its operator: pays what `shares` were filled with to `receiver`, oldest
    /// request first. A part of a request is paid rounded down, and its last part what that left.
    /// @dev Emits `Withdraw`. Refused as `withdraw`.
    function redeem(uint256 shares, address receiver, address controller)
        external
        returns (uint256 assets);

    // ---------------------------------------------------------------- ERC-7540

    /// @notice Owner or its operator: queues `shares` of `owner` for `controller`. The owner has allowed
    /// this contract as many wlsETH.
    /// @return requestId its number in the withdrawal queue.
    /// @dev Emits `RedeemRequest`. Refused by `NotAnOperator`, `InvalidController`, and as the queue and wlsETH
    /// refuse.
    function requestRedeem(uint256 shares, address controller, address owner)
        external
        returns (uint256 requestId);
    /// @notice Shares of the request that are not filled in whole; 0 if it is not the controller's.
    function pendingRedeemRequest(uint256 requestId, address controller)
        external
        view
        returns (uint256 shares);
    /// @notice Shares of the request that are filled and not taken; 0 if it is not the controller's.
    function claimableRedeemRequest(uint256 requestId, address controller)
        external
        view
        returns (uint256 shares);
    function isOperator(address controller, address operator) external view returns (bool);
    /// @notice The operator may request with the caller's wlsETH, and take what its requests were filled
    /// with, to wherever.
    /// @dev Emits `OperatorSet`.
    function setOperator(address operator, bool approved) external returns (bool);

    // ---------------------------------------------------------------- views

    /// @notice ERC-165: itself, ERC-7575, ERC-7540's operators and asynchronous redemption.
    function supportsInterface(bytes4 interfaceId) external view returns (bool);
    /// @notice Requests of `controller` from number `first` (from 0) on, `count` at most, oldest first;
    /// also those that are over.
    function redeemRequests(address controller, uint256 first, uint256 count)
        external
        view
        returns (uint256[] memory requestIds);
    /// @notice The balance: `owed` came from the queue for controllers and is not taken yet; `surplus` was
    /// forced in, and stays. Requests that are filled and not claimed yet lie in the queue.
    /// @dev Refused by `Insolvent`.
    function reserves() external view returns (uint256 owed, uint256 surplus);
}
