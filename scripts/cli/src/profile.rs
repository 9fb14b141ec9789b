//! With which parameters `lst deploy` deploys: what is asked for, and by which rules it is judged.

use alloy::primitives::utils::parse_ether;
use alloy::primitives::{Address, U256};
use alloy::providers::DynProvider;
use clap::{Args, ValueEnum, value_parser};
use client::parameters::{PRODUCTION_RELEASE_SECS, PRODUCTION_UNBONDING_SECS, Parameters};
use eyre::{OptionExt, Result, ensure};
use protocol::drip::{MAX_RELEASE_SECS, MIN_RELEASE_SECS};
use protocol::fees::MAX_FEE_BPS;
use protocol::terms::{MAX_UNBONDING_SECS, MIN_BOND_CEILING, MIN_BOND_FLOOR, MIN_UNBONDING_SECS};

use crate::amounts::eth;

/// The chain of every `nitro --dev`, and of our devnode.
pub(crate) const DEV_CHAIN: u64 = 412_346;

/// Which rules the parameters obey.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Profile {
    /// Short timers; whatever is not named is the signer's.
    Devnode,
    /// Timers of days, every account named, none of them the signer's, a contract as upgrader.
    Production,
}

/// What can be chosen of a deployment. What the contracts would refuse is refused here, before anybody
/// has paid for the programs.
#[derive(Args)]
pub(crate) struct Choice {
    /// Which rules the parameters obey [default: devnode on chain 412346, none elsewhere].
    #[arg(long)]
    profile: Option<Profile>,
    /// Seconds over which rewards are released at least: an epoch.
    #[arg(long, value_name = "SECONDS", value_parser = value_parser!(u64).range(MIN_RELEASE_SECS..=MAX_RELEASE_SECS))]
    release_secs: Option<u64>,
    /// Seconds that undelegated stake stays slashable.
    #[arg(long, value_name = "SECONDS", value_parser = value_parser!(u64).range(MIN_UNBONDING_SECS..=MAX_UNBONDING_SECS))]
    unbonding_secs: Option<u64>,
    /// Smallest bond of a validator.
    #[arg(long, value_name = "ETH", value_parser = minimum_bond)]
    minimum_bond: Option<U256>,
    /// Part of the rewards that becomes fee shares, in 1/10,000.
    #[arg(long, value_name = "BPS", value_parser = value_parser!(u16).range(..=i64::from(MAX_FEE_BPS)))]
    fee_bps: Option<u16>,
    #[command(flatten)]
    accounts: Accounts,
}

/// Who may do what.
#[derive(Args)]
#[command(next_help_heading = "Accounts")]
struct Accounts {
    /// Administers every contract once all stands.
    #[arg(long, value_name = "ADDRESS", value_parser = somebody)]
    admin: Option<Address>,
    /// May replace the programs, now and for ever: the place of a timelock.
    #[arg(long, value_name = "ADDRESS", value_parser = somebody)]
    upgrader: Option<Address>,
    /// Receives the fee shares.
    #[arg(long, value_name = "ADDRESS", value_parser = somebody)]
    treasury: Option<Address>,
    /// Pays rewards in.
    #[arg(long, value_name = "ADDRESS", value_parser = somebody)]
    distributor: Option<Address>,
    /// Takes penalties.
    #[arg(long, value_name = "ADDRESS", value_parser = somebody)]
    slasher: Option<Address>,
    /// Jails validators.
    #[arg(long, value_name = "ADDRESS", value_parser = somebody)]
    jailer: Option<Address>,
    /// Vets validators and limits what they carry.
    #[arg(long, value_name = "ADDRESS", value_parser = somebody)]
    curator: Option<Address>,
    /// Pauses, and suspends the instant lane.
    #[arg(long, value_name = "ADDRESS", value_parser = somebody)]
    pauser: Option<Address>,
    /// Sets the limits of deposits and of the instant lane.
    #[arg(long, value_name = "ADDRESS", value_parser = somebody)]
    limiter: Option<Address>,
}

impl Choice {
    /// Whether the production profile is asked for; no chain has it by itself.
    pub(crate) fn is_production(&self) -> bool {
        self.profile == Some(Profile::Production)
    }

    /// The parameters, judged by the profile's rules.
    pub(crate) async fn parameters(
        self,
        provider: &DynProvider,
        chain_id: u64,
        signer: Address,
    ) -> Result<Parameters> {
        let default = (chain_id == DEV_CHAIN).then_some(Profile::Devnode);
        let profile = self.profile.or(default);
        let profile = profile.ok_or_eyre(format!(
            "chain {chain_id} is no devnode: pass --profile production, or --profile devnode if ETH is worth nothing there"
        ))?;
        let mut parameters = Parameters::devnode(signer);
        if profile == Profile::Production {
            parameters.release_secs = PRODUCTION_RELEASE_SECS;
            parameters.unbonding_secs = PRODUCTION_UNBONDING_SECS;
            let missing = self.accounts.missing();
            ensure!(
                missing.is_empty(),
                "the production profile wants every account named: {} missing",
                missing.join(", ")
            );
        }
        let choose = |chosen: Option<u64>, other| chosen.unwrap_or(other);
        parameters.release_secs = choose(self.release_secs, parameters.release_secs);
        parameters.unbonding_secs = choose(self.unbonding_secs, parameters.unbonding_secs);
        parameters.minimum_bond = self.minimum_bond.unwrap_or(parameters.minimum_bond);
        parameters.fee_bps = self.fee_bps.unwrap_or(parameters.fee_bps);
        self.accounts.place(&mut parameters);
        if profile == Profile::Production {
            parameters.check_production(provider).await?;
        }
        Ok(parameters)
    }
}

impl Accounts {
    fn named(&self) -> [(&'static str, Option<Address>); 9] {
        [
            ("--admin", self.admin),
            ("--upgrader", self.upgrader),
            ("--treasury", self.treasury),
            ("--distributor", self.distributor),
            ("--slasher", self.slasher),
            ("--jailer", self.jailer),
            ("--curator", self.curator),
            ("--pauser", self.pauser),
            ("--limiter", self.limiter),
        ]
    }

    fn missing(&self) -> Vec<&'static str> {
        let unnamed = self.named().into_iter();
        unnamed
            .filter(|(_, account)| account.is_none())
            .map(|(option, _)| option)
            .collect()
    }

    fn place(&self, parameters: &mut Parameters) {
        let places = [
            &mut parameters.admin,
            &mut parameters.upgrader,
            &mut parameters.treasury,
            &mut parameters.distributor,
            &mut parameters.slasher,
            &mut parameters.jailer,
            &mut parameters.curator,
            &mut parameters.pauser,
            &mut parameters.limiter,
        ];
        for (place, (_, named)) in places.into_iter().zip(self.named()) {
            *place = named.unwrap_or(*place);
        }
    }
}

/// A smallest bond within the bounds of the registry.
fn minimum_bond(text: &str) -> Result<U256, String> {
    let bond = parse_ether(text).map_err(|error| error.to_string())?;
    let (floor, ceiling) = (U256::from(MIN_BOND_FLOOR), U256::from(MIN_BOND_CEILING));
    if (floor..=ceiling).contains(&bond) {
        return Ok(bond);
    }
    Err(format!(
        "{text} is not in {}..={}",
        eth(floor),
        eth(ceiling)
    ))
}

/// An account that has an owner: a role that is given to address zero is nobody's for ever.
fn somebody(text: &str) -> Result<Address, String> {
    let account: Address = text.parse().map_err(|error| format!("{error}"))?;
    if account.is_zero() {
        return Err("nobody has the address zero".to_owned());
    }
    Ok(account)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        choice: Choice,
    }

    /// What is said of an option that is refused before anything is done.
    fn refusal(option: &str, value: &str) -> String {
        let line = Line::try_parse_from(["lst", option, value]);
        line.err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn what_the_contracts_would_refuse_is_refused_before_they_are_paid_for() {
        for (option, value, words) in [
            ("--fee-bps", "2001", "2001 is not in 0..=2000"),
            ("--release-secs", "59", "59 is not in 60..=2592000"),
            (
                "--unbonding-secs",
                "5184001",
                "5184001 is not in 60..=5184000",
            ),
            ("--minimum-bond", "0.009", "0.009 is not in 0.01..=10,000"),
            (
                "--admin",
                "0x0000000000000000000000000000000000000000",
                "nobody has the address zero",
            ),
        ] {
            let said = refusal(option, value);
            assert!(said.contains(words), "{said}");
        }
        assert_eq!(refusal("--fee-bps", "2000"), "");
        assert_eq!(refusal("--minimum-bond", "0.01"), "");
    }
}
