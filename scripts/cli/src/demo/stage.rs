//! Where the demo happens: sends what the actors do, prints what moved, reconciles every wei.
//!
//! Two accounts of the truth must agree after each step. The contracts attribute their balances in
//! `reserves()`; and the ETH of everybody together, contracts included, must be what it was at the
//! start less the fees that the receipts show, whatever the contracts say.

use std::fmt::Display;

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, I256, U256};
use alloy::providers::Provider;
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use client::books;
use client::contract::{Contract, Program};
use client::protocol::{DEAD, Protocol, Role};
use client::send::{SendError, send};
use console::style;
use eyre::{Result, WrapErr, bail};

use super::cast::{Actor, Cast};
use crate::amounts::{count, eth, rate, signed};

/// Anyone whose ETH and shares are watched.
struct Party {
    name: &'static str,
    address: Address,
}

/// What a party has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Holding {
    eth: U256,
    shares: U256,
    /// Fees it has paid since the start, in wei.
    fees: U256,
}

/// The protocol, the parties and the ledger.
pub(super) struct Stage {
    pub(super) protocol: Protocol,
    pub(super) cast: Cast,
    parties: Vec<Party>,
    holdings: Vec<Holding>,
    /// ETH of all parties at the start.
    opening: U256,
    steps: usize,
    step_gas: u64,
    total_gas: u64,
    transactions: usize,
    unexplained: U256,
}

/// What the demo came to.
pub(super) struct Summary {
    pub(super) steps: usize,
    pub(super) transactions: usize,
    pub(super) gas: u64,
    pub(super) unexplained: U256,
}

impl Stage {
    /// Opens the ledger: from here on every wei is followed.
    pub(super) async fn open(protocol: Protocol, cast: Cast) -> Result<Self> {
        let mut parties: Vec<Party> = cast
            .all()
            .map(|actor| Party {
                name: actor.name,
                address: actor.address(),
            })
            .collect();
        parties.extend(Contract::ALL.map(|contract| Party {
            name: contract.name(),
            address: protocol.address(contract),
        }));
        parties.push(Party {
            name: Program::WrappedToken.package(),
            address: *protocol.wrapped.address(),
        });
        parties.push(Party {
            name: Program::EtherVault.package(),
            address: *protocol.vault.address(),
        });
        parties.push(Party {
            name: "nobody",
            address: DEAD,
        });
        let mut stage = Self {
            protocol,
            cast,
            parties,
            holdings: Vec::new(),
            opening: U256::ZERO,
            steps: 0,
            step_gas: 0,
            total_gas: 0,
            transactions: 0,
            unexplained: U256::ZERO,
        };
        let nothing = Holding {
            eth: U256::ZERO,
            shares: U256::ZERO,
            fees: U256::ZERO,
        };
        stage.holdings = vec![nothing; stage.parties.len()];
        stage.holdings = stage.count().await?;
        stage.opening = sum(stage.holdings.iter().map(|holding| holding.eth));
        Ok(stage)
    }

    /// Begins a step.
    pub(super) fn begin(&mut self, title: &str) {
        self.steps += 1;
        println!(
            "\n{} {}",
            style(format!("{:>3}", self.steps)).cyan(),
            style(title).bold()
        );
    }

    /// Sends what `actor` does and prints it with its gas.
    pub(super) async fn act(
        &mut self,
        actor: &Actor,
        what: impl Display,
        request: TransactionRequest,
    ) -> Result<TransactionReceipt> {
        let request = request.with_from(actor.address());
        let receipt = send(&self.protocol.provider, request)
            .await
            .wrap_err_with(|| format!("{} {what}", actor.name))?;
        println!(
            "      {:<9} {what:<58} {:>10} gas",
            actor.name,
            count(receipt.gas_used)
        );
        self.transactions += 1;
        self.step_gas = self.step_gas.saturating_add(receipt.gas_used);
        let price = U256::from(receipt.effective_gas_price);
        let fee = price.saturating_mul(U256::from(receipt.gas_used));
        self.note_fee(actor.address(), fee);
        Ok(receipt)
    }

    /// Prints that `actor` tries something that the contracts must refuse; an error if they do not.
    pub(super) async fn refused(
        &self,
        actor: &Actor,
        what: impl Display,
        request: TransactionRequest,
        error: &str,
    ) -> Result<()> {
        let request = request.with_from(actor.address());
        let answer = self.protocol.provider.call(request).await;
        let refusal = match answer.map_err(SendError::from) {
            Ok(_) => bail!("{} {what}: should have been refused by {error}", actor.name),
            Err(refusal) => refusal,
        };
        match refusal.revert() {
            Some(revert) if revert.to_string().starts_with(error) => {
                println!("      {:<9} {what}", actor.name);
                let refusal = self.named(revert.to_string());
                println!("      {:<9} {} {refusal}", "", style("refused:").yellow());
                Ok(())
            }
            _ => Err(refusal).wrap_err_with(|| format!("{} {what}: not {error}", actor.name)),
        }
    }

    /// Prints what happens without a transaction.
    pub(super) fn remark(&self, what: impl Display) {
        println!("      {:<9} {}", "", style(what).dim());
    }

    /// Ends a step: prints what moved and reconciles every wei.
    pub(super) async fn end(&mut self) -> Result<()> {
        let holdings = self.count().await?;
        for (party, (before, after)) in self.parties.iter().zip(self.holdings.iter().zip(&holdings))
        {
            print_movement(party.name, before, after);
        }
        self.holdings = holdings;
        self.total_gas = self.total_gas.saturating_add(self.step_gas);
        let disagreements = self.reconcile().await?;
        let now = self.protocol.rate().await?;
        println!(
            "      {}",
            style(format!(
                "rate {} · pooled {} ETH · {} gas",
                rate(now.e27()),
                eth(now.assets),
                count(self.step_gas),
            ))
            .dim()
        );
        self.step_gas = 0;
        if disagreements.is_empty() {
            println!("      {} every wei is explained", style("✓").green());
        }
        for (what, wei) in disagreements {
            println!("      {} {wei} wei unexplained: {what}", style("✗").red());
            self.unexplained = self.unexplained.saturating_add(wei.unsigned_abs());
        }
        Ok(())
    }

    /// What it came to.
    pub(super) fn close(self) -> Summary {
        Summary {
            steps: self.steps,
            transactions: self.transactions,
            gas: self.total_gas,
            unexplained: self.unexplained,
        }
    }

    /// lsETH of an actor, in wei.
    pub(super) async fn balance(&self, actor: &Actor) -> Result<U256> {
        let balance = self.protocol.pool.balanceOf(actor.address());
        Ok(balance.call().await.map_err(SendError::from)?)
    }

    /// `words` with names in place of addresses and roles.
    fn named(&self, words: String) -> String {
        let parties = self.parties.iter();
        let addresses = parties.map(|party| (format!("{:?}", party.address), party.name));
        let roles = Role::ALL.map(|role| (format!("{:?}", role.id()), role.name()));
        addresses
            .chain(roles)
            .fold(words, |words, (id, name)| words.replace(&id, name))
    }

    fn note_fee(&mut self, payer: Address, fee: U256) {
        let position = self.parties.iter().position(|party| party.address == payer);
        if let Some(holding) = position.and_then(|place| self.holdings.get_mut(place)) {
            holding.fees = holding.fees.saturating_add(fee);
        }
    }

    /// What everybody has now. Fees are added back, so that only what was moved is a movement.
    async fn count(&self) -> Result<Vec<Holding>> {
        let mut counted = Vec::with_capacity(self.parties.len());
        for (party, known) in self.parties.iter().zip(&self.holdings) {
            let balance = self.protocol.provider.get_balance(party.address);
            let shares = self.protocol.pool.sharesOf(party.address);
            let balance = balance.await.map_err(SendError::from)?;
            counted.push(Holding {
                eth: balance.saturating_add(known.fees),
                shares: shares.call().await.map_err(SendError::from)?,
                fees: known.fees,
            });
        }
        Ok(counted)
    }

    /// Every sum that does not come out, in wei or shares.
    async fn reconcile(&self) -> Result<Vec<(String, I256)>> {
        let books = books::read(&self.protocol).await?;
        let mut findings = books.disagreements();
        let eth = sum(self.holdings.iter().map(|holding| holding.eth));
        findings.push((
            "ETH of everybody together".to_owned(),
            difference(eth, self.opening),
        ));
        // Nobody forces ETH in here, so nothing may be left over either.
        findings.push((
            "ETH that is nobody's".to_owned(),
            difference(books.surplus(), U256::ZERO),
        ));
        let shares = sum(self.holdings.iter().map(|holding| holding.shares));
        let total = self.protocol.pool.getTotalShares();
        let total = total.call().await.map_err(SendError::from)?;
        findings.push((
            "shares of everybody together".to_owned(),
            difference(shares, total),
        ));
        let wrapped = &self.protocol.wrapped;
        let supply = wrapped.totalSupply().call().await;
        let backing = self.protocol.pool.sharesOf(*wrapped.address());
        let backing = backing.call().await.map_err(SendError::from)?;
        findings.push((
            "shares of wlsETH against its supply".to_owned(),
            difference(backing, supply.map_err(SendError::from)?),
        ));
        findings.retain(|(_, wei)| !wei.is_zero());
        Ok(findings)
    }
}

fn print_movement(name: &str, before: &Holding, after: &Holding) {
    let moved = |before, after, unit| {
        let delta = difference(after, before);
        (!delta.is_zero()).then(|| signed(delta, unit))
    };
    let eth = moved(before.eth, after.eth, "ETH");
    let shares = moved(before.shares, after.shares, "shares");
    if eth.is_none() && shares.is_none() {
        return;
    }
    let (eth, shares) = (eth.unwrap_or_default(), shares.unwrap_or_default());
    println!("      {:<20} {eth:>24} {shares:>28}", style(name).dim());
}

fn sum(amounts: impl Iterator<Item = U256>) -> U256 {
    amounts.fold(U256::ZERO, U256::saturating_add)
}

/// `left - right`; amounts are far from the edge of either type.
fn difference(left: U256, right: U256) -> I256 {
    I256::from_raw(left.wrapping_sub(right))
}
