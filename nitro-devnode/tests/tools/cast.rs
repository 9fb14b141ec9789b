//! cast 1.7.1: reads, sends, estimates, logs.
use std::process::Command;

use eyre::{Result, ensure};

use crate::{
    node::{COUNTER, DEV, DEV_KEY, Node},
    tool::{installed, refused, run},
};

const CAST: &str = "npm/node_modules/@foundry-rs/cast-linux-amd64/bin/cast";
const COUNTER_START: &str = "0000000000000000000000000000000000000000000000000000000000000005";

struct Cast {
    program: std::path::PathBuf,
    node: Node,
}

impl Cast {
    fn start() -> Result<Option<Self>> {
        let Some(program) = installed(CAST) else {
            return Ok(None);
        };
        let node = Node::start()?;
        Ok(Some(Self { program, node }))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).env("ETH_RPC_URL", &self.node.http);
        command
    }

    fn run(&self, arguments: &[&str]) -> Result<String> {
        run(&mut self.command(arguments))
    }

    /// The contract that starts at 5.
    fn deploy_counter(&self) -> Result<String> {
        let code = format!("{COUNTER}{COUNTER_START}");
        let create = [
            "send",
            "--private-key",
            DEV_KEY,
            "--json",
            "--create",
            &code,
        ];
        let receipt: serde_json::Value = serde_json::from_str(&self.run(&create)?)?;
        ensure!(receipt["status"] == "0x1", "{receipt}");
        let address = receipt["contractAddress"].as_str();
        Ok(address.unwrap_or_default().to_owned())
    }

    fn send(&self, to: &str, more: &[&str]) -> Result<serde_json::Value> {
        let send = ["send", "--private-key", DEV_KEY, "--json", to];
        let receipt = self.run(&[&send, more].concat())?;
        Ok(serde_json::from_str(&receipt)?)
    }
}

#[test]
fn cast_reads_the_chain() -> Result<()> {
    let Some(cast) = Cast::start()? else {
        return Ok(());
    };
    assert_eq!(cast.run(&["chain-id"])?, "412346");
    assert_eq!(cast.run(&["block-number"])?, "7");
    assert_eq!(cast.run(&["gas-price"])?, "100000000");
    assert_eq!(cast.run(&["base-fee"])?, "100000000");
    assert!(cast.run(&["client"])?.starts_with("nitro-devnode/"));
    assert_eq!(cast.run(&["nonce", DEV])?, "6");
    for tag in ["latest", "pending", "safe", "finalized"] {
        assert_eq!(
            cast.run(&["block", tag, "--field", "number"])?,
            "7",
            "{tag}"
        );
    }
    assert_eq!(cast.run(&["block", "earliest", "--field", "number"])?, "0");
    // The first transaction of a block is Nitro's own, of a type that Ethereum does not have.
    assert!(
        cast.run(&["block", "--full"])?
            .contains("type               0x6a")
    );
    assert!(cast.run(&["age"])?.ends_with("UTC"));
    assert!(
        cast.run(&["tx-pool", "status"])?
            .contains("\"pending\": \"0x0\"")
    );
    assert_eq!(cast.run(&["rpc", "eth_syncing"])?, "false");
    Ok(())
}

#[test]
fn cast_deploys_calls_sends_and_finds_logs() -> Result<()> {
    let Some(cast) = Cast::start()? else {
        return Ok(());
    };
    let counter = cast.deploy_counter()?;
    assert_eq!(cast.run(&["codesize", &counter])?, "290");
    assert_eq!(cast.run(&["call", &counter, "number()(uint256)"])?, "5");
    let receipt = cast.send(&counter, &["increase(uint256)", "3"])?;
    assert_eq!(receipt["status"], "0x1");
    assert_eq!(cast.run(&["call", &counter, "number()(uint256)"])?, "8");
    let before = ["call", "--block", "8", &counter, "number()(uint256)"];
    assert_eq!(cast.run(&before)?, "5");
    let slot = cast.run(&["storage", &counter, "0"])?;
    assert!(slot.ends_with("08"), "{slot}");
    let event = "Increased(address indexed,uint256)";
    let by = [
        "logs",
        "--from-block",
        "0",
        "--address",
        &counter,
        event,
        DEV,
    ];
    let logs: Vec<serde_json::Value> =
        serde_json::from_str(&cast.run(&[&by[..], &["--json"]].concat())?)?;
    assert_eq!(logs.len(), 1);
    assert_eq!(logs[0]["transactionHash"], receipt["transactionHash"]);
    let hash = receipt["transactionHash"].as_str().unwrap_or_default();
    assert_eq!(cast.run(&["receipt", hash, "status"])?, "true");
    assert_eq!(cast.run(&["tx", hash, "nonce"])?, "7");
    let raw = cast.run(&["tx", hash, "--raw"])?;
    assert!(raw.starts_with("0x02"), "{raw}");
    Ok(())
}

#[test]
fn cast_sends_every_kind_of_transaction() -> Result<()> {
    let Some(cast) = Cast::start()? else {
        return Ok(());
    };
    let counter = cast.deploy_counter()?;
    let increase = ["increase(uint256)", "1"];
    for (kind, flags) in [
        ("0x0", &["--legacy"][..]),
        ("0x1", &["--legacy", "--access-list"]),
        ("0x2", &[]),
    ] {
        let receipt = cast.send(&counter, &[&increase[..], flags].concat())?;
        assert_eq!(receipt["type"], kind);
        assert_eq!(receipt["status"], "0x1", "{kind}");
    }
    // An account that runs the counter's code.
    let delegated = cast.send(DEV, &[&increase[..], &["--auth", &counter]].concat())?;
    assert_eq!(delegated["type"], "0x4");
    assert_eq!(cast.run(&["call", DEV, "number()(uint256)"])?, "1");
    let unlocked = ["send", "--unlocked", "--from", DEV, &counter];
    cast.run(&[&unlocked[..], &increase].concat())?;
    let signed = ["mktx", "--private-key", DEV_KEY, &counter];
    let raw = cast.run(&[&signed[..], &increase].concat())?;
    assert!(cast.run(&["publish", &raw])?.contains("\"status\":\"0x1\""));
    assert_eq!(cast.run(&["call", &counter, "number()(uint256)"])?, "10");
    Ok(())
}

#[test]
fn cast_is_told_why_a_call_reverts() -> Result<()> {
    let Some(cast) = Cast::start()? else {
        return Ok(());
    };
    let counter = cast.deploy_counter()?;
    // TooMuch(11, 10).
    let data = "0x6073b21f000000000000000000000000000000000000000000000000000000000000000b\
                000000000000000000000000000000000000000000000000000000000000000a";
    let too_much = ["increase(uint256)", "11"];
    for command in [&["call", &counter][..], &["estimate", &counter]] {
        let words = refused(&mut cast.command(&[command, &too_much].concat()))?;
        assert!(words.contains("execution reverted"), "{words}");
        assert!(words.contains(data), "{words}");
    }
    Ok(())
}

#[test]
fn cast_calls_with_another_state() -> Result<()> {
    let Some(cast) = Cast::start()? else {
        return Ok(());
    };
    let counter = cast.deploy_counter()?;
    let slot = format!("{counter}:0:0x2a");
    let call = [
        "call",
        &counter,
        "number()(uint256)",
        "--override-state-diff",
        &slot,
    ];
    assert_eq!(cast.run(&call)?, "42");
    let list = cast.run(&["access-list", &counter, "increase(uint256)", "1"])?;
    assert!(list.contains("gas used"), "{list}");
    assert!(
        list.to_lowercase().contains(&counter.to_lowercase()),
        "{list}"
    );
    Ok(())
}
