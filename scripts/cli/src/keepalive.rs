//! `lst keepalive`: keeps the programs of a deployment active for another year.

use alloy::primitives::U256;
use clap::Args;
use client::address_book::AddressBook;
use client::lifetime::{Kept, Life, keep, left};
use console::{Style, style};
use eyre::{Result, WrapErr};

use crate::amounts::eth;
use crate::options::{Deployments, Node, Signer};

/// A day, in seconds.
const DAY: u64 = 86_400;

/// Below this many days `lst` warns; below [`URGENT`], in red.
const SOON: u64 = 60;
const URGENT: u64 = 14;

/// Options of `lst keepalive`.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    node: Node,
    #[command(flatten)]
    signer: Signer,
    #[command(flatten)]
    deployments: Deployments,
}

/// Pays for each program that may be kept, and says what came of it.
pub(crate) async fn run(options: Options) -> Result<()> {
    let key = options.signer.key()?;
    let (provider, chain_id) = options.node.connect(std::slice::from_ref(&key)).await?;
    let book = AddressBook::read(&options.deployments.deployments, chain_id)?;
    book.check(&provider).await?;
    let mut paid = U256::ZERO;
    for (program, code) in &book.programs {
        let kept = keep(&provider, key.address(), code.address, code.codehash).await;
        let kept = kept.wrap_err_with(|| format!("cannot keep {program} alive"))?;
        let (Kept::Prolonged { fee } | Kept::Reactivated { fee }) = kept else {
            println!("  {:<20} {}", style(program).bold(), said(kept));
            continue;
        };
        paid = paid.saturating_add(fee);
        let life = left(&provider, code.address).await?;
        let (words, _) = remaining(&life);
        println!("  {:<20} {}, {words}", style(program).bold(), said(kept));
    }
    println!("  {:<20} {} ETH", "data fees", eth(paid));
    Ok(())
}

/// What was done with a program.
fn said(kept: Kept) -> String {
    match kept {
        Kept::Prolonged { fee } => format!("kept alive for {} ETH", eth(fee)),
        Kept::Reactivated { fee } => format!("activated again for {} ETH", eth(fee)),
        Kept::TooYoung { age_secs } => format!(
            "left alone: it began {} days ago, and may be kept alive from 31 on",
            age_secs / DAY
        ),
    }
}

/// How long a program stays active, in words and a colour.
pub(crate) fn remaining(life: &Life) -> (String, Style) {
    let plain = Style::new();
    match life {
        Life::Inactive(why) => (
            format!("inactive ({why}): `lst keepalive` brings it back"),
            plain.red().bold(),
        ),
        Life::Active { secs } => match secs / DAY {
            days if days < URGENT => (
                format!("active for {days} days: `lst keepalive` now"),
                plain.red(),
            ),
            days if days < SOON => (
                format!("active for {days} days: `lst keepalive` soon"),
                plain.yellow(),
            ),
            days => (format!("active for {days} days"), plain),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy::sol_types::SolError;
    use client::nitro::IArbWasm::ProgramExpired;
    use client::revert::Revert;

    fn shown(secs: u64) -> String {
        let (words, colour) = remaining(&Life::Active { secs });
        colour.force_styling(true).apply_to(words).to_string()
    }

    #[test]
    fn sixty_days_warn_and_fourteen_are_red() {
        assert_eq!(shown(60 * DAY), "active for 60 days");
        let yellow = "\u{1b}[33mactive for 59 days: `lst keepalive` soon\u{1b}[0m";
        assert_eq!(shown(60 * DAY - 1), yellow);
        let yellow = "\u{1b}[33mactive for 14 days: `lst keepalive` soon\u{1b}[0m";
        assert_eq!(shown(14 * DAY), yellow);
        let red = "\u{1b}[31mactive for 13 days: `lst keepalive` now\u{1b}[0m";
        assert_eq!(shown(14 * DAY - 1), red);
    }

    #[test]
    fn what_has_expired_is_said_to_be_inactive() {
        let expired = ProgramExpired {
            ageInSeconds: 366 * DAY,
        };
        let life = Life::Inactive(Revert(expired.abi_encode().into()));
        let (words, _) = remaining(&life);
        assert_eq!(
            words,
            "inactive (ProgramExpired { ageInSeconds: 31622400 }): `lst keepalive` brings it back"
        );
    }

    #[test]
    fn what_is_too_young_is_left_alone() {
        let young = Kept::TooYoung {
            age_secs: 31 * DAY - 1,
        };
        assert_eq!(
            said(young),
            "left alone: it began 30 days ago, and may be kept alive from 31 on"
        );
    }
}
