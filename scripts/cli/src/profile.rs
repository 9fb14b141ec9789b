//! With which parameters `lst deploy` deploys: what is asked for, and by which rules it is judged.

use alloy::primitives::utils::parse_ether;
use alloy::primitives::{Address, U256};
use alloy::providers::DynProvider;
use clap::{Args, ValueEnum};
use client::parameters::{PRODUCTION_RELEASE_SECS, PRODUCTION_UNBONDING_SECS, Parameters};
use eyre::{OptionExt, Result, ensure};

/// The chain of every `nitro --dev`, and of our devnode.
const DEV_CHAIN: u64 = 412_346;

/// Which rules the parameters obey.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Profile {
    /// Short timers; whatever is not named is the signer's.
    Devnode,
    /// Timers of days, every account named, none of them the signer's, a contract as upgrader.
    Production,
}

/// What can be chosen of a deployment.
#[derive(Args)]
pub(crate) struct Choice {
    /// Which rules the parameters obey [default: devnode on chain 412346, none elsewhere].
    #[arg(long)]
    profile: Option<Profile>,
    /// Seconds over which rewards are released at least: an epoch.
    #[arg(long, value_name = "SECONDS")]
    release_secs: Option<u64>,
    /// Seconds that undelegated stake stays slashable.
    #[arg(long, value_name = "SECONDS")]
    unbonding_secs: Option<u64>,
    /// Smallest bond of a validator.
    #[arg(long, value_name = "ETH", value_parser = parse_ether)]
    minimum_bond: Option<U256>,
    /// Part of the rewards that becomes fee shares, in 1/10,000.
    #[arg(long, value_name = "BPS")]
    fee_bps: Option<u16>,
    #[command(flatten)]
    accounts: Accounts,
}

/// Who may do what.
#[derive(Args)]
#[command(next_help_heading = "Accounts")]
struct Accounts {
    /// Administers every contract once all stands.
    #[arg(long, value_name = "ADDRESS")]
    admin: Option<Address>,
    /// May replace the programs, now and for ever: the place of a timelock.
    #[arg(long, value_name = "ADDRESS")]
    upgrader: Option<Address>,
    /// Receives the fee shares.
    #[arg(long, value_name = "ADDRESS")]
    treasury: Option<Address>,
    /// Pays rewards in.
    #[arg(long, value_name = "ADDRESS")]
    distributor: Option<Address>,
    /// Takes penalties.
    #[arg(long, value_name = "ADDRESS")]
    slasher: Option<Address>,
    /// Jails validators.
    #[arg(long, value_name = "ADDRESS")]
    jailer: Option<Address>,
    /// Vets validators and limits what they carry.
    #[arg(long, value_name = "ADDRESS")]
    curator: Option<Address>,
    /// Pauses, and suspends the instant lane.
    #[arg(long, value_name = "ADDRESS")]
    pauser: Option<Address>,
    /// Sets the limits of deposits and of the instant lane.
    #[arg(long, value_name = "ADDRESS")]
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
