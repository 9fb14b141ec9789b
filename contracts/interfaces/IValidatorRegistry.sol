// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// @title The validator registry
/// @notice Escrows bonds, delegated and unbonding stake and the cover fund; decides who may carry
/// how much stake, and takes penalties. A validator has a say, a bond and a share of the pay, never
/// custody.
/// @dev Amounts are wei, times are timestamps. Answered by two programs on one storage: what the pool
/// calls and slashing by `validator-registry`, the rest by `registry-desk`, its extension.
/// Status: 0 unknown, 1 pending, 2 active, 3 jailed, 4 exiting, 5 exited.
/// Lane: 0 open (half the leverage), 1 vetted.
/// Pause groups: 0 registration, 1 stake movements. Slashing, bonds and rewards cannot be paused.
/// Roles: SLASHER_ROLE, JAILER_ROLE, CURATOR_ROLE (lanes and targets), PAUSER_ROLE and the admin.
/// Beside what each call names: one that takes a role is refused by
/// `AccessControlUnauthorizedAccount`; one that changes a validator, by `UnknownValidator`, and
/// while the registry pays or calls hooks by `ReentrantCall`.
interface IValidatorRegistry {
    /// @notice A validator in a page of them.
    struct ValidatorInfo {
        uint32 id;
        uint8 status;
        uint8 lane;
        uint256 bond;
        uint256 delegated;
        uint256 unbonding;
    }

    /// @notice Stake on its way back: `assets` is what it is worth after the slashes so far.
    struct UnbondingEntry {
        uint256 entry;
        uint32 validator;
        uint64 maturity;
        uint256 assets;
    }

    /// @notice What a plan moves to or from a validator.
    struct Allocation {
        uint32 validator;
        uint256 assets;
    }

    // ---------------------------------------------------------------- events: validators

    /// @notice The name stands here and nowhere in storage.
    event ValidatorRegistered(
        uint32 indexed id,
        address indexed operator,
        address signer,
        address rewardAddress,
        uint16 commissionBps,
        uint256 bond,
        string name
    );
    event ValidatorStatusChanged(uint32 indexed id, uint8 previous, uint8 current);
    event BondIncreased(uint32 indexed id, uint256 assets, uint256 bond);
    /// @notice `assets` wei of the bond may leave at `availableAt` and no longer count.
    event BondExitRequested(uint32 indexed id, uint256 assets, uint64 availableAt);
    event BondExitCancelled(uint32 indexed id, uint256 assets);
    event BondReturned(uint32 indexed id, address receiver, uint256 assets);
    /// @notice `commissionBps` will be charged as of `effectiveAt`, `previousBps` until then.
    event CommissionAnnounced(
        uint32 indexed id, uint16 previousBps, uint16 commissionBps, uint64 effectiveAt
    );
    /// @notice `previous` stays the validator's for good: what it signed counts.
    event SignerRotated(uint32 indexed id, address indexed previous, address indexed current);
    event RewardAddressChanged(uint32 indexed id, address rewardAddress);
    event LaneChanged(uint32 indexed id, uint8 lane);
    /// @notice The validator should be given at most `target` wei; the largest number is no limit.
    event TargetLimitSet(uint32 indexed id, uint256 target);

    // ---------------------------------------------------------------- events: stake

    /// @notice `assets` wei more for validator `id`, which now carries `delegated`.
    event StakeDelegated(uint32 indexed id, uint256 assets, uint256 delegated);
    /// @notice `assets` wei of validator `id` began to unbond as entry `entry`.
    event StakeUndelegated(
        uint32 indexed id, uint256 indexed entry, uint256 assets, uint64 maturity, uint256 delegated
    );
    /// @notice Unbonding entry `entry` paid `assets` wei to the pool.
    event StakeReturned(uint32 indexed id, uint256 indexed entry, uint256 assets);

    // ---------------------------------------------------------------- events: penalties

    /// @notice A fault is alleged; no bond of the validator leaves before it is decided or `until`.
    event FaultOpened(uint32 indexed id, bytes32 indexed evidenceHash, uint64 until);
    /// @notice The allegation was dismissed.
    event FaultDismissed(uint32 indexed id, bytes32 indexed evidenceHash);
    /// @notice The allegation lapsed and is no longer counted.
    event FaultUndecided(uint32 indexed id, bytes32 indexed evidenceHash);
    /// @notice `penalty = bondLoss + coverUsed + fromUnreleased + socialised`; the parts after
    /// `coverUsed` were delegated stake.
    event ValidatorSlashed(
        uint32 indexed id,
        bytes32 indexed evidenceHash,
        uint256 penalty,
        uint256 bondLoss,
        uint256 coverUsed,
        uint256 fromUnreleased,
        uint256 socialised
    );
    /// @notice `assets` wei of a slashed bond are owed to whoever brought the slash.
    event ReporterRewarded(address indexed reporter, bytes32 indexed evidenceHash, uint256 assets);
    event ReporterRewardClaimed(address indexed reporter, uint256 assets);
    /// @notice `assets` wei of a penalty were sent to 0x…dEaD.
    event PenaltyBurned(uint256 assets);
    event CoverFunded(address indexed from, uint256 assets, uint256 cover);
    event SlashingHookAdded(address indexed hook);
    event SlashingHookRemoved(address indexed hook);
    /// @notice The hook failed or ran out of its gas; the slash stands.
    event SlashingHookFailed(address indexed hook, bytes32 indexed evidenceHash);

    // ---------------------------------------------------------------- events: administration

    event TermsSet(
        uint256 minimumBond, uint16 leverage, uint16 openLeverage, uint16 poolShareBps
    );

    // ---------------------------------------------------------------- errors: validators

    error UnknownValidator(uint32 id);
    /// @notice Only the validator's `operator` may call this.
    error NotOperator(address caller, address operator);
    error SignerInUse(address signer, uint32 id);
    error CommissionTooHigh(uint16 commissionBps, uint16 maximum);
    /// @notice One announcement may add at most `maximumRaise`.
    error CommissionRaiseTooLarge(uint16 currentBps, uint16 commissionBps, uint16 maximumRaise);
    error NameLength(uint256 length, uint256 maximum);
    /// @notice A name consists of printable ASCII characters.
    error NameNotPrintable();
    /// @notice `maximum` validators are between activation and exit already, as many as may be where one
    /// of this lane is activated.
    error TooManyValidators(uint256 maximum);
    /// @notice There is no arrow from status `current` to status `requested`.
    error ForbiddenTransition(uint8 current, uint8 requested);
    /// @notice The bond that counts is, or would become, `bond` wei, less than `required`.
    error BondTooSmall(uint256 bond, uint256 required);
    error StillJailed(uint64 until, uint64 timestamp);
    /// @notice Stake has not come back yet.
    error StakeOutstanding(uint256 delegated, uint256 unbonding);
    /// @notice `count` alleged faults are undecided.
    error OpenFaults(uint16 count);
    error NoBondExit();
    error BondLocked(uint64 availableAt, uint64 timestamp);

    // ---------------------------------------------------------------- errors: stake

    error ZeroAmount();
    /// @notice A validator would carry `delegated` wei and may carry `capacity`.
    error AboveCapacity(uint256 delegated, uint256 capacity);
    /// @notice The plan places `placeable` wei, `assets` were sent.
    error NotPlaceable(uint256 assets, uint256 placeable);
    /// @notice `assets` wei were to leave a validator that carries `delegated`.
    error AboveStake(uint256 assets, uint256 delegated);
    error NotMatured(uint64 maturity, uint64 timestamp);
    error InvalidOperationCount(uint256 maxOps, uint256 maximum);
    /// @notice The contract holds `balance` wei and owes `owed`.
    error Insolvent(uint256 balance, uint256 owed);
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

    // ---------------------------------------------------------------- errors: penalties

    /// @notice `penalty` exceeds bond, delegated and unbonding stake together.
    error PenaltyAboveExposure(uint256 penalty, uint256 exposure);
    error ZeroPenalty();
    error EvidenceAlreadyUsed(bytes32 evidenceHash);
    error ZeroEvidence();
    /// @notice The evidence is before the court already.
    error FaultAlreadyOpen(bytes32 evidenceHash);
    /// @notice The evidence was brought against validator `id`.
    error FaultOfAnother(bytes32 evidenceHash, uint32 id);
    /// @notice The evidence was not brought.
    error FaultNotOpen(bytes32 evidenceHash);
    /// @notice The evidence was brought and not decided in time; it can convict, not be alleged again.
    error FaultLapsed(bytes32 evidenceHash);
    /// @notice The fault may be decided until `until`.
    error FaultNotLapsed(bytes32 evidenceHash, uint64 until);
    error NoReward(address account);
    error TooManyHooks(uint256 maximum);
    error HookAlreadyAdded(address hook);
    error UnknownHook(address hook);
    /// @notice A hook must be given `required` gas and `available` are left: send more.
    error InsufficientGasForHook(uint256 available, uint256 required);

    // ---------------------------------------------------------------- errors: administration

    error CallerNotAllowed(address caller, address expected);
    /// @notice Parameter number `index` of the call holds `value`, outside `[minimum, maximum]`.
    error ParameterOutOfBounds(uint8 index, uint256 value, uint256 minimum, uint256 maximum);
    error ZeroAddress();
    error NotAContract(address target);
    error ReentrantCall();
    /// @notice A call to the protocol's own contract `target` failed without giving a reason.
    error CallFailed(address target);
    /// @notice `assets` wei could not be sent to `receiver`.
    error TransferFailed(address receiver, uint256 assets);

    // ---------------------------------------------------------------- validators

    /// @notice Anyone: enters a validator with the value sent as its bond, in the open lane. The caller
    /// is its operator.
    /// @dev Emits `ValidatorRegistered`, `ValidatorStatusChanged`. Refused by `BondTooSmall`, `SignerInUse`,
    /// `CommissionTooHigh`, `NameLength`, `NameNotPrintable`, `ZeroAddress`, `GroupPaused`.
    function register(
        string calldata name,
        address signer,
        address rewardAddress,
        uint16 commissionBps
    ) external payable returns (uint32 id);
    /// @notice The operator: pending → active; from here on the validator is given stake. At most 64
    /// validators at once are between activation and exit; an open-lane validator is activated only
    /// while fewer than 48 are, so that nobody can fill all places with small bonds.
    /// @dev Emits `ValidatorStatusChanged`. Refused by `NotOperator`, `ForbiddenTransition`,
    /// `BondTooSmall`, `TooManyValidators`.
    function activate(uint32 id) external;
    /// @notice JAILER_ROLE: active → jailed until `until` at least; its stake leaves first.
    /// @dev `until` is at most 30 days ahead (`ParameterOutOfBounds`). One in jail may only stay longer.
    /// Emits `ValidatorStatusChanged`. Refused by `ForbiddenTransition`.
    function jail(uint32 id, uint64 until) external;
    /// @notice The operator: jailed → active, once the time is served, the bond is whole and no fault
    /// is open.
    /// @dev Emits `ValidatorStatusChanged`. Refused by `NotOperator`, `ForbiddenTransition`, `StillJailed`,
    /// `OpenFaults`, `BondTooSmall`.
    function unjail(uint32 id) external;
    /// @notice The operator: pending, active or jailed → exiting. Its stake leaves with the next
    /// rebalances; its bond asks to leave. Anyone, 14 days after its time in jail is served, while the
    /// bond that counts is under the minimum.
    /// @dev Emits `ValidatorStatusChanged`, `BondExitRequested`. Refused by `NotOperator`,
    /// `ForbiddenTransition`.
    function exit(uint32 id) external;
    /// @notice Anyone: exiting → exited, and the bond goes to the reward address.
    /// @dev Emits `ValidatorStatusChanged`, `BondReturned`. Refused by `StakeOutstanding` while
    /// stake is delegated or unbonding, by `BondLocked` until the unbonding time since `exit` is
    /// over, and by `OpenFaults`, `ForbiddenTransition`, `TransferFailed`.
    function withdrawBond(uint32 id) external;
    /// @notice Anyone: adds the value sent to the bond.
    /// @dev Emits `BondIncreased`. Refused by `ZeroAmount`, `UnknownValidator`, `ForbiddenTransition`.
    function topUpBond(uint32 id) external payable;
    /// @notice The operator: `assets` wei of the bond stop counting, stay slashable, and can be claimed
    /// after the unbonding time. What stays must cover stake and minimum. Replaces an earlier request.
    /// @dev Emits `BondExitRequested`. Refused by `NotOperator`, `ZeroAmount`, `BondTooSmall`,
    /// `DifferenceUnderflow`, `ForbiddenTransition`.
    function requestBondExit(uint32 id, uint256 assets) external;
    /// @notice The operator: what asked to leave counts again.
    /// @dev Emits `BondExitCancelled`. Refused by `NotOperator`, `NoBondExit`, `ForbiddenTransition`.
    function cancelBondExit(uint32 id) external;
    /// @notice The operator: sends what asked to leave to the reward address.
    /// @dev Emits `BondReturned`. Refused by `BondTooSmall` if slashes have left too little beside
    /// it, and by `NotOperator`, `NoBondExit`, `BondLocked`, `OpenFaults`, `ForbiddenTransition`,
    /// `TransferFailed`.
    function claimBond(uint32 id) external returns (uint256 assets);
    /// @notice The operator: announces a commission, charged one epoch later; a rise is at most 5 % of
    /// the pay. Replaces an earlier announcement.
    /// @dev Emits `CommissionAnnounced`. Refused by `NotOperator`, `CommissionTooHigh`,
    /// `CommissionRaiseTooLarge`.
    function announceCommission(uint32 id, uint16 commissionBps) external;
    /// @notice The operator: another key signs from now on. The old one stays the validator's, so that
    /// evidence of what it signed still finds it, and serves no other.
    /// @dev Emits `SignerRotated`. Refused by `NotOperator`, `ZeroAddress`, `SignerInUse`.
    function rotateSigner(uint32 id, address signer) external;
    /// @notice The operator: where pay and bond go. Not to the pool, which is refused when a bond is paid,
    /// nor to wlsETH: what they mint for ETH would be the registry's, which could never move it.
    /// @dev Emits `RewardAddressChanged`. Refused by `NotOperator`, `ZeroAddress`.
    function setRewardAddress(uint32 id, address rewardAddress) external;
    /// @notice CURATOR_ROLE: moves a validator to the vetted lane, with the most it should be given.
    /// @dev Emits `LaneChanged` if it was in the other lane, and `TargetLimitSet`. Refused by
    /// `ForbiddenTransition` once it is gone.
    function vet(uint32 id, uint256 target) external;
    /// @notice CURATOR_ROLE: moves a validator back to the open lane. Its stake does not move by that;
    /// what exceeds its capacity is the first to be called back.
    /// @dev Emits `LaneChanged` if it was in the other lane. Refused by `ForbiddenTransition` once
    /// it is gone.
    function unvet(uint32 id) external;
    /// @notice CURATOR_ROLE: limits the stake that a validator should be given; the largest number
    /// lifts the limit. It binds increases; stake above it is the first to be called back.
    /// @dev Emits `TargetLimitSet`. Refused by `ForbiddenTransition` once it is gone.
    function setTargetLimit(uint32 id, uint256 target) external;

    // ---------------------------------------------------------------- stake

    /// @notice Only the pool: spreads `assets` min-first, and gives the first `maxOps` validators of
    /// that plan their parts of it, which are the value sent. The bound changes nobody's part, so that
    /// who calls cannot choose who is filled.
    /// @param totalPooled all pooled ETH, for the cap on a validator's share of it.
    /// @dev Emits `StakeDelegated` per validator. Refused by `NotPlaceable`; ask `placeable` first.
    function delegate(uint256 assets, uint256 totalPooled, uint256 maxOps) external payable;
    /// @notice Only the pool: plans the way back of up to `assets` wei, from jailed and exiting
    /// validators first, then from the fullest, and starts it for the first `maxOps` of them. Returns
    /// what began to unbond.
    /// @dev Emits `StakeUndelegated` per validator.
    function undelegate(uint256 assets, uint256 maxOps) external returns (uint256 started);
    /// @notice Anyone: pays up to `maxEntries` matured unbonding entries to the pool.
    /// @dev Emits `StakeReturned` per entry. Returns the sum paid.
    function releaseMatured(uint256 maxEntries) external returns (uint256 returned);
    /// @notice How much of `assets` a `delegate` with the same arguments would take.
    function placeable(uint256 assets, uint256 totalPooled, uint256 maxOps)
        external
        view
        returns (uint256);
    /// @notice What a `delegate` with the same arguments would do, in its order.
    function allocation(uint256 assets, uint256 totalPooled, uint256 maxOps)
        external
        view
        returns (Allocation[] memory);
    /// @notice What an `undelegate` with the same arguments would do, in its order.
    function exitAllocation(uint256 assets, uint256 maxOps)
        external
        view
        returns (Allocation[] memory);
    /// @notice What rebalance must know: stake that is unbonding, and stake of validators that leave
    /// (jailed, exiting) and is still delegated.
    function stakeSummary() external view returns (uint256 unbonding, uint256 leaving);

    // ---------------------------------------------------------------- penalties

    /// @notice SLASHER_ROLE: takes `penalty` from the bond, then the cover fund, then delegated
    /// stake, which the pool charges to unreleased rewards and then to the rate. The validator is
    /// jailed. The caller is credited with 5 % of the bond loss; the rest is burned.
    /// @dev Emits `ReporterRewarded`, `ValidatorStatusChanged`, `ValidatorSlashed`, `PenaltyBurned`,
    /// and calls the hooks. Closes the fault that was opened with the same evidence.
    /// Refused by `PenaltyAboveExposure`, `EvidenceAlreadyUsed`, `FaultOfAnother`, `ZeroEvidence`,
    /// `ZeroPenalty`, `InsufficientGasForHook`.
    function slash(uint32 id, uint256 penalty, bytes32 evidenceHash)
        external
        returns (uint256 bondLoss, uint256 coverUsed, uint256 socialised);
    /// @notice SLASHER_ROLE: takes a penalty for absence from the bond alone, at most 5 % of it, and
    /// jails until `until` at least. All of it is burned.
    /// @dev Emits and calls as `slash`; `until` is at most 30 days ahead.
    function slashBond(uint32 id, uint256 penalty, uint64 until, bytes32 evidenceHash)
        external
        returns (uint256 bondLoss);
    /// @notice SLASHER_ROLE: a fault that has to be judged. Until it is decided, and for 14 days at
    /// most, no bond of the validator leaves, it stays in jail if it is there, nobody leaves the pool at
    /// once, and no request is filled: the pool is told. The same evidence is alleged once.
    /// @dev Emits `FaultOpened`. Refused by `FaultAlreadyOpen`, `FaultLapsed`, `EvidenceAlreadyUsed`,
    /// `ZeroEvidence`, and by `ForbiddenTransition` once the validator is gone.
    function openFault(uint32 id, bytes32 evidenceHash) external;
    /// @notice SLASHER_ROLE: dismisses an alleged fault; the evidence cannot be used again. The pool
    /// is told, as it is when a slash decides a fault.
    /// @dev Emits `FaultDismissed`. Refused by `FaultNotOpen`, `FaultOfAnother`,
    /// `EvidenceAlreadyUsed`.
    function dismissFault(uint32 id, bytes32 evidenceHash) external;
    /// @notice Anyone: a fault that nobody decided in 14 days is no longer counted. Until then it counts as
    /// long as any younger one is open, of the validator and of all.
    /// @dev Emits `FaultUndecided`; the pool is told. Refused by `FaultNotLapsed`, `FaultNotOpen`.
    function lapseFault(bytes32 evidenceHash) external;
    /// @notice Alleged faults of all validators that are not decided.
    function pendingFaults() external view returns (uint16);
    function isEvidenceUsed(bytes32 evidenceHash) external view returns (bool);
    /// @notice Pays the caller what `slash` credited to it to `receiver`, which is not the pool.
    /// @dev Emits `ReporterRewardClaimed`. Refused by `NoReward`, `ZeroAddress`, `TransferFailed`,
    /// `ReentrantCall`.
    function claimReporterReward(address receiver) external returns (uint256 assets);
    function reporterReward(address reporter) external view returns (uint256);
    /// @notice Anyone: adds the value sent to the cover fund.
    /// @dev Emits `CoverFunded`. Refused by `ZeroAmount`, `ReentrantCall`.
    function fundCover() external payable;
    /// @notice DEFAULT_ADMIN_ROLE: moves surplus ETH, which is nobody's, to the cover fund.
    /// @dev Emits `CoverFunded`. Refused by `ZeroAmount` if there is none, and by `ReentrantCall`,
    /// `Insolvent`.
    function sweepSurplusToCover() external returns (uint256 assets);
    /// @notice DEFAULT_ADMIN_ROLE: `hook` is told of every slash; at most eight are.
    /// @dev Emits `SlashingHookAdded`. Refused by `NotAContract`, `HookAlreadyAdded`, `TooManyHooks`.
    function addSlashingHook(address hook) external;
    /// @notice DEFAULT_ADMIN_ROLE: `hook` is told no more.
    /// @dev Emits `SlashingHookRemoved`. Refused by `UnknownHook`.
    function removeSlashingHook(address hook) external;
    function slashingHooks() external view returns (address[] memory);

    // ---------------------------------------------------------------- views

    function pool() external view returns (address);
    function validatorCount() external view returns (uint32);
    function validator(uint32 id)
        external
        view
        returns (
            uint8 status,
            uint256 bond,
            uint256 delegated,
            uint256 unbonding,
            uint16 commissionBps,
            address operator,
            address signer,
            address rewardAddress
        );
    /// @notice Up to `most` validators, by id from `first` on; at most 64.
    function validators(uint32 first, uint256 most) external view returns (ValidatorInfo[] memory);
    /// @notice Lane and target of a validator, and the stake that it may carry of a pool of
    /// `totalPooled` wei: no more than it carries while a fault against it is undecided.
    function capacityOf(uint32 id, uint256 totalPooled)
        external
        view
        returns (uint8 lane, uint256 target, uint256 capacity);
    /// @notice What the bond of a validator must wait for. `assets` is what was asked for: slashes since
    /// then may have left less.
    function bondExitOf(uint32 id)
        external
        view
        returns (uint256 assets, uint64 availableAt, uint16 openFaults, uint64 jailedUntil);
    /// @notice The commission charged before and as of `effectiveAt`.
    function commissionOf(uint32 id)
        external
        view
        returns (uint16 previousBps, uint16 commissionBps, uint64 effectiveAt);
    /// @notice The validator of a signer, present or past; 0 if there is none. Ids begin at 1.
    function validatorOfSigner(address signer) external view returns (uint32);
    /// @notice The oldest entry that is not paid, and one after the newest.
    function unbondingRange() external view returns (uint256 first, uint256 end);
    /// @notice Up to `most` unbonding entries from `first` on, oldest first; at most 64.
    function unbondingEntries(uint256 first, uint256 most)
        external
        view
        returns (UnbondingEntry[] memory);
    /// @notice Attributes every wei of the contract's balance: the parts sum to it.
    function reserves()
        external
        view
        returns (
            uint256 bonds,
            uint256 delegated,
            uint256 unbonding,
            uint256 cover,
            uint256 owedToReporters,
            uint256 surplus
        );

    // ---------------------------------------------------------------- administration

    /// @notice Once, when the proxy is created: names `admin`, the program that answers
    /// IAdministration, the registry's second program, the pool, and the terms. `minimumBond` is
    /// 0.01 to 10,000 ETH in wei, `unbondingSeconds` a minute to 60 days, `epochSeconds` (the
    /// notice of a commission) a minute to 30 days. A bond carries ten times itself, five times in
    /// the open lane, and a validator a fifth of the pool at most, until `setTerms` says otherwise.
    /// @dev Emits `RoleGranted`. Refused by `NotBehindProxy`, `AlreadyInitialized`, `NotAContract`,
    /// `ZeroAddress`, `ParameterOutOfBounds` (index: as it stands here, from 0).
    function initialize(
        address admin,
        address administration,
        address desk,
        address pool,
        uint256 minimumBond,
        uint64 unbondingSeconds,
        uint64 epochSeconds
    ) external;
    /// @notice DEFAULT_ADMIN_ROLE: what a bond must be and carries. Bounds: 0.01 to 10,000 ETH;
    /// 1 to 20; 1 to `leverage`; 1 % to all of the pool. No stake moves by that.
    /// @dev Emits `TermsSet`. Refused by `ParameterOutOfBounds`, `ReentrantCall`.
    function setTerms(
        uint256 minimumBond, uint16 leverage, uint16 openLeverage, uint16 poolShareBps
    ) external;
    /// @notice The parameters; `epochSeconds` is the notice of a commission.
    function terms()
        external
        view
        returns (
            uint256 minimumBond,
            uint16 leverage,
            uint16 openLeverage,
            uint16 poolShareBps,
            uint64 unbondingSeconds,
            uint64 epochSeconds
        );
}
