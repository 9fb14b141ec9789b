//! `lst gas`: what each step of a user costs, beside what it costs at the peers, against what is
//! recorded in `contracts/gas.json`.

mod journey;
mod peers;
mod positions;
mod wrapping;

use std::collections::BTreeMap;

use clap::Args;
use eyre::{Result, bail};
use serde::{Deserialize, Serialize};

use crate::{build, recorded};
use journey::{Cache, travel};
use peers::{PEERS, Peer};

/// Options of `lst gas`.
#[derive(Args)]
pub(crate) struct Options {
    /// Writes the measurements instead of comparing them.
    #[arg(long)]
    record: bool,
}

/// Gas of one step, as its receipt says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Price {
    /// With every program in the chain's cache.
    cached: u64,
    /// With none.
    uncached: u64,
}

type Prices = BTreeMap<String, Price>;

/// Measures on two fresh nodes; an error if a step costs over 1 % more than is recorded.
pub(crate) async fn run(options: Options) -> Result<()> {
    let artifacts = build::contracts().await?;
    let cached = travel(&artifacts, Cache::Full).await?;
    let uncached = travel(&artifacts, Cache::Empty).await?;
    let steps = cached.iter().zip(&uncached);
    print_head();
    let mut prices = Prices::new();
    for ((name, cached), (_, uncached)) in steps {
        let price = Price {
            cached: *cached,
            uncached: *uncached,
        };
        print_step(name, price);
        prices.insert((*name).to_owned(), price);
    }
    println!(
        "\n  Peers: gas on a real Nitro node, and ours as a part of it, cached and uncached. Lido and the \
         leanest\n  of five other protocols behind the proxies they are deployed with, OpenZeppelin's \
         tokens without one."
    );
    recorded::settle("gas.json", &artifacts, &prices, options.record, compare)
}

fn print_head() {
    println!(
        "  {:<38} {:>8} {:>8} {:>21} {:>21} {:>21}",
        "", "cached", "uncached", "Lido", "leanest", "OpenZeppelin"
    );
}

fn print_step(name: &str, price: Price) {
    let peer = PEERS.iter().find(|peer| peer.step == name);
    let beside = |gas: fn(&Peer) -> Option<u64>| beside(price, peer.and_then(gas));
    println!(
        "  {name:<38} {:>8} {:>8} {:>21} {:>21} {:>21}",
        price.cached,
        price.uncached,
        beside(|peer| peer.lido),
        beside(|peer| peer.leanest),
        beside(|peer| peer.openzeppelin),
    );
}

/// A peer's gas, and ours as a part of it, cached and uncached.
#[expect(clippy::cast_precision_loss, reason = "ratios of two decimals")]
fn beside(price: Price, peer: Option<u64>) -> String {
    peer.map_or(String::from("–"), |gas| {
        let ratio = |ours: u64| ours as f64 / gas as f64;
        let (cached, uncached) = (ratio(price.cached), ratio(price.uncached));
        format!("{gas} × {cached:.2} {uncached:.2}")
    })
}

/// Refuses a step that is new, gone, or over 1 % dearer than recorded.
fn compare(measured: &Prices, recorded: &Prices) -> Result<()> {
    let mut findings = Vec::new();
    for (step, now) in measured {
        match recorded.get(step) {
            None => findings.push(format!("{step} is not recorded")),
            Some(then) if dearer(now.cached, then.cached) => {
                findings.push(format!(
                    "{step}: {} cached, was {}",
                    now.cached, then.cached
                ));
            }
            Some(then) if dearer(now.uncached, then.uncached) => {
                let (now, then) = (now.uncached, then.uncached);
                findings.push(format!("{step}: {now} uncached, was {then}"));
            }
            Some(_) => {}
        }
    }
    let gone = recorded.keys().filter(|step| !measured.contains_key(*step));
    findings.extend(gone.map(|step| format!("{step} is no longer measured")));
    if findings.is_empty() {
        return Ok(());
    }
    bail!(
        "contracts/gas.json records other prices ({}): run `cargo xtask bench gas --record` and commit it",
        findings.join("; ")
    )
}

/// More than a hundredth above.
const fn dearer(now: u64, then: u64) -> bool {
    now.saturating_mul(100) > then.saturating_mul(101)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prices(gas: u64) -> Prices {
        let price = Price {
            cached: gas,
            uncached: 50_000,
        };
        Prices::from([("transfer".to_owned(), price)])
    }

    #[test]
    fn a_step_may_be_a_hundredth_dearer_and_no_more() {
        assert!(compare(&prices(10_100), &prices(10_000)).is_ok());
        assert!(compare(&prices(10_101), &prices(10_000)).is_err());
        assert!(compare(&prices(1), &prices(10_000)).is_ok());
    }

    #[test]
    fn steps_are_neither_added_nor_lost_silently() {
        assert!(compare(&prices(1), &Prices::new()).is_err());
        assert!(compare(&Prices::new(), &prices(1)).is_err());
    }

    #[test]
    fn a_peers_gas_stands_beside_both_of_ours() {
        let price = Price {
            cached: 50,
            uncached: 125,
        };
        assert_eq!(beside(price, Some(100)), "100 × 0.50 1.25");
        assert_eq!(beside(price, None), "–");
    }

    #[test]
    fn every_peer_belongs_to_a_step() {
        let travelled = [
            include_str!("journey.rs"),
            include_str!("positions.rs"),
            include_str!("wrapping.rs"),
        ]
        .concat();
        for peer in PEERS {
            let named = travelled.contains(&format!("{:?}", peer.step));
            assert!(named, "{} is no step", peer.step);
        }
    }
}
