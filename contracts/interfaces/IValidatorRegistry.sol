// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// @title The validator registry
/// @notice Escrows bonds, delegated and unbonding stake and the cover fund; decides who may carry
/// how much stake, and takes penalties. A validator has a say, a bond and a share of the pay, never
/// custody.
/// @dev Amounts are wei. Roles and pauses: IAdministration, at the same address. Pause groups:
/// 0 registration, 1 stake movements; slashing, bonds and rewards cannot be paused.
/// Status: 0 unknown, 1 pending, 2 active, 3 jailed, 4 exiting, 5 exited.
interface IValidatorRegistry {
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
    event BondReturned(uint32 indexed id, address receiver, uint256 assets);

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

    // ---------------------------------------------------------------- events: administration


    // ---------------------------------------------------------------- errors: validators

    error UnknownValidator(uint32 id);
    /// @notice Only the validator's `operator` may call this.
    error NotOperator(address caller, address operator);
    error SignerInUse(address signer, uint32 id);
    error CommissionTooHigh(uint16 commissionBps, uint16 maximum);
    error NameLength(uint256 length, uint256 maximum);
    /// @notice A name consists of printable ASCII characters.
    error NameNotPrintable();
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
    /// @notice The validators can take `placeable` wei, `assets` were sent.
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
    error NoReward(address account);

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

    /// @notice Anyone: enters a validator with the value sent as its bond. The caller is its operator.
    /// @dev Emits `ValidatorRegistered`. Refused by `BondTooSmall`, `SignerInUse`,
    /// `CommissionTooHigh`, `NameLength`, `NameNotPrintable`, `ZeroAddress`, `GroupPaused`.
    function register(
        string calldata name,
        address signer,
        address rewardAddress,
        uint16 commissionBps
    ) external payable returns (uint32 id);
    /// @notice The operator: pending → active; from here on the validator is given stake. At most 64
    /// validators at once are between activation and exit.
    function activate(uint32 id) external;
    /// @notice JAILER_ROLE: active → jailed until `until` at least; its stake leaves first.
    /// @dev `until` is at most 30 days ahead.
    function jail(uint32 id, uint64 until) external;
    /// @notice The operator: jailed → active, once the time is served and the bond is whole.
    function unjail(uint32 id) external;
    /// @notice The operator: pending, active or jailed → exiting. Its stake leaves with the next
    /// rebalances.
    function exit(uint32 id) external;
    /// @notice The operator: exiting → exited, and the bond goes to the reward address. Refused by
    /// `StakeOutstanding` while stake is delegated or unbonding.
    /// @dev Emits `ValidatorStatusChanged`, `BondReturned`.
    function withdrawBond(uint32 id) external;
    /// @notice Anyone: adds the value sent to the bond.
    function topUpBond(uint32 id) external payable;

    // ---------------------------------------------------------------- stake

    /// @notice Only the pool: spreads the value sent min-first over at most `maxOps` validators.
    /// @param totalPooled all pooled ETH, for the cap on a validator's share of it.
    /// @dev Emits `StakeDelegated` per validator. Refused by `NotPlaceable`; ask `placeable` first.
    function delegate(uint256 totalPooled, uint256 maxOps) external payable;
    /// @notice Only the pool: starts unbonding of up to `assets` wei from at most `maxOps` validators,
    /// jailed and exiting ones first, then the fullest. Returns what began to unbond.
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
    /// @notice What rebalance must know: stake that is unbonding, and stake of validators that leave
    /// (jailed, exiting) and is still delegated.
    function stakeSummary() external view returns (uint256 unbonding, uint256 leaving);

    // ---------------------------------------------------------------- penalties

    /// @notice SLASHER_ROLE: takes `penalty` from the bond, then the cover fund, then delegated
    /// stake, which the pool charges to unreleased rewards and then to the rate. The validator is
    /// jailed. The caller is credited with 5 % of the bond loss; the rest is burned.
    /// @dev Emits `ValidatorSlashed`, `ReporterRewarded`, `PenaltyBurned`, `ValidatorStatusChanged`.
    /// Refused by `PenaltyAboveExposure`, `EvidenceAlreadyUsed`, `ZeroEvidence`, `ZeroPenalty`.
    function slash(uint32 id, uint256 penalty, bytes32 evidenceHash)
        external
        returns (uint256 bondLoss, uint256 coverUsed, uint256 socialised);
    function isEvidenceUsed(bytes32 evidenceHash) external view returns (bool);
    /// @notice Pays the caller what `slash` credited to it.
    function claimReporterReward(address receiver) external returns (uint256 assets);
    function reporterReward(address reporter) external view returns (uint256);
    /// @notice Anyone: adds the value sent to the cover fund.
    function fundCover() external payable;
    /// @notice DEFAULT_ADMIN_ROLE: moves surplus ETH, which is nobody's, to the cover fund.
    function sweepSurplusToCover() external returns (uint256 assets);

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
    /// @notice The validator of a signer, 0 if there is none. Ids begin at 1.
    function validatorOfSigner(address signer) external view returns (uint32);
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

    /// @notice Once, when the proxy is created: names `admin`, the program that answers IAdministration,
    /// the pool, and the terms.
    /// @dev Emits `RoleGranted`. Refused by `NotBehindProxy`, `AlreadyInitialized`, `NotAContract`,
    /// `ZeroAddress`, `ParameterOutOfBounds`.
    function initialize(
        address admin,
        address administration,
        address pool,
        uint256 minimumBond,
        uint64 unbondingSeconds
    ) external;
}
