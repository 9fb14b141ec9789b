//! Every method of the node, with what it takes.

/// What a parameter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An account.
    Address,
    /// A block's number, tag or hash.
    Block,
    /// Hash of a block or transaction.
    Hash,
    /// A JSON number or a number in hex.
    Number,
    /// A few blocks: what many take is no fault.
    Few,
    /// A flag.
    Bool,
    /// Bytes in hex.
    Bytes,
    /// A 32-byte word in hex.
    Word,
    /// What to call or send.
    Request,
    /// Whose logs, and from where to where.
    Filter,
    /// The number a filter was given.
    FilterId,
    /// Accounts to pretend.
    Accounts,
    /// Block values to pretend.
    Values,
    /// Blocks to simulate.
    Blocks,
    /// Options of a tracer.
    Tracer,
    /// A signed transaction.
    Signed,
    /// A saved chain.
    Save,
    /// A list of hashes, words or numbers.
    List,
    /// A name.
    Text,
    /// Anything.
    Any,
}

use Kind::*;

/// Names and parameters.
pub const METHODS: [(&str, &[Kind]); 112] = [
    ("anvil_autoImpersonateAccount", &[Bool]),
    ("anvil_dumpState", &[]),
    ("anvil_getAutomine", &[]),
    ("anvil_impersonateAccount", &[Address]),
    ("anvil_increaseTime", &[Number]),
    ("anvil_loadState", &[Save]),
    ("anvil_mine", &[Few, Few]),
    ("anvil_nodeInfo", &[]),
    ("anvil_revert", &[Number]),
    ("anvil_setAutomine", &[Bool]),
    ("anvil_setBalance", &[Address, Number]),
    ("anvil_setCode", &[Address, Bytes]),
    ("anvil_setIntervalMining", &[Number]),
    ("anvil_setNextBlockTimestamp", &[Number]),
    ("anvil_setNonce", &[Address, Number]),
    ("anvil_setStorageAt", &[Address, Word, Word]),
    ("anvil_setTime", &[Number]),
    ("anvil_snapshot", &[]),
    ("anvil_stopImpersonatingAccount", &[Address]),
    ("debug_getRawBlock", &[Block]),
    ("debug_getRawHeader", &[Block]),
    ("debug_getRawReceipts", &[Block]),
    ("debug_getRawTransaction", &[Hash]),
    ("debug_traceBlock", &[Bytes, Tracer]),
    ("debug_traceBlockByHash", &[Block, Tracer]),
    ("debug_traceBlockByNumber", &[Block, Tracer]),
    ("debug_traceCall", &[Request, Block, Tracer]),
    ("debug_traceTransaction", &[Hash, Tracer]),
    ("devnode_reorg", &[Few]),
    ("devnode_saveState", &[]),
    ("eth_accounts", &[]),
    ("eth_blobBaseFee", &[]),
    ("eth_blockNumber", &[]),
    ("eth_call", &[Request, Block, Accounts, Values]),
    ("eth_chainId", &[]),
    ("eth_coinbase", &[]),
    ("eth_createAccessList", &[Request, Block, Accounts]),
    ("eth_estimateGas", &[Request, Block, Accounts, Values]),
    ("eth_feeHistory", &[Number, Block, List]),
    ("eth_fillTransaction", &[Request]),
    ("eth_gasPrice", &[]),
    ("eth_getBalance", &[Address, Block]),
    ("eth_getBlockByHash", &[Hash, Bool]),
    ("eth_getBlockByNumber", &[Block, Bool]),
    ("eth_getBlockReceipts", &[Block]),
    ("eth_getBlockTransactionCountByHash", &[Hash]),
    ("eth_getBlockTransactionCountByNumber", &[Block]),
    ("eth_getCode", &[Address, Block]),
    ("eth_getFilterChanges", &[FilterId]),
    ("eth_getFilterLogs", &[FilterId]),
    ("eth_getHeaderByHash", &[Hash]),
    ("eth_getHeaderByNumber", &[Block]),
    ("eth_getLogs", &[Filter]),
    ("eth_getProof", &[Address, List, Block]),
    ("eth_getRawTransactionByBlockHashAndIndex", &[Hash, Number]),
    (
        "eth_getRawTransactionByBlockNumberAndIndex",
        &[Block, Number],
    ),
    ("eth_getRawTransactionByHash", &[Hash]),
    ("eth_getStorageAt", &[Address, Word, Block]),
    ("eth_getTransactionByBlockHashAndIndex", &[Hash, Number]),
    ("eth_getTransactionByBlockNumberAndIndex", &[Block, Number]),
    ("eth_getTransactionByHash", &[Hash]),
    ("eth_getTransactionCount", &[Address, Block]),
    ("eth_getTransactionReceipt", &[Hash]),
    ("eth_getUncleCountByBlockHash", &[Hash]),
    ("eth_getUncleCountByBlockNumber", &[Block]),
    ("eth_maxPriorityFeePerGas", &[]),
    ("eth_mining", &[]),
    ("eth_newBlockFilter", &[]),
    ("eth_newFilter", &[Filter]),
    ("eth_newPendingTransactionFilter", &[Bool]),
    ("eth_protocolVersion", &[]),
    ("eth_sendRawTransaction", &[Signed]),
    ("eth_sendRawTransactionSync", &[Signed, Few]),
    ("eth_sendTransaction", &[Request]),
    ("eth_sign", &[Address, Bytes]),
    ("eth_signTransaction", &[Request]),
    ("eth_signTypedData_v4", &[Address, Any]),
    ("eth_simulateV1", &[Blocks, Block]),
    ("eth_subscribe", &[Text, Filter]),
    ("eth_syncing", &[]),
    ("eth_uninstallFilter", &[FilterId]),
    ("eth_unsubscribe", &[FilterId]),
    ("evm_increaseTime", &[Number]),
    ("evm_mine", &[Number]),
    ("evm_revert", &[Number]),
    ("evm_setAutomine", &[Bool]),
    ("evm_setIntervalMining", &[Number]),
    ("evm_setNextBlockTimestamp", &[Number]),
    ("evm_setTime", &[Number]),
    ("evm_snapshot", &[]),
    ("hardhat_dumpState", &[]),
    ("hardhat_getAutomine", &[]),
    ("hardhat_impersonateAccount", &[Address]),
    ("hardhat_loadState", &[Save]),
    ("hardhat_mine", &[Few, Few]),
    ("hardhat_setBalance", &[Address, Number]),
    ("hardhat_setCode", &[Address, Bytes]),
    ("hardhat_setNonce", &[Address, Number]),
    ("hardhat_setStorageAt", &[Address, Word, Word]),
    ("hardhat_stopImpersonatingAccount", &[Address]),
    ("net_listening", &[]),
    ("net_peerCount", &[]),
    ("net_version", &[]),
    ("personal_sign", &[Bytes, Address]),
    ("rpc_modules", &[]),
    ("rpc_unknownMethod", &[Text]),
    ("txpool_content", &[]),
    ("txpool_contentFrom", &[Address]),
    ("txpool_inspect", &[]),
    ("txpool_status", &[]),
    ("web3_clientVersion", &[]),
    ("web3_sha3", &[Bytes]),
];

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::METHODS;

    /// The name of what the node sends of its own accord, not of a method.
    const NOTIFICATION: &str = "eth_subscription";

    #[test]
    fn every_method_of_the_node_is_listed() {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/rpc");
        let mut found = BTreeSet::new();
        for file in fs::read_dir(sources).expect("the node's sources") {
            let text = fs::read_to_string(file.expect("a file").path()).expect("text");
            let quoted = text.split('"').skip(1).step_by(2);
            found.extend(quoted.filter(|word| is_method(word)).map(str::to_owned));
        }
        found.remove(NOTIFICATION);
        let listed: BTreeSet<_> = METHODS.iter().map(|(name, _)| name.to_string()).collect();
        assert_eq!(listed, found);
    }

    fn is_method(word: &str) -> bool {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.split_once('_').is_some_and(|(namespace, name)| {
                let mut letters = namespace.chars().chain(name.chars().filter(|c| *c != '_'));
                !name.is_empty() && letters.all(|c| c.is_ascii_alphanumeric())
            })
    }
}
