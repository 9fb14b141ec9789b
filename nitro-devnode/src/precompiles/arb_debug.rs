//! ArbDebug (0xff): only on debug chains, of which a dev chain is one.
use alloy::sol_types::SolCall;
use revm::{
    Database,
    bytecode::Bytecode,
    context_interface::JournalTr,
    interpreter::{CallInputs, InterpreterResult},
    primitives::{Bytes, U256, keccak256},
};

use super::{
    abi::{self, Args},
    call::{self, Call, Failure, database},
    method::{Method, payable, pure, view, write},
};
use crate::{
    arbos::{accounts, address_set::AddressSet, layout, storage::word_of},
    evm::ArbContext,
};

alloy::sol! {
    interface IArbDebug {
        function becomeChainOwner();
        function events(bool flag, bytes32 value);
        function eventsView();
        function customRevert(uint64 number);
        function legacyError();
        function overwriteContractCode(address target, bytes newCode);
        function panic();
        event Basic(bool flag, bytes32 indexed value);
        event Mixed(bool indexed flag, bool not, bytes32 indexed value, address conn, address indexed caller);
        error Custom(uint64 number, string text, bool flag);
    }
}

const CUSTOM_TEXT: &str = "This spider family wards off bugs: /\\oo/\\ //\\(oo)//\\ /\\oo/\\";

/// Runs a method, unless the chain goes by production rules.
pub(super) fn run<DB: Database>(
    ctx: &mut ArbContext<DB>,
    inputs: &CallInputs,
) -> Result<InterpreterResult, String> {
    if ctx.chain.rules.production_rules {
        let failure = Failure::Halted("debug precompiles are disabled".into());
        return call::finish(ctx, inputs, 0, Err(failure));
    }
    call::run(ctx, inputs, method)
}

fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    Some(match selector {
        IArbDebug::becomeChainOwnerCall::SELECTOR => write(|call, _| {
            let caller = call.caller;
            AddressSet::new(layout::chain_owners()).add(call, caller)?;
            Ok(Vec::new())
        }),
        IArbDebug::eventsCall::SELECTOR => payable(|call, args| {
            let flag = args.bool()?;
            let value = args.b256()?;
            emit_events(call, flag, value.into())
        }),
        IArbDebug::eventsViewCall::SELECTOR => view(|call, _| emit_events(call, true, U256::ZERO)),
        IArbDebug::customRevertCall::SELECTOR => pure(|_, args| {
            let number: u64 = args.uint()?;
            let error = IArbDebug::Custom {
                number,
                text: CUSTOM_TEXT.into(),
                flag: true,
            };
            let text = format!("error Custom({number}, {CUSTOM_TEXT}, true)");
            Err(Failure::typed(&error, text))
        }),
        IArbDebug::legacyErrorCall::SELECTOR => pure(|_, _| Err(Failure::Reverted)),
        IArbDebug::overwriteContractCodeCall::SELECTOR => write(overwrite_code),
        IArbDebug::panicCall::SELECTOR => write(|_, _| Err(Failure::unsupported("ArbDebug.panic"))),
        _ => return None,
    })
}

fn emit_events<DB: Database>(
    call: &mut Call<'_, DB>,
    flag: bool,
    value: U256,
) -> Result<Vec<u8>, Failure> {
    call.emit(&IArbDebug::Basic {
        flag: !flag,
        value: value.into(),
    })?;
    call.emit(&IArbDebug::Mixed {
        flag,
        not: !flag,
        value: value.into(),
        conn: call.address,
        caller: call.caller,
    })?;
    Ok(abi::words([word_of(call.caller), call.value]))
}

/// Replaces an account's code, free of charge. What should be the old code is empty in a
/// real node's answer, whatever the account held.
fn overwrite_code<DB: Database>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let target = args.address()?;
    let code = Bytes::copy_from_slice(args.bytes()?);
    // The journal takes code for loaded accounts only.
    accounts::peek(call.ctx, target).map_err(database)?;
    let hash = keccak256(&code);
    let journal = &mut call.ctx.journaled_state;
    journal.set_code_with_hash(target, Bytecode::new_legacy(code), hash);
    Ok(abi::bytes(&[]))
}
