//! How a running program asks the EVM for something.
//!
//! A program runs on a fiber of its own. A hostio that needs the EVM leaves a [`Request`]
//! here and suspends the fiber; whoever resumes it (see `evm::program`) has answered by
//! then. So nested calls never nest native stacks, and the program never holds the EVM.
use std::{
    future::poll_fn,
    sync::{Arc, Mutex, PoisonError},
    task::Poll,
};

use revm::primitives::{Address, B256, Bytes, U256};

/// What a hostio wants from the EVM.
pub enum Request {
    /// Reads a storage slot of the acting account.
    LoadStorage {
        /// The slot.
        key: U256,
        /// Its value.
        reply: Reply<Access<U256>>,
    },
    /// Writes storage slots of the acting account, in order, for at most `budget` gas.
    StoreStorage {
        /// Slots and values.
        entries: Vec<(U256, U256)>,
        /// Gas that must suffice.
        budget: u64,
        /// Gas taken, or that the budget did not suffice.
        reply: Reply<Result<u64, StoreError>>,
    },
    /// Reads a transient slot.
    LoadTransient {
        /// The slot.
        key: U256,
        /// Its value.
        reply: Reply<U256>,
    },
    /// Writes a transient slot.
    StoreTransient {
        /// The slot.
        key: U256,
        /// The new value.
        value: U256,
        /// Done.
        reply: Reply<()>,
    },
    /// Reads the balance of an account.
    Balance {
        /// The account.
        address: Address,
        /// Its balance, wei.
        reply: Reply<Access<U256>>,
    },
    /// Reads the code hash of an account.
    CodeHash {
        /// The account.
        address: Address,
        /// Zero for an account that does not exist.
        reply: Reply<Access<B256>>,
    },
    /// Reads the code of an account.
    Code {
        /// The account.
        address: Address,
        /// Its code.
        reply: Reply<Access<Bytes>>,
    },
    /// Counts pages as open and returns what they cost in gas.
    OpenPages {
        /// New pages.
        pages: u16,
        /// Gas.
        reply: Reply<u64>,
    },
    /// Emits a log of the acting account.
    Log {
        /// Up to four.
        topics: Vec<B256>,
        /// The rest.
        data: Bytes,
        /// Done.
        reply: Reply<()>,
    },
    /// Calls another account.
    Call {
        /// How and what.
        call: Call,
        /// How it went.
        reply: Reply<Called>,
    },
    /// Creates a contract.
    Create {
        /// How and what.
        create: Create,
        /// How it went; none if the base cost was not affordable.
        reply: Reply<Option<Created>>,
    },
}

/// A value and whether EIP-2929 finds the access cold.
#[derive(Debug, Clone, Copy)]
pub struct Access<T> {
    /// What was read.
    pub value: T,
    /// First access of the transaction.
    pub cold: bool,
}

/// Why storage could not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreError {
    /// The budget did not suffice.
    OutOfGas,
}

/// The three ways to call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallKind {
    /// With its own storage and a value.
    Call,
    /// On the caller's storage.
    Delegate,
    /// Without any change of state.
    Static,
}

/// A call to make.
#[derive(Debug, Clone)]
pub struct Call {
    /// Which way.
    pub kind: CallKind,
    /// Whom.
    pub to: Address,
    /// With what.
    pub input: Bytes,
    /// Wei sent along.
    pub value: U256,
    /// Gas left to the program.
    pub gas_left: u64,
    /// Gas the program offers at most.
    pub gas_offered: u64,
}

/// The end of a call.
#[derive(Debug, Clone)]
pub struct Called {
    /// It succeeded.
    pub success: bool,
    /// Gas to charge to the program.
    pub cost: u64,
    /// Return or revert data.
    pub output: Bytes,
}

/// A contract to create.
#[derive(Debug, Clone)]
pub struct Create {
    /// Its init code.
    pub init_code: Bytes,
    /// Wei sent along.
    pub endowment: U256,
    /// For CREATE2.
    pub salt: Option<U256>,
    /// Gas left to the program.
    pub gas_left: u64,
}

/// The end of a creation.
#[derive(Debug, Clone)]
pub struct Created {
    /// The new contract; none if it failed.
    pub address: Option<Address>,
    /// Gas to charge to the program.
    pub cost: u64,
    /// Revert data, if any.
    pub output: Bytes,
}

/// The place where one answer arrives.
pub struct Reply<T>(Arc<Mutex<Option<T>>>);

impl<T> Reply<T> {
    /// Hands in the answer.
    pub fn send(self, value: T) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
    }
}

/// The place where a program leaves its question.
#[derive(Clone, Default)]
pub struct Exchange(Arc<Mutex<Option<Request>>>);

impl Exchange {
    /// Leaves the question that `make` builds and waits for its answer.
    pub async fn ask<T>(&self, make: impl FnOnce(Reply<T>) -> Request) -> T {
        let answer = Arc::new(Mutex::new(None));
        let question = make(Reply(Arc::clone(&answer)));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(question);
        poll_fn(
            move |_| match answer.lock().unwrap_or_else(PoisonError::into_inner).take() {
                Some(value) => Poll::Ready(value),
                None => Poll::Pending,
            },
        )
        .await
    }

    /// Takes the question a suspended program has left.
    pub fn take(&self) -> Option<Request> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
