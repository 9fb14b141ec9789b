//! What Nitro says of a frame that failed and took all its gas.
use revm::{
    bytecode::OpCode,
    interpreter::{InstructionResult, Interpreter, interpreter_types::Jumps},
};

/// Names that geth gives to opcodes it knows of and does not execute.
const RESERVED: [(u8, &str); 20] = [
    (0xd0, "DATALOAD"),
    (0xd1, "DATALOADN"),
    (0xd2, "DATASIZE"),
    (0xd3, "DATACOPY"),
    (0xe0, "RJUMP"),
    (0xe1, "RJUMPI"),
    (0xe2, "RJUMPV"),
    (0xe3, "CALLF"),
    (0xe4, "RETF"),
    (0xe5, "JUMPF"),
    (0xe6, "DUPN"),
    (0xe7, "SWAPN"),
    (0xe8, "EXCHANGE"),
    (0xec, "EOFCREATE"),
    (0xee, "RETURNCONTRACT"),
    (0xf7, "RETURNDATALOAD"),
    (0xf8, "EXTCALL"),
    (0xf9, "EXTDELEGATECALL"),
    (0xfb, "EXTSTATICCALL"),
    (0xfe, "INVALID"),
];

/// The words for how a frame's code ended; none if it did not fail.
pub(super) fn of(interpreter: &Interpreter, result: InstructionResult) -> Option<String> {
    if result.is_ok_or_revert() {
        return None;
    }
    Some(match result {
        InstructionResult::OpcodeNotFound | InstructionResult::InvalidFEOpcode => {
            invalid_opcode(failed_opcode(interpreter))
        }
        InstructionResult::StackUnderflow => {
            let needed = OpCode::new(failed_opcode(interpreter)).map_or(0, |op| op.inputs());
            format!("stack underflow ({} <=> {needed})", interpreter.stack.len())
        }
        // Whatever overflows pushes one more than it pops: 1,023 is the most it may find.
        InstructionResult::StackOverflow => "stack limit reached 1024 (1023)".to_owned(),
        InstructionResult::CreateInitCodeSizeLimit => {
            let size = interpreter.stack.data().iter().nth_back(2);
            format!(
                "out of gas: max initcode size exceeded: size {}",
                size.copied().unwrap_or_default()
            )
        }
        other => plain(other).to_owned(),
    })
}

/// The words for a creation that failed when its code was to be kept.
pub(super) fn of_deposit(result: InstructionResult) -> String {
    match result {
        InstructionResult::OutOfGas => "contract creation code storage out of gas",
        other => plain(other),
    }
    .to_owned()
}

/// The words for an ending that needs no detail.
pub(super) const fn plain(result: InstructionResult) -> &'static str {
    match result {
        InstructionResult::InvalidJump => "invalid jump destination",
        InstructionResult::StateChangeDuringStaticCall
        | InstructionResult::CallNotAllowedInsideStatic => "write protection",
        InstructionResult::OutOfOffset => "return data out of bounds",
        InstructionResult::CreateCollision => "contract address collision",
        InstructionResult::CreateContractSizeLimit => "max code size exceeded",
        InstructionResult::CreateContractStartingWithEF => "invalid code: must not begin with 0xef",
        InstructionResult::CallTooDeep => "max call depth exceeded",
        InstructionResult::OutOfFunds => "insufficient balance for transfer",
        // An operand for memory that does not fit 64 bits, which has no price.
        InstructionResult::InvalidOperandOOG => "gas uint64 overflow",
        InstructionResult::ReentrancySentryOOG => {
            "out of gas: not enough gas for reentrancy sentry"
        }
        _ => "out of gas",
    }
}

fn failed_opcode(interpreter: &Interpreter) -> u8 {
    let at = interpreter.bytecode.pc().saturating_sub(1);
    let code = interpreter.bytecode.original_byte_slice();
    code.get(at).copied().unwrap_or(0)
}

fn invalid_opcode(opcode: u8) -> String {
    if opcode == super::instructions::BLOBBASEFEE {
        return "BLOBBASEFEE is not supported on Arbitrum".to_owned();
    }
    match RESERVED.iter().find(|(known, _)| *known == opcode) {
        Some((_, name)) => format!("invalid opcode: {name}"),
        None => format!("invalid opcode: opcode {opcode:#x} not defined"),
    }
}
