//! A chain with something on it: a program, and contracts that pass calls on.
use alloy::{
    consensus::TxLegacy,
    primitives::{Address, Bytes, U256, address, bytes},
    signers::local::PrivateKeySigner,
};
use nitro_devnode::{
    arbos::{
        accounts::{ARBOS_ACTS, ARBOS_STATE, BATCH_POSTER, DEV_ACCOUNT, L1_PRICER_POOL},
        l2_pricing,
    },
    chain::{Chain, Config, DERIVED_KEYS, DEV_KEY, Incoming, Unsigned},
    stylus::code,
};
use serde_json::{Map, Value};

/// When every chain here starts, seconds since the epoch.
pub const START: u64 = 1_700_000_000;

/// An activated program: it loads and stores a slot, and returns its calldata.
pub const PROGRAM: Address = address!("0x00000000000000000000000000000000000c0de1");

/// The same program, not activated.
pub const DORMANT: Address = address!("0x00000000000000000000000000000000000c0de2");

/// Passes on what follows the first word of its calldata to the address in that word, by CALL,
/// DELEGATECALL, STATICCALL and CALLCODE; it ends as the call ends.
pub const RELAYS: [(Address, Bytes); 4] = [
    (
        address!("0x00000000000000000000000000000000000ca110"),
        bytes!("6020360360205f375f5f602036035f345f355af13d5f5f3e601e573d5ffd5b3d5ff3"),
    ),
    (
        address!("0x00000000000000000000000000000000000ca114"),
        bytes!("6020360360205f375f5f602036035f5f355af43d5f5f3e601d573d5ffd5b3d5ff3"),
    ),
    (
        address!("0x00000000000000000000000000000000000ca11a"),
        bytes!("6020360360205f375f5f602036035f5f355afa3d5f5f3e601d573d5ffd5b3d5ff3"),
    ),
    (
        address!("0x00000000000000000000000000000000000ca112"),
        bytes!("6020360360205f375f5f602036035f345f355af23d5f5f3e601e573d5ffd5b3d5ff3"),
    ),
];

/// Source of [`PROGRAM`].
const SOURCE: &str = r#"(module
    (import "vm_hooks" "read_args" (func $args (param i32)))
    (import "vm_hooks" "write_result" (func $result (param i32 i32)))
    (import "vm_hooks" "storage_load_bytes32" (func $load (param i32 i32)))
    (import "vm_hooks" "storage_cache_bytes32" (func $store (param i32 i32)))
    (import "vm_hooks" "storage_flush_cache" (func $flush (param i32)))
    (memory (export "memory") 2 2)
    (func (export "user_entrypoint") (param $length i32) (result i32)
        (call $load (i32.const 0) (i32.const 32))
        (i64.store (i32.const 32) (i64.add (i64.load (i32.const 32)) (i64.const 1)))
        (call $store (i32.const 0) (i32.const 32))
        (call $flush (i32.const 0))
        (call $args (i32.const 64))
        (call $result (i32.const 64) (local.get $length))
        (i32.const 0)))"#;

/// ArbWasm.
const ARB_WASM: Address = Address::with_last_byte(0x71);

/// `activateProgram(address)`.
const ACTIVATE: [u8; 4] = [0x58, 0xc7, 0x80, 0xc2];

/// Who can be called, or be named in an argument: precompiles, the chain's own accounts,
/// contracts and people.
pub fn known_addresses() -> Vec<Address> {
    let ethereum = (1..=0x11).map(Address::with_last_byte);
    let nitro = (0x64..=0x74).map(Address::with_last_byte);
    let others = [
        Address::ZERO,
        Address::with_last_byte(0xc8),
        Address::with_last_byte(0xc9),
        Address::with_last_byte(0xff),
        // P256VERIFY.
        address!("0x0000000000000000000000000000000000000100"),
        ARBOS_ACTS,
        ARBOS_STATE,
        BATCH_POSTER,
        L1_PRICER_POOL,
        DEV_ACCOUNT,
        PROGRAM,
        DORMANT,
    ];
    let relays = RELAYS.map(|(address, _)| address);
    ethereum
        .chain(nitro)
        .chain(others)
        .chain(relays)
        .chain(people().iter().map(PrivateKeySigner::address))
        .collect()
}

/// Keys of those with a balance: the chain's owner, then two others.
pub fn people() -> Vec<PrivateKeySigner> {
    [DEV_KEY, DERIVED_KEYS[0], DERIVED_KEYS[1]]
        .iter()
        .map(|key| PrivateKeySigner::from_bytes(key).expect("a built-in key is a key"))
        .collect()
}

/// The chain at an ArbOS version.
pub fn chain(arbos_version: u64) -> Chain {
    let mut chain = Chain::new(Config {
        arbos_version,
        clock_start: Some(START),
        funded: people()
            .iter()
            .skip(1)
            .map(|key| (key.address(), U256::from(10).pow(U256::from(22))))
            .collect(),
        ..Config::default()
    })
    .expect("the preset runs");
    for (address, code) in RELAYS {
        chain.set_code(address, code);
        chain.set_balance(address, U256::from(1_000_000));
    }
    let wasm = wat::parse_str(SOURCE).expect("the source is WAT");
    let code = code::encode(&wasm).expect("a small module is compressed");
    chain.set_code(PROGRAM, code.into());
    // Other bytes, lest it share the first one's activation.
    let nop = SOURCE.replace("(i32.const 0)))", "(nop) (i32.const 0)))");
    let wasm = wat::parse_str(nop).expect("the source is WAT");
    let code = code::encode(&wasm).expect("a small module is compressed");
    chain.set_code(DORMANT, code.into());
    activate(&mut chain);
    chain
}

fn activate(chain: &mut Chain) {
    let mut input = ACTIVATE.to_vec();
    input.extend(PROGRAM.into_word());
    let tx = Unsigned::Legacy(TxLegacy {
        chain_id: Some(chain.reader().config().chain_id),
        nonce: chain.pending_nonce(DEV_ACCOUNT),
        gas_price: 1_000_000_000,
        gas_limit: 10_000_000,
        to: ARB_WASM.into(),
        value: U256::from(10).pow(U256::from(18)),
        input: input.into(),
    });
    next_second(chain);
    let tx = Incoming::signed(tx, &people()[0]).expect("a key in memory signs");
    let hash = chain.send(tx).expect("the owner can pay");
    let located = chain.reader().transaction(hash).expect("it is in a block");
    let success = located.transaction().map(|tx| tx.receipt.success);
    assert_eq!(success, Some(true), "the program is activated");
}

/// The state in a form in which equal states are equal, whatever led to them.
pub fn state(chain: &Chain) -> Value {
    let mut state = serde_json::to_value(chain.reader().state()).expect("a state is written");
    let accounts = state["accounts"].take();
    prune(accounts).unwrap_or_default()
}

/// Without what says nothing: cells that were never written, or whose writes were taken back.
fn prune(value: Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Object(fields) => {
            let fields = fields.into_iter();
            let fields = fields.filter_map(|(name, value)| Some((name, prune(value)?)));
            let fields: Map<_, _> = fields.collect();
            (!fields.is_empty()).then_some(Value::Object(fields))
        }
        Value::Array(items) if items.is_empty() => None,
        other => Some(other),
    }
}

/// Lets the next block come a second after the last.
pub fn next_second(chain: &mut Chain) {
    let head = chain.reader().head().expect("a genesis");
    chain
        .set_next_timestamp(head.header.timestamp.saturating_add(1))
        .expect("it is not in the past");
}

/// Base fee of the next block, wei.
pub fn base_fee(chain: &Chain) -> u64 {
    let slot = l2_pricing::slot(l2_pricing::BASE_FEE);
    let head = chain.reader().head_number();
    chain.reader().slot(head, ARBOS_STATE, slot).saturating_to()
}
