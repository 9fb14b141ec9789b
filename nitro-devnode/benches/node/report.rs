//! Medians, ratios, and how they are printed and kept.
use std::{fmt, time::Duration};

use serde_json::{Value, json};

use crate::milliseconds;

/// What was measured of one node, a value a round.
#[derive(Default)]
pub(crate) struct Samples {
    /// Process start to first answer, milliseconds.
    pub(crate) start_up: Vec<f64>,
    /// Transfers per second: send, wait for the receipt, send.
    pub(crate) one_by_one: Vec<f64>,
    /// Transfers per second, many at once, blocks as the node makes them.
    pub(crate) pipelined: Vec<f64>,
    /// Transfers per second, many at once, many in a block.
    pub(crate) full_blocks: Vec<f64>,
    /// As `one_by_one`, of the Stylus token.
    pub(crate) token_one_by_one: Vec<f64>,
    /// As `full_blocks`, of the Stylus token.
    pub(crate) token_full_blocks: Vec<f64>,
    /// First call of the token in a process that compiles it, milliseconds.
    pub(crate) first_call: Vec<f64>,
    /// First call of the token in a process that finds it compiled, milliseconds.
    pub(crate) first_call_kept: Vec<f64>,
    /// `eth_call` of the token's `balanceOf`, each.
    pub(crate) calls: Vec<Duration>,
}

/// Memory of our node.
pub(crate) struct Memory {
    pub(crate) blocks: usize,
    pub(crate) bytes: u64,
}

/// Everything measured in one run.
#[derive(Default)]
pub(crate) struct Report {
    pub(crate) ours: Samples,
    pub(crate) anvil: Option<Samples>,
    pub(crate) memory: Vec<Memory>,
}

impl Report {
    /// Each row: its name, our median, anvil's.
    fn rows(&self) -> Vec<(&'static str, f64, Option<f64>)> {
        let row = |name, pick: fn(&Samples) -> &Vec<f64>| {
            let theirs = self.anvil.as_ref().map(|anvil| median(pick(anvil)));
            (name, median(pick(&self.ours)), theirs)
        };
        vec![
            row("start-up, ms", |samples| &samples.start_up),
            row("transfers/s, one by one with receipt", |samples| {
                &samples.one_by_one
            }),
            row("transfers/s, pipelined", |samples| &samples.pipelined),
            row("transfers/s, many in a block", |samples| {
                &samples.full_blocks
            }),
        ]
    }

    /// Token transfers per second and plain transfers for one of them.
    fn token(&self) -> [(&'static str, f64, f64); 2] {
        let row = |name, token: &[f64], plain: &[f64]| {
            let token = median(token);
            (name, token, median(plain) / token)
        };
        let ours = &self.ours;
        [
            row(
                "token transfers/s, one by one with receipt",
                &ours.token_one_by_one,
                &ours.one_by_one,
            ),
            row(
                "token transfers/s, many in a block",
                &ours.token_full_blocks,
                &ours.full_blocks,
            ),
        ]
    }

    /// `eth_call` of `balanceOf` in milliseconds: half of them, and 99 in 100, are faster.
    fn calls(&self) -> (f64, f64) {
        let mut calls: Vec<_> = self.ours.calls.iter().copied().map(milliseconds).collect();
        calls.sort_by(f64::total_cmp);
        (quantile(&calls, 50), quantile(&calls, 99))
    }

    /// First call of a program in milliseconds: compiled for it, and kept from an earlier run.
    fn first_calls(&self) -> (f64, f64) {
        let ours = &self.ours;
        (median(&ours.first_call), median(&ours.first_call_kept))
    }

    /// Bytes that a block of one transfer adds, over the whole run.
    fn bytes_per_block(&self) -> f64 {
        match self.memory.as_slice() {
            [first, .., last] => {
                last.bytes.saturating_sub(first.bytes) as f64 / (last.blocks - first.blocks) as f64
            }
            _ => 0.0,
        }
    }

    /// What is committed: rates are of the machine it ran on, ratios of the code.
    pub(crate) fn to_json(&self) -> String {
        let mut rows = serde_json::Map::new();
        for (name, ours, anvil) in self.rows() {
            let ratio = anvil.map(|anvil| round(ours / anvil));
            let anvil = anvil.map(round);
            rows.insert(
                name.to_owned(),
                json!({ "ours": round(ours), "anvil": anvil, "ratio": ratio }),
            );
        }
        for (name, rate, cost) in self.token() {
            rows.insert(
                name.to_owned(),
                json!({ "ours": round(rate), "plain transfers for one": round(cost) }),
            );
        }
        let (p50, p99) = self.calls();
        rows.insert(
            "balanceOf, ms".to_owned(),
            json!({ "p50": round(p50), "p99": round(p99) }),
        );
        let (cold, kept) = self.first_calls();
        rows.insert(
            "first call of a program, ms".to_owned(),
            json!({ "compiled": round(cold), "kept from an earlier run": round(kept) }),
        );
        let memory = self.memory.iter();
        let memory: Vec<_> = memory
            .map(|memory| json!({ "blocks": memory.blocks, "MB": memory.bytes / 1_000_000 }))
            .collect();
        rows.insert(
            "memory".to_owned(),
            json!({ "bytes per block": self.bytes_per_block().round(), "measured": memory }),
        );
        format!("{:#}\n", Value::Object(rows))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<44}{:>10}{:>10}{:>8}", "", "ours", "anvil", "ratio")?;
        for (name, ours, anvil) in self.rows() {
            write!(f, "{name:<44}{ours:>10.0}")?;
            match anvil {
                Some(anvil) => writeln!(f, "{anvil:>10.0}{:>8.2}", ours / anvil)?,
                None => writeln!(f)?,
            }
        }
        for (name, rate, cost) in self.token() {
            writeln!(f, "{name:<44}{rate:>10.0}   1 : {cost:.2} plain")?;
        }
        let (p50, p99) = self.calls();
        writeln!(f, "balanceOf p50 {p50:.2} ms, p99 {p99:.2} ms")?;
        let (cold, kept) = self.first_calls();
        writeln!(
            f,
            "first call of a program {cold:.1} ms, kept from an earlier run {kept:.1} ms"
        )?;
        for memory in &self.memory {
            writeln!(
                f,
                "memory after {:>7} blocks {:>6} MB",
                memory.blocks,
                memory.bytes / 1_000_000
            )?;
        }
        write!(f, "{:.0} bytes a block", self.bytes_per_block())
    }
}

fn median(samples: &[f64]) -> f64 {
    let mut samples = samples.to_vec();
    samples.sort_by(f64::total_cmp);
    quantile(&samples, 50)
}

/// The value that `percent` of the sorted samples do not exceed; 0 if there is none.
fn quantile(sorted: &[f64], percent: usize) -> f64 {
    let place = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(place).copied().unwrap_or(0.0)
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
