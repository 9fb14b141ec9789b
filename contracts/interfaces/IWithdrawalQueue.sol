// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// @title The withdrawal queue
/// @notice First come, first served. A request locks shares; `finalize` burns them for ETH that is
/// kept here until claimed. Rewards do not accrue in the queue, losses do until a request is filled,
/// and a filled request never changes again.
/// @dev Amounts are wei unless they are called shares. Ids begin at 1. Selectors of Lido's queue keep
/// their meaning; hints are accepted and ignored. Roles and pauses: IAdministration, at the same
/// address. Pause groups: 0 requests, 1 finalization; claims cannot be paused.
interface IWithdrawalQueue {
    /// @notice Lido's struct. `amountOfStETH`: wei still waited for plus wei filled and not claimed;
    /// `amountOfShares`: shares still locked.
    struct WithdrawalRequestStatus {
        uint256 amountOfStETH;
        uint256 amountOfShares;
        address owner;
        uint256 timestamp;
        bool isFinalized;
        bool isClaimed;
    }

    // ---------------------------------------------------------------- events

    event WithdrawalRequested(
        uint256 indexed requestId,
        address indexed requestor,
        address indexed owner,
        uint256 amountOfStETH,
        uint256 amountOfShares
    );
    /// @notice `assets` wei and `shares` shares filled request `requestId`, which now waits for
    /// `assetsLeft` wei; 0 means that it is finalized.
    event RequestFilled(
        uint256 indexed requestId, uint256 assets, uint256 shares, uint256 assetsLeft
    );
    /// @notice Requests `from` to `to` (inclusive) became claimable in one call. Same as Lido's.
    event WithdrawalsFinalized(
        uint256 indexed from,
        uint256 indexed to,
        uint256 amountOfETHLocked,
        uint256 sharesToBurn,
        uint256 timestamp
    );
    event WithdrawalClaimed(
        uint256 indexed requestId, address indexed owner, address indexed receiver, uint256 amountOfETH
    );

    // ---------------------------------------------------------------- errors

    /// @notice A request worth `assets` wei is under the `minimum`.
    error RequestBelowMinimum(uint256 assets, uint256 minimum);
    /// @notice The shares are worth `assets` wei, less than the caller's `minimum`.
    error WorthBelowMinimum(uint256 assets, uint256 minimum);
    error RequestNotFound(uint256 requestId);
    /// @notice `sharesLeft` shares of request `requestId` still wait to be filled.
    error RequestNotFinalized(uint256 requestId, uint256 sharesLeft);
    /// @notice All of request `requestId` is filled.
    error RequestAlreadyFinalized(uint256 requestId);
    /// @notice `assets` wei are over the `available` of a limit.
    error AboveLimit(uint256 assets, uint256 available);
    /// @notice The contract holds `balance` wei and owes `owed`.
    error Insolvent(uint256 balance, uint256 owed);
    error RequestAlreadyClaimed(uint256 requestId);
    error NotRequestOwner(uint256 requestId, address caller, address owner);
    error TooManyRequests(uint256 count, uint256 maximum);
    error InvalidOperationCount(uint256 maxOps, uint256 maximum);
    /// @notice `a · b / 0` was asked for: a pool without ETH or without shares.
    error DivisionByZero(uint256 a, uint256 b);
    /// @notice `a · b / denominator` exceeds 128 bits.
    error QuotientOverflow(uint256 a, uint256 b, uint256 denominator);
    /// @notice `a + b` exceeds 128 bits.
    error SumOverflow(uint256 a, uint256 b);
    /// @notice `a - b` is negative.
    error DifferenceUnderflow(uint256 a, uint256 b);
    /// @notice An amount exceeds 128 bits.
    error AmountTooWide(uint256 value);
    error CallerNotAllowed(address caller, address expected);
    error ZeroAddress();
    error NotAContract(address target);
    error ReentrantCall();
    /// @notice A call to the protocol's own contract `target` failed without giving a reason.
    error CallFailed(address target);
    /// @notice `assets` wei could not be sent to `receiver`.
    error TransferFailed(address receiver, uint256 assets);

    // ---------------------------------------------------------------- requests

    /// @notice Queues each of `amounts` wei of the caller's lsETH for `owner` (the caller if zero).
    /// Shares are rounded up. The queue needs the caller's allowance.
    /// @dev At most 100. Emits `WithdrawalRequested` each. Refused by `RequestBelowMinimum`,
    /// `TooManyRequests`, `GroupPaused`, and the token's own errors.
    function requestWithdrawals(uint256[] calldata amounts, address owner)
        external
        returns (uint256[] memory requestIds);
    /// @notice Queues exactly `shares` for `owner` (the caller if zero), worth at least `minEth` now.
    function requestWithdrawal(uint256 shares, address owner, uint256 minEth)
        external
        returns (uint256 requestId);

    // ---------------------------------------------------------------- finalization

    /// @notice Anyone: fills at most `maxRequests` (1 to 100) requests from the head with the pool's
    /// free ETH; each is paid `min(nominal, shares × rate now)`. A head that is larger than what is
    /// free is filled in part.
    /// @return filled requests that became claimable, ethLocked wei that moved here.
    /// @dev Emits `RequestFilled` each and `WithdrawalsFinalized` once if any became claimable.
    function finalize(uint256 maxRequests) external returns (uint256 filled, uint256 ethLocked);

    // ---------------------------------------------------------------- claims: cannot be paused

    /// @notice Anyone: pays a finalized request to its owner.
    /// @dev Emits `WithdrawalClaimed`. Refused by `RequestNotFound`, `RequestNotFinalized`,
    /// `RequestAlreadyClaimed`, `TransferFailed`.
    function claimWithdrawal(uint256 requestId) external;
    /// @notice As `claimWithdrawal` for each id; hints are ignored.
    function claimWithdrawals(uint256[] calldata requestIds, uint256[] calldata hints) external;
    /// @notice The owner: pays its finalized request to `receiver`.
    function claimTo(uint256 requestId, address receiver) external;

    // ---------------------------------------------------------------- views

    function pool() external view returns (address);
    function getWithdrawalStatus(uint256[] calldata requestIds)
        external
        view
        returns (WithdrawalRequestStatus[] memory statuses);
    /// @notice Claimable wei of each request; 0 if it is not finalized or already claimed.
    function getClaimableEther(uint256[] calldata requestIds, uint256[] calldata hints)
        external
        view
        returns (uint256[] memory);
    /// @notice What is still open and what is locked for one request.
    function requestOf(uint256 requestId)
        external
        view
        returns (
            address owner,
            uint64 timestamp,
            uint256 assetsLeft,
            uint256 sharesLeft,
            uint256 locked,
            bool claimed
        );
    function getLastRequestId() external view returns (uint256);
    function getLastFinalizedRequestId() external view returns (uint256);
    /// @notice The sum of unclaimed payouts, parts of an unfinished head included.
    function getLockedEtherAmount() external view returns (uint256);
    function unfinalizedRequestNumber() external view returns (uint256);
    /// @notice Nominal wei that unfilled requests wait for: what the pool should make free.
    function unfinalizedStETH() external view returns (uint256);
    /// @notice Sums over all unfilled requests: nominal wei, and shares that are not burned yet.
    function unfilled() external view returns (uint256 nominal, uint256 shares);
    /// @notice Attributes every wei of the contract's balance: `balance = locked + surplus`.
    function reserves() external view returns (uint256 locked, uint256 surplus);

    // ---------------------------------------------------------------- administration

    /// @notice Once, when the proxy is created: names `admin`, the program that answers IAdministration,
    /// and the pool.
    /// @dev Emits `RoleGranted`. Refused by `NotBehindProxy`, `AlreadyInitialized`, `NotAContract`,
    /// `ZeroAddress`.
    function initialize(address admin, address administration, address pool) external;
}
