//! What a program costs: the gas of its activation, and the figures stored with it that later
//! calls and its owner's data fee are computed from.
//!
//! Every term is truncated on its own, as Nitro does, so terms must not be merged.

use super::activate::ActivationRules;
use super::instrument::Instrumented;
use super::limits::element_bytes;
use super::refusal::ParseRefusal;

/// Gas for a microsecond of activation: 14 million gas a block of half a second.
const GAS_PER_MICROSECOND: u64 = 28;

/// The ArbOS version from which the length of the WASM is charged.
const LENGTH_CHARGED_SINCE: u64 = 32;

/// The one Stylus version in which a start-up includes the cost of a cached one.
const INIT_INCLUDES_CACHED_VERSION: u16 = 1;

/// The figures of a program that call costs and data fees come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prediction {
    /// Gas units of a start-up, before the chain's scalar.
    pub init_cost: u16,
    /// Gas units of a start-up from the cache, before the chain's scalar.
    pub cached_init_cost: u16,
    /// Bytes that the native code is expected to take.
    pub asm_estimate: u32,
}

/// The counts that costs are linear in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measures {
    /// Bytes of the decompressed WASM.
    pub wasm_bytes: u64,
    /// Own functions.
    pub functions: u64,
    /// Parameters and results of all own functions.
    pub type_words: u64,
    /// Globals, the added ones included.
    pub globals: u64,
    /// Payload bytes of all data segments.
    pub data_bytes: u64,
    /// Encoded bytes of all data segments.
    pub encoded_data_bytes: u64,
    /// Encoded bytes of all element segments.
    pub encoded_element_bytes: u64,
    /// Initial memory pages.
    pub pages: u64,
    /// Operators of all own functions after instrumentation.
    pub operators: u64,
}

impl Measures {
    /// Counts the instrumented `program`.
    pub fn of(program: &Instrumented<'_, '_>) -> Self {
        let module = program.module;
        let type_words = |type_index: &u32| {
            module
                .type_at(*type_index)
                .map_or(0, |ty| ty.params().len() + ty.results().len())
        };
        Self {
            wasm_bytes: module.bytes.len() as u64,
            functions: program.functions.len() as u64,
            type_words: module.functions.iter().map(type_words).sum::<usize>() as u64,
            globals: program.global_count() as u64,
            data_bytes: module.datas.iter().map(|data| data.data.len() as u64).sum(),
            encoded_data_bytes: module
                .datas
                .iter()
                .map(|data| data.range.len() as u64)
                .sum(),
            encoded_element_bytes: element_bytes(program),
            pages: module.initial_pages(),
            operators: program
                .functions
                .iter()
                .map(|function| function.ops.len() as u64)
                .sum(),
        }
    }

    /// The figures stored with the program.
    ///
    /// - Errors: [`ParseRefusal`] for a figure that does not fit its field.
    pub fn predict(&self, rules: &ActivationRules) -> Result<Prediction, ParseRefusal> {
        let cached = self.cached_init();
        let mut init = self.functions * 8_252 / 1_000
            + self.type_words * 1_059 / 1_000
            + self.wasm_bytes * 1_286 / 10_000;
        if rules.stylus_version == INIT_INCLUDES_CACHED_VERSION {
            init += cached;
        }
        let asm = 512_000
            + self.functions * 996_829 / 1_000
            + self.type_words * 11_416 / 1_000
            + self.wasm_bytes * 62_628 / 10_000;
        Ok(Prediction {
            init_cost: u16::try_from(init).map_err(|_| ParseRefusal::InitCost)?,
            cached_init_cost: u16::try_from(cached).map_err(|_| ParseRefusal::CachedCost)?,
            asm_estimate: u32::try_from(asm).map_err(|_| ParseRefusal::AsmEstimate)?,
        })
    }

    fn cached_init(&self) -> u64 {
        let segments = self.encoded_data_bytes + self.encoded_element_bytes;
        self.functions * 13_420 / 100_000
            + self.type_words * 89 / 100_000
            + self.wasm_bytes * 122 / 100_000
            + self.globals * 1_628 / 1_000
            + segments * 75_244 / 100_000
            + self.pages * 5
    }

    /// Gas of the activation, on top of the precompile's fixed charges.
    pub fn activation_gas(&self, rules: &ActivationRules) -> u64 {
        let length = match rules.arbos_version {
            LENGTH_CHARGED_SINCE.. => self.wasm_bytes * 31_733 / 100_000,
            _ => 0,
        };
        let microseconds = length
            + self.functions * 17_263 / 100_000
            + self.data_bytes * 17_376 / 100_000
            + self.encoded_element_bytes * 17_376 / 100_000
            + self.pages * 2_217
            + self.operators * 535 / 1_000;
        microseconds * GAS_PER_MICROSECOND
    }
}
