// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// @title wlsETH: a share of the pool that does not rebase
/// @notice One wlsETH is one share of lsETH, which this contract holds. It is an ERC-20 for lending
/// markets and bridges, an ERC-4626 vault over lsETH, a token with votes (ERC-5805), a rate provider
/// and a price feed. It cannot be upgraded or paused, nobody has a role in it, and it holds no ETH.
/// @dev `assets` are wei of lsETH, `shares` are wlsETH. lsETH that is sent here without wrapping backs
/// nothing and moves nothing. While transfers of lsETH are paused nothing can be wrapped or unwrapped;
/// wlsETH itself moves on.
interface IWrappedToken {
    // ---------------------------------------------------------------- events

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);
    /// @notice ERC-4626; `sender` may have paid in ETH.
    event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares);
    /// @notice ERC-4626.
    event Withdraw(
        address indexed sender,
        address indexed receiver,
        address indexed owner,
        uint256 assets,
        uint256 shares
    );
    /// @notice ERC-7575: where `asset` is taken for wlsETH.
    event VaultUpdate(address indexed asset, address vault);
    /// @notice ERC-5805.
    event DelegateChanged(
        address indexed delegator, address indexed fromDelegate, address indexed toDelegate
    );
    /// @notice ERC-5805.
    event DelegateVotesChanged(address indexed delegate, uint256 previousVotes, uint256 newVotes);

    // ---------------------------------------------------------------- errors

    error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
    error ERC20InvalidSender(address sender);
    error ERC20InvalidReceiver(address receiver);
    error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
    error ERC20InvalidSpender(address spender);
    /// @notice There would be more wlsETH than 2⁸⁸−1, twice as much as there is ETH.
    error ERC20ExceededSafeSupply(uint256 increasedSupply, uint256 cap);
    error ERC2612ExpiredSignature(uint256 deadline);
    /// @notice As in IStakingPool.
    error ERC2612InvalidSigner(address signer, address owner);
    /// @notice A delegation was signed to count until `expiry`.
    error VotesExpiredSignature(uint256 expiry);
    error InvalidAccountNonce(address account, uint256 currentNonce);
    /// @notice `timepoint` is not past at `clock`.
    error ERC5805FutureLookup(uint256 timepoint, uint48 clock);
    /// @notice The amount is worth no share.
    error ZeroShares(uint256 assets);
    /// @notice The ETH buys `shares`, fewer than the caller's `minimum`.
    error TooFewShares(uint256 shares, uint256 minimum);
    /// @notice The feed has no round of this number.
    error NoDataPresent(uint256 roundId);
    error AlreadyInitialized();
    /// @notice `pool` has no code, does not answer as a pool, or is not connected to its queue yet.
    error NotAPool(address pool);
    error DivisionByZero(uint256 a, uint256 b);
    error QuotientOverflow(uint256 a, uint256 b, uint256 denominator);
    error SumOverflow(uint256 a, uint256 b);
    error DifferenceUnderflow(uint256 a, uint256 b);
    error AmountTooWide(uint256 value);
    error CallFailed(address target);

    // ---------------------------------------------------------------- beginning

    /// @notice Once, by whoever deploys: names the pool for ever, its queue, whose ETH is not taken: it
    /// would be somebody's withdrawal, and the vault for ETH. Who uses a wlsETH checks `asset()` and
    /// `vault()`.
    /// @dev Emits `VaultUpdate` for lsETH and for ETH. Refused by `AlreadyInitialized`, `NotAPool`.
    function initialize(address pool, address etherVault) external;

    // ---------------------------------------------------------------- ERC-20

    function name() external view returns (string memory);
    function symbol() external view returns (string memory);
    /// @notice 18: of the token, of `getRate` and of the feed.
    function decimals() external view returns (uint8);
    function totalSupply() external view returns (uint256);
    function balanceOf(address account) external view returns (uint256);
    function transfer(address to, uint256 value) external returns (bool);
    function allowance(address owner, address spender) external view returns (uint256);
    /// @notice Sets the allowance; 2²⁵⁶−1 is never spent.
    function approve(address spender, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);

    // ---------------------------------------------------------------- permit

    /// @notice ERC-2612 and ERC-1271 exactly as IStakingPool.permit.
    function permit(
        address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s
    ) external;
    function permit(
        address owner, address spender, uint256 value, uint256 deadline, bytes calldata signature
    ) external;
    /// @notice Counts permits and signed delegations together.
    function nonces(address owner) external view returns (uint256);
    function DOMAIN_SEPARATOR() external view returns (bytes32);
    /// @notice ERC-5267: name "Wrapped liquid staked ETH", version "1", this chain, this contract.
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

    // ---------------------------------------------------------------- wrapping

    /// @notice Wraps lsETH of the caller worth at most `assets`: `⌊assets ÷ rate⌋` shares, which it
    /// returns. Needs an allowance of `assets` lsETH.
    /// @dev Emits `Transfer`, `Deposit`. Refused by `ZeroShares`, and as the pool refuses.
    function wrap(uint256 assets) external returns (uint256 shares);
    /// @notice Unwraps `shares` of the caller; returns their worth, rounded down.
    /// @dev Emits `Transfer`, `Withdraw`.
    function unwrap(uint256 shares) external returns (uint256 assets);
    /// @notice Stakes the ETH sent and wraps the shares for `receiver`, in one step; a plain send of
    /// ETH does so for the sender. Refused by `TooFewShares` under `minShares`, and as a deposit is.
    function depositEth(address receiver, address referral, uint256 minShares)
        external
        payable
        returns (uint256 shares);
    /// @notice Names of Lido's wstETH for the conversions, all rounded down.
    function getWstETHByStETH(uint256 assets) external view returns (uint256 shares);
    function getStETHByWstETH(uint256 shares) external view returns (uint256 assets);
    function stETH() external view returns (address);
    function stEthPerToken() external view returns (uint256);
    function tokensPerStEth() external view returns (uint256);

    // ---------------------------------------------------------------- ERC-4626 over lsETH

    function asset() external view returns (address);
    /// @notice What all wlsETH is worth, rounded down.
    function totalAssets() external view returns (uint256);
    function convertToShares(uint256 assets) external view returns (uint256);
    function convertToAssets(uint256 shares) external view returns (uint256);
    /// @notice The worth of `maxMint`, rounded down.
    function maxDeposit(address receiver) external view returns (uint256);
    function previewDeposit(uint256 assets) external view returns (uint256);
    /// @notice As `wrap` for `receiver`.
    function deposit(uint256 assets, address receiver) external returns (uint256 shares);
    /// @notice All shares of the pool, up to what may be minted; 0 while transfers are paused.
    function maxMint(address receiver) external view returns (uint256);
    function previewMint(uint256 shares) external view returns (uint256);
    /// @notice Takes exactly `shares` of lsETH; returns their worth rounded up, which is what is spent
    /// of the allowance.
    function mint(uint256 shares, address receiver) external returns (uint256 assets);
    /// @notice The worth of the owner's wlsETH, rounded down; 0 while transfers of lsETH are paused.
    function maxWithdraw(address owner) external view returns (uint256);
    function previewWithdraw(uint256 assets) external view returns (uint256);
    /// @notice Burns the shares that are worth at least `assets` and sends them as lsETH. Returns their
    /// number.
    /// @dev Emits `Transfer`, `Withdraw`. Refused by `ERC20InvalidReceiver` for zero, for this contract,
    /// where the shares would be nobody's, and for the pool; `ERC20InsufficientAllowance`,
    /// `ERC20InsufficientBalance`, and as the pool refuses.
    function withdraw(uint256 assets, address receiver, address owner)
        external
        returns (uint256 shares);
    /// @notice The owner's wlsETH; 0 while transfers of lsETH are paused.
    function maxRedeem(address owner) external view returns (uint256);
    function previewRedeem(uint256 shares) external view returns (uint256);
    /// @notice Burns `shares` and sends them as lsETH; returns their worth, rounded down.
    /// @dev Emits and refuses as `withdraw`.
    function redeem(uint256 shares, address receiver, address owner)
        external
        returns (uint256 assets);

    // ---------------------------------------------------------------- vaults (ERC-7575)

    /// @notice Which vault takes `token` for wlsETH: this contract for lsETH, IEtherVault for ETH
    /// (0xEeee…EEeE, as ERC-7528 writes it), zero for anything else.
    function vault(address token) external view returns (address);
    /// @notice ERC-165: itself, and shares of ERC-7575.
    function supportsInterface(bytes4 interfaceId) external view returns (bool);

    // ---------------------------------------------------------------- votes (ERC-5805, ERC-6372)

    /// @notice The block's timestamp: block numbers of this chain are estimates of another's.
    function clock() external view returns (uint48);
    /// @notice "mode=timestamp".
    function CLOCK_MODE() external view returns (string memory);
    function delegates(address account) external view returns (address);
    function getVotes(address account) external view returns (uint256);
    /// @notice Votes at the end of the second `timepoint`. Refused by `ERC5805FutureLookup` unless it
    /// is past.
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256);
    function getPastTotalSupply(uint256 timepoint) external view returns (uint256);
    function numCheckpoints(address account) external view returns (uint32);
    /// @notice The timestamp and the votes of a checkpoint, counted from 0; zeros behind the last.
    function checkpoints(address account, uint32 pos)
        external
        view
        returns (uint48 timestamp, uint208 votes);
    /// @notice The caller's votes count for `delegatee` from now on; for nobody if it is zero.
    /// @dev Emits `DelegateChanged`, `DelegateVotesChanged`.
    function delegate(address delegatee) external;
    /// @notice As `delegate` for who signed it with its key (`Delegation(address delegatee,uint256
    /// nonce,uint256 expiry)`).
    /// @dev Refused by `VotesExpiredSignature`, `InvalidAccountNonce`, `ERC2612InvalidSigner`.
    function delegateBySig(
        address delegatee, uint256 nonce, uint256 expiry, uint8 v, bytes32 r, bytes32 s
    ) external;

    // ---------------------------------------------------------------- rate and price feed

    /// @notice ETH of one wlsETH now, 18 decimals, rounded down (Balancer's rate provider).
    function getRate() external view returns (uint256);
    /// @notice "wlsETH / ETH".
    function description() external view returns (string memory);
    function version() external view returns (uint256);
    /// @notice AggregatorV3: round `roundId` of the pool's history of the rate, 18 decimals, and when
    /// it was recorded.
    /// @dev The answer is at most what the rate at the beginning of this contract would have become by
    /// growing 0.075 % of itself a day, the fastest a release may be: a feed that cannot be changed
    /// must not follow a pool that was. Refused by `NoDataPresent`.
    function getRoundData(uint80 roundId)
        external
        view
        returns (
            uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound
        );
    /// @notice The newest round. IStakingPool.recordRate adds one at any time.
    function latestRoundData()
        external
        view
        returns (
            uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound
        );
}
