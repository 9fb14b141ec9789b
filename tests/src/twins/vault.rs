//! wlsETH beside other vaults with ERC-4626, each over a token of its own kind.
//!
//! At par every number has to be the same. After rewards the others round for themselves: their rate
//! is that of assets and shares and one virtual one of each, ours is the pool's; and ours pays in whole
//! shares of lsETH. So what each step says may differ by a few wei, and is brought in line before the
//! next. The standard leaves `maxDeposit` and `maxMint` of a vault without a limit open: others say
//! 2²⁵⁶−1, ours what lsETH there is.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use client::abi::IWrappedToken as Vault;
use eyre::{Result, ensure, eyre};
use operations::amount::Amount;
use operations::dice::Dice;
use operations::vault::{Act, Operation};
use operations::{PEOPLE, Party};

use super::ground::Ground;
use super::program::{self, Twin};
use super::side::{Side, Sides, Tally, is_recorded};
use super::token::set_balance;
use super::{is_sweep, operations, seed, solidity};
use crate::world::{Person, World, ether};

mod asked;
mod followed;

alloy::sol! {
    /// Of the twin alone.
    function begin(address asset) external;
}

/// Places of the contracts on each side.
const VAULT: usize = 0;
const ASSET: usize = 1;

/// Wei by which a step at a rate of less than two may round: once in the vault and twice in the token.
const ROUNDING: U256 = U256::from_limbs([4, 0, 0, 0]);

/// Wei that are too much everywhere, whatever was rounded.
const FAR: u128 = 1_000;

struct Vaults {
    ground: Ground,
    sides: Sides,
}

#[tokio::test]
async fn wlseth_at_par_does_what_other_vaults_do() -> Result<()> {
    let vaults = Vaults::begin().await?;
    vaults.run("wlsETH as a vault at par").await
}

#[tokio::test]
async fn wlseth_after_rewards_does_what_other_vaults_do_to_the_wei() -> Result<()> {
    let mut vaults = Vaults::begin().await?;
    // Shares from before the rewards are what the others' rate stands on.
    for from in 0..PEOPLE {
        for act in [
            Act::Allow(Amount::All),
            Act::Deposit(Party::Person(from), Amount::Thousandths(500)),
        ] {
            vaults
                .step(&Operation { from, act }, &mut Tally::default())
                .await?;
        }
    }
    let anchor = vaults.anchor().await?;
    reward(&vaults.ground).await?;
    vaults.sides.tolerance = ROUNDING;
    for twin in &vaults.sides.twins {
        let shares = vaults.shares(&vaults.sides.ours, anchor)?;
        set_balance(&vaults.ground, twin.address(), anchor, shares).await?;
    }
    vaults.follow(&[]).await?;
    vaults.run("wlsETH as a vault after rewards").await
}

/// Rewards, and the time in which they are released: the rate is odd and stays put.
pub(super) async fn reward(ground: &Ground) -> Result<()> {
    let world = &ground.world;
    world.distribute(ether(1)).await?;
    world.advance(60 * 86_400).await?;
    let rate = world.protocol.rate().await?;
    let release = world.protocol.pool.release().call().await?;
    ensure!(rate.assets > rate.shares, "the rate did not rise");
    ensure!(
        release.end <= world.reader().next_timestamp(),
        "the rate still rises"
    );
    Ok(())
}

impl Vaults {
    /// Everybody has 20 ETH of every asset and no share.
    async fn begin() -> Result<Self> {
        let ground = Ground::on(World::fresh().await?);
        for person in ground.people {
            ground.world.deposit(Person(person), ether(20)).await?;
        }
        let protocol = &ground.world.protocol;
        let ours = Side {
            name: "wlsETH",
            contracts: vec![*protocol.wrapped.address(), *protocol.pool.address()],
            domain: "",
            lenient: false,
        };
        let mut twin = program::side(&ground, Twin::Vault).await?;
        let asset = program::deploy(&ground, Twin::Token).await?;
        let begin = beginCall { asset };
        ground.done(ground.clerk, twin.address(), &begin).await?;
        twin.contracts.push(asset);
        let mut twins = vec![twin];
        twins.extend(solidity::vaults(&ground).await?);
        let vaults = Self {
            ground,
            sides: Sides {
                ours,
                twins,
                tolerance: U256::ZERO,
            },
        };
        vaults.follow(&[]).await?;
        Ok(vaults)
    }

    /// Somebody wraps for good more than all others have: what a vault rounds in its total comes back
    /// in an amount as often as the amount is larger than the total.
    async fn anchor(&self) -> Result<Address> {
        let world = &self.ground.world;
        let anchor = world.operators[1];
        let wrapped = &world.protocol.wrapped;
        let wrap = wrapped.depositEth(anchor.0, Address::ZERO, U256::ZERO);
        let wrap = wrap.value(ether(200)).into_transaction_request();
        world.send(anchor, wrap).await?;
        Ok(anchor.0)
    }

    fn shares(&self, side: &Side, account: Address) -> Result<U256> {
        let balance = Vault::balanceOfCall { account };
        self.ground.read(side.contract(VAULT), &balance)
    }

    async fn run(mut self, what: &str) -> Result<()> {
        let mut dice = Dice::new(seed());
        let mut tally = Tally::default();
        for step in 0..operations() {
            let operation = Operation::draw(&mut dice);
            let taken = self.step(&operation, &mut tally).await;
            let compared = taken.and_then(|()| self.compare(step));
            compared.map_err(|error| eyre!("step {step}, {operation:?}: {error}"))?;
            match self.sides.tolerance.is_zero() {
                true => self.compare_record(&tally)?,
                false => self.follow(&followed::touched(&operation)).await?,
            }
        }
        tally.conclude(what, &self.sides)
    }

    async fn step(&mut self, operation: &Operation, tally: &mut Tally) -> Result<()> {
        let from = self.ground.person(operation.from);
        let place = match operation.act {
            Act::Allow(_) => ASSET,
            _ => VAULT,
        };
        let ours = &self.sides.ours;
        let call = self.calldata(ours, operation)?;
        let open = self.is_left_open(operation, &call)?;
        let mut calls = Vec::new();
        for twin in &self.sides.twins {
            calls.push(self.calldata(twin, operation)?);
        }
        let ours = self.ground.send(from, ours.contract(place), &call).await?;
        tally.count(&ours);
        for (twin, call) in self.sides.twins.iter().zip(calls) {
            if open {
                continue;
            }
            if twin.lenient && names_nobody(operation) {
                ensure!(!ours.accepted, "ours accepts what it is strict about");
                continue;
            }
            let to = twin.contract(place);
            let theirs = self.ground.send(from, to, &call).await?;
            self.sides.same(twin, &self.ground, &ours, &theirs)?;
        }
        Ok(())
    }

    fn compare(&self, step: u64) -> Result<()> {
        let ground = &self.ground;
        let balances = ground
            .people
            .map(|account| Vault::balanceOfCall { account }.abi_encode());
        self.sides.same_views(ground, ASSET, &balances)?;
        self.sides.same_views(ground, VAULT, &balances)?;
        let totals = [
            Vault::totalAssetsCall {}.abi_encode(),
            Vault::totalSupplyCall {}.abi_encode(),
        ];
        self.sides.same_views(ground, VAULT, &totals)?;
        if !is_sweep(step) {
            return Ok(());
        }
        self.sides
            .same_views(ground, VAULT, &self.vault_questions())?;
        for twin in &self.sides.twins {
            for account in ground.people {
                let (_, ours) = self.allowance(&self.sides.ours, account)?;
                let (_, theirs) = self.allowance(twin, account)?;
                ensure!(
                    ours.abs_diff(theirs) <= self.sides.tolerance,
                    "the vault may take {ours} of {account}, {} {theirs}",
                    twin.name
                );
            }
        }
        Ok(())
    }

    /// Whether the first operations left what motsu leaves.
    fn compare_record(&self, tally: &Tally) -> Result<()> {
        let Some(mut record) = tally.record() else {
            return Ok(());
        };
        for (number, account) in self.ground.people.into_iter().enumerate() {
            for (what, place) in [("assets", ASSET), ("shares", VAULT)] {
                let contract = self.sides.ours.contract(place);
                let balance = Vault::balanceOfCall { account };
                record.state(what, number, self.ground.read(contract, &balance)?);
            }
        }
        is_recorded(
            &record,
            include_str!("../../twins/operations/recorded/vault.txt"),
        )
    }

    fn vault_questions(&self) -> Vec<Vec<u8>> {
        let mut questions = vec![Vault::assetCall {}.abi_encode()];
        for owner in self.ground.people {
            questions.push(Vault::maxWithdrawCall { owner }.abi_encode());
            questions.push(Vault::maxRedeemCall { owner }.abi_encode());
            for spender in self.ground.people {
                questions.push(Vault::allowanceCall { owner, spender }.abi_encode());
            }
        }
        // Nothing, a wei, an odd amount, and two ETH: within what the vaults have.
        for amount in [
            0,
            1,
            1_234_567_890_123_456_789,
            2_000_000_000_000_000_000_u64,
        ] {
            let amount = U256::from(amount);
            let (assets, shares) = (amount, amount);
            questions.push(Vault::convertToSharesCall { assets }.abi_encode());
            questions.push(Vault::convertToAssetsCall { shares }.abi_encode());
            questions.push(Vault::previewDepositCall { assets }.abi_encode());
            questions.push(Vault::previewMintCall { shares }.abi_encode());
            questions.push(Vault::previewWithdrawCall { assets }.abi_encode());
            questions.push(Vault::previewRedeemCall { shares }.abi_encode());
        }
        questions
    }

    /// The vault of a side, and how much of `owner` it may take.
    fn allowance(&self, side: &Side, owner: Address) -> Result<(Address, U256)> {
        let spender = side.address();
        let call = Vault::allowanceCall { owner, spender };
        let allowance = self.ground.read(side.contract(ASSET), &call)?;
        Ok((spender, allowance))
    }
}

/// EIP-20 and EIP-4626 do not say what a zero address is good for.
fn names_nobody(operation: &Operation) -> bool {
    match operation.act {
        Act::Allow(_) => false,
        Act::Deposit(party, _)
        | Act::Mint(party, _)
        | Act::Withdraw(party, ..)
        | Act::Redeem(party, ..)
        | Act::Approve(party, _)
        | Act::Transfer(party, _) => party == Party::Nobody,
    }
}
