// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// @title The withdrawal queue
/// @notice First come, first served. A request locks shares; `finalize` burns them for ETH that is
/// kept here until claimed. Rewards do not accrue in the queue, losses do until a request is filled,
/// and a filled request never changes again. Each request is an ERC-721 token, and whoever owns the
/// token is paid; it ends when it is claimed or cancelled, and nothing can be taken out of it before.
/// @dev Amounts are wei unless they are called shares. Ids begin at 1. Selectors of Lido's queue keep
/// their meaning; hints are accepted and ignored. Roles and pauses: IAdministration, at the same
/// address. Pause groups: 0 requests, 1 finalization, 2 instant lane; claims cannot be paused.
interface IWithdrawalQueue {
    /// @notice Lido's struct: what the request began with, and what became of it. One that was
    /// cancelled counts as finalized and claimed.
    struct WithdrawalRequestStatus {
        uint256 amountOfStETH;
        uint256 amountOfShares;
        address owner;
        uint256 timestamp;
        bool isFinalized;
        bool isClaimed;
    }

    /// @notice An ERC-2612 permit of the pool's token for this contract, by the caller. Lido's struct.
    struct PermitInput {
        uint256 value;
        uint256 deadline;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    // ---------------------------------------------------------------- events

    /// @notice ERC-721. A request is minted by a transfer from zero, and burned by one to zero.
    event Transfer(address indexed from, address indexed to, uint256 indexed tokenId);
    event Approval(address indexed owner, address indexed approved, uint256 indexed tokenId);
    event ApprovalForAll(address indexed owner, address indexed operator, bool approved);
    /// @notice ERC-4906.
    event MetadataUpdate(uint256 _tokenId);
    /// @notice ERC-4906.
    event BatchMetadataUpdate(uint256 _fromTokenId, uint256 _toTokenId);
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
    /// @notice Requests `from` to `to` (inclusive) became claimable in one call. Lido's event; the sums are
    /// of all that the call filled, a part of the request behind `to` among it.
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
    /// @notice The unfilled part went back to `owner` as `sharesReturned`, the filled part as
    /// `amountOfETH`; `sharesBurned` is what the locked shares had gained, left to the holders.
    event RequestCancelled(
        uint256 indexed requestId,
        address indexed owner,
        uint256 sharesReturned,
        uint256 sharesBurned,
        uint256 amountOfETH
    );
    /// @notice `owner` left past the queue: of what `amountOfShares` were worth, `fee` wei stayed with
    /// the holders.
    event WithdrawnInstantly(
        address indexed owner,
        address indexed receiver,
        uint256 amountOfETH,
        uint256 fee,
        uint256 amountOfShares
    );
    event InstantLimitSet(uint256 maxAssets, uint32 refillSeconds);
    event InstantLaneSuspended(address account, uint64 until);
    event InstantLaneResumed(address account);
    /// @notice `assets` wei that were nobody's went to the registry's cover fund.
    event SurplusSwept(uint256 assets);

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
    /// @notice Request `requestId` was made in this transaction.
    error RequestJustMade(uint256 requestId);
    /// @notice `assets` wei are over the `available` of a limit.
    error AboveLimit(uint256 assets, uint256 available);
    /// @notice The contract holds `balance` wei and owes `owed`.
    error Insolvent(uint256 balance, uint256 owed);
    error RequestAlreadyClaimed(uint256 requestId);
    /// @notice `caller` is neither the owner nor approved by it.
    error NotRequestOwner(uint256 requestId, address caller, address owner);
    error TooManyRequests(uint256 count, uint256 maximum);
    /// @notice The instant lane has no limit set, is suspended, or a fault is undecided.
    error InstantLaneClosed();
    /// @notice A slash may be pending until `until`: nothing is filled before it is decided.
    error SlashPending(uint64 until);
    /// @notice Parameter number `index` of the call holds `value`, outside `[minimum, maximum]`.
    error ParameterOutOfBounds(uint8 index, uint256 value, uint256 minimum, uint256 maximum);
    error ERC721NonexistentToken(uint256 tokenId);
    error ERC721IncorrectOwner(address sender, uint256 tokenId, address owner);
    error ERC721InvalidOwner(address owner);
    error ERC721InvalidReceiver(address receiver);
    error ERC721InsufficientApproval(address operator, uint256 tokenId);
    error ERC721InvalidApprover(address approver);
    error ERC721InvalidOperator(address operator);
    error ERC721OutOfBoundsIndex(address owner, uint256 index);
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
    /// @notice Nothing is there to be swept.
    error ZeroAmount();
    error NotAContract(address target);
    error ReentrantCall();
    /// @notice A call to the protocol's own contract `target` failed without giving a reason.
    error CallFailed(address target);
    /// @notice `assets` wei could not be sent to `receiver`.
    error TransferFailed(address receiver, uint256 assets);

    // ---------------------------------------------------------------- requests

    /// @notice Queues each of `amounts` wei of the caller's lsETH for `owner` (the caller if zero). The
    /// shares of their sum are rounded up, so that a balance and an allowance of the sum suffice. The
    /// queue needs the caller's allowance.
    /// @dev At most 100. Emits `WithdrawalRequested` and `Transfer` each. Refused by
    /// `RequestBelowMinimum`, `AboveLimit`, `TooManyRequests`, `ERC721InvalidReceiver`, `GroupPaused`,
    /// `ReentrantCall`, and the token's own errors.
    function requestWithdrawals(uint256[] calldata amounts, address owner)
        external
        returns (uint256[] memory requestIds);
    /// @notice As `requestWithdrawals` with the caller's permit. A permit that fails, because
    /// somebody submitted it before, does not matter if the allowance is there.
    function requestWithdrawalsWithPermit(
        uint256[] calldata amounts,
        address owner,
        PermitInput calldata permit
    ) external returns (uint256[] memory requestIds);
    /// @notice Queues exactly `shares` for `owner` (the caller if zero), worth at least `minEth` now. What
    /// they are worth, rounded down, is the most that will be paid.
    /// @dev As `requestWithdrawals`, and refused by `WorthBelowMinimum`.
    function requestWithdrawal(uint256 shares, address owner, uint256 minEth)
        external
        returns (uint256 requestId);
    /// @notice The owner or who it approved: ends a request that is not filled in whole and was made in an
    /// earlier transaction. The unfilled
    /// part goes back to the owner as `min(locked shares, nominal at today's rate)`, what was filled
    /// as ETH.
    /// @dev Emits `RequestCancelled` and `Transfer`. Refused by `RequestNotFound`,
    /// `RequestAlreadyClaimed`, `RequestAlreadyFinalized`, `RequestJustMade`, `NotRequestOwner`,
    /// `TransferFailed`, `ReentrantCall`, and while the pool pauses transfers or withdrawals.
    function cancel(uint256 requestId)
        external
        returns (uint256 sharesReturned, uint256 amountOfETH);

    // ---------------------------------------------------------------- finalization

    /// @notice Anyone: fills at most `maxRequests` (1 to 100) requests from the head with the pool's
    /// free ETH; each is paid `min(nominal, shares × rate now)`. A head that is larger than what is
    /// free is filled in part. Requests made in this transaction wait for the next: ETH that is borrowed
    /// for a transaction does not pass through the pool. A cancelled request counts as one. While a fault
    /// is undecided nothing is filled, so that nobody leaves before the loss that it may bring.
    /// @return filled requests behind which nothing waits any more, ethLocked wei that moved here.
    /// @dev Emits `RequestFilled` each, `WithdrawalsFinalized` and `BatchMetadataUpdate` once if any
    /// became claimable, `MetadataUpdate` for a part. Refused by `SlashPending`,
    /// `InvalidOperationCount`, `GroupPaused`, `ReentrantCall`.
    function finalize(uint256 maxRequests) external returns (uint256 filled, uint256 ethLocked);

    // ---------------------------------------------------------------- claims: cannot be paused

    /// @notice Anyone: pays a finalized request to its owner.
    /// @dev Emits `WithdrawalClaimed` and `Transfer`. Refused by `RequestNotFound`,
    /// `RequestNotFinalized`, `RequestAlreadyClaimed`, `TransferFailed`, `ReentrantCall`.
    function claimWithdrawal(uint256 requestId) external;
    /// @notice As `claimWithdrawal` for each id, at most 100 (`TooManyRequests`); hints are ignored.
    function claimWithdrawals(uint256[] calldata requestIds, uint256[] calldata hints) external;
    /// @notice The owner or who it approved: pays a finalized request to `receiver`.
    /// @dev As `claimWithdrawal`, and refused by `NotRequestOwner`, and by `ZeroAddress`.
    function claimTo(uint256 requestId, address receiver) external;
    /// @notice As `claimTo` for each id, at most 100; hints are ignored.
    function claimWithdrawalsTo(
        uint256[] calldata requestIds,
        uint256[] calldata hints,
        address receiver
    ) external;

    // ---------------------------------------------------------------- instant lane

    /// @notice Leaves at once: takes `shares` of the caller and pays their worth less a fee to
    /// `receiver` (the caller if zero), `minEth` wei at least, from what the pool has free above all
    /// that the queue is owed.
    /// @dev The fee is 0.1 % while that is a tenth of the pool or more, and rises to 2 % for its last
    /// wei; it stays with the holders. Emits `WithdrawnInstantly`. Refused by `InstantLaneClosed`,
    /// `GroupPaused`, `RequestBelowMinimum`, `AboveLimit`, `WorthBelowMinimum`, `TransferFailed`,
    /// `ReentrantCall`, and the token's own errors.
    function withdrawInstantly(uint256 shares, address receiver, uint256 minEth)
        external
        returns (uint256 assets);
    /// @notice What `withdrawInstantly` would pay now, and the fee. Does not look at what is left of the
    /// limit.
    /// @dev Refused by `InstantLaneClosed`, `GroupPaused`, `RequestBelowMinimum`, `AboveLimit`.
    function previewInstant(uint256 shares) external view returns (uint256 assets, uint256 fee);
    /// @notice Wei that may still leave at once under the limit, the limit itself, the time in which
    /// it refills, and whether the lane is suspended: by the guardian, or by a fault that the registry
    /// has not decided.
    function instantLimit()
        external
        view
        returns (uint256 available, uint256 maxAssets, uint32 refillSeconds, bool suspended);
    /// @notice LIMITER_ROLE: at most `maxAssets` wei leave at once, refilled within `refillSeconds`
    /// (1 hour to 30 days). 0, as in the beginning, closes the lane. Starts full.
    /// @dev Emits `InstantLimitSet`. Refused by `ParameterOutOfBounds` above 2⁹⁶ − 1 wei (0), and
    /// under an hour or over 30 days (1), also where it closes the lane.
    function setInstantLimit(uint256 maxAssets, uint32 refillSeconds) external;
    /// @notice GUARDIAN_ROLE: closes the lane for a slash that the registry does not know of yet, so
    /// that nobody leaves before it; for 30 days from now, or until it is opened. For faults that are
    /// open there it is closed anyway. The line goes on: PAUSER_ROLE pauses finalization.
    /// @dev Emits `InstantLaneSuspended`.
    function suspendInstantLane() external;
    /// @notice GUARDIAN_ROLE: ends that. Faults open at the registry close the lane all the same.
    /// @dev Emits `InstantLaneResumed`.
    function resumeInstantLane() external;

    // ---------------------------------------------------------------- ERC-721

    function name() external view returns (string memory);
    function symbol() external view returns (string memory);
    function supportsInterface(bytes4 interfaceId) external view returns (bool);
    /// @notice JSON with a picture, both within the answer: amount, what was filled, status, time.
    /// @dev Under 2,000 bytes. Refused by `ERC721NonexistentToken`.
    function tokenURI(uint256 tokenId) external view returns (string memory);
    /// @notice Requests that `owner` has and that are not over.
    function balanceOf(address owner) external view returns (uint256);
    /// @dev Refused by `ERC721NonexistentToken`, also once the request is over.
    function ownerOf(uint256 tokenId) external view returns (address);
    function getApproved(uint256 tokenId) external view returns (address);
    function isApprovedForAll(address owner, address operator) external view returns (bool);
    function approve(address to, uint256 tokenId) external;
    function setApprovalForAll(address operator, bool approved) external;
    /// @notice Moves the request, filled or not; whoever has it is paid. Not to this contract nor to the
    /// pool, which could not use it.
    /// @dev Emits `Transfer`. Refused by `ERC721InvalidReceiver`, `ERC721NonexistentToken`,
    /// `ERC721IncorrectOwner`, `ERC721InsufficientApproval`.
    function transferFrom(address from, address to, uint256 tokenId) external;
    function safeTransferFrom(address from, address to, uint256 tokenId) external;
    function safeTransferFrom(address from, address to, uint256 tokenId, bytes calldata data)
        external;
    /// @notice All requests of `owner` that are not over, in no order.
    function getWithdrawalRequests(address owner)
        external
        view
        returns (uint256[] memory requestIds);
    /// @notice A page of `getWithdrawalRequests`: up to `count` ids from number `first` (from 0) on.
    function getWithdrawalRequestsPage(address owner, uint256 first, uint256 count)
        external
        view
        returns (uint256[] memory requestIds);
    /// @notice As in ERC721Enumerable. Refused by `ERC721OutOfBoundsIndex`.
    function tokenOfOwnerByIndex(address owner, uint256 index) external view returns (uint256);

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
    /// @notice For callers made for Lido: 1 for each finalized request, 0 for others.
    function findCheckpointHints(
        uint256[] calldata requestIds,
        uint256 firstIndex,
        uint256 lastIndex
    ) external view returns (uint256[] memory hintIds);
    /// @notice 1: there are no checkpoints.
    function getLastCheckpointIndex() external view returns (uint256);
    /// @notice lsETH, under Lido's name for its token.
    function STETH() external view returns (address);
    /// @notice The least that a request may be worth, wei.
    function MIN_STETH_WITHDRAWAL_AMOUNT() external view returns (uint256);
    /// @notice The most that a request may be worth, wei: more than there is.
    function MAX_STETH_WITHDRAWAL_AMOUNT() external view returns (uint256);
    /// @notice Whether nothing is filled because a slash may be pending.
    function isBunkerModeActive() external view returns (bool);
    /// @notice What is still open and what is locked for one request; `claimed` if it is over.
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
    /// @notice What an open request may expect if the rate stays as it is.
    /// @return etaTimestamp when it can be filled at the latest, if stake is called back, taken back and
    /// requests are finalized as soon as they can be, which anyone may do: now if what is free covers
    /// it, when enough of what is unbonding has come back, or an unbonding period from now; not before
    /// a fault that is undecided lapses.
    /// ethAhead wei owed to the requests before it; between more than 1,000 requests on either
    /// side, what all others are owed.
    /// payoutNow what it was paid and would be paid now, together.
    /// @dev Refused by `RequestNotFound`, `RequestAlreadyClaimed`.
    function estimate(uint256 requestId)
        external
        view
        returns (uint64 etaTimestamp, uint256 ethAhead, uint256 payoutNow);
    function getLastRequestId() external view returns (uint256);
    /// @notice The newest request behind which nothing older waits; it may have been cancelled.
    function getLastFinalizedRequestId() external view returns (uint256);
    /// @notice The sum of unclaimed payouts, parts of an unfinished head included.
    function getLockedEtherAmount() external view returns (uint256);
    /// @notice Ids between the last finalized and the last, cancelled ones included.
    function unfinalizedRequestNumber() external view returns (uint256);
    /// @notice Nominal wei that unfilled requests wait for: what the pool should make free.
    function unfinalizedStETH() external view returns (uint256);
    /// @notice Sums over all unfilled requests: nominal wei, and shares that are not burned yet.
    function unfilled() external view returns (uint256 nominal, uint256 shares);
    /// @notice Attributes every wei of the contract's balance: `balance = locked + surplus`.
    function reserves() external view returns (uint256 locked, uint256 surplus);
    /// @notice Anyone: sends the surplus to the registry's cover fund, where alone it may go.
    /// @dev Emits `SurplusSwept`. Refused by `ZeroAmount` if there is none, and by `NotAContract` before the
    /// pool is connected.
    function sweepSurplus() external returns (uint256 assets);

    // ---------------------------------------------------------------- administration

    /// @notice Once, when the proxy is created: names `admin`, the program that answers IAdministration,
    /// the queue's second program, and the pool.
    /// @dev Emits `RoleGranted`. Refused by `NotBehindProxy`, `AlreadyInitialized`, `NotAContract`,
    /// `ZeroAddress`.
    function initialize(address admin, address administration, address desk, address pool) external;
}
