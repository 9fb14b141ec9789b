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
    /// Timers of days, every account named, no role the signer's, a contract as upgrader.
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
    /// Administers pool, registry and queue once all stands.
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
        }
        let choose = |chosen: Option<u64>, other| chosen.unwrap_or(other);
        parameters.release_secs = choose(self.release_secs, parameters.release_secs);
        parameters.unbonding_secs = choose(self.unbonding_secs, parameters.unbonding_secs);
        parameters.minimum_bond = self.minimum_bond.unwrap_or(parameters.minimum_bond);
        parameters.fee_bps = self.fee_bps.unwrap_or(parameters.fee_bps);
        let missing = self.accounts.place(&mut parameters);
        if profile == Profile::Production {
            ensure!(
                missing.is_empty(),
                "the production profile wants every account named: {} missing",
                missing.join(", ")
            );
            parameters.check_production(provider).await?;
        }
        Ok(parameters)
    }
}

/// An option, the account it names, and the place of that account.
type Place<'a> = (&'static str, Option<Address>, &'a mut Address);

impl Accounts {
    /// Every option beside its place among the parameters.
    const fn places<'a>(&self, of: &'a mut Parameters) -> [Place<'a>; 9] {
        [
            ("--admin", self.admin, &mut of.admin),
            ("--upgrader", self.upgrader, &mut of.upgrader),
            ("--treasury", self.treasury, &mut of.treasury),
            ("--distributor", self.distributor, &mut of.distributor),
            ("--slasher", self.slasher, &mut of.slasher),
            ("--jailer", self.jailer, &mut of.jailer),
            ("--curator", self.curator, &mut of.curator),
            ("--pauser", self.pauser, &mut of.pauser),
            ("--limiter", self.limiter, &mut of.limiter),
        ]
    }

    /// Puts every account that is named into its place; returns the options that name none.
    fn place(&self, parameters: &mut Parameters) -> Vec<&'static str> {
        let mut missing = Vec::new();
        for (option, named, place) in self.places(parameters) {
            match named {
                Some(account) => *place = account,
                None => missing.push(option),
            }
        }
        missing
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
        return Err("the zero address belongs to nobody".to_owned());
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
    fn each_option_names_its_own_account() {
        let options = [
            "--admin",
            "--upgrader",
            "--treasury",
            "--distributor",
            "--slasher",
            "--jailer",
            "--curator",
            "--pauser",
            "--limiter",
        ];
        let accounts = (1..=9).map(Address::with_last_byte);
        let named: Vec<(&str, Address)> = options.into_iter().zip(accounts).collect();
        let words = named
            .iter()
            .flat_map(|(option, account)| [(*option).to_owned(), account.to_string()]);
        let line = Line::try_parse_from(std::iter::once("lst".to_owned()).chain(words));
        let line = line.unwrap_or_else(|error| panic!("{error}"));
        let mut placed = Parameters::devnode(Address::ZERO);
        assert_eq!(line.choice.accounts.place(&mut placed), [""; 0]);
        let found = [
            placed.admin,
            placed.upgrader,
            placed.treasury,
            placed.distributor,
            placed.slasher,
            placed.jailer,
            placed.curator,
            placed.pauser,
            placed.limiter,
        ];
        assert_eq!(
            found.to_vec(),
            named.iter().map(|it| it.1).collect::<Vec<_>>()
        );
    }

    #[test]
    fn an_option_that_is_left_out_is_named() {
        let line =
            Line::try_parse_from(["lst", "--admin", &Address::with_last_byte(1).to_string()]);
        let line = line.unwrap_or_else(|error| panic!("{error}"));
        let signer = Address::with_last_byte(2);
        let mut placed = Parameters::devnode(signer);
        let missing = line.choice.accounts.place(&mut placed);
        assert_eq!(missing.len(), 8);
        assert!(!missing.contains(&"--admin"));
        assert_eq!(placed.upgrader, signer);
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
                "the zero address belongs to nobody",
            ),
        ] {
            let said = refusal(option, value);
            assert!(said.contains(words), "{said}");
        }
        assert_eq!(refusal("--fee-bps", "2000"), "");
        assert_eq!(refusal("--minimum-bond", "0.01"), "");
    }
}
