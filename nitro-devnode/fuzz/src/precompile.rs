//! Calls of the precompiles: any selector, arguments, value, gas, caller and way of calling.
//!
//! A call and a transaction agree on how it ends, and one that fails leaves nothing behind.
use std::cell::OnceCell;

use alloy::primitives::{Address, Bytes, TxKind, U256};
use arbitrary::{Result, Unstructured};
use nitro_devnode::{
    arbos::{
        accounts::{ARBOS_STATE, DEV_ACCOUNT},
        l2_pricing,
    },
    chain::Chain,
    evm::{self, BlockValues, Outcome, Purpose, Status, Transaction, TxError},
    state::View,
};
use revm::{Database, DatabaseCommit, context::TxEnv, database::CacheDB};

use crate::{
    choice,
    world::{self, RELAYS, known_addresses},
};

/// The versions that a chain can start with.
const VERSIONS: [u64; 3] = [51, 50, 40];

/// Most gas of one call: what runs must end soon.
const MOST_GAS: u64 = 5_000_000;

/// Gas left over from which the L1 part, which a call has to guess, cannot have decided.
const AMPLE: u64 = 1_000_000;

/// NodeInterface.
const NODE_INTERFACE: Address = Address::with_last_byte(0xc8);

thread_local! {
    static CHAINS: [OnceCell<Chain>; 3] = const { [const { OnceCell::new() }; 3] };
}

/// Makes the calls that `input` describes, each on what the ones before left.
pub fn check(input: &[u8]) {
    let mut u = Unstructured::new(input);
    let version = u.int_in_range(0..=7).unwrap_or(0) % VERSIONS.len();
    CHAINS.with(|chains| {
        let chain = chains[version].get_or_init(|| world::chain(VERSIONS[version]));
        let mut case = Case::new(chain);
        for _ in 0..4 {
            // Too short a description ends the list.
            let Ok(call) = Call::draw(&mut u, &case.known) else {
                break;
            };
            case.run(&call);
            if u.is_empty() {
                break;
            }
        }
    });
}

/// Who calls what, and how.
#[derive(Debug)]
struct Call {
    caller: Address,
    /// The precompile, or a contract that calls it.
    to: Address,
    precompile: Address,
    value: U256,
    gas: u64,
    input: Bytes,
}

impl Call {
    fn draw(u: &mut Unstructured<'_>, known: &[Address]) -> Result<Self> {
        // Low in the order of the known ones are the precompiles.
        let precompile = known[usize::from(u.arbitrary::<u8>()?) % 48.min(known.len())];
        let selector: [u8; 4] = u.arbitrary()?;
        let caller = match u.ratio(2, 3)? {
            true => DEV_ACCOUNT,
            false => choice::address(u, known)?,
        };
        let relay = match u.ratio(1, 3)? {
            true => Some(u.choose(&RELAYS)?.0),
            false => None,
        };
        let value = match u.ratio(1, 6)? {
            true => choice::number(u)?,
            false => U256::ZERO,
        };
        let gas = match u.ratio(1, 6)? {
            true => 21_000 + u64::from(u.arbitrary::<u16>()?),
            false => MOST_GAS,
        };
        let mut input = relay.map_or(Vec::new(), |_| precompile.into_word().to_vec());
        input.extend(selector);
        input.extend(choice::arguments(u, known)?);
        Ok(Self {
            caller,
            to: relay.unwrap_or(precompile),
            precompile,
            value,
            gas,
            input: input.into(),
        })
    }

    /// NodeInterface answers calls alone.
    fn is_for_calls_alone(&self) -> bool {
        self.precompile == NODE_INTERFACE
    }

    fn transaction(&self, nonce: u64, chain_id: u64, base_fee: u64) -> Transaction {
        Transaction {
            env: TxEnv {
                caller: self.caller,
                gas_limit: self.gas,
                gas_price: base_fee.into(),
                kind: TxKind::Call(self.to),
                value: self.value,
                data: self.input.clone(),
                nonce,
                chain_id: Some(chain_id),
                ..TxEnv::default()
            },
            raw: None,
            skips_l1: false,
            is_impersonated: false,
            replaced: Default::default(),
        }
    }
}

struct Case<'a> {
    chain: &'a Chain,
    known: Vec<Address>,
    values: BlockValues,
    database: CacheDB<View>,
}

impl<'a> Case<'a> {
    fn new(chain: &'a Chain) -> Self {
        let head = chain.reader().head().expect("a genesis");
        Self {
            chain,
            known: known_addresses(),
            values: head.values(),
            database: CacheDB::new(chain.reader().state().view(head.header.number)),
        }
    }

    fn run(&mut self, call: &Call) {
        let sender = self
            .database
            .basic(call.caller)
            .expect("memory does not fail");
        let sender = sender.unwrap_or_default();
        let rules = self.chain.reader().rules();
        let limit = self.compute_limit();
        let tx = call.transaction(sender.nonce, rules.chain_id, self.values.base_fee);
        let mut execute =
            |purpose| evm::execute(&mut self.database, &self.values, &rules, &tx, purpose);
        let called = ended(execute(Purpose::Call), call);
        let estimated = ended(execute(Purpose::Estimate), call);
        let committed = ended(execute(Purpose::Commit), call);
        drop(estimated);
        let Some(committed) = committed else {
            return;
        };
        assert!(committed.gas_used <= call.gas, "{call:?}: {committed:?}");
        let called = called.unwrap_or_else(|| panic!("no call but a transaction: {call:?}"));
        let used = committed.peak_gas.max(called.peak_gas);
        let is_ample = call.gas.saturating_sub(used) >= AMPLE && limit >= call.gas;
        if is_ample && !call.is_for_calls_alone() {
            let (call_says, it_says) = (&called.message, &committed.message);
            assert_eq!(
                called.status, committed.status,
                "{call:?}: {call_says:?}, {it_says:?}"
            );
            assert_eq!(called.output.len(), committed.output.len(), "{call:?}");
            assert_eq!(called.logs, committed.logs, "{call:?}");
        }
        if committed.status != Status::Success {
            leaves_nothing(call, self.values.base_fee, &committed);
        }
        self.database.commit(committed.state);
    }

    /// Gas that a transaction may use, whatever it offers: the owner sets it, and calls have
    /// no such limit.
    fn compute_limit(&mut self) -> u64 {
        let limit = match self.values.arbos_version {
            50.. => l2_pricing::TX_GAS_LIMIT,
            _ => l2_pricing::BLOCK_GAS_LIMIT,
        };
        let limit = self.database.storage(ARBOS_STATE, l2_pricing::slot(limit));
        limit.expect("memory does not fail").saturating_to()
    }
}

/// What became of it, if it could be executed at all.
fn ended(outcome: std::result::Result<Outcome, TxError>, call: &Call) -> Option<Outcome> {
    match outcome {
        Ok(outcome) => Some(outcome),
        Err(TxError::Execution(why) | TxError::Database(why)) => {
            panic!("the machine failed at {call:?}: {why}")
        }
        Err(_) => None,
    }
}

/// A failure costs the caller a fee, which somebody gets, and that is all.
fn leaves_nothing(call: &Call, price: u64, outcome: &Outcome) {
    assert!(outcome.logs.is_empty(), "{call:?}");
    let fee = U256::from(outcome.gas_used) * U256::from(price);
    for (address, account) in &outcome.state {
        let (was, is) = (account.original_info(), &account.info);
        assert_eq!(was.code_hash, is.code_hash, "{address} after {call:?}");
        if *address == call.caller {
            let paid = was.balance.saturating_sub(is.balance);
            assert!(paid <= fee, "{paid} paid, {fee} due, after {call:?}");
        } else {
            assert_eq!(was.nonce, is.nonce, "{address} after {call:?}");
            let got = is.balance.checked_sub(was.balance);
            let bounded = got.is_some_and(|got| got <= fee);
            assert!(bounded, "{address} got {got:?} of {fee} after {call:?}");
        }
        // ArbOS counts the gas of every transaction.
        if *address != ARBOS_STATE {
            let changed = account.storage.values().any(|slot| slot.is_changed());
            assert!(!changed, "the storage of {address} after {call:?}");
        }
    }
}
