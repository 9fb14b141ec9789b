//! What one running program owns on the host's side, and how it pays and touches memory.
use alloy::sol_types::SolValue;
use revm::primitives::{Address, B256, Bytes, U256};
use wasmtime::{Caller, Global, Memory, Val};

use super::{
    exchange::Exchange,
    hostio_log::{HostioCall, HostioLog},
    storage_cache::StorageCache,
};

/// What a program may ask about its frame, transaction and block.
#[derive(Debug, Clone)]
pub struct Env {
    /// Calldata.
    pub calldata: Bytes,
    /// The account whose storage the frame acts on.
    pub contract: Address,
    /// Who called.
    pub caller: Address,
    /// Wei sent along.
    pub value: U256,
    /// No state may change.
    pub is_static: bool,
    /// Another open frame acts on the same account.
    pub reentrant: bool,
    /// Signer of the transaction.
    pub origin: Address,
    /// Effective gas price, wei.
    pub gas_price: U256,
    /// Base fee that the frame sees, wei.
    pub base_fee: U256,
    /// L1 block number.
    pub block_number: u64,
    /// Seconds since the epoch.
    pub block_timestamp: u64,
    /// Gas limit of the block.
    pub block_gas_limit: u64,
    /// Beneficiary of the block.
    pub coinbase: Address,
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// Ink for one gas.
    pub ink_price: u64,
    /// ArbOS version in force.
    pub arbos_version: u64,
}

/// Why a hostio ends the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Escape {
    /// The ink does not suffice.
    #[error("out of ink")]
    OutOfInk,
    /// `exit_early`.
    #[error("exit with status {0}")]
    Exit(u32),
    /// A pointer outside of guest memory.
    #[error("memory fault")]
    MemoryFault,
    /// A change of state in a static call.
    #[error("write protection")]
    WriteProtection,
    /// More than four topics, or fewer bytes than topics.
    #[error("bad topic data")]
    BadTopics,
    /// Storage could not be flushed for the gas left (before ArbOS 50).
    #[error("out of gas in flush")]
    FlushFailed,
    /// The base cost of a creation was not affordable.
    #[error("out of gas")]
    CreateOutOfGas,
    /// The instance lacks an export that instrumentation adds.
    #[error("program is not instrumented")]
    NotInstrumented,
}

/// The exports that metering and the hostios use.
#[derive(Debug, Clone, Copy)]
pub struct Exports {
    /// `memory`.
    pub memory: Memory,
    /// `stylus_ink_left`.
    pub ink_left: Global,
    /// `stylus_ink_status`.
    pub ink_status: Global,
    /// `stylus_stack_left`.
    pub stack_left: Global,
}

/// The state of one program call.
pub struct Host {
    /// Asks the EVM.
    pub exchange: Exchange,
    /// The frame's surroundings.
    pub env: Env,
    /// Set once the module is instantiated.
    pub exports: Option<Exports>,
    /// Slots read and written.
    pub storage: StorageCache,
    /// What `write_result` left.
    pub output: Vec<u8>,
    /// What the latest call or creation returned.
    pub return_data: Bytes,
    /// The account whose code was read last, and its code.
    pub last_code: Option<(Address, Bytes)>,
    /// Status given to `exit_early`.
    pub exit: Option<u32>,
    /// Where hostios are noted, if a tracer watches.
    pub log: Option<HostioLog>,
}

impl Host {
    /// The state at the start of a call.
    pub fn new(exchange: Exchange, env: Env) -> Self {
        Self {
            exchange,
            env,
            exports: None,
            storage: StorageCache::default(),
            output: Vec::new(),
            return_data: Bytes::new(),
            last_code: None,
            exit: None,
            log: None,
        }
    }
}

/// The running program, seen from inside a hostio.
pub struct Guest<'a> {
    caller: Caller<'a, Host>,
    /// Ink at the start of the hostio, if a tracer watches.
    start_ink: Option<u64>,
}

impl<'a> Guest<'a> {
    /// The program that calls a hostio now.
    pub fn new(caller: Caller<'a, Host>) -> Self {
        let mut guest = Self {
            caller,
            start_ink: None,
        };
        if guest.caller.data().log.is_some() {
            guest.start_ink = guest.ink_left().ok();
        }
        guest
    }

    /// Shows the hostio, which has done all it does, to the tracer if there is one:
    /// `describe` gives its arguments and its results.
    pub fn report<A: SolValue, O: SolValue>(
        &mut self,
        name: &'static str,
        describe: impl FnOnce() -> (A, O),
    ) {
        if let Some(start_ink) = self.start_ink
            && let Ok(end_ink) = self.ink_left()
            && let Some(log) = &self.caller.data().log
        {
            log.hostio(HostioCall::new(name, describe(), start_ink, end_ink));
        }
    }

    /// The host's side of the program.
    pub fn host(&mut self) -> &mut Host {
        self.caller.data_mut()
    }

    /// The frame's surroundings.
    pub fn env(&self) -> &Env {
        &self.caller.data().env
    }

    fn exports(&self) -> Result<Exports, Escape> {
        self.caller.data().exports.ok_or(Escape::NotInstrumented)
    }

    /// Ink left; an exhausted meter reads zero.
    pub fn ink_left(&mut self) -> Result<u64, Escape> {
        let exports = self.exports()?;
        Ok(read_ink(&mut self.caller, &exports))
    }

    /// Gas left: whole gas only.
    pub fn gas_left(&mut self) -> Result<u64, Escape> {
        let ink = self.ink_left()?;
        Ok(ink.checked_div(self.env().ink_price).unwrap_or(u64::MAX))
    }

    /// Takes `ink`, or exhausts the meter and ends the program.
    pub fn buy_ink(&mut self, ink: u64) -> Result<(), Escape> {
        let left = self.ink_left()?;
        match left.checked_sub(ink) {
            Some(rest) => self.set_ink(rest),
            None => self.exhaust(),
        }
    }

    /// Takes `gas` in ink.
    pub fn buy_gas(&mut self, gas: u64) -> Result<(), Escape> {
        let ink = gas.saturating_mul(self.env().ink_price);
        self.buy_ink(ink)
    }

    /// Ends the program unless `gas` is affordable; takes nothing.
    pub fn require_gas(&mut self, gas: u64) -> Result<(), Escape> {
        let needed = gas.saturating_mul(self.env().ink_price);
        if self.ink_left()? < needed {
            return self.exhaust();
        }
        Ok(())
    }

    fn set_ink(&mut self, ink: u64) -> Result<(), Escape> {
        let exports = self.exports()?;
        exports
            .ink_left
            .set(&mut self.caller, Val::I64(ink.cast_signed()))
            .map_err(|_| Escape::NotInstrumented)
    }

    fn exhaust(&mut self) -> Result<(), Escape> {
        let exports = self.exports()?;
        exports
            .ink_status
            .set(&mut self.caller, Val::I32(1))
            .map_err(|_| Escape::NotInstrumented)?;
        Err(Escape::OutOfInk)
    }

    /// Copies guest memory.
    pub fn read(&mut self, pointer: u32, length: u32) -> Result<Vec<u8>, Escape> {
        let memory = self.exports()?.memory;
        let data = memory.data(&self.caller);
        let start = pointer as usize;
        let end = start
            .checked_add(length as usize)
            .ok_or(Escape::MemoryFault)?;
        data.get(start..end)
            .map(<[u8]>::to_vec)
            .ok_or(Escape::MemoryFault)
    }

    /// Copies a fixed number of bytes from guest memory.
    pub fn read_array<const N: usize>(&mut self, pointer: u32) -> Result<[u8; N], Escape> {
        let memory = self.exports()?.memory;
        let start = pointer as usize;
        let end = start.checked_add(N).ok_or(Escape::MemoryFault)?;
        let bytes = memory
            .data(&self.caller)
            .get(start..end)
            .ok_or(Escape::MemoryFault)?;
        let mut out = [0u8; N];
        out.copy_from_slice(bytes);
        Ok(out)
    }

    /// Reads a 32-byte word.
    pub fn read_word(&mut self, pointer: u32) -> Result<U256, Escape> {
        Ok(U256::from_be_bytes(self.read_array::<32>(pointer)?))
    }

    /// Reads a 32-byte hash.
    pub fn read_hash(&mut self, pointer: u32) -> Result<B256, Escape> {
        Ok(B256::new(self.read_array(pointer)?))
    }

    /// Reads an address.
    pub fn read_address(&mut self, pointer: u32) -> Result<Address, Escape> {
        Ok(Address::new(self.read_array(pointer)?))
    }

    /// Writes into guest memory.
    pub fn write(&mut self, pointer: u32, bytes: &[u8]) -> Result<(), Escape> {
        let memory = self.exports()?.memory;
        let start = pointer as usize;
        let end = start.checked_add(bytes.len()).ok_or(Escape::MemoryFault)?;
        memory
            .data_mut(&mut self.caller)
            .get_mut(start..end)
            .ok_or(Escape::MemoryFault)?
            .copy_from_slice(bytes);
        Ok(())
    }

    /// Writes a 32-byte word.
    pub fn write_word(&mut self, pointer: u32, word: U256) -> Result<(), Escape> {
        self.write(pointer, &word.to_be_bytes::<32>())
    }

    /// Writes a little-endian length and returns it.
    pub fn write_length(&mut self, pointer: u32, length: usize) -> Result<u32, Escape> {
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        self.write(pointer, &length.to_le_bytes())?;
        Ok(length)
    }
}

/// Ink left in an instance; an exhausted meter reads zero.
pub fn read_ink(mut store: impl wasmtime::AsContextMut, exports: &Exports) -> u64 {
    match exports.ink_status.get(&mut store) {
        Val::I32(0) => match exports.ink_left.get(&mut store) {
            Val::I64(ink) => ink.cast_unsigned(),
            _ => 0,
        },
        _ => 0,
    }
}
