//! The record of an activated program, when it may run and what starting it costs.
//!
//! `corpus/70-init-cost-cache` shows it. Nothing here charges gas.
use alloy::sol_types::SolError;
use revm::{
    Database,
    primitives::{B256, U256},
};

pub use super::params::load as load_params;
use super::{
    layout, pages,
    params::{COST_SCALAR_PERCENT, Packer, StylusParams, Unpacker},
    storage::Slots,
};
use crate::evm::ArbContext;

/// Activation times count hours from here, seconds since the epoch.
pub const ARBITRUM_START_TIME: u64 = 1_421_388_000;

/// What activation stored under a code hash; all zero if there was none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Program {
    /// Stylus version it was activated for; 0: never activated.
    pub version: u16,
    /// Cost of starting it, in gas before scaling.
    pub init_cost: u16,
    /// The same when cached.
    pub cached_cost: u16,
    /// Initial memory, in pages.
    pub footprint: u16,
    /// Hours from [`ARBITRUM_START_TIME`] to its activation (24 bits).
    pub activated_at_hours: u32,
    /// Estimated size of the compiled code in KiB (24 bits).
    pub asm_kib: u32,
    /// Whether a cache manager keeps it.
    pub cached: bool,
}

/// Why a program may not run. Displays as Nitro's error text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProgramError {
    /// No activation is stored for this code.
    #[error("error ProgramNotActivated()")]
    NotActivated,
    /// It was activated for another Stylus version.
    #[error("error ProgramNeedsUpgrade({version}, {current})")]
    NeedsUpgrade {
        /// The version it was activated for.
        version: u16,
        /// The version in force.
        current: u16,
    },
    /// Its activation is too old.
    #[error("error ProgramExpired({age_secs})")]
    Expired {
        /// Seconds since the activation.
        age_secs: u64,
    },
}

mod errors {
    alloy::sol! {
        error ProgramNotActivated();
        error ProgramNeedsUpgrade(uint16 version, uint16 stylusVersion);
        error ProgramExpired(uint64 ageInSeconds);
    }
}

impl ProgramError {
    /// The revert data that ArbWasm gives for it.
    pub fn abi_encode(&self) -> Vec<u8> {
        match *self {
            Self::NotActivated => errors::ProgramNotActivated {}.abi_encode(),
            Self::NeedsUpgrade { version, current } => errors::ProgramNeedsUpgrade {
                version,
                stylusVersion: current,
            }
            .abi_encode(),
            Self::Expired { age_secs } => errors::ProgramExpired {
                ageInSeconds: age_secs,
            }
            .abi_encode(),
        }
    }
}

impl Program {
    /// The storage word: fields from byte 0, big-endian.
    pub fn pack(&self) -> U256 {
        let mut word = Packer::default();
        word.put(&self.version.to_be_bytes());
        word.put(&self.init_cost.to_be_bytes());
        word.put(&self.cached_cost.to_be_bytes());
        word.put(&self.footprint.to_be_bytes());
        word.put(&self.activated_at_hours.to_be_bytes()[1..]);
        word.put(&self.asm_kib.to_be_bytes()[1..]);
        word.put(&[u8::from(self.cached)]);
        word.finish()
    }

    /// Reads a storage word.
    pub fn unpack(word: U256) -> Self {
        let mut fields = Unpacker::new(word);
        Self {
            version: fields.u16(),
            init_cost: fields.u16(),
            cached_cost: fields.u16(),
            footprint: fields.u16(),
            activated_at_hours: fields.u24(),
            asm_kib: fields.u24(),
            cached: fields.u8() != 0,
        }
    }

    /// Seconds since the activation, 0 if it lies ahead (hours are rounded down).
    pub fn age_secs(&self, now: u64) -> u64 {
        let activated = ARBITRUM_START_TIME + u64::from(self.activated_at_hours) * 3_600;
        now.saturating_sub(activated)
    }

    /// Whether the activation is older than the limit, or never was.
    pub fn is_expired(&self, params: &StylusParams, now: u64) -> bool {
        self.activated_at_hours == 0 || self.age_secs(now) > params.expiry_secs()
    }

    /// Estimated size of the compiled code, in bytes.
    pub fn asm_bytes(&self) -> u32 {
        self.asm_kib.saturating_mul(1_024)
    }

    /// Gas to start it uncached, without memory.
    pub fn init_gas(&self, params: &StylusParams) -> u64 {
        let scaled = scale(self.init_cost, params.init_cost_scalar);
        params.min_init_gas().saturating_add(scaled)
    }

    /// Gas to start it cached, without memory.
    pub fn cached_gas(&self, params: &StylusParams) -> u64 {
        let scaled = scale(self.cached_cost, params.cached_cost_scalar);
        params.min_cached_init_gas().saturating_add(scaled)
    }
}

/// `cost` × scalar percent, rounded up.
fn scale(cost: u16, scalar: u8) -> u64 {
    (u64::from(cost) * u64::from(scalar) * COST_SCALAR_PERCENT).div_ceil(100)
}

/// Hours from [`ARBITRUM_START_TIME`] to `now`, as a record stores them.
pub fn hours_since_start(now: u64) -> u32 {
    let hours = now.saturating_sub(ARBITRUM_START_TIME) / 3_600;
    u32::try_from(hours).unwrap_or(u32::MAX) & 0x00ff_ffff
}

/// The slot of a code hash's record.
pub fn program_slot(code_hash: B256) -> U256 {
    layout::programs().slot(code_hash)
}

/// The record of a code hash.
pub fn load_program<DB: Database>(
    ctx: &mut ArbContext<DB>,
    code_hash: B256,
) -> Result<Program, DB::Error> {
    Ok(Program::unpack(ctx.read(program_slot(code_hash))?))
}

/// Whether the program may run at block time `now`.
pub fn check_active(
    program: &Program,
    params: &StylusParams,
    now: u64,
) -> Result<(), ProgramError> {
    if program.version == 0 {
        return Err(ProgramError::NotActivated);
    }
    if program.version != params.version {
        return Err(ProgramError::NeedsUpgrade {
            version: program.version,
            current: params.version,
        });
    }
    if program.is_expired(params, now) {
        return Err(ProgramError::Expired {
            age_secs: program.age_secs(now),
        });
    }
    Ok(())
}

/// Gas a call of the program pays before its first instruction, its memory included.
pub fn call_cost(program: &Program, params: &StylusParams, open: u16, ever: u16) -> u64 {
    let mut gas = memory_cost(program.footprint, open, ever, params);
    if program.cached || program.version > 1 {
        gas = gas.saturating_add(program.cached_gas(params));
    }
    if !program.cached {
        gas = gas.saturating_add(program.init_gas(params));
    }
    gas
}

/// Gas for `new` pages while `open` are open and `ever` was the most so far.
pub fn memory_cost(new: u16, open: u16, ever: u16, params: &StylusParams) -> u64 {
    pages::memory_cost(new, open, ever, params.free_pages, params.page_gas)
}

#[cfg(test)]
mod tests {
    use alloy::primitives::b256;

    use super::*;

    fn program() -> Program {
        Program {
            version: 2,
            init_cost: 405,
            cached_cost: 2_330,
            footprint: 12,
            activated_at_hours: 0x01_02_03,
            asm_kib: 0x04_05_06,
            cached: true,
        }
    }

    #[test]
    fn a_record_packs_every_field_in_order() {
        assert_eq!(
            B256::from(program().pack()),
            b256!("00020195091a000c010203040506010000000000000000000000000000000000")
        );
        assert_eq!(Program::unpack(program().pack()), program());
    }

    #[test]
    fn an_uncached_call_pays_both_start_up_costs_and_its_pages() {
        let params = StylusParams::initial(51);
        let uncached = Program {
            cached: false,
            ..program()
        };
        // 8,832 + 405 + 352 + 2,330, then 10 × 1,000 + E[12] − E[0] = 10,004.
        assert_eq!(call_cost(&uncached, &params, 0, 0), 21_923);
        assert_eq!(call_cost(&program(), &params, 0, 0), 12_686);
    }

    #[test]
    fn checks_come_in_nitros_order() {
        let params = StylusParams::initial(51);
        let now = ARBITRUM_START_TIME + 3_600 * 0x01_02_03;
        let year = 365 * 86_400;
        assert_eq!(check_active(&program(), &params, now + year), Ok(()));
        assert_eq!(
            check_active(&program(), &params, now + year + 1),
            Err(ProgramError::Expired {
                age_secs: 31_536_001
            })
        );
        let old = Program {
            version: 1,
            ..program()
        };
        assert_eq!(
            check_active(&old, &params, now + year + 1),
            Err(ProgramError::NeedsUpgrade {
                version: 1,
                current: 2
            })
        );
        assert_eq!(
            check_active(&Program::default(), &params, now),
            Err(ProgramError::NotActivated)
        );
    }

    #[test]
    fn errors_read_and_encode_as_nitros() {
        let error = ProgramError::Expired { age_secs: 1_906 };
        assert_eq!(error.to_string(), "error ProgramExpired(1906)");
        assert_eq!(error.abi_encode()[..4], [0xc9, 0xb1, 0x2e, 0x52]);
        assert_eq!(
            ProgramError::NotActivated.abi_encode(),
            [0x6f, 0x80, 0x9c, 0x4e]
        );
    }
}
