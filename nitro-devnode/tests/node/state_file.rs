//! A chain that outlives its node: `--state FILE`, killed nodes, damaged files, dumps.
use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use alloy::primitives::{U64, U256, address};
use nitro_devnode::{Devnode, StartError};
use serde_json::{Value, json};

use crate::{
    binary::Process,
    world::{STRANGER, World},
};

/// Anvil's and Hardhat's first account.
const ALICE: &str = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

fn fresh(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    // It may be left from the last run.
    drop(fs::remove_file(&path));
    path
}

fn start(path: &Path) -> Process {
    Process::start(&[
        "--state",
        path.to_str().expect("text"),
        "--state-interval",
        "0",
    ])
}

async fn transfer(node: &Process) -> Value {
    let send = json!([{ "from": ALICE, "to": STRANGER, "value": "0x1" }]);
    node.result("eth_sendTransaction", send).await
}

#[tokio::test]
async fn a_node_that_was_told_to_end_goes_on_where_it_was() {
    for signal in ["-INT", "-TERM"] {
        let path = fresh(&format!("ended{signal}.state"));
        let node = start(&path);
        // Init code that logs one byte with the topic 7 and leaves no contract.
        let logging = "0x600760016000a100";
        let create = json!([{ "from": ALICE, "data": logging, "gas": "0x100000" }]);
        let logged = node.result("eth_sendTransaction", create).await;
        transfer(&node).await;
        node.result("evm_increaseTime", json!([1_000_000])).await;
        transfer(&node).await;
        let questions = [
            ("eth_getBlockByNumber", json!(["0x9", true])),
            ("eth_getBlockByNumber", json!(["latest", true])),
            ("eth_getBlockReceipts", json!(["0x8"])),
            ("eth_getTransactionReceipt", json!([logged])),
            ("eth_getTransactionByHash", json!([logged])),
            ("eth_getBalance", json!([STRANGER, "0x8"])),
            ("eth_getBalance", json!([STRANGER, "0x9"])),
            ("eth_getBalance", json!([STRANGER, "latest"])),
            (
                "eth_getLogs",
                json!([{ "fromBlock": "0x0", "topics": [format!("0x{:064x}", 7)] }]),
            ),
            ("eth_getTransactionCount", json!([ALICE, "latest"])),
            (
                "eth_getCode",
                json!(["0xcEcba2F1DC234f70Dd89F2041029807F8D03A990", "latest"]),
            ),
            (
                "eth_call",
                json!([{ "to": "0x0000000000000000000000000000000000000064", "data": "0xa3b1b31d" }, "0x9"]),
            ),
        ];
        let mut before = Vec::new();
        for (method, params) in &questions {
            before.push(node.result(method, params.clone()).await);
        }
        assert_eq!(before[8].as_array().map(Vec::len), Some(1));
        assert!(node.end(signal).success());

        let again = start(&path);
        let told = format!("goes on from {}: block 10, saved ", path.display());
        assert!(again.greeting.contains(&told), "{}", again.greeting);
        assert!(!again.greeting.contains("is lost"), "{}", again.greeting);
        for ((method, params), answer) in questions.into_iter().zip(before) {
            assert_eq!(again.result(method, params).await, answer, "{method}");
        }
        transfer(&again).await;
        let times = ["0x9", "0xb"].map(|number| json!([number, false]));
        let earlier = again.result("eth_getBlockByNumber", times[0].clone()).await;
        let later = again.result("eth_getBlockByNumber", times[1].clone()).await;
        assert_eq!(
            later["parentHash"],
            again
                .result("eth_getBlockByNumber", json!(["0xa", false]))
                .await["hash"]
        );
        assert!(
            time_of(&later) - time_of(&earlier) >= 1_000_000,
            "the clock runs on"
        );
    }
}

/// Timestamp of a block, in seconds since the epoch.
fn time_of(block: &Value) -> u64 {
    let time: U64 = block["timestamp"]
        .as_str()
        .expect("hex")
        .parse()
        .expect("a number");
    time.to()
}

async fn head_time(node: &Process) -> u64 {
    let latest = json!(["latest", false]);
    time_of(&node.result("eth_getBlockByNumber", latest).await)
}

/// Until the machine's clock shows another second.
fn a_second_turns() {
    let second = || {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        since.expect("after 1970").as_secs()
    };
    let before = second();
    while second() == before {
        std::hint::spin_loop();
    }
}

#[tokio::test]
async fn a_manual_clock_stands_still_until_it_is_moved() {
    const START: u64 = 2_000_000_000;
    let path = fresh("manual.state");
    let file = path.to_str().expect("text");
    let kept = ["--state", file, "--state-interval", "0", "--manual-clock"];
    let node = Process::start(&[&kept[..], &["--timestamp", "2000000000"]].concat());
    a_second_turns();
    transfer(&node).await;
    assert_eq!(head_time(&node).await, START);
    node.result("evm_increaseTime", json!([5])).await;
    transfer(&node).await;
    assert_eq!(head_time(&node).await, START + 5);
    let next = json!([START + 9]);
    node.result("evm_setNextBlockTimestamp", next).await;
    transfer(&node).await;
    node.result("evm_increaseTime", json!([1])).await;
    assert!(node.end("-INT").success());

    // It stands where it stood, and runs on from there where nobody asks it to stand.
    let node = Process::start(&kept);
    transfer(&node).await;
    assert_eq!(head_time(&node).await, START + 10);
    assert!(node.end("-INT").success());
    let node = start(&path);
    a_second_turns();
    transfer(&node).await;
    let time = head_time(&node).await;
    assert!((START + 11..START + 70).contains(&time), "{time}");
}

#[tokio::test]
async fn a_killed_node_goes_on_from_its_last_save_and_says_so() {
    let path = fresh("killed.state");
    let node = start(&path);
    let kept = transfer(&node).await;
    let saved = node.result("devnode_saveState", json!([])).await;
    assert_eq!(saved["block"], "0x8");
    let lost = transfer(&node).await;
    node.kill();

    let again = start(&path);
    let told = format!("goes on from {}: block 8, saved ", path.display());
    assert!(again.greeting.contains(&told), "{}", again.greeting);
    let told = "the last node did not exit in order: what came after that is lost";
    assert!(again.greeting.contains(told), "{}", again.greeting);
    let receipt = again
        .result("eth_getTransactionReceipt", json!([kept]))
        .await;
    assert_eq!(receipt["blockNumber"], "0x8");
    let receipt = again
        .result("eth_getTransactionReceipt", json!([lost]))
        .await;
    assert_eq!(receipt, Value::Null);
}

#[tokio::test]
async fn a_cut_off_file_is_refused_and_left_as_it_is() {
    let path = fresh("cut.state");
    assert!(start(&path).end("-TERM").success());
    let whole = fs::read(&path).expect("saved");
    let cut = &whole[..whole.len() - 1];
    fs::write(&path, cut).expect("written");

    let (status, words) = Process::start_refused(&["--state", path.to_str().expect("text")]);
    assert_eq!(status.code(), Some(1));
    let told = format!(
        "state file {}: {} bytes long instead of {}: cut off, or appended to",
        path.display(),
        whole.len() - 1,
        whole.len(),
    );
    assert!(words.contains(&told), "{words}");
    assert_eq!(fs::read(&path).expect("still there"), cut);
}

#[tokio::test]
async fn a_file_of_something_else_is_refused_and_left_as_it_is() {
    let path = fresh("foreign.state");
    fs::write(&path, "dear diary").expect("written");
    let refused = Devnode::builder().state_file(&path).spawn().await;
    let words = refused.expect_err("refused").to_string();
    let told = "not a saved chain: it starts with 0x6465617220646961; it is left as it is";
    assert_eq!(words, format!("state file {}: {told}", path.display()));
    assert_eq!(fs::read(&path).expect("still there"), b"dear diary");
}

#[tokio::test]
async fn a_chain_with_other_settings_is_refused_with_both() {
    let path = fresh("settings.state");
    let node = Devnode::builder().state_file(&path).spawn().await;
    node.expect("starts").stop().expect("saved");
    let refused = Devnode::builder()
        .state_file(&path)
        .chain_id(7)
        .spawn()
        .await;
    let refused = refused.expect_err("refused");
    assert!(matches!(refused, StartError::Restore { .. }));
    let told = "the saved chain has chain id 412346, 7 is asked for; it is left as it is";
    assert_eq!(
        refused.to_string(),
        format!("state file {}: {told}", path.display())
    );
}

#[tokio::test]
async fn two_nodes_do_not_share_a_file() {
    let path = fresh("shared.state");
    let first = Devnode::builder()
        .state_file(&path)
        .spawn()
        .await
        .expect("starts");
    let second = Devnode::builder().state_file(&path).spawn().await;
    let words = second.expect_err("refused").to_string();
    assert_eq!(
        words,
        format!("state file {}: in use by another node", path.display())
    );
    drop(first);
    let third = Devnode::builder()
        .state_file(&path)
        .spawn()
        .await
        .expect("starts");
    assert_eq!(third.resumed().map(|resumed| resumed.block), Some(7));
}

#[tokio::test]
async fn waiting_transactions_and_snapshot_numbers_outlive_the_node() {
    let path = fresh("waiting.state");
    let node = Devnode::builder()
        .state_file(&path)
        .no_mining()
        .spawn()
        .await;
    let world = World::of(node.expect("starts"));
    let snapshot = world.result("evm_snapshot", json!([])).await;
    let send = json!([{ "from": world.alice(), "to": STRANGER, "value": "0x1" }]);
    let hash = world.result("eth_sendTransaction", send).await;
    world.node.stop().expect("saved");

    let node = Devnode::builder()
        .state_file(&path)
        .no_mining()
        .spawn()
        .await;
    let world = World::of(node.expect("starts"));
    world.result("evm_mine", json!([])).await;
    let receipt = world
        .result("eth_getTransactionReceipt", json!([hash]))
        .await;
    assert_eq!(receipt["status"], "0x1");
    let later = world.result("evm_snapshot", json!([])).await;
    assert_ne!(later, snapshot);
    assert_eq!(
        world.result("evm_revert", json!([snapshot])).await,
        json!(false)
    );
}

#[tokio::test]
async fn a_dumped_chain_is_loaded_by_another_node() {
    let first = World::start().await;
    let holder = address!("0x00000000000000000000000000000000000b0b0b");
    first
        .result("anvil_setBalance", json!([holder, "0x2a"]))
        .await;
    let dump = first.result("anvil_dumpState", json!([])).await;

    let second = World::start().await;
    second.result("evm_mine", json!([])).await;
    assert_eq!(
        second.result("anvil_loadState", json!([dump])).await,
        json!(true)
    );
    assert_eq!(second.balance(holder).await, U256::from(42));
    assert_eq!(second.result("eth_blockNumber", json!([])).await, "0x7");
    let (code, words) = second.refusal("anvil_loadState", json!(["0x00"])).await;
    assert_eq!(
        (code, words.as_str()),
        (-32000, "not a saved chain: it starts with 0x00")
    );
}

#[tokio::test]
async fn without_a_state_file_there_is_nothing_to_save() {
    let world = World::start().await;
    let (_, words) = world.refusal("devnode_saveState", json!([])).await;
    assert_eq!(
        words,
        "this node keeps no state file: start it with --state FILE"
    );
}

#[tokio::test]
async fn an_interval_of_zero_is_no_interval() {
    let path = fresh("never.state");
    let builder = Devnode::builder()
        .state_file(&path)
        .state_interval(Duration::ZERO);
    let world = World::of(builder.spawn().await.expect("starts"));
    world.result("evm_mine", json!([])).await;
    assert!(!path.exists());
}
