//! lsETH and wlsETH beside other tokens with ERC-20 and ERC-2612.
//!
//! lsETH rebases, others do not. So it is compared twice: at par, where a share is a wei and every
//! number has to be the same; and at a rate that stays put after rewards were released, where the
//! twins are given what lsETH says before each step, and numbers may then differ by the rounding of
//! one step to whole shares. At such a rate the sum of balances is not the supply.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use client::abi::{IStakingPool as Pool, IWrappedToken as Token};
use client::protocol::DEAD;
use eyre::{Result, ensure, eyre};
use operations::amount::Amount;
use operations::dice::Dice;
use operations::token::{Act, Flaw, Operation};
use operations::{PEOPLE, Party};

use super::ground::Ground;
use super::program::{self, Twin};
use super::side::{Side, Sides, Tally, is_recorded};
use super::{is_sweep, operations, permit, seed, solidity};
use crate::world::{Person, World, ether};

alloy::sol! {
    /// Of the twins alone.
    function give(address account, uint256 value) external;
    function take(address account, uint256 value) external;
}

/// Wei by which a step at a rate of less than two may round: a share, and a wei of the balance.
const ROUNDING: U256 = U256::from_limbs([2, 0, 0, 0]);

struct Tokens {
    ground: Ground,
    sides: Sides,
}

#[tokio::test]
async fn lseth_at_par_does_what_other_tokens_do() -> Result<()> {
    let ground = Ground::on(World::fresh().await?);
    deposit(&ground).await?;
    let ours = lseth(&ground);
    let holders = [&ground.people[..], &[DEAD]].concat();
    let mut tokens = Tokens::beside(ground, ours, U256::ZERO).await?;
    tokens.fill(&holders).await?;
    tokens.run("lsETH at par").await
}

#[tokio::test]
async fn lseth_after_rewards_does_what_other_tokens_do_to_the_wei_and_the_share() -> Result<()> {
    let ground = Ground::on(World::fresh().await?);
    deposit(&ground).await?;
    super::vault::reward(&ground).await?;
    let ours = lseth(&ground);
    let holders = ground.people;
    let mut tokens = Tokens::beside(ground, ours, ROUNDING).await?;
    tokens.fill(&holders).await?;
    tokens.run("lsETH after rewards").await
}

#[tokio::test]
async fn wlseth_does_what_other_tokens_do() -> Result<()> {
    let ground = Ground::on(World::fresh().await?);
    let wrapped = &ground.world.protocol.wrapped;
    for person in ground.people {
        let wrap = wrapped.depositEth(person, Address::ZERO, U256::ZERO);
        let wrap = wrap.value(ether(10)).into_transaction_request();
        ground.world.send(Person(person), wrap).await?;
    }
    let ours = Side {
        name: "wlsETH",
        contracts: vec![*wrapped.address()],
        domain: "Wrapped liquid staked ETH",
        lenient: false,
    };
    let holders = ground.people;
    let mut tokens = Tokens::beside(ground, ours, U256::ZERO).await?;
    tokens.fill(&holders).await?;
    tokens.run("wlsETH").await
}

/// Everybody stakes 10 ETH.
async fn deposit(ground: &Ground) -> Result<()> {
    for person in ground.people {
        ground.world.deposit(Person(person), ether(10)).await?;
    }
    Ok(())
}

fn lseth(ground: &Ground) -> Side {
    Side {
        name: "lsETH",
        contracts: vec![*ground.world.protocol.pool.address()],
        domain: "Liquid staked ETH",
        lenient: false,
    }
}

impl Tokens {
    async fn beside(ground: Ground, ours: Side, tolerance: U256) -> Result<Self> {
        let mut twins = vec![program::side(&ground, Twin::Token).await?];
        twins.extend(solidity::tokens(&ground).await?);
        let sides = Sides {
            ours,
            twins,
            tolerance,
        };
        Ok(Self { ground, sides })
    }

    /// Gives everybody what they have of ours.
    async fn fill(&mut self, holders: &[Address]) -> Result<()> {
        for twin in &self.sides.twins {
            for account in holders {
                let balance = self.balance(&self.sides.ours, *account)?;
                self.set(twin, *account, balance).await?;
            }
        }
        for side in self.sides.twins.iter().chain([&self.sides.ours]) {
            let domain = permit::domain(side.address(), side.domain, Flaw::None).separator();
            let said = self
                .ground
                .read(side.address(), &Token::DOMAIN_SEPARATORCall {})?;
            ensure!(said == domain, "{} has another domain", side.name);
        }
        Ok(())
    }

    async fn run(mut self, what: &str) -> Result<()> {
        let mut dice = Dice::new(seed());
        let mut tally = Tally::default();
        for step in 0..operations() {
            let operation = Operation::draw(&mut dice);
            let taken = self.step(&operation, &mut tally).await;
            let compared = match taken {
                Ok(()) => self.compare(&operation, step),
                refused => refused,
            };
            compared.map_err(|error| eyre!("step {step}, {operation:?}: {error}"))?;
            self.compare_record(&tally)?;
            self.follow().await?;
        }
        tally.conclude(what, &self.sides)
    }

    async fn step(&mut self, operation: &Operation, tally: &mut Tally) -> Result<()> {
        let from = self.ground.person(operation.from);
        let mut calls = Vec::new();
        for side in [&self.sides.ours].into_iter().chain(&self.sides.twins) {
            calls.push(self.calldata(side, operation)?);
        }
        let mut calls = calls.into_iter();
        let to = self.sides.ours.address();
        let ours = calls.next().unwrap_or_default();
        let ours = self.ground.send(from, to, &ours).await?;
        tally.count(&ours);
        for (twin, call) in self.sides.twins.iter().zip(calls) {
            if twin.lenient && is_left_open(operation) {
                ensure!(!ours.accepted, "ours accepts what it is strict about");
                continue;
            }
            let theirs = self.ground.send(from, twin.address(), &call).await?;
            self.sides.same(twin, &self.ground, &ours, &theirs)?;
        }
        Ok(())
    }

    fn calldata(&self, side: &Side, operation: &Operation) -> Result<Vec<u8>> {
        let ground = &self.ground;
        let from = ground.person(operation.from);
        let number = |amount: Amount, available: U256| {
            let number = amount.of(available.saturating_to(), 1);
            number.map_or(U256::MAX, U256::from)
        };
        Ok(match operation.act {
            Act::Transfer(to, amount) => {
                let to = ground.party(to);
                let value = number(amount, self.balance(&self.sides.ours, from)?);
                Token::transferCall { to, value }.abi_encode()
            }
            Act::Approve(spender, amount) => {
                let spender = ground.party(spender);
                let value = number(amount, self.balance(&self.sides.ours, from)?);
                Token::approveCall { spender, value }.abi_encode()
            }
            Act::TransferFrom(owner, to, amount) => {
                let owner = ground.person(owner);
                let allowed = self.allowance(&self.sides.ours, owner, from)?;
                let available = allowed.min(self.balance(&self.sides.ours, owner)?);
                let call = Token::transferFromCall {
                    from: owner,
                    to: ground.party(to),
                    value: number(amount, available),
                };
                call.abi_encode()
            }
            Act::Permit(owner, spender, amount, flaw) => {
                let owner = ground.person(owner);
                let value = number(amount, self.balance(&self.sides.ours, owner)?);
                let terms = (owner, ground.party(spender), value);
                permit::permit(ground, side.address(), side.domain, terms, flaw)?
            }
        })
    }

    fn compare(&self, operation: &Operation, step: u64) -> Result<()> {
        let people = self.ground.people;
        let mut questions = Vec::new();
        let touched = match operation.act {
            Act::TransferFrom(owner, ..) | Act::Permit(owner, ..) => owner,
            Act::Transfer(..) | Act::Approve(..) => operation.from,
        };
        for owner in 0..PEOPLE {
            let account = self.ground.person(owner);
            questions.push(Token::balanceOfCall { account }.abi_encode());
            if owner != touched && !is_sweep(step) {
                continue;
            }
            let owner = account;
            questions.push(Token::noncesCall { owner }.abi_encode());
            for spender in people {
                questions.push(Token::allowanceCall { owner, spender }.abi_encode());
            }
        }
        if self.sides.tolerance.is_zero() {
            questions.push(Token::totalSupplyCall {}.abi_encode());
        }
        self.sides.same_views(&self.ground, 0, &questions)
    }

    /// Whether the first operations left what motsu leaves, where everybody began with 10 ETH of what
    /// does not round.
    fn compare_record(&self, tally: &Tally) -> Result<()> {
        let exact = self.sides.tolerance.is_zero();
        let Some(mut record) = tally.record().filter(|_| exact) else {
            return Ok(());
        };
        for (number, owner) in self.ground.people.into_iter().enumerate() {
            record.state("balance", number, self.balance(&self.sides.ours, owner)?);
            let nonces = Token::noncesCall { owner };
            let nonce = self.ground.read(self.sides.ours.address(), &nonces)?;
            record.state("nonce", number, nonce);
        }
        is_recorded(
            &record,
            include_str!("../../twins/operations/recorded/token.txt"),
        )
    }

    /// Undoes differences of rounding, so that they do not add up.
    async fn follow(&self) -> Result<()> {
        if self.sides.tolerance.is_zero() {
            return Ok(());
        }
        for twin in &self.sides.twins {
            for account in self.ground.people {
                let balance = self.balance(&self.sides.ours, account)?;
                self.set(twin, account, balance).await?;
            }
        }
        Ok(())
    }

    async fn set(&self, twin: &Side, account: Address, balance: U256) -> Result<()> {
        set_balance(&self.ground, twin.address(), account, balance).await
    }

    fn balance(&self, side: &Side, account: Address) -> Result<U256> {
        let call = Token::balanceOfCall { account };
        self.ground.read(side.address(), &call)
    }

    fn allowance(&self, side: &Side, owner: Address, spender: Address) -> Result<U256> {
        let call = Pool::allowanceCall { owner, spender };
        self.ground.read(side.address(), &call)
    }
}

/// Gives or takes what is missing from or above a balance of a twin.
pub(super) async fn set_balance(
    ground: &Ground,
    twin: Address,
    account: Address,
    balance: U256,
) -> Result<()> {
    let held = ground.read(twin, &Token::balanceOfCall { account })?;
    let clerk = ground.clerk;
    if held < balance {
        let value = balance - held;
        return ground.done(clerk, twin, &giveCall { account, value }).await;
    }
    if held > balance {
        let value = held - balance;
        return ground.done(clerk, twin, &takeCall { account, value }).await;
    }
    Ok(())
}

/// Neither EIP-20 nor EIP-2612 says what a zero address or a mirrored signature is good for.
fn is_left_open(operation: &Operation) -> bool {
    match operation.act {
        Act::Transfer(party, _) | Act::Approve(party, _) | Act::TransferFrom(_, party, _) => {
            party == Party::Nobody
        }
        Act::Permit(_, party, _, flaw) => party == Party::Nobody || flaw == Flaw::HighS,
    }
}
