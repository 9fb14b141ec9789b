//! The loads that are timed.
use std::time::{Duration, Instant};

use alloy::primitives::{Address, U64};
use eyre::{Result, bail, ensure};
use serde_json::Value;

use crate::{
    server::Server,
    wallet::{Job, Wallet},
    wire::{Wire, request},
};

/// Transactions in one JSON-RPC batch.
const BATCH: usize = 100;

/// Connections that send at the same time.
const CONNECTIONS: usize = 4;

/// How long a node may take for what it has accepted.
const PATIENCE: Duration = Duration::from_secs(60);

/// One client sends a transaction, waits for its receipt, and sends the next. Transactions
/// per second.
pub(crate) fn one_by_one(
    server: &Server,
    wallet: &mut Wallet,
    job: &Job,
    count: usize,
) -> Result<f64> {
    let sends = (0..count).map(|_| wallet.sign(0, job));
    let sends: Vec<_> = sends
        .map(|raw| {
            Ok(request(
                "eth_sendRawTransaction",
                &format!(r#"["{}"]"#, raw?),
            ))
        })
        .collect::<Result<_>>()?;
    let mut wire = server.connect()?;
    let started = Instant::now();
    for send in &sends {
        let answer = wire.post(send)?;
        let Some(hash) = hash_in(&answer) else {
            bail!("refused: {answer}");
        };
        let ask = request("eth_getTransactionReceipt", &format!(r#"["{hash}"]"#));
        let receipt = loop {
            let answer = wire.post(&ask)?;
            if answer.contains("transactionHash") {
                break answer;
            }
            ensure!(started.elapsed() < PATIENCE, "no receipt: {answer}");
        };
        ensure!(receipt.contains(r#""status":"0x1""#), "{receipt}");
    }
    Ok(per_second(count, started.elapsed()))
}

/// Who makes the blocks while many transactions are sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blocks {
    /// The node, as it does by default.
    Automatic,
    /// The client, once all are sent: many in a block.
    Full,
}

/// `each` transactions of each account over several connections, in JSON-RPC batches, until
/// the last one has been executed. Transactions per second.
pub(crate) fn together(
    server: &Server,
    wallet: &mut Wallet,
    job: &Job,
    each: usize,
    blocks: Blocks,
) -> Result<f64> {
    let signed = wallet.sign_all(each, job)?;
    let count = signed.iter().map(Vec::len).sum();
    let lanes = lanes(&signed);
    let mut wire = server.connect()?;
    if blocks == Blocks::Full {
        wire.ask("evm_setAutomine", "[false]")?;
    }
    let before = sent(&mut wire, wallet)?;
    let started = Instant::now();
    std::thread::scope(|scope| {
        let senders = lanes.iter().map(|lane| {
            scope.spawn(move || {
                let mut wire = server.connect()?;
                for body in lane {
                    let answer = wire.post(body)?;
                    ensure!(!answer.contains(r#""error""#), "refused: {answer}");
                }
                Ok(())
            })
        });
        let senders: Vec<_> = senders.collect();
        for sender in senders {
            match sender.join() {
                Ok(result) => result?,
                Err(_) => bail!("a sending thread panicked"),
            }
        }
        Ok(())
    })?;
    loop {
        if blocks == Blocks::Full {
            wire.ask("evm_mine", "[]")?;
        }
        let done = sent(&mut wire, wallet)? - before;
        if done == count as u64 {
            break;
        }
        ensure!(
            started.elapsed() < PATIENCE,
            "{done} of {count} executed after {PATIENCE:?}"
        );
    }
    let elapsed = started.elapsed();
    if blocks == Blocks::Full {
        wire.ask("evm_setAutomine", "[true]")?;
    }
    Ok(per_second(count, elapsed))
}

/// What each connection sends: batches of one account each, so that nonces arrive in order.
fn lanes(signed: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut lanes = vec![Vec::new(); CONNECTIONS];
    for (account, raws) in signed.iter().enumerate() {
        for raws in raws.chunks(BATCH) {
            let calls = raws
                .iter()
                .map(|raw| request("eth_sendRawTransaction", &format!(r#"["{raw}"]"#)));
            let calls: Vec<_> = calls.collect();
            lanes[account % CONNECTIONS].push(format!("[{}]", calls.join(",")));
        }
    }
    lanes
}

/// Transactions executed for all accounts so far.
fn sent(wire: &mut Wire, wallet: &Wallet) -> Result<u64> {
    let mut total = 0;
    for account in wallet.addresses() {
        let params = format!(r#"["{account}","latest"]"#);
        let nonce: U64 = serde_json::from_value(wire.ask("eth_getTransactionCount", &params)?)?;
        total += nonce.to::<u64>();
    }
    Ok(total)
}

/// How long each of `count` calls of `to` with `input` takes.
pub(crate) fn calls(
    server: &Server,
    to: Address,
    input: &str,
    count: usize,
) -> Result<Vec<Duration>> {
    let body = request(
        "eth_call",
        &format!(r#"[{{"to":"{to}","data":"{input}"}},"latest"]"#),
    );
    let mut wire = server.connect()?;
    let time = |_| {
        let started = Instant::now();
        let answer = wire.post(&body)?;
        let elapsed = started.elapsed();
        ensure!(answer.contains(r#""result""#), "{answer}");
        Ok(elapsed)
    };
    (0..count).map(time).collect()
}

/// Sends a transaction of the first account and returns its receipt.
pub(crate) fn send(server: &Server, wallet: &mut Wallet, job: &Job) -> Result<Value> {
    let raw = wallet.sign(0, job)?;
    let mut wire = server.connect()?;
    let hash = wire.ask("eth_sendRawTransaction", &format!(r#"["{raw}"]"#))?;
    let receipt = wire.ask("eth_getTransactionReceipt", &format!("[{hash}]"))?;
    ensure!(receipt["status"] == "0x1", "{receipt}");
    Ok(receipt)
}

fn hash_in(answer: &str) -> Option<&str> {
    let start = answer.find(r#""result":""#)? + r#""result":""#.len();
    answer.get(start..start + 66)
}

fn per_second(count: usize, elapsed: Duration) -> f64 {
    count as f64 / elapsed.as_secs_f64()
}
