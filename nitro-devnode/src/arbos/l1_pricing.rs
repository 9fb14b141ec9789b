//! The L1 fee: what a transaction's compressed bytes cost, and where the fee goes.
//!
//! A dev chain posts no batches, so the price only moves when its owner sets it.
//! `corpus/10-evm` shows the fee at several prices.
use alloy::{
    primitives::keccak256,
    rlp::{Encodable, Header},
};
use brotlic::{CompressionMode, Quality, WindowSize};
use revm::{
    Database,
    context::TxEnv,
    primitives::{Address, TxKind, U256},
};

use super::{
    accounts::{self, BATCH_POSTER, L1_PRICER_POOL},
    address_set::AddressSet,
    l2_pricing, layout,
    storage::{Slots, Space, word_of},
};
use crate::evm::{ArbContext, Purpose};

/// Who receives the reward for posting.
pub const REWARD_RECIPIENT: u64 = 0;
/// Units over which a surplus is worked off.
pub const EQUILIBRATION_UNITS: u64 = 1;
/// Sluggishness of the price.
pub const INERTIA: u64 = 2;
/// Reward in wei per unit.
pub const REWARD_RATE: u64 = 3;
/// Time of the last price update.
pub const LAST_UPDATE: u64 = 4;
/// Rewards due, wei.
pub const FUNDS_DUE_FOR_REWARDS: u64 = 5;
/// Units charged since the last price update.
pub const UNITS_SINCE_UPDATE: u64 = 6;
/// Wei per unit.
pub const PRICE: u64 = 7;
/// Surplus at the last update, wei.
pub const LAST_SURPLUS: u64 = 8;
/// Gas per batch.
pub const PER_BATCH_GAS: u64 = 9;
/// Cap on the amortised cost, basis points.
pub const AMORTIZED_COST_CAP: u64 = 10;
/// Fees in the pool that are not spoken for, wei.
pub const FEES_AVAILABLE: u64 = 11;
/// Floor price of the parent chain.
pub const GAS_FLOOR_PER_TOKEN: u64 = 12;

/// Units per compressed byte: the calldata price of a non-zero byte.
const UNITS_PER_BYTE: u64 = 16;
/// 50 gwei.
const INITIAL_PRICE: u64 = 50_000_000_000;
/// Window of the compressor, bits.
const WINDOW_BITS: u8 = 22;
/// Units added to a transaction that is only guessed, and its share in basis points.
const GUESS_UNITS: u64 = 16 * 16;
const GUESS_BIPS: u64 = 10_100;
/// What an estimate offers above the L1 cost of the moment, basis points.
const ESTIMATE_BIPS: u64 = 11_000;
const ONE_IN_BIPS: u64 = 10_000;

/// The L1 part of a transaction's fee.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PosterCharge {
    /// Calldata units it stands for.
    pub units: u64,
    /// Gas charged for it before execution.
    pub gas: u64,
    /// That gas in wei.
    pub fee: U256,
}

/// The slot of an offset above.
pub fn slot(offset: u64) -> U256 {
    layout::l1_pricing().at(offset)
}

/// Writes the state of a new chain whose initial owner is the zero address.
pub fn initialize<S: Slots>(slots: &mut S) -> Result<(), S::Error> {
    for (offset, value) in [
        (EQUILIBRATION_UNITS, 160_000_000),
        (INERTIA, 10),
        (REWARD_RATE, 10),
        (PRICE, INITIAL_PRICE),
        (PER_BATCH_GAS, 210_000),
    ] {
        slots.write(slot(offset), U256::from(value))?;
    }
    Posters::default().add(slots, BATCH_POSTER, BATCH_POSTER)
}

/// Works out the L1 part of the context's transaction and counts its units.
///
/// `raw` are the signed bytes; without them (calls, estimates) Nitro compresses a stand-in
/// built from the call, pads it, and lets an estimate offer 10 % more.
pub fn charge<DB: Database>(
    ctx: &mut ArbContext<DB>,
    raw: Option<&[u8]>,
) -> Result<PosterCharge, DB::Error> {
    let level = ctx.read_u64(layout::root(layout::BROTLI_LEVEL))?;
    let purpose = ctx.chain.purpose;
    let units = match raw {
        Some(raw) => UNITS_PER_BYTE.saturating_mul(compressed_len(raw, level)),
        None => guessed_units(&stand_in(&ctx.tx, purpose), level),
    };
    ctx.increase_u64(slot(UNITS_SINCE_UPDATE), units)?;
    let mut cost = ctx.read(slot(PRICE))?.saturating_mul(U256::from(units));
    let mut gas_price = ctx.chain.block.base_fee;
    if purpose == Purpose::Estimate {
        let reduced = gas_price / 8 * 7 + gas_price % 8 * 7 / 8;
        gas_price = reduced.max(l2_pricing::min_base_fee(ctx)?);
        cost = cost.saturating_mul(U256::from(ESTIMATE_BIPS)) / U256::from(ONE_IN_BIPS);
    }
    let gas = cost
        .checked_div(U256::from(gas_price))
        .unwrap_or(U256::ZERO)
        .saturating_to::<u64>();
    let fee = U256::from(gas).saturating_mul(U256::from(gas_price));
    Ok(PosterCharge { units, gas, fee })
}

/// Credits an L1 fee to the pool that batch posters are paid from.
pub fn credit_pool<DB: Database>(ctx: &mut ArbContext<DB>, fee: U256) -> Result<(), DB::Error> {
    accounts::mint(ctx, L1_PRICER_POOL, fee)?;
    let available = ctx.read(slot(FEES_AVAILABLE))?.saturating_add(fee);
    ctx.write(slot(FEES_AVAILABLE), available)
}

/// Length of the bytes compressed by C brotli with a window of 22 bits.
fn compressed_len(bytes: &[u8], level: u64) -> u64 {
    // The owner's setter admits 0 to 11 only.
    let quality = u8::try_from(level)
        .ok()
        .and_then(|level| Quality::new(level).ok())
        .unwrap_or(Quality::worst());
    let window = WindowSize::new(WINDOW_BITS).unwrap_or_default();
    // Uncompressed blocks add a few bytes per 16 KiB at worst.
    let mut out = vec![0; bytes.len() + bytes.len() / 1_024 + 1_024];
    let len = brotlic::compress(bytes, &mut out, quality, window, CompressionMode::Generic)
        .unwrap_or(out.len());
    len as u64
}

/// Units of a transaction that is not signed yet: padded and 1 % dearer.
fn guessed_units(bytes: &[u8], level: u64) -> u64 {
    let units = UNITS_PER_BYTE.saturating_mul(compressed_len(bytes, level));
    units.saturating_add(GUESS_UNITS).saturating_mul(GUESS_BIPS) / ONE_IN_BIPS
}

/// A dynamic-fee transaction of about the size that the call will have once signed.
///
/// Fields a caller leaves out get incompressible values; so does the gas limit always when
/// estimating.
fn stand_in(tx: &TxEnv, purpose: Purpose) -> Vec<u8> {
    let gas = match purpose {
        Purpose::Estimate => 0,
        Purpose::Commit | Purpose::Call => tx.gas_limit,
    };
    let mut fields = Vec::new();
    0_u64.encode(&mut fields); // chain id
    for number in [
        or_noise(tx.nonce.into(), NONCE_NOISE),
        or_noise(tx.gas_priority_fee.unwrap_or(0), TIP_NOISE),
        or_noise(tx.gas_price, FEE_CAP_NOISE),
        or_noise(gas.into(), GAS_NOISE),
    ] {
        number.encode(&mut fields);
    }
    match tx.kind {
        TxKind::Call(to) => to.encode(&mut fields),
        TxKind::Create => [0_u8; 0].as_slice().encode(&mut fields),
    }
    tx.value.encode(&mut fields);
    tx.data.encode(&mut fields);
    tx.access_list.encode(&mut fields);
    (3 * 42_161_u64).encode(&mut fields); // v
    U256::from_be_bytes(keccak256("R").0).encode(&mut fields);
    U256::from_be_bytes(keccak256("S").0).encode(&mut fields);

    let mut bytes = vec![2];
    Header {
        list: true,
        payload_length: fields.len(),
    }
    .encode(&mut bytes);
    bytes.extend(fields);
    bytes
}

/// First 8 bytes of keccak256("Nonce").
const NONCE_NOISE: u64 = 0xa844_cbca_d86e_b849;
/// First 4 bytes of keccak256("GasTipCap").
const TIP_NOISE: u64 = 0x39ba_7d26;
/// First 4 bytes of keccak256("GasFeeCap").
const FEE_CAP_NOISE: u64 = 0xf1aa_387f;
/// First 4 bytes of keccak256("Gas").
const GAS_NOISE: u64 = 0xb848_0ca2;

/// `value`, or `noise` if it is 0.
fn or_noise(value: u128, noise: u64) -> u128 {
    if value == 0 { noise.into() } else { value }
}

/// The batch posters and where each is paid.
#[derive(Debug, Clone)]
pub struct Posters {
    space: Space,
    /// The posters' addresses.
    pub addresses: AddressSet,
}

impl Default for Posters {
    fn default() -> Self {
        let space = layout::l1_pricing().child(&[0]);
        let addresses = AddressSet::new(space.child(&[0]));
        Self { space, addresses }
    }
}

impl Posters {
    /// Sum due to all posters, wei.
    pub fn total_due_slot(&self) -> U256 {
        self.space.at(0)
    }

    /// Where a poster's pay goes.
    pub fn pay_to_slot(&self, poster: Address) -> U256 {
        self.info(poster).at(1)
    }

    /// Registers a poster: a zero of funds due, its payee, its address.
    pub fn add<S: Slots>(
        &self,
        slots: &mut S,
        poster: Address,
        pay_to: Address,
    ) -> Result<(), S::Error> {
        slots.write(self.info(poster).at(0), U256::ZERO)?;
        slots.write(self.pay_to_slot(poster), word_of(pay_to))?;
        self.addresses.add(slots, poster)
    }

    fn info(&self, poster: Address) -> Space {
        self.space.child(&[1]).child(poster.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{address, hex};

    use super::*;
    use crate::arbos::genesis::testing::context;

    /// `becomeChainOwner()`, the first transaction of a devnode set-up.
    const RAW: [u8; 114] = hex!(
        "02f86f83064aba808085174876e800834c4b4094000000000000000000000000000000000000"
        "00ff80840e5bbc11c080a050490fe6e3bdff9ae0f3215bc6315c98c4b13d60c138aef430f166"
        "b7aba7cc3aa0394a2e1a3c35f0a752b33aba0436b4c4dafd00e9ab4b25585eb722422fa0e6d7"
    );

    #[test]
    fn a_signed_transaction_pays_16_units_a_compressed_byte() {
        let mut ctx = context();
        // 118 compressed bytes; 118 × 16 × 50 gwei ÷ 0.1 gwei = 944,000 gas.
        assert_eq!(
            charge(&mut ctx, Some(&RAW)),
            Ok(PosterCharge {
                units: 1_888,
                gas: 944_000,
                fee: U256::from(94_400_000_000_000_u64),
            })
        );
        assert_eq!(ctx.read_u64(slot(UNITS_SINCE_UPDATE)), Ok(1_888));
    }

    #[test]
    fn an_estimate_is_charged_for_a_padded_stand_in_and_a_tenth_more() {
        let mut ctx = context();
        ctx.chain.purpose = Purpose::Estimate;
        ctx.tx.kind = TxKind::Call(address!("29e3b139f4393adda86303fcdaa35f60bb7092bf"));
        ctx.tx.value = U256::from(1);
        // A real node estimates 1,294,047 gas for this transfer, which its bisection reaches
        // from 21,000 + 1,261,700: 126 bytes are ⌊(126 × 16 + 256) × 1.01⌋ = 2,294 units.
        let charge = charge(&mut ctx, None).expect("memory database");
        assert_eq!((charge.units, charge.gas), (2_294, 1_261_700));
    }

    #[test]
    fn the_pool_holds_what_it_is_credited() {
        let mut ctx = context();
        credit_pool(&mut ctx, U256::from(7)).expect("memory database");
        credit_pool(&mut ctx, U256::from(8)).expect("memory database");
        assert_eq!(
            accounts::balance(&mut ctx, L1_PRICER_POOL),
            Ok(U256::from(15))
        );
        assert_eq!(ctx.read(slot(FEES_AVAILABLE)), Ok(U256::from(15)));
    }
}
