//! The Stylus parameters: one packed storage word. `corpus/70-init-cost-cache` shows what a dev
//! chain starts with.
use revm::{
    Database,
    primitives::{B256, U256},
};

use super::{layout, storage::Slots};
use crate::evm::ArbContext;

/// Gas per unit of `min_init_gas`.
pub const MIN_INIT_GAS_UNIT: u64 = 128;
/// Gas per unit of `min_cached_init_gas`.
pub const MIN_CACHED_GAS_UNIT: u64 = 32;
/// Percent per unit of the cost scalars.
pub const COST_SCALAR_PERCENT: u64 = 2;
/// Answer of `pageRamp()`; a constant that Nitro no longer stores.
pub const PAGE_RAMP: u64 = 620_674_314;
/// Greatest decompressed program before the limit became a stored parameter (ArbOS 40).
pub const INITIAL_MAX_WASM_SIZE: u32 = 131_072;

/// What the chain owner may tune about Stylus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StylusParams {
    /// ArbOS version whose word this is; decides which fields are stored.
    pub arbos_version: u64,
    /// Stylus version; programs of another version need a new activation.
    pub version: u16,
    /// Ink per gas.
    pub ink_price: u32,
    /// WASM stack, in words.
    pub max_stack_depth: u32,
    /// Pages that cost nothing.
    pub free_pages: u16,
    /// Gas per further page.
    pub page_gas: u16,
    /// Most pages a program may have.
    pub page_limit: u16,
    /// Least gas to start an uncached program, in units of 128.
    pub min_init_gas: u8,
    /// Least gas to start a cached program, in units of 32.
    pub min_cached_init_gas: u8,
    /// Share of a program's start-up cost that is charged, in units of 2 %.
    pub init_cost_scalar: u8,
    /// The same for cached programs.
    pub cached_cost_scalar: u8,
    /// Days until an activation expires.
    pub expiry_days: u16,
    /// Days before an activation may be renewed.
    pub keepalive_days: u16,
    /// Programs remembered within a block; without effect before ArbOS 60.
    pub block_cache_size: u16,
    /// Greatest decompressed program, in bytes.
    pub max_wasm_size: u32,
}

impl StylusParams {
    /// The parameters a chain starts with at `arbos_version` (40 to 51).
    pub fn initial(arbos_version: u64) -> Self {
        let mut params = Self {
            arbos_version,
            version: 2,
            ink_price: 10_000,
            max_stack_depth: 262_144,
            free_pages: 2,
            page_gas: 1_000,
            page_limit: 128,
            min_init_gas: 69,
            min_cached_init_gas: 11,
            init_cost_scalar: 50,
            cached_cost_scalar: 50,
            expiry_days: 365,
            keepalive_days: 31,
            block_cache_size: 32,
            max_wasm_size: INITIAL_MAX_WASM_SIZE,
        };
        if arbos_version >= 50 {
            params.lower_stack_depth();
        }
        params
    }

    /// ArbOS 50 caps the stack at 22,000 words.
    pub fn lower_stack_depth(&mut self) {
        self.max_stack_depth = self.max_stack_depth.min(22_000);
    }

    /// The storage word: fields from byte 0, big-endian.
    pub fn pack(&self) -> U256 {
        let mut word = Packer::default();
        word.put(&self.version.to_be_bytes());
        word.put(&self.ink_price.to_be_bytes()[1..]);
        word.put(&self.max_stack_depth.to_be_bytes());
        word.put(&self.free_pages.to_be_bytes());
        word.put(&self.page_gas.to_be_bytes());
        word.put(&self.page_limit.to_be_bytes());
        word.put(&[
            self.min_init_gas,
            self.min_cached_init_gas,
            self.init_cost_scalar,
            self.cached_cost_scalar,
        ]);
        word.put(&self.expiry_days.to_be_bytes());
        word.put(&self.keepalive_days.to_be_bytes());
        word.put(&self.block_cache_size.to_be_bytes());
        if self.arbos_version >= 40 {
            word.put(&self.max_wasm_size.to_be_bytes());
        }
        word.finish()
    }

    /// Reads a storage word.
    pub fn unpack(word: U256, arbos_version: u64) -> Self {
        let mut fields = Unpacker::new(word);
        Self {
            arbos_version,
            version: fields.u16(),
            ink_price: fields.u24(),
            max_stack_depth: fields.u32(),
            free_pages: fields.u16(),
            page_gas: fields.u16(),
            page_limit: fields.u16(),
            min_init_gas: fields.u8(),
            min_cached_init_gas: fields.u8(),
            init_cost_scalar: fields.u8(),
            cached_cost_scalar: fields.u8(),
            expiry_days: fields.u16(),
            keepalive_days: fields.u16(),
            block_cache_size: fields.u16(),
            max_wasm_size: if arbos_version >= 40 {
                fields.u32()
            } else {
                INITIAL_MAX_WASM_SIZE
            },
        }
    }

    /// Gas below which no uncached program starts.
    pub fn min_init_gas(&self) -> u64 {
        u64::from(self.min_init_gas) * MIN_INIT_GAS_UNIT
    }

    /// Gas below which no cached program starts.
    pub fn min_cached_init_gas(&self) -> u64 {
        u64::from(self.min_cached_init_gas) * MIN_CACHED_GAS_UNIT
    }

    /// Seconds until an activation expires.
    pub fn expiry_secs(&self) -> u64 {
        u64::from(self.expiry_days) * 86_400
    }

    /// Seconds before an activation may be renewed.
    pub fn keepalive_secs(&self) -> u64 {
        u64::from(self.keepalive_days) * 86_400
    }
}

/// The parameters in force, free of charge.
pub fn load<DB: Database>(ctx: &mut ArbContext<DB>) -> Result<StylusParams, DB::Error> {
    let version = ctx.chain.block.arbos_version;
    Ok(StylusParams::unpack(
        ctx.read(layout::stylus_params())?,
        version,
    ))
}

/// Writes big-endian fields into a word from byte 0.
#[derive(Default)]
pub(super) struct Packer {
    word: [u8; 32],
    used: usize,
}

impl Packer {
    /// Appends a field. The records packed here have at most 32 bytes; more would be dropped.
    pub(super) fn put(&mut self, field: &[u8]) {
        for byte in field {
            if let Some(place) = self.word.get_mut(self.used) {
                *place = *byte;
                self.used += 1;
            }
        }
    }

    /// The word, zero after the last field.
    pub(super) fn finish(self) -> U256 {
        U256::from_be_bytes(self.word)
    }
}

/// Reads big-endian fields of a word from byte 0; past its end they are 0.
pub(super) struct Unpacker {
    word: [u8; 32],
    used: usize,
}

impl Unpacker {
    /// At byte 0 of `word`.
    pub(super) fn new(word: U256) -> Self {
        Self {
            word: B256::from(word).0,
            used: 0,
        }
    }

    /// One byte.
    pub(super) fn u8(&mut self) -> u8 {
        let byte = self.word.get(self.used).copied().unwrap_or(0);
        self.used += 1;
        byte
    }

    /// Two bytes.
    pub(super) fn u16(&mut self) -> u16 {
        u16::from_be_bytes([self.u8(), self.u8()])
    }

    /// Three bytes.
    pub(super) fn u24(&mut self) -> u32 {
        u32::from_be_bytes([0, self.u8(), self.u8(), self.u8()])
    }

    /// Four bytes.
    pub(super) fn u32(&mut self) -> u32 {
        u32::from_be_bytes([self.u8(), self.u8(), self.u8(), self.u8()])
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::b256;

    use super::*;

    #[test]
    fn the_initial_word_of_arbos_51_packs_every_field_in_order() {
        let params = StylusParams::initial(51);
        // version 2, ink 10,000, stack 22,000, pages 2/1,000/128, 69, 11, 50, 50,
        // days 365/31, cache 32, size 131,072.
        assert_eq!(
            B256::from(params.pack()),
            b256!("0002002710000055f0000203e80080450b3232016d001f002000020000000000")
        );
        assert_eq!(StylusParams::unpack(params.pack(), 51), params);
    }

    #[test]
    fn the_stack_is_lowered_from_arbos_50_on() {
        assert_eq!(StylusParams::initial(40).max_stack_depth, 262_144);
        assert_eq!(StylusParams::initial(50).max_stack_depth, 22_000);
    }
}
