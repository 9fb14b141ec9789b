// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// @title The staking pool and its token, lsETH
/// @notice Holds the ETH of all stakers and the ledger of their shares. A balance is
/// `shares × rate`; the rate rises as rewards are released and falls in the transaction that
/// reports a loss. Selectors that Lido's stETH also has keep its names and meaning.
/// @dev Amounts are wei unless they are called shares. Roles and pauses: IAdministration, at the same
/// address. Pause groups: 0 deposits, 1 transfers, 2 rebalance, 3 withdrawals.
interface IStakingPool {
    // ---------------------------------------------------------------- events: token

    /// @notice `value` wei of lsETH moved; minting is a transfer from zero, burning one to zero.
    event Transfer(address indexed from, address indexed to, uint256 value);
    /// @notice The truth behind `Transfer`: `sharesValue` shares moved.
    event TransferShares(address indexed from, address indexed to, uint256 sharesValue);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    // ---------------------------------------------------------------- events: money

    /// @notice `sender` paid `amount` wei in, whoever received the shares. Same as Lido's.
    event Submitted(address indexed sender, uint256 amount, address referral);
    /// @notice The same deposit with shares and the totals after it.
    event Deposited(
        address indexed receiver, uint256 assets, uint256 shares, uint256 totalAssets, uint256 totalShares
    );
    /// @notice `fee` wei entered the pool against `feeShares` for `treasury`; the rest of `assets`
    /// will be released until `releaseEnd`, together with what was unreleased before.
    event RewardsDistributed(
        address indexed payer,
        uint256 assets,
        uint256 fee,
        uint256 feeShares,
        address treasury,
        uint256 unreleased,
        uint64 releaseEnd
    );
    /// @notice The rate changed for all holders; same fields as Lido's.
    /// Emitted when rewards or a loss changed it at once; what a release adds needs no event.
    event TokenRebased(
        uint256 indexed reportTimestamp,
        uint256 timeElapsed,
        uint256 preTotalShares,
        uint256 preTotalEther,
        uint256 postTotalShares,
        uint256 postTotalEther,
        uint256 sharesMintedAsFees
    );
    /// @notice The rate of the moment became entry `round` of the history, 27 decimals.
    event RateRecorded(uint64 indexed round, uint256 rateE27);
    /// @notice Of a loss, `fromUnreleased` wei were taken from rewards not yet released and
    /// `socialised` wei from the rate.
    event LossRecognised(
        uint256 loss, uint256 fromUnreleased, uint256 socialised, uint256 totalAssets, uint256 totalShares
    );
    /// @notice Deposits have no limit any more.
    event StakingLimitRemoved();
    /// @notice Deposits were paused, or opened again, under Lido's names.
    event StakingPaused();
    event StakingResumed();
    /// @notice A slash may be pending until `until`; 0 if none is.
    event PendingSlashReported(uint64 until);
    /// @notice Shares of filled withdrawal requests were burned; amounts at the rate before and after.
    event SharesBurnt(
        address indexed account,
        uint256 preRebaseTokenAmount,
        uint256 postRebaseTokenAmount,
        uint256 sharesAmount
    );
    /// @notice `assets` wei left for the queue against `shares`.
    event WithdrawalFilled(uint256 assets, uint256 shares, uint256 totalAssets, uint256 totalShares);
    /// @notice `assets` wei went to the registry to be delegated.
    event Delegated(uint256 assets, uint256 totalDelegated, uint256 buffered);
    /// @notice The registry was asked to undelegate; `assets` wei began to unbond.
    event UndelegationRequested(uint256 assets);
    /// @notice `assets` wei came back from the registry.
    event DelegationReturned(uint256 assets, uint256 totalDelegated, uint256 buffered);

    // ---------------------------------------------------------------- events: administration

    event Connected(address registry, address queue);
    event StakingLimitSet(uint256 maxStakeLimit, uint32 refillSeconds);
    event TargetBufferSet(uint256 assets);
    /// @notice Distributions from `effectiveAt` on will pay `feeBps`; replaces what was announced.
    event FeeAnnounced(uint16 feeBps, uint64 effectiveAt);
    event TreasurySet(address treasury);
    /// @notice `assets` wei that were nobody's went to the cover fund.
    event SurplusSwept(uint256 assets);

    // ---------------------------------------------------------------- errors: token (ERC-6093)

    error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
    error ERC20InvalidSender(address sender);
    error ERC20InvalidReceiver(address receiver);
    error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
    error ERC20InvalidSpender(address spender);
    /// @notice `account` holds `shares` shares, `needed` were to be moved.
    error InsufficientShares(address account, uint256 shares, uint256 needed);

    /// @notice The permit was good until `deadline`.
    error ERC2612ExpiredSignature(uint256 deadline);
    /// @notice The permit was signed by `signer` (zero: by no key), and a contract at `owner` does
    /// not agree to it either.
    error ERC2612InvalidSigner(address signer, address owner);

    // ---------------------------------------------------------------- errors: money

    /// @notice A deposit of `assets` wei is under the `minimum`.
    error BelowMinimumDeposit(uint256 assets, uint256 minimum);
    /// @notice A deposit of `assets` wei is over what the limit allows now.
    error StakingLimitExceeded(uint256 assets, uint256 available);
    /// @notice The deposit buys `shares`, fewer than the caller's `minimum`.
    error TooFewShares(uint256 shares, uint256 minimum);
    /// @notice `assets` wei buy no share at all.
    error ZeroShares(uint256 assets);
    error ZeroAmount();
    /// @notice The pool has `available` wei free, `needed` were asked for.
    error InsufficientBuffer(uint256 available, uint256 needed);
    /// @notice A step would leave the holders with less per share than before.
    error RateLowered(
        uint256 preTotalEther, uint256 preTotalShares, uint256 postTotalEther, uint256 postTotalShares
    );
    /// @notice A loss of `loss` wei exceeds the `delegated` wei on the books.
    error LossAboveDelegated(uint256 loss, uint256 delegated);
    /// @notice The pool has had its first deposit: `shares` exist.
    error AlreadyBootstrapped(uint256 shares);
    /// @notice There is no entry `round` in the history, which ends with `latest`.
    error UnknownRound(uint64 round, uint64 latest);
    error FeeAboveMaximum(uint16 feeBps, uint16 maximumBps);
    /// @notice The contract holds `balance` wei and owes `owed`.
    error Insolvent(uint256 balance, uint256 owed);
    /// @notice `maxOps` is zero or over the `maximum`.
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

    // ---------------------------------------------------------------- errors: administration

    /// @notice Only `expected` may call this.
    error CallerNotAllowed(address caller, address expected);
    /// @notice Parameter number `index` of the call holds `value`, outside `[minimum, maximum]`.
    error ParameterOutOfBounds(uint8 index, uint256 value, uint256 minimum, uint256 maximum);
    error ZeroAddress();
    error AlreadyConnected();
    /// @notice `target` has no code or does not name this pool as its pool.
    error NotConnectable(address target);
    /// @notice A call to the protocol's own contract `target` failed without giving a reason.
    error CallFailed(address target);
    /// @notice `assets` wei could not be sent to `receiver`.
    error TransferFailed(address receiver, uint256 assets);

    // ---------------------------------------------------------------- ERC-20

    function name() external view returns (string memory);
    function symbol() external view returns (string memory);
    function decimals() external view returns (uint8);
    /// @notice All pooled ETH, released rewards included: the same as `getTotalPooledEther`.
    function totalSupply() external view returns (uint256);
    /// @notice `⌊sharesOf × rate⌋`; grows by itself while rewards are released.
    function balanceOf(address account) external view returns (uint256);
    /// @notice Moves at least `amount`: shares are rounded up, so that the recipient is never short
    /// and the full balance can always be moved.
    /// @dev Emits `Transfer` with the requested amount and `TransferShares`. Refused by
    /// `ERC20InvalidReceiver` for zero and for the token itself, `ERC20InsufficientBalance`,
    /// `GroupPaused`.
    function transfer(address to, uint256 amount) external returns (bool);
    function allowance(address owner, address spender) external view returns (uint256);
    /// @notice Sets the allowance; 2²⁵⁶−1 is never spent. Not paused.
    /// @dev Emits `Approval`. Refused by `ERC20InvalidSpender` for zero.
    function approve(address spender, uint256 amount) external returns (bool);
    /// @notice As `transfer`, spending `amount` of the caller's allowance.
    /// @dev Refused by `ERC20InsufficientAllowance` too. Emits no `Approval`.
    function transferFrom(address from, address to, uint256 amount) external returns (bool);

    /// @notice Raises the allowance; one that would exceed 2²⁵⁶−1 becomes 2²⁵⁶−1.
    function increaseAllowance(address spender, uint256 addedValue) external returns (bool);
    /// @notice Lowers the allowance. Refused by `ERC20InsufficientAllowance`.
    function decreaseAllowance(address spender, uint256 subtractedValue) external returns (bool);

    // ---------------------------------------------------------------- permit

    /// @notice ERC-2612: sets the allowance that `owner` signed. Anyone may submit it, until and at
    /// `deadline`, once. An owner with code is asked by ERC-1271 unless its key has signed.
    /// @dev `v` is 27 or 28, `s` at most half the order of the curve. A wallet gets at most 400,000
    /// gas, and one word of its answer is read. Emits `Approval`. Refused by
    /// `ERC2612ExpiredSignature`, `ERC2612InvalidSigner`, `ERC20InvalidSpender`. Not paused.
    function permit(
        address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s
    ) external;
    /// @notice As above for signatures of any length, which wallets may want.
    function permit(
        address owner, address spender, uint256 value, uint256 deadline, bytes calldata signature
    ) external;
    function nonces(address owner) external view returns (uint256);
    function DOMAIN_SEPARATOR() external view returns (bytes32);
    /// @notice ERC-5267: name "Liquid staked ETH", version "1", this chain, this contract.
    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        );

    // ---------------------------------------------------------------- shares

    function getTotalShares() external view returns (uint256);
    function sharesOf(address account) external view returns (uint256);
    function getTotalPooledEther() external view returns (uint256);
    /// @notice Shares that `assets` buy, rounded down.
    function getSharesByPooledEth(uint256 assets) external view returns (uint256);
    /// @notice Wei that `shares` are worth, rounded down.
    function getPooledEthByShares(uint256 shares) external view returns (uint256);
    /// @notice Wei that `shares` are worth, rounded up.
    function getPooledEthBySharesRoundUp(uint256 shares) external view returns (uint256);
    /// @notice Moves exactly `shares`; returns their worth in wei, rounded down.
    /// @dev Emits `Transfer` with that worth and `TransferShares`. Refused by `InsufficientShares`,
    /// `ERC20InvalidReceiver`, `GroupPaused`.
    function transferShares(address to, uint256 shares) external returns (uint256);
    /// @notice Moves exactly `shares` and spends their worth, rounded up, of the allowance. One that is
    /// short by less than the last share's worth suffices and is spent in whole: an allowance of an
    /// amount is enough for the shares of that amount.
    /// @dev Emits and refuses as `transferShares`, and by `ERC20InsufficientAllowance`.
    function transferSharesFrom(address from, address to, uint256 shares) external returns (uint256);

    // ---------------------------------------------------------------- deposits

    /// @notice Deposits the value sent for the caller; returns the shares, rounded down.
    /// @dev Emits `Submitted`, `Deposited`, `Transfer`, `TransferShares`. Refused by
    /// `BelowMinimumDeposit` under 0.001 ETH, `StakingLimitExceeded`, `ZeroShares`, `GroupPaused`.
    /// A plain send of ETH does the same with no referral.
    function submit(address referral) external payable returns (uint256);
    /// @notice As `submit` for `receiver`, refused by `TooFewShares` under `minShares`, and by
    /// `ERC20InvalidReceiver` for zero and for the token itself.
    function deposit(address receiver, address referral, uint256 minShares)
        external
        payable
        returns (uint256);
    function isStakingPaused() external view returns (bool);
    /// @notice What may be deposited now; 0 while paused, 2²⁵⁶−1 without a limit.
    function getCurrentStakeLimit() external view returns (uint256);
    /// @notice Lido's seven fields. Limits refill with time, so the two that count blocks there are
    /// seconds here: the time from empty to full, and the time of the last deposit under the limit.
    function getStakeLimitFullInfo()
        external
        view
        returns (
            bool isStakingPaused_,
            bool isStakingLimitSet,
            uint256 currentStakeLimit,
            uint256 maxStakeLimit,
            uint256 maxStakeLimitGrowthSeconds,
            uint256 prevStakeLimit,
            uint256 prevStakeTimestamp
        );

    // ---------------------------------------------------------------- rewards and losses

    /// @notice DISTRIBUTOR_ROLE: takes rewards. The fee enters at once against shares for the treasury at the current
    /// rate, which leaves the rate as it is; the rest is released over `releaseSeconds`.
    /// @dev Emits `RewardsDistributed`, `TokenRebased` and the fee shares'
    /// `Transfer` and `TransferShares`. Refused by `ZeroAmount`.
    function distribute() external payable;
    /// @notice Only the registry: `assets` wei of delegated stake were slashed. Unreleased rewards
    /// pay first, the rate the rest.
    /// @dev Emits `LossRecognised`, and `TokenRebased` if the rate fell. Refused by
    /// `LossAboveDelegated`, `CallerNotAllowed`.
    function reportLoss(uint256 assets) external returns (uint256 fromUnreleased, uint256 socialised);
    /// @notice Only the registry: until `until` a slash may be pending that has to be judged; 0 if none
    /// is any more. Meanwhile nobody leaves at once, and no request is filled.
    /// @dev Emits `PendingSlashReported`. Refused by `CallerNotAllowed`.
    function reportPendingSlash(uint64 until) external;
    /// @notice The fee that a distribution would pay now, in 1/10,000.
    function getFee() external view returns (uint16);
    /// @notice DEFAULT_ADMIN_ROLE: sets the fee, at most 2,000, one release period from now. Replaces
    /// a fee that has not taken effect; announcing the one in force calls a change off.
    /// @dev Emits `FeeAnnounced`. Refused by `FeeAboveMaximum`.
    function announceFee(uint16 feeBps) external;
    /// @notice The fee announced last and when it takes or took effect; 0 if none was.
    function announcedFee() external view returns (uint16 feeBps, uint64 effectiveAt);
    /// @notice How the fee is divided, in 1/10,000 of it: all of it is the treasury's. Validators are paid
    /// their commission before rewards come here, and nothing is set aside for insurance.
    function getFeeDistribution()
        external
        view
        returns (
            uint16 treasuryFeeBasisPoints,
            uint16 insuranceFeeBasisPoints,
            uint16 operatorsFeeBasisPoints
        );
    function getTreasury() external view returns (address);
    /// @notice DEFAULT_ADMIN_ROLE: fee shares go to `treasury` from now on.
    /// @dev Emits `TreasurySet`. Refused by `ZeroAddress`.
    function setTreasury(address treasury) external;

    // ---------------------------------------------------------------- history of the rate

    /// @notice The rate with 27 decimals, rounded down, as it was at `timestamp`. Round 1 is that of
    /// `initialize`; every distribution and every loss that lowers the rate adds one in its own
    /// transaction. In between the rate only rises, as what is unreleased is released: rewards, and what
    /// those who left have left behind.
    /// @dev Refused by `UnknownRound`.
    function rateAt(uint64 round) external view returns (uint256 rateE27, uint64 timestamp);
    function latestRound() external view returns (uint64);
    /// @notice Anyone: adds the rate of now, so that who reads the history need not wait for rewards.
    /// @dev Emits `RateRecorded`. A second call in the same second returns the round that is there.
    function recordRate() external returns (uint64 round);

    // ---------------------------------------------------------------- delegation

    /// @notice Anyone: takes matured stake back from the registry, then keeps the target buffer and
    /// the queue's demand in the pool by undelegating, or delegates what is above them.
    /// @param maxOps how many unbonding entries and how many validators may be touched.
    /// @return delegated wei sent out, undelegated wei that began to unbond, returned wei taken back.
    /// @dev Emits `DelegationReturned`, then `Delegated` or `UndelegationRequested`. Refused by
    /// `GroupPaused`, `InvalidOperationCount`.
    function rebalance(uint256 maxOps)
        external
        returns (uint256 delegated, uint256 undelegated, uint256 returned);
    /// @notice Only the registry: the value sent is delegated stake that finished unbonding.
    /// @dev Emits `DelegationReturned`. Refused by `CallerNotAllowed`.
    function receiveReturned() external payable;
    /// @notice ETH of the stakers that lies in the pool, released rewards included.
    function getBufferedEther() external view returns (uint256);

    // ---------------------------------------------------------------- withdrawals

    /// @notice All the queue needs to pay, in one call: `free` wei it may take, the two sides of the
    /// rate, and until when a slash may be pending that has to be judged.
    function withdrawalQuote()
        external
        view
        returns (
            uint256 free,
            uint256 totalAssets,
            uint256 totalShares,
            uint64 slashPendingUntil
        );
    /// @notice Moves the shares that are worth at most `amount` from `from` to `to`, by the caller's
    /// allowance: what wlsETH takes for an amount. Returns their number.
    /// @dev Emits and refuses as `transferSharesFrom`.
    function transferAtMostFrom(address from, address to, uint256 amount)
        external
        returns (uint256 shares);
    /// @notice Moves the shares that are worth at least the sum of `amounts`, rounded up once, from
    /// `from` to `to`, by the caller's allowance: what the queue takes for requests.
    /// @return totalAssets, totalShares the two sides of the rate at which the amounts were converted.
    /// @dev Emits and refuses as `transferSharesFrom`.
    function transferAmountsFrom(address from, address to, uint256[] calldata amounts)
        external
        returns (uint256 totalAssets, uint256 totalShares);
    /// @notice Only the queue: burns `shares` of the queue and sends it `assets` wei.
    /// @dev The pool checks for itself that `assets` is not above the worth of `shares` nor above
    /// what is free. Emits `SharesBurnt`, `WithdrawalFilled`, `Transfer`, `TransferShares`. Refused by
    /// `CallerNotAllowed`, `GroupPaused`, `InsufficientShares`, `InsufficientBuffer`, `RateLowered`,
    /// `TransferFailed`.
    function fillWithdrawals(uint256 shares, uint256 assets) external;

    // ---------------------------------------------------------------- books

    /// @notice Attributes every wei of the contract's balance:
    /// `balance = buffered + unreleased + surplus`, and
    /// `getTotalPooledEther = buffered + delegated`, unless `delegated` is more: then the difference is
    /// unreleased too, and lies with validators.
    /// @return buffered stakers' ETH here, unreleased ETH here that is not yet in the rate: rewards, and
    /// what those who left have left behind, delegated ETH at the registry (active and unbonding),
    /// surplus ETH that was forced in and is nobody's.
    function reserves()
        external
        view
        returns (uint256 buffered, uint256 unreleased, uint256 delegated, uint256 surplus);
    /// @notice Anyone: sends the surplus to the registry's cover fund, where alone it may go.
    /// @dev Emits `SurplusSwept`. Refused by `ZeroAmount` if there is none, and by `NotAContract`
    /// before `connect`.
    function sweepSurplus() external returns (uint256 assets);
    /// @notice The running release: what was left to release at `start`, and its ends.
    function release() external view returns (uint256 amount, uint64 start, uint64 end);

    // ---------------------------------------------------------------- administration

    /// @notice Once, when the proxy is created: names `admin`, the program that answers IAdministration,
    /// the pool's second program, and the terms. The value sent is minted as shares to 0x…dEaD, and
    /// deposits are paused without an end, until `connect` or PAUSER_ROLE ends it.
    /// @dev Emits `RoleGranted`, `RateRecorded`, `Transfer` and `TransferShares`. Refused by
    /// `NotBehindProxy`, `AlreadyInitialized`, `NotAContract`, `ZeroAddress`, `FeeAboveMaximum`,
    /// `ParameterOutOfBounds`, and under 10¹² wei by `BelowMinimumDeposit`.
    function initialize(
        address admin,
        address administration,
        address operations,
        address treasury,
        uint16 feeBps,
        uint64 releaseSeconds
    ) external payable;
    /// @notice DEFAULT_ADMIN_ROLE, once: names the other two contracts and opens deposits.
    /// @dev Both must have code and return this pool from `pool()`. Emits `Connected`, `Unpaused` and
    /// `StakingResumed`.
    /// Refused by `AlreadyConnected`, `NotConnectable`.
    function connect(address registry, address queue) external;
    function registry() external view returns (address);
    function queue() external view returns (address);
    /// @notice LIMITER_ROLE: deposits empty a bucket of `maxStakeLimit` wei that time refills within
    /// `refillSeconds`, and which starts full. With a maximum of 0 deposits have no limit.
    /// @dev Emits `StakingLimitSet`, for a maximum of 0 too. Refused by `ParameterOutOfBounds`
    /// above 2⁹⁶ − 1 wei (0), and under a minute or over 30 days (1), whatever the maximum.
    function setStakingLimit(uint256 maxStakeLimit, uint32 refillSeconds) external;
    /// @notice LIMITER_ROLE: deposits have no limit.
    /// @dev Emits `StakingLimitRemoved`.
    function removeStakingLimit() external;
    /// @notice PAUSER_ROLE: pauses deposits, under Lido's name. Here every pause ends by itself: this one
    /// after 30 days, the longest there is; `pause(0, duration)` sets another time.
    /// @dev Emits `Paused` and `StakingPaused`.
    function pauseStaking() external;
    /// @notice PAUSER_ROLE: ends a pause of deposits, as `unpause(0)` does.
    /// @dev Emits `Unpaused` if it was running, and `StakingResumed`.
    function resumeStaking() external;
    /// @notice DEFAULT_ADMIN_ROLE: the ETH that rebalance leaves in the pool beyond the queue's demand.
    /// @dev Emits `TargetBufferSet`. Refused by `ParameterOutOfBounds` above 2⁹⁶ − 1 wei.
    function setTargetBuffer(uint256 assets) external;
    function getTargetBuffer() external view returns (uint256);
}
