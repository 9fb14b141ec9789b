//! Decides whether a program may be activated, and what that costs.
//!
//! The order of the checks is Nitro's: it decides which refusal a program with several faults
//! gets, and whether it is refused before or after the gas runs out.

use std::fmt;

use super::buildable;
use super::instrument::Instrumented;
use super::limits;
use super::predict::{Measures, Prediction};
use super::refusal::{BuildRefusal, ParseRefusal, write_report, write_site};
use super::site;
use super::wasm::Module;

/// The parameters of a chain, and of a transaction, that activation depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActivationRules {
    /// The chain's ArbOS version.
    pub arbos_version: u64,
    /// The chain's Stylus version.
    pub stylus_version: u16,
    /// Pages a program may start with: the chain's limit less those open in this transaction.
    pub page_limit: u16,
    /// Refuse what only debug chains allow: start functions and the console.
    pub production_rules: bool,
}

/// A program that passed, with all that is stored about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activation {
    /// Gas units of a start-up, before the chain's scalar.
    pub init_cost: u16,
    /// Gas units of a start-up from the cache, before the chain's scalar.
    pub cached_init_cost: u16,
    /// Initial memory pages.
    pub footprint: u16,
    /// Bytes that the native code is expected to take; the data fee is proportional to it.
    pub asm_estimate: u32,
    /// The instrumented module, ready for the engine.
    pub module: Vec<u8>,
}

/// Why a program was not activated; each takes all the gas.
///
/// Displays as Nitro's report does. An RPC error puts `program activation failed: ` before it.
#[derive(Debug)]
pub enum ActivationError {
    /// The gas left does not cover the activation.
    OutOfGas,
    /// The module is malformed, unsupported, too large, or cannot be instrumented.
    Parse(ParseRefusal),
    /// The module asks for what the machine does not have.
    Build(BuildRefusal),
}

impl fmt::Display for ActivationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfGas => {
                f.write_str("out of gas")?;
                write_site(f, Some(site::ACTIVATION_GAS))
            }
            Self::Parse(cause) => write_report(f, "failed to parse wasm", cause, cause.site()),
            Self::Build(cause) => {
                write_report(f, "failed to build user module", cause, cause.site())
            }
        }
    }
}

impl std::error::Error for ActivationError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::OutOfGas => None,
            Self::Parse(cause) => Some(cause),
            Self::Build(cause) => Some(cause),
        }
    }
}

impl From<ParseRefusal> for ActivationError {
    fn from(refusal: ParseRefusal) -> Self {
        Self::Parse(refusal)
    }
}

impl From<BuildRefusal> for ActivationError {
    fn from(refusal: BuildRefusal) -> Self {
        Self::Build(refusal)
    }
}

/// Activates the decompressed program `wasm`, paying from `gas`.
///
/// - Units: `gas` is what is left after the precompile's fixed charges.
/// - Errors: [`ActivationError`]; `gas` is then zero. Never panics on any input.
/// - Source: Nitro's behaviour at ArbOS 32 and later.
pub fn activate(
    wasm: &[u8],
    rules: &ActivationRules,
    gas: &mut u64,
) -> Result<Activation, ActivationError> {
    let available = std::mem::take(gas);
    let module = Module::parse(wasm, rules)?;
    let program = Instrumented::new(&module, rules)?;
    let measures = Measures::of(&program);
    let Prediction {
        init_cost,
        cached_init_cost,
        asm_estimate,
    } = measures.predict(rules)?;
    let footprint = footprint(measures.pages, rules)?;
    limits::check(&program, rules)?;
    let left = available
        .checked_sub(measures.activation_gas(rules))
        .ok_or(ActivationError::OutOfGas)?;
    buildable::check(&module, rules)?;
    let module = program.encode(rules)?;
    *gas = left;
    Ok(Activation {
        init_cost,
        cached_init_cost,
        footprint,
        asm_estimate,
        module,
    })
}

/// The instrumented module of a program that was activated earlier.
///
/// - Errors: [`ActivationError`] only if `wasm` would not have been activated under `rules`;
///   limits and gas are not looked at again.
pub fn instrument(wasm: &[u8], rules: &ActivationRules) -> Result<Vec<u8>, ActivationError> {
    let module = Module::parse(wasm, rules)?;
    Ok(Instrumented::new(&module, rules)?.encode(rules)?)
}

fn footprint(pages: u64, rules: &ActivationRules) -> Result<u16, ParseRefusal> {
    let limit = rules.page_limit;
    match u16::try_from(pages) {
        Ok(footprint) if footprint <= limit => Ok(footprint),
        _ => Err(ParseRefusal::PageLimit { pages, limit }),
    }
}
