//! The two listings. Comments show the stack behind each line, its top at the left.

use alloc::vec::Vec;

use crate::{
    ADMIN_CHANGED, ADMIN_SLOT, Account, IMPLEMENTATION_SLOT, INVALID_IMPLEMENTATION,
    UPGRADE_TO_AND_CALL, UPGRADED,
    assembler::{Assembler, Label, Op::*},
};

/// Bytes of `upgradeToAndCall` before its data: selector, program, offset and length.
const HEAD: u8 = 100;
/// Where the offset of the data stands in the calldata, what it must be, and where the length stands.
const OFFSET_AT: u8 = 36;
const OFFSET: u8 = 64;
const LENGTH_AT: u8 = 68;

/// The code that stays.
pub(crate) fn runtime(admin: Account) -> Vec<u8> {
    let code = Assembler::default()
        // The admin is a part of the code: asking for it costs no storage read.
        .push(&admin)
        .ops(&[Caller, Eq]) // caller is admin
        .jump_if(Label::Admin); // –
    let code = forward(code);
    let code = upgrade(code);
    no_program(code)
        .label(Label::Malformed)
        .ops(&[Push0, Push0, Revert])
        .finish()
}

/// Hands the call to the program as it came, and its answer back as it came.
fn forward(code: Assembler) -> Assembler {
    let code = code
        .label(Label::Forward)
        .ops(&[CallDataSize, Push0, Push0, CallDataCopy]) // –; memory: calldata
        .ops(&[Push0, Push0, CallDataSize, Push0]) // 0, size, 0, 0
        .push(&IMPLEMENTATION_SLOT)
        .ops(&[SLoad, Gas, DelegateCall]) // success
        .label(Label::Answer)
        .ops(&[ReturnDataSize, Push0, Push0, ReturnDataCopy]) // success; memory: answer
        .jump_if(Label::Success) // –
        .ops(&[ReturnDataSize, Push0, Revert]);
    code.label(Label::Success)
        .ops(&[ReturnDataSize, Push0, Return])
}

/// `upgradeToAndCall(address program, bytes data)` of the admin; its other calls are forwarded.
fn upgrade(code: Assembler) -> Assembler {
    let code = code
        .label(Label::Admin)
        .ops(&[Push0, CallDataLoad]) // first word
        .push(&[224])
        .ops(&[Shr]) // selector
        .push(&UPGRADE_TO_AND_CALL)
        .ops(&[Eq]) // is an upgrade
        .jump_if(Label::Upgrade) // –
        .jump(Label::Forward);
    let code = arguments(code.label(Label::Upgrade)); // length, program
    let code = code
        .ops(&[Dup2]) // program, length, program
        .push(&IMPLEMENTATION_SLOT)
        .ops(&[SStore, Dup2]) // program, length, program
        .push(&UPGRADED)
        .ops(&[Push0, Push0, Log2, Dup1]) // length, length, program
        .jump_if(Label::Call) // length, program
        // Nobody would take the value: without data the program is not called.
        .ops(&[CallValue]) // value, length, program
        .jump_if(Label::Malformed) // length, program
        .ops(&[Stop]);
    code.label(Label::Call)
        .ops(&[Dup1]) // length, length, program
        .push(&[HEAD])
        .ops(&[Push0, CallDataCopy]) // length, program; memory: data
        .ops(&[Push0, Push0, Dup3, Push0, Dup6]) // program, 0, length, 0, 0, length, program
        .ops(&[Gas, DelegateCall]) // success, length, program
        .jump(Label::Answer)
}

/// Reads program and length of the data, and refuses what is not canonical.
fn arguments(code: Assembler) -> Assembler {
    code.push(&[HEAD]) // Calldata shorter than its fixed part?
        .ops(&[CallDataSize, Lt])
        .jump_if(Label::Malformed) // –
        .push(&[OFFSET_AT]) // Data anywhere but behind the fixed part?
        .ops(&[CallDataLoad])
        .push(&[OFFSET])
        .ops(&[Eq, IsZero])
        .jump_if(Label::Malformed) // –
        .push(&[4])
        .ops(&[CallDataLoad, Dup1]) // program, program
        .push(&[160]) // More than an address?
        .ops(&[Shr])
        .jump_if(Label::Malformed) // program
        .ops(&[Dup1, ExtCodeSize, IsZero])
        .jump_if(Label::NoProgram) // program
        .push(&[LENGTH_AT])
        .ops(&[CallDataLoad]) // length, program
        .push(&[HEAD]) // Longer than what is left? It is not shorter than its fixed part.
        .ops(&[CallDataSize, Sub, Dup2, Gt])
        .jump_if(Label::Malformed) // length, program
}

/// Refuses the address on the stack, because there is no program: a call of it would always succeed.
fn no_program(code: Assembler) -> Assembler {
    code.label(Label::NoProgram) // address
        .push(&INVALID_IMPLEMENTATION)
        .push(&[224])
        .ops(&[Shl, Push0, MStore]) // address; memory: selector
        .push(&[4])
        .ops(&[MStore]) // –; memory: selector, address
        .push(&[36])
        .ops(&[Push0, Revert])
}

/// The code that runs once. It stands before the code that stays, and before the initialiser.
pub(crate) fn creation(admin: Account, program: Account, initialiser: &[u8]) -> Vec<u8> {
    let runtime = runtime(admin);
    // Positions take two bytes whatever they are, so the length does not depend on them.
    let before = prologue(admin, program, (0, 0), (0, 0)).len();
    let kept = (before, runtime.len());
    let called = (before.saturating_add(runtime.len()), initialiser.len());
    let mut code = prologue(admin, program, kept, called);
    code.extend_from_slice(&runtime);
    code.extend_from_slice(initialiser);
    code
}

/// Position and length of a part of the creation code.
type Part = (usize, usize);

fn prologue(admin: Account, program: Account, kept: Part, called: Part) -> Vec<u8> {
    let code = Assembler::default()
        .push(&program)
        .ops(&[Dup1, ExtCodeSize, IsZero])
        .jump_if(Label::NoProgram) // program
        .ops(&[Dup1])
        .push(&IMPLEMENTATION_SLOT)
        .ops(&[SStore, Dup1]) // program, program
        .push(&UPGRADED)
        .ops(&[Push0, Push0, Log2]) // program
        .push(&admin)
        .ops(&[Dup1]) // admin, admin, program
        .push(&ADMIN_SLOT)
        .ops(&[SStore]) // admin, program
        .push(&[32])
        .ops(&[MStore]) // program; memory: 0 for the admin before, admin
        .push(&ADMIN_CHANGED)
        .push(&[64])
        .ops(&[Push0, Log1]) // program
        .push_size(called.1)
        .ops(&[Dup1]) // size, size, program
        .push_size(called.0)
        .ops(&[Push0, CodeCopy]) // size, program; memory: initialiser
        .ops(&[Push0, Push0, Dup3, Push0, Dup6]) // program, 0, size, 0, 0, size, program
        .ops(&[Gas, DelegateCall]) // success, size, program
        .jump_if(Label::Success) // size, program
        .ops(&[ReturnDataSize, Push0, Push0, ReturnDataCopy])
        .ops(&[ReturnDataSize, Push0, Revert]);
    let code = code
        .label(Label::Success)
        .push_size(kept.1)
        .ops(&[Dup1]) // size, size, …
        .push_size(kept.0)
        .ops(&[Push0, CodeCopy, Push0, Return]);
    no_program(code).finish()
}
