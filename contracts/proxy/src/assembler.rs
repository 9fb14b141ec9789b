//! Opcodes to bytes: pushes, labels and jumps, and nothing else.

use alloc::vec::Vec;

/// The instructions that the proxy is made of; pushes and jumps are written by the assembler.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(crate) enum Op {
    Stop = 0x00,
    Sub = 0x03,
    Lt = 0x10,
    Gt = 0x11,
    Eq = 0x14,
    IsZero = 0x15,
    Shl = 0x1b,
    Shr = 0x1c,
    Caller = 0x33,
    CallValue = 0x34,
    CallDataLoad = 0x35,
    CallDataSize = 0x36,
    CallDataCopy = 0x37,
    CodeCopy = 0x39,
    ExtCodeSize = 0x3b,
    ReturnDataSize = 0x3d,
    ReturnDataCopy = 0x3e,
    MStore = 0x52,
    SLoad = 0x54,
    SStore = 0x55,
    Gas = 0x5a,
    Push0 = 0x5f,
    Dup1 = 0x80,
    Dup2 = 0x81,
    Dup3 = 0x82,
    Dup6 = 0x85,
    Log1 = 0xa1,
    Log2 = 0xa2,
    Return = 0xf3,
    DelegateCall = 0xf4,
    Revert = 0xfd,
}

const JUMP: u8 = 0x56;
const JUMPI: u8 = 0x57;
const JUMPDEST: u8 = 0x5b;
const PUSH0: u8 = 0x5f;
const PUSH2: u8 = 0x61;

/// A place to jump to.
#[derive(Clone, Copy)]
pub(crate) enum Label {
    Forward,
    Answer,
    Success,
    Admin,
    Upgrade,
    Call,
    NoProgram,
    Malformed,
}

/// How many labels there are.
const LABELS: usize = 8;

/// Code under construction. Positions take two bytes: no code here comes near 65,536 bytes.
#[derive(Default)]
pub(crate) struct Assembler {
    code: Vec<u8>,
    labels: [u16; LABELS],
    /// Where the position of a label has to be filled in.
    jumps: Vec<(usize, Label)>,
}

impl Assembler {
    /// Instructions as they are.
    pub(crate) fn ops(mut self, ops: &[Op]) -> Self {
        self.code.extend(ops.iter().map(|op| *op as u8));
        self
    }

    /// `PUSHn`, for one to 32 bytes.
    pub(crate) fn push(mut self, bytes: &[u8]) -> Self {
        self.code.push(PUSH0.saturating_add(bytes.len() as u8));
        self.code.extend_from_slice(bytes);
        self
    }

    /// `PUSH2` of a length or position.
    pub(crate) fn push_size(self, size: usize) -> Self {
        self.push(&(size as u16).to_be_bytes())
    }

    /// A place to jump to.
    pub(crate) fn label(mut self, label: Label) -> Self {
        self.labels[label as usize] = self.code.len() as u16;
        self.code.push(JUMPDEST);
        self
    }

    /// Jumps.
    pub(crate) fn jump(self, label: Label) -> Self {
        self.jump_by(label, JUMP)
    }

    /// Jumps if the top of the stack is not zero, and takes it off.
    pub(crate) fn jump_if(self, label: Label) -> Self {
        self.jump_by(label, JUMPI)
    }

    fn jump_by(mut self, label: Label, jump: u8) -> Self {
        self.code.push(PUSH2);
        self.jumps.push((self.code.len(), label));
        self.code.extend_from_slice(&[0, 0, jump]);
        self
    }

    /// The code, with all positions filled in.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        for (place, label) in self.jumps {
            let position = self.labels[label as usize].to_be_bytes();
            for (byte, value) in self.code.iter_mut().skip(place).zip(position) {
                *byte = value;
            }
        }
        self.code
    }
}
