//! Which address is a precompile, and whose: Ethereum's go to revm, ArbOS's to a file each.
//!
//! Every ArbOS precompile is one template: `method` finds a selector's [`method::Method`],
//! [`call::run`] charges and executes it by rules that all methods share.
mod abi;
mod activation;
mod arb_address_table;
mod arb_aggregator;
mod arb_debug;
mod arb_function_table;
mod arb_gas_info;
mod arb_info;
mod arb_native_token;
mod arb_owner;
mod arb_owner_native;
mod arb_owner_public;
mod arb_owner_stylus;
mod arb_retryable_tx;
mod arb_statistics;
mod arb_sys;
mod arb_wasm;
mod arb_wasm_cache;
mod arbos_acts;
mod arbos_test;
mod call;
mod method;
mod node_interface;
#[cfg(test)]
mod tests;
mod withdrawal;

use std::sync::OnceLock;

use revm::{
    Database,
    context_interface::{Cfg, ContextTr},
    handler::{EthPrecompiles, PrecompileProvider},
    interpreter::{CallInputs, InterpreterResult},
    precompile::{Precompiles, secp256r1},
    primitives::{Address, AddressSet, hardfork::SpecId},
};

use crate::{arbos::accounts::ARBOS_ACTS, evm::ArbContext};

/// ArbOS precompiles by the last byte of their address, and the version each came with.
const NUMBERS: [(u8, u64); 17] = [
    (0x64, 0),
    (0x65, 0),
    (0x66, 0),
    (0x67, 0),
    (0x68, 0),
    (0x69, 0),
    (0x6b, 0),
    (0x6c, 0),
    (0x6d, 0),
    (0x6e, 0),
    (0x6f, 0),
    (0x70, 0),
    (0x71, 30),
    (0x72, 30),
    (0x73, 41),
    (0x74, 60),
    (0xff, 0),
];
/// ArbFilteredTransactionsManager, which costs gas even before its version.
const FILTERED_TRANSACTIONS: u8 = 0x74;

/// Addresses of the ArbOS precompiles at a version.
pub fn addresses(arbos_version: u64) -> impl Iterator<Item = Address> {
    NUMBERS
        .iter()
        .filter(move |(_, since)| *since <= arbos_version)
        .map(|(number, _)| Address::with_last_byte(*number))
        .chain([ARBOS_ACTS])
}

/// The hardfork whose instructions and precompiles an ArbOS version has.
pub fn spec_of(arbos_version: u64) -> SpecId {
    if arbos_version >= 50 {
        SpecId::OSAKA
    } else {
        SpecId::PRAGUE
    }
}

/// Ethereum's precompiles at an ArbOS version: before 50 Cancun's, without the curves of
/// EIP-2537, and P256VERIFY at its first price of 3,450 gas (RIP-7212).
fn ethereum(arbos_version: u64) -> EthPrecompiles {
    static BEFORE_50: OnceLock<Precompiles> = OnceLock::new();
    let spec = spec_of(arbos_version);
    if arbos_version >= 50 {
        return EthPrecompiles::new(spec);
    }
    let precompiles = BEFORE_50.get_or_init(|| {
        let mut precompiles = Precompiles::cancun().clone();
        precompiles.extend([secp256r1::P256VERIFY]);
        precompiles
    });
    EthPrecompiles { precompiles, spec }
}

/// All precompiles of the chain at one ArbOS version.
#[derive(Debug, Clone)]
pub struct ArbPrecompiles {
    ethereum: EthPrecompiles,
    warm: AddressSet,
    is_announced: bool,
}

impl ArbPrecompiles {
    /// The precompiles at `arbos_version`.
    pub fn new(arbos_version: u64) -> Self {
        let ethereum = ethereum(arbos_version);
        let mut warm = ethereum.warm_addresses().clone();
        warm.extend(addresses(arbos_version));
        // Corpus: warm although it does nothing yet.
        warm.insert(Address::with_last_byte(FILTERED_TRANSACTIONS));
        Self {
            ethereum,
            warm,
            is_announced: false,
        }
    }

    /// Whether a call of the address runs a precompile.
    pub fn is_one(&self, address: &Address) -> bool {
        self.warm.contains(address)
    }
}

impl<DB: Database> PrecompileProvider<ArbContext<DB>> for ArbPrecompiles {
    type Output = InterpreterResult;

    /// The ArbOS version, fixed at construction, decides; the first call asks for the warm
    /// set to be taken.
    fn set_spec(&mut self, _: <<ArbContext<DB> as ContextTr>::Cfg as Cfg>::Spec) -> bool {
        !std::mem::replace(&mut self.is_announced, true)
    }

    fn run(
        &mut self,
        ctx: &mut ArbContext<DB>,
        inputs: &CallInputs,
    ) -> Result<Option<InterpreterResult>, String> {
        let address = inputs.bytecode_address;
        if ctx.chain.replaced.contains(&address) {
            return Ok(None);
        }
        if self.ethereum.contains(&address) {
            ctx.chain.message = None;
            return self.ethereum.run(ctx, inputs);
        }
        if address == ARBOS_ACTS {
            return call::run(ctx, inputs, arbos_acts::method).map(Some);
        }
        if node_interface::is_asked(ctx, inputs) {
            return call::run(ctx, inputs, node_interface::method).map(Some);
        }
        if !self.warm.contains(&address) {
            return Ok(None);
        }
        match address.0.0[19] {
            0x64 => call::run(ctx, inputs, arb_sys::method),
            0x65 => call::run(ctx, inputs, arb_info::method),
            0x66 => call::run(ctx, inputs, arb_address_table::method),
            0x68 => call::run(ctx, inputs, arb_function_table::method),
            0x69 => call::run(ctx, inputs, arbos_test::method),
            0x6b => call::run(ctx, inputs, arb_owner_public::method),
            0x6c => call::run(ctx, inputs, arb_gas_info::method),
            0x6d => call::run(ctx, inputs, arb_aggregator::method),
            0x6e => call::run(ctx, inputs, arb_retryable_tx::method),
            0x6f => call::run(ctx, inputs, arb_statistics::method),
            0x70 => arb_owner::run(ctx, inputs),
            0x71 => call::run(ctx, inputs, arb_wasm::method),
            0x72 => call::run(ctx, inputs, arb_wasm_cache::method),
            0x73 => call::run(ctx, inputs, arb_native_token::method),
            FILTERED_TRANSACTIONS => call::pass_filter(ctx, inputs),
            0xff => arb_debug::run(ctx, inputs),
            // ArbBLS has no methods left.
            _ => call::refuse(ctx, inputs),
        }
        .map(Some)
    }

    fn warm_addresses(&self) -> &AddressSet {
        &self.warm
    }
}
