//! What a tracer learns beside the frames: each hostio that succeeded, and what ArbOS moves.
//!
//! Whoever traces hands a [`HostioLog`] to the programs of a transaction and empties it
//! between frames. Without one, nothing is written down. A hostio costs a fraction of a unit
//! of gas, so a log has bounds: beyond them it says that it is not whole.
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alloy::sol_types::SolValue;
use revm::primitives::{Address, Bytes};

/// One hostio, or the entry to or return from a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostioCall {
    /// Its name; the names and encodings of Nitro's tracer.
    pub name: &'static str,
    /// What it was given, packed big-endian.
    pub args: Bytes,
    /// What it gave, packed big-endian.
    pub outs: Bytes,
    /// Ink before its own charge.
    pub start_ink: u64,
    /// Ink after everything it charged.
    pub end_ink: u64,
}

impl HostioCall {
    /// A call with its arguments and results packed.
    pub fn new(
        name: &'static str,
        (args, outs): (impl SolValue, impl SolValue),
        start_ink: u64,
        end_ink: u64,
    ) -> Self {
        Self {
            name,
            args: args.abi_encode_packed().into(),
            outs: outs.abi_encode_packed().into(),
            start_ink,
            end_ink,
        }
    }
}

/// A note for the tracer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Noted {
    /// A program called a hostio.
    Hostio(HostioCall),
    /// A precompile sent ETH without a call, as it does with data fees.
    Transfer {
        /// Who got it.
        to: Address,
    },
}

/// Bytes that the notes of one transaction may take, all that were taken included, once they
/// are an answer.
const ROOM: usize = 512 << 20;

/// What an entry takes in an answer beside its data, bytes: a JSON object of seven fields.
const ENTRY: usize = 1 << 10;

impl Noted {
    /// Bytes in an answer: data is there twice in hexadecimal, as JSON and as text.
    fn size(&self) -> usize {
        let data = match self {
            Self::Hostio(call) => call.args.len().saturating_add(call.outs.len()),
            Self::Transfer { .. } => 0,
        };
        data.saturating_mul(4).saturating_add(ENTRY)
    }
}

/// Where the programs and precompiles of one transaction leave their notes, in order.
/// Clones share them.
#[derive(Debug, Clone, Default)]
pub struct HostioLog(Arc<Mutex<Notes>>);

#[derive(Debug)]
struct Notes {
    noted: Vec<Noted>,
    room: usize,
    is_cut: bool,
}

impl Default for Notes {
    fn default() -> Self {
        Self {
            noted: Vec::new(),
            room: ROOM,
            is_cut: false,
        }
    }
}

impl Notes {
    /// Whether there is room for so many bytes more.
    fn reserve(&mut self, bytes: usize) -> bool {
        match self.room.checked_sub(bytes) {
            Some(room) if !self.is_cut => self.room = room,
            _ => self.is_cut = true,
        }
        !self.is_cut
    }
}

impl HostioLog {
    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a note if there is room for it.
    pub fn note(&self, noted: Noted) {
        let mut notes = self.notes();
        if notes.reserve(noted.size()) {
            notes.noted.push(noted);
        }
    }

    /// Whether there is room for the entry of a frame, which its owner keeps.
    pub fn has_room_for_frame(&self) -> bool {
        self.notes().reserve(ENTRY)
    }

    /// Whether something found no room.
    pub fn is_cut(&self) -> bool {
        self.notes().is_cut
    }

    /// Adds a hostio.
    pub fn hostio(&self, call: HostioCall) {
        self.note(Noted::Hostio(call));
    }

    /// Takes what was noted since the last time.
    pub fn take(&self) -> Vec<Noted> {
        std::mem::take(&mut self.notes().noted)
    }
}
