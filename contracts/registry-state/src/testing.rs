//! The bench of both programs' tests: a registry on a mocked host, with validators written straight
//! into storage, whichever program would have put them there.
//!
//! The mocked host keeps no account of ETH, answers a call it was not told of with success, gives
//! every call the data that was mocked last, and undoes nothing when a call fails. So a test proves
//! that a call was made by letting exactly that call fail, and looks at the error alone.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    missing_docs,
    reason = "sums of literals far below any limit; a wrong bench is to fail; names say it"
)]

extern crate std;

use std::{fmt::Debug, vec, vec::Vec};

use alloy_primitives::{Address, B256, U256, address};
use alloy_sol_types::{SolError, SolEvent};
use glue::{access::PAUSER_ROLE, testing::behind_a_proxy};
use protocol::{
    commission::Commission,
    registry::{Status, Unbonding, Validator},
    terms::Terms,
};
use stylus_sdk::testing::TestVM;

use crate::{CURATOR_ROLE, Counts, GROUPS, JAILER_ROLE, Parties, SLASHER_ROLE, State};

pub use glue::testing::{ADMIN, ALICE, BOB};

pub const POOL: Address = address!("1000000000000000000000000000000000000001");
pub const PAUSER: Address = address!("3000000000000000000000000000000000000003");
pub const SLASHER: Address = address!("4000000000000000000000000000000000000004");
pub const JAILER: Address = address!("5000000000000000000000000000000000000005");
pub const CURATOR: Address = address!("6000000000000000000000000000000000000006");
pub const ADMINISTRATION: Address = address!("ad00000000000000000000000000000000000001");
pub const DESK: Address = address!("de50000000000000000000000000000000000001");
/// The signer of the first validator.
pub const SIGNER: Address = address!("5160000000000000000000000000000000000001");
/// Where all validators want their pay.
pub const PAYEE: Address = address!("bea0000000000000000000000000000000000001");
pub const DEAD: Address = address!("000000000000000000000000000000000000dEaD");

pub const ETH: u128 = 1_000_000_000_000_000_000;
pub const NOW: u64 = 1_700_000_000;
/// Seven days: how long stake and bond take to leave.
pub const UNBONDING: u64 = 604_800;
/// A day: the notice of a commission.
pub const EPOCH: u64 = 86_400;
pub const EVIDENCE: B256 = B256::repeat_byte(0xe1);

pub const PENDING: u8 = 1;
pub const ACTIVE: u8 = 2;
pub const JAILED: u8 = 3;
pub const EXITING: u8 = 4;
pub const EXITED: u8 = 5;

/// A program of the registry, the state under it, and the host both are on.
pub struct Bench<P> {
    pub vm: TestVM,
    pub program: P,
    pub state: State,
}

pub type Log = (Vec<B256>, Vec<u8>);

pub fn wei(value: u128) -> U256 {
    U256::from(value)
}

pub fn words(values: &[u128]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| wei(*value).to_be_bytes::<32>())
        .collect()
}

pub fn log(event: &impl SolEvent) -> Log {
    let data = event.encode_log_data();
    (data.topics().to_vec(), data.data.to_vec())
}

impl<P: for<'a> From<&'a TestVM>> Bench<P> {
    /// Behind a proxy, not initialised.
    pub fn bare() -> Self {
        let vm = behind_a_proxy(&[POOL, ADMINISTRATION, DESK]);
        vm.set_block_timestamp(NOW);
        vm.set_sender(ADMIN);
        Self {
            program: P::from(&vm),
            state: State::from(&vm),
            vm,
        }
    }

    /// With its roles: minimum bond 10 ETH, seven days of unbonding.
    pub fn begun() -> Self {
        let mut bench = Self::bare();
        let state = &mut bench.state;
        state
            .administration
            .start(ADMIN, ADMINISTRATION, DESK, GROUPS)
            .unwrap();
        for (role, account) in [
            (PAUSER_ROLE, PAUSER),
            (SLASHER_ROLE, SLASHER),
            (JAILER_ROLE, JAILER),
            (CURATOR_ROLE, CURATOR),
        ] {
            state.administration.roles.give(role, account);
        }
        state.books.store_pool(POOL);
        state.books.store_terms(&Terms {
            min_bond: 10 * ETH,
            leverage: 10,
            open_leverage: 5,
            pool_share_bps: 2_000,
            unbonding_secs: UNBONDING,
            bond_exit_secs: UNBONDING,
            notice_secs: EPOCH,
        });
        bench.forget();
        bench
    }

    /// Validator 1 is active with a bond of 10 ETH; Alice operates it.
    pub fn with_active() -> Self {
        let mut bench = Self::begun();
        assert_eq!(bench.place(SIGNER, 10, Status::Active), 1);
        bench
    }

    /// As [`Self::with_active`], with 40 ETH delegated to it.
    pub fn with_stake() -> Self {
        let mut bench = Self::with_active();
        bench.stake(1, 40, 0);
        bench
    }

    /// The next call is from `sender` and without value.
    pub fn act(&mut self, sender: Address) -> &mut P {
        self.pay(sender, 0)
    }

    /// The next call is from `sender` and with `assets` wei.
    pub fn pay(&mut self, sender: Address, assets: u128) -> &mut P {
        self.vm.set_sender(sender);
        self.vm.set_value(wei(assets));
        &mut self.program
    }

    pub fn at(&self, timestamp: u64) {
        self.vm.set_block_timestamp(timestamp);
    }

    pub fn forget(&self) {
        self.vm.clear_mocks();
    }

    pub fn logs(&self) -> Vec<Log> {
        self.vm.get_emitted_logs()
    }

    /// Whoever `target` is fails exactly this call, with the reason that is returned.
    pub fn fails(&self, target: Address, call: Vec<u8>, value: u128) -> Vec<u8> {
        let reason = vec![0xba, 0xdb, 0xad, 0x00];
        self.vm
            .mock_call(target, call, wei(value), Err(reason.clone()));
        reason
    }

    /// Writes a validator of Alice's with a bond in whole ETH.
    pub fn place(&mut self, signer: Address, bond_eth: u128, status: Status) -> u32 {
        let counts = self.state.books.counts();
        let id = counts.validators + 1;
        let mut working = counts.working;
        if status != Status::Pending {
            self.state.books.store_working(working, id);
            working += 1;
        }
        self.state.books.store_counts(Counts {
            validators: id,
            working,
            ..counts
        });
        let parties = Parties {
            operator: ALICE,
            signer,
            reward_address: PAYEE,
        };
        self.state.register.store_parties(id, parties);
        let commission = Commission::registered(500).unwrap();
        self.state.register.store_commission(id, commission);
        let validator = Validator {
            status,
            bond: bond_eth * ETH,
            ..Validator::default()
        };
        self.state.register.store_validator(id, &validator);
        let mut sums = self.state.books.sums();
        sums.bonds += validator.bond;
        self.state.books.store_sums(&sums);
        id
    }

    /// Writes more delegated and unbonding stake of a validator, in whole ETH.
    pub fn stake(&mut self, id: u32, active_eth: u128, unbonding_eth: u128) {
        let (active, unbonding) = (active_eth * ETH, unbonding_eth * ETH);
        self.change(id, |validator| Validator {
            active: validator.active + active,
            unbonding: Unbonding {
                assets: validator.unbonding.assets + unbonding,
                shares: validator.unbonding.shares + unbonding,
            },
            ..validator
        });
        let mut sums = self.state.books.sums();
        sums.active += active;
        sums.unbonding += unbonding;
        self.state.books.store_sums(&sums);
    }

    /// Rewrites a validator; the sums stay.
    pub fn change(&mut self, id: u32, change: impl FnOnce(Validator) -> Validator) {
        let validator = change(self.state.register.validator(id));
        self.state.register.store_validator(id, &validator);
    }

    /// Writes more cover, in whole ETH.
    pub fn cover(&mut self, assets_eth: u128) {
        let mut sums = self.state.books.sums();
        sums.cover_fund += assets_eth * ETH;
        self.state.books.store_sums(&sums);
    }

    pub fn status(&self, id: u32) -> u8 {
        self.state.register.validator(id).status as u8
    }

    /// Bond, delegated and unbonding wei of a validator.
    pub fn stakes(&self, id: u32) -> [u128; 3] {
        let validator = self.state.register.validator(id);
        [validator.bond, validator.active, validator.unbonding.assets]
    }

    /// Bonds, delegated, unbonding, cover, owed to reporters.
    pub fn booked(&self) -> [u128; 5] {
        let sums = self.state.books.sums();
        [
            sums.bonds,
            sums.active,
            sums.unbonding,
            sums.cover_fund,
            sums.reporter_rewards,
        ]
    }

    /// The call is refused with exactly this error, and nothing was written or emitted.
    pub fn refuses<T: Debug, E: Debug + Into<Vec<u8>>>(
        &mut self,
        expected: impl SolError,
        call: impl FnOnce(&mut P) -> Result<T, E>,
    ) {
        let before = self.vm.snapshot();
        let error = call(&mut self.program).unwrap_err();
        assert_eq!(error.into(), expected.abi_encode());
        let after = self.vm.snapshot();
        assert_eq!(after.storage, before.storage);
        assert_eq!(after.emitted_logs, before.emitted_logs);
    }
}
