//! What a tracer learns beside the frames: each hostio that succeeded, and what ArbOS moves.
//!
//! Whoever traces hands a [`HostioLog`] to the programs of a transaction and empties it
//! between frames. Without one, nothing is written down.
use std::sync::{Arc, Mutex, PoisonError};

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

/// Where the programs and precompiles of one transaction leave their notes, in order.
/// Clones share them.
#[derive(Debug, Clone, Default)]
pub struct HostioLog(Arc<Mutex<Vec<Noted>>>);

impl HostioLog {
    /// Adds a note.
    pub fn note(&self, noted: Noted) {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        notes.push(noted);
    }

    /// Adds a hostio.
    pub fn hostio(&self, call: HostioCall) {
        self.note(Noted::Hostio(call));
    }

    /// Takes what was noted since the last time.
    pub fn take(&self) -> Vec<Noted> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
