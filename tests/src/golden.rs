//! Names that others call us by: selectors and topics of Lido's stETH, wstETH and withdrawal queue and of
//! the standards, as literals. An interface may gain methods; none of these may change.
//!
//! Each is the hash of the signature that Lido's or the standard's own text has, worked out elsewhere.

use alloy::primitives::hex;
use alloy::sol_types::{SolError, SolEvent, TopicList};
use client::abi;

/// Of stETH, ERC-20, ERC-2612 and ERC-5267.
const POOL: &[(&str, &str)] = &[
    ("06fdde03", "name()"),
    ("95d89b41", "symbol()"),
    ("313ce567", "decimals()"),
    ("18160ddd", "totalSupply()"),
    ("70a08231", "balanceOf(address)"),
    ("a9059cbb", "transfer(address,uint256)"),
    ("dd62ed3e", "allowance(address,address)"),
    ("095ea7b3", "approve(address,uint256)"),
    ("23b872dd", "transferFrom(address,address,uint256)"),
    ("39509351", "increaseAllowance(address,uint256)"),
    ("a457c2d7", "decreaseAllowance(address,uint256)"),
    (
        "d505accf",
        "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
    ),
    ("7ecebe00", "nonces(address)"),
    ("3644e515", "DOMAIN_SEPARATOR()"),
    ("84b0196e", "eip712Domain()"),
    ("a1903eab", "submit(address)"),
    ("d5002f2e", "getTotalShares()"),
    ("f5eb42dc", "sharesOf(address)"),
    ("37cfdaca", "getTotalPooledEther()"),
    ("19208451", "getSharesByPooledEth(uint256)"),
    ("7a28fb88", "getPooledEthByShares(uint256)"),
    ("0103349c", "getPooledEthBySharesRoundUp(uint256)"),
    ("8fcb4e5b", "transferShares(address,uint256)"),
    ("6d780459", "transferSharesFrom(address,address,uint256)"),
    ("1ea7ca89", "isStakingPaused()"),
    ("609c4c6c", "getCurrentStakeLimit()"),
    ("665b4b0b", "getStakeLimitFullInfo()"),
    ("f999c506", "pauseStaking()"),
    ("7475f913", "resumeStaking()"),
    ("b3320d9a", "removeStakingLimit()"),
    ("ced72f87", "getFee()"),
    ("752f77f1", "getFeeDistribution()"),
    ("3b19e84a", "getTreasury()"),
    ("47b714e0", "getBufferedEther()"),
];

/// Of wstETH, ERC-20, ERC-2612, ERC-4626, ERC-5805, Balancer's rate provider and Chainlink's feed.
const WRAPPED: &[(&str, &str)] = &[
    ("06fdde03", "name()"),
    ("95d89b41", "symbol()"),
    ("313ce567", "decimals()"),
    ("18160ddd", "totalSupply()"),
    ("70a08231", "balanceOf(address)"),
    ("a9059cbb", "transfer(address,uint256)"),
    ("dd62ed3e", "allowance(address,address)"),
    ("095ea7b3", "approve(address,uint256)"),
    ("23b872dd", "transferFrom(address,address,uint256)"),
    (
        "d505accf",
        "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
    ),
    ("7ecebe00", "nonces(address)"),
    ("3644e515", "DOMAIN_SEPARATOR()"),
    ("84b0196e", "eip712Domain()"),
    ("ea598cb0", "wrap(uint256)"),
    ("de0e9a3e", "unwrap(uint256)"),
    ("b0e38900", "getWstETHByStETH(uint256)"),
    ("bb2952fc", "getStETHByWstETH(uint256)"),
    ("035faf82", "stEthPerToken()"),
    ("9576a0c8", "tokensPerStEth()"),
    ("38d52e0f", "asset()"),
    ("01e1d114", "totalAssets()"),
    ("c6e6f592", "convertToShares(uint256)"),
    ("07a2d13a", "convertToAssets(uint256)"),
    ("402d267d", "maxDeposit(address)"),
    ("ef8b30f7", "previewDeposit(uint256)"),
    ("6e553f65", "deposit(uint256,address)"),
    ("c63d75b6", "maxMint(address)"),
    ("b3d7f6b9", "previewMint(uint256)"),
    ("94bf804d", "mint(uint256,address)"),
    ("ce96cb77", "maxWithdraw(address)"),
    ("0a28a477", "previewWithdraw(uint256)"),
    ("b460af94", "withdraw(uint256,address,address)"),
    ("d905777e", "maxRedeem(address)"),
    ("4cdad506", "previewRedeem(uint256)"),
    ("ba087652", "redeem(uint256,address,address)"),
    ("91ddadf4", "clock()"),
    ("4bf5d7e9", "CLOCK_MODE()"),
    ("9ab24eb0", "getVotes(address)"),
    ("3a46b1a8", "getPastVotes(address,uint256)"),
    ("8e539e8c", "getPastTotalSupply(uint256)"),
    ("587cde1e", "delegates(address)"),
    ("5c19a95c", "delegate(address)"),
    (
        "c3cda520",
        "delegateBySig(address,uint256,uint256,uint8,bytes32,bytes32)",
    ),
    ("6fcfff45", "numCheckpoints(address)"),
    ("f1127ed8", "checkpoints(address,uint32)"),
    ("679aefce", "getRate()"),
    ("7284e416", "description()"),
    ("54fd4d50", "version()"),
    ("9a6fc8f5", "getRoundData(uint80)"),
    ("feaf968c", "latestRoundData()"),
];

/// Of Lido's WithdrawalQueueERC721 and of ERC-721.
const QUEUE: &[(&str, &str)] = &[
    ("d6681042", "requestWithdrawals(uint256[],address)"),
    (
        "acf41e4d",
        "requestWithdrawalsWithPermit(uint256[],address,(uint256,uint256,uint8,bytes32,bytes32))",
    ),
    ("f8444436", "claimWithdrawal(uint256)"),
    ("e3afe0a3", "claimWithdrawals(uint256[],uint256[])"),
    (
        "5e7eead9",
        "claimWithdrawalsTo(uint256[],uint256[],address)",
    ),
    ("7d031b65", "getWithdrawalRequests(address)"),
    ("b8c4b85a", "getWithdrawalStatus(uint256[])"),
    ("c97912d8", "getClaimableEther(uint256[],uint256[])"),
    ("62abe3fa", "findCheckpointHints(uint256[],uint256,uint256)"),
    ("526eae3e", "getLastCheckpointIndex()"),
    ("19c2b4c3", "getLastRequestId()"),
    ("4f069a13", "getLastFinalizedRequestId()"),
    ("f6fa8a47", "getLockedEtherAmount()"),
    ("c2fc7aff", "unfinalizedRequestNumber()"),
    ("d0fb84e8", "unfinalizedStETH()"),
    ("06fdde03", "name()"),
    ("95d89b41", "symbol()"),
    ("01ffc9a7", "supportsInterface(bytes4)"),
    ("c87b56dd", "tokenURI(uint256)"),
    ("70a08231", "balanceOf(address)"),
    ("6352211e", "ownerOf(uint256)"),
    ("081812fc", "getApproved(uint256)"),
    ("e985e9c5", "isApprovedForAll(address,address)"),
    ("095ea7b3", "approve(address,uint256)"),
    ("a22cb465", "setApprovalForAll(address,bool)"),
    ("23b872dd", "transferFrom(address,address,uint256)"),
    ("42842e0e", "safeTransferFrom(address,address,uint256)"),
    (
        "b88d4fde",
        "safeTransferFrom(address,address,uint256,bytes)",
    ),
    ("2f745c59", "tokenOfOwnerByIndex(address,uint256)"),
];

/// Of OpenZeppelin's AccessControlEnumerable and of ERC-165.
const ADMINISTRATION: &[(&str, &str)] = &[
    ("91d14854", "hasRole(bytes32,address)"),
    ("248a9ca3", "getRoleAdmin(bytes32)"),
    ("2f2ff15d", "grantRole(bytes32,address)"),
    ("d547741f", "revokeRole(bytes32,address)"),
    ("36568abe", "renounceRole(bytes32,address)"),
    ("9010d07c", "getRoleMember(bytes32,uint256)"),
    ("ca15c873", "getRoleMemberCount(bytes32)"),
    ("a3246ad3", "getRoleMembers(bytes32)"),
    ("01ffc9a7", "supportsInterface(bytes4)"),
];

/// That an interface has each of these under its selector.
fn has(selectors: &[[u8; 4]], signatures: &[&str], golden: &[(&str, &str)]) {
    for (selector, signature) in golden {
        let place = signatures.iter().position(|known| known == signature);
        let place = place.unwrap_or_else(|| panic!("{signature} is gone"));
        assert_eq!(hex::encode(selectors[place]), *selector, "{signature}");
    }
}

macro_rules! has {
    ($interface:ident::$calls:ident, $golden:expr) => {
        has(
            abi::$interface::$calls::SELECTORS,
            abi::$interface::$calls::SIGNATURES,
            $golden,
        )
    };
}

#[test]
fn selectors_of_lido_and_of_the_standards_stay_as_they_are() {
    has!(IStakingPool::IStakingPoolCalls, POOL);
    has!(IWrappedToken::IWrappedTokenCalls, WRAPPED);
    has!(IWithdrawalQueue::IWithdrawalQueueCalls, QUEUE);
    has!(IAdministration::IAdministrationCalls, ADMINISTRATION);
}

/// Topic and number of topics, itself among them, of an event.
fn topics<E: SolEvent>() -> (String, usize) {
    (hex::encode(E::SIGNATURE_HASH), E::TopicList::COUNT)
}

#[test]
fn topics_of_lido_and_of_the_standards_stay_as_they_are() {
    use abi::{IAdministration, IStakingPool, IWithdrawalQueue, IWrappedToken};
    let events = [
        (
            topics::<IStakingPool::Transfer>(),
            "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
            3,
        ),
        (
            topics::<IStakingPool::Approval>(),
            "8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925",
            3,
        ),
        (
            topics::<IStakingPool::TransferShares>(),
            "9d9c909296d9c674451c0c24f02cb64981eb3b727f99865939192f880a755dcb",
            3,
        ),
        (
            topics::<IStakingPool::Submitted>(),
            "96a25c8ce0baabc1fdefd93e9ed25d8e092a3332f3aa9a41722b5697231d1d1a",
            2,
        ),
        (
            topics::<IStakingPool::TokenRebased>(),
            "ff08c3ef606d198e316ef5b822193c489965899eb4e3c248cea1a4626c3eda50",
            2,
        ),
        (
            topics::<IStakingPool::SharesBurnt>(),
            "8b2a1e1ad5e0578c3dd82494156e985dade827a87c573b5c1c7716a32162ad64",
            2,
        ),
        (
            topics::<IStakingPool::StakingPaused>(),
            "26d1807b479eaba249c1214b82e4b65bbb0cc73ee8a17901324b1ef1b5904e49",
            1,
        ),
        (
            topics::<IStakingPool::StakingResumed>(),
            "edaeeae9aed70c4545d3ab0065713261c9cee8d6cf5c8b07f52f0a65fd91efda",
            1,
        ),
        (
            topics::<IStakingPool::StakingLimitRemoved>(),
            "9b2a687c198898fcc32a33bbc610d478f177a73ab7352023e6cc1de5bf12a3df",
            1,
        ),
        (
            topics::<IWithdrawalQueue::WithdrawalRequested>(),
            "f0cb471f23fb74ea44b8252eb1881a2dca546288d9f6e90d1a0e82fe0ed342ab",
            4,
        ),
        (
            topics::<IWithdrawalQueue::WithdrawalsFinalized>(),
            "197874c72af6a06fb0aa4fab45fd39c7cb61ac0992159872dc3295207da7e9eb",
            3,
        ),
        (
            topics::<IWithdrawalQueue::WithdrawalClaimed>(),
            "6ad26c5e238e7d002799f9a5db07e81ef14e37386ae03496d7a7ef04713e145b",
            4,
        ),
        (
            topics::<IWithdrawalQueue::Transfer>(),
            "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
            4,
        ),
        (
            topics::<IWithdrawalQueue::Approval>(),
            "8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925",
            4,
        ),
        (
            topics::<IWithdrawalQueue::ApprovalForAll>(),
            "17307eab39ab6107e8899845ad3d59bd9653f200f220920489ca2b5937696c31",
            3,
        ),
        (
            topics::<IWithdrawalQueue::MetadataUpdate>(),
            "f8e1a15aba9398e019f0b49df1a4fde98ee17ae345cb5f6b5e2c27f5033e8ce7",
            1,
        ),
        (
            topics::<IWithdrawalQueue::BatchMetadataUpdate>(),
            "6bd5c950a8d8df17f772f5af37cb3655737899cbf903264b9795592da439661c",
            1,
        ),
        (
            topics::<IWrappedToken::Transfer>(),
            "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
            3,
        ),
        (
            topics::<IWrappedToken::Approval>(),
            "8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925",
            3,
        ),
        (
            topics::<IWrappedToken::Deposit>(),
            "dcbc1c05240f31ff3ad067ef1ee35ce4997762752e3a095284754544f4c709d7",
            3,
        ),
        (
            topics::<IWrappedToken::Withdraw>(),
            "fbde797d201c681b91056529119e0b02407c7bb96a4a2c75c01fc9667232c8db",
            4,
        ),
        (
            topics::<IWrappedToken::DelegateChanged>(),
            "3134e8a2e6d97e929a7e54011ea5485d7d196dd5f0ba4d4ef95803e8e3fc257f",
            4,
        ),
        (
            topics::<IWrappedToken::DelegateVotesChanged>(),
            "dec2bacdd2f05b59de34da9b523dff8be42e5e38e818c82fdb0bae774387a724",
            2,
        ),
        (
            topics::<IAdministration::RoleGranted>(),
            "2f8788117e7eff1d82e926ec794901d17c78024a50270940304540a733656f0d",
            4,
        ),
        (
            topics::<IAdministration::RoleRevoked>(),
            "f6391f5c32d9c69d2a47ea670b442974b53935d1edc7fd64eb21e047a839171b",
            4,
        ),
    ];
    for ((topic, count), golden, indexed) in events {
        assert_eq!((topic.as_str(), count), (golden, indexed));
    }
}

#[test]
fn errors_of_the_standards_stay_as_they_are() {
    use abi::{IAdministration, IStakingPool, IWithdrawalQueue, IWrappedToken};
    let errors = [
        (
            <IStakingPool::ERC20InsufficientBalance as SolError>::SELECTOR,
            "e450d38c",
        ),
        (
            <IStakingPool::ERC20InvalidSender as SolError>::SELECTOR,
            "96c6fd1e",
        ),
        (
            <IStakingPool::ERC20InvalidReceiver as SolError>::SELECTOR,
            "ec442f05",
        ),
        (
            <IStakingPool::ERC20InsufficientAllowance as SolError>::SELECTOR,
            "fb8f41b2",
        ),
        (
            <IStakingPool::ERC20InvalidSpender as SolError>::SELECTOR,
            "94280d62",
        ),
        (
            <IStakingPool::ERC2612ExpiredSignature as SolError>::SELECTOR,
            "62791302",
        ),
        (
            <IStakingPool::ERC2612InvalidSigner as SolError>::SELECTOR,
            "4b800e46",
        ),
        (
            <IWrappedToken::ERC20InsufficientBalance as SolError>::SELECTOR,
            "e450d38c",
        ),
        (
            <IWrappedToken::ERC20InvalidSender as SolError>::SELECTOR,
            "96c6fd1e",
        ),
        (
            <IWrappedToken::ERC20InvalidReceiver as SolError>::SELECTOR,
            "ec442f05",
        ),
        (
            <IWrappedToken::ERC20InsufficientAllowance as SolError>::SELECTOR,
            "fb8f41b2",
        ),
        (
            <IWrappedToken::ERC20InvalidSpender as SolError>::SELECTOR,
            "94280d62",
        ),
        (
            <IWrappedToken::ERC2612ExpiredSignature as SolError>::SELECTOR,
            "62791302",
        ),
        (
            <IWrappedToken::ERC2612InvalidSigner as SolError>::SELECTOR,
            "4b800e46",
        ),
        (
            <IWrappedToken::VotesExpiredSignature as SolError>::SELECTOR,
            "4683af0e",
        ),
        (
            <IWrappedToken::InvalidAccountNonce as SolError>::SELECTOR,
            "752d88c0",
        ),
        (
            <IWrappedToken::ERC5805FutureLookup as SolError>::SELECTOR,
            "ecd3f81e",
        ),
        (
            <IWithdrawalQueue::ERC721NonexistentToken as SolError>::SELECTOR,
            "7e273289",
        ),
        (
            <IWithdrawalQueue::ERC721IncorrectOwner as SolError>::SELECTOR,
            "64283d7b",
        ),
        (
            <IWithdrawalQueue::ERC721InvalidOwner as SolError>::SELECTOR,
            "89c62b64",
        ),
        (
            <IWithdrawalQueue::ERC721InvalidReceiver as SolError>::SELECTOR,
            "64a0ae92",
        ),
        (
            <IWithdrawalQueue::ERC721InsufficientApproval as SolError>::SELECTOR,
            "177e802f",
        ),
        (
            <IWithdrawalQueue::ERC721InvalidApprover as SolError>::SELECTOR,
            "a9fbf51f",
        ),
        (
            <IWithdrawalQueue::ERC721InvalidOperator as SolError>::SELECTOR,
            "5b08ba18",
        ),
        (
            <IWithdrawalQueue::ERC721OutOfBoundsIndex as SolError>::SELECTOR,
            "a57d13dc",
        ),
        (
            <IAdministration::AccessControlUnauthorizedAccount as SolError>::SELECTOR,
            "e2517d3f",
        ),
        (
            <IAdministration::AccessControlBadConfirmation as SolError>::SELECTOR,
            "6697b232",
        ),
    ];
    for (selector, golden) in errors {
        assert_eq!(hex::encode(selector), golden);
    }
}
