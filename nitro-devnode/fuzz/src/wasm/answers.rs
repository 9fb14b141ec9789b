//! The node's own hostios, with an EVM behind them that answers by rote.
use std::collections::HashMap;

use alloy::primitives::{Address, B256, Bytes, U256};
use nitro_devnode::stylus::{
    activate::ActivationRules,
    engine::Programs,
    exchange::{Access, Called, Created, Request},
    host::Env,
    run::{Ended, Ending, Running, Start, Step},
};

use super::{INK, STACK};

/// Gas of whatever the EVM does for a program.
const COST: u64 = 100;

/// Runs an instrumented module to its end.
pub(super) fn run(module: &[u8], rules: &ActivationRules, calldata: &Bytes) {
    let programs = Programs::get().expect("the engine starts");
    let program = programs.compile(module);
    let program = program.unwrap_or_else(|error| panic!("what is activated compiles: {error}"));
    let start = Start {
        ink: INK,
        stack: STACK,
        env: env(rules, calldata),
        log: None,
    };
    let mut running = Running::new(program, start);
    let mut slots = HashMap::new();
    let ended = loop {
        match running.step() {
            Step::Asks(request) => answer(request, &mut slots),
            Step::Ended(ended) => break ended,
        }
    };
    let Ended {
        ending,
        ink,
        output,
    } = ended;
    assert!(ink <= INK, "ink is not made: {ink}");
    let may_speak = matches!(ending, Ending::Success | Ending::Revert);
    assert!(may_speak || output.is_empty(), "{ending:?} with {output}");
    assert!(ending != Ending::OutOfInk || ink == 0, "{ink} is left");
}

fn env(rules: &ActivationRules, calldata: &Bytes) -> Env {
    Env {
        calldata: calldata.clone(),
        contract: Address::repeat_byte(1),
        caller: Address::repeat_byte(2),
        value: U256::from(3),
        is_static: calldata.first().is_some_and(|byte| *byte == 0),
        reentrant: false,
        origin: Address::repeat_byte(4),
        gas_price: U256::from(5),
        base_fee: U256::from(6),
        block_number: 7,
        block_timestamp: 8,
        block_gas_limit: 1 << 50,
        coinbase: Address::repeat_byte(9),
        chain_id: 412_346,
        ink_price: 10_000,
        arbos_version: rules.arbos_version,
    }
}

fn answer(request: Request, slots: &mut HashMap<U256, U256>) {
    let cold = true;
    match request {
        Request::LoadStorage { key, reply } => {
            let value = slots.get(&key).copied().unwrap_or_default();
            reply.send(Access { value, cold });
        }
        Request::StoreStorage { entries, reply, .. } => {
            slots.extend(entries);
            reply.send(Ok(COST));
        }
        Request::LoadTransient { reply, .. } => reply.send(U256::from(1)),
        Request::StoreTransient { reply, .. } | Request::Log { reply, .. } => reply.send(()),
        Request::Balance { reply, .. } => {
            let value = U256::from(2);
            reply.send(Access { value, cold });
        }
        Request::CodeHash { reply, .. } => {
            let value = B256::repeat_byte(3);
            reply.send(Access { value, cold });
        }
        Request::Code { reply, .. } => {
            let value = Bytes::from_static(&[4; 100]);
            reply.send(Access { value, cold });
        }
        Request::OpenPages { pages, reply } => reply.send(COST * u64::from(pages)),
        Request::Call { call, reply } => reply.send(Called {
            success: call.value.is_zero(),
            cost: COST.min(call.gas_left),
            output: call.input,
        }),
        Request::Create { create, reply } => reply.send(Some(Created {
            address: create.salt.map(|_| Address::repeat_byte(5)),
            cost: COST.min(create.gas_left),
            output: create.init_code,
        })),
    }
}
