//! ArbGasInfo (0x6c): prices and the state behind them.
use alloy::sol_types::SolCall;
use revm::{
    Database,
    primitives::{I256, U256},
};

use super::{
    abi::{self, Args},
    call::{Call, Failure, READ_GAS},
    method::{Handler, Method, view},
};
use crate::arbos::{
    l1_pricing::{self, Posters},
    l2_pricing,
    storage::Slots,
};

alloy::sol! {
    interface IArbGasInfo {
        function getPricesInWei();
        function getPricesInWeiWithAggregator(address aggregator);
        function getPricesInArbGas();
        function getPricesInArbGasWithAggregator(address aggregator);
        function getGasAccountingParams();
        function getMinimumGasPrice();
        function getL1BaseFeeEstimate();
        function getL1BaseFeeEstimateInertia();
        function getL1RewardRate();
        function getL1RewardRecipient();
        function getL1GasPriceEstimate();
        function getCurrentTxL1GasFees();
        function getGasBacklog();
        function getPricingInertia();
        function getGasBacklogTolerance();
        function getL1PricingSurplus();
        function getPerBatchGasCharge();
        function getAmortizedCostCapBips();
        function getL1FeesAvailable();
        function getL1PricingEquilibrationUnits();
        function getLastL1PricingUpdateTime();
        function getL1PricingFundsDueForRewards();
        function getL1PricingUnitsSinceUpdate();
        function getLastL1PricingSurplus();
        function getMaxBlockGasLimit();
        function getMaxTxGasLimit();
        function getGasPricingConstraints();
    }
}

/// What the getters call a simple transaction, in bytes.
const SIMPLE_TX_BYTES: u64 = 140;
/// L1 units of a byte.
const UNITS_PER_BYTE: u64 = 16;
/// What the getters call the price of a storage slot, in gas.
const STORAGE_GAS: u64 = 20_000;

/// The methods.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use IArbGasInfo as I;
    let method = match selector {
        I::getPricesInWeiCall::SELECTOR => view(prices_in_wei),
        I::getPricesInWeiWithAggregatorCall::SELECTOR => view(prices_in_wei_with_aggregator),
        I::getPricesInArbGasCall::SELECTOR => view(prices_in_gas),
        I::getPricesInArbGasWithAggregatorCall::SELECTOR => view(prices_in_gas_with_aggregator),
        I::getGasAccountingParamsCall::SELECTOR => view(|call, _| {
            let speed_limit = call.read(l2_pricing::slot(l2_pricing::SPEED_LIMIT))?;
            let block = call.read(l2_pricing::slot(l2_pricing::BLOCK_GAS_LIMIT))?;
            Ok(abi::words([speed_limit, block, block]))
        }),
        I::getCurrentTxL1GasFeesCall::SELECTOR => {
            view(|call, _| Ok(abi::words([call.ctx.chain.poster_fee])))
        }
        I::getL1PricingSurplusCall::SELECTOR => view(surplus),
        I::getMaxBlockGasLimitCall::SELECTOR => {
            view(l2::<DB, { l2_pricing::BLOCK_GAS_LIMIT }>).since(50)
        }
        I::getMaxTxGasLimitCall::SELECTOR => view(l2::<DB, { l2_pricing::TX_GAS_LIMIT }>).since(50),
        // The owner's setter for constraints is not implemented, so there are none.
        I::getGasPricingConstraintsCall::SELECTOR => view(|call, _| {
            call.burn(READ_GAS)?;
            Ok(abi::list(std::iter::empty::<U256>()))
        })
        .since(50),
        _ => view(stored::<DB>(selector)?),
    };
    Some(method)
}

/// Getters of one stored word.
fn stored<DB: Database>(selector: [u8; 4]) -> Option<Handler<DB>> {
    use IArbGasInfo as I;
    Some(match selector {
        I::getMinimumGasPriceCall::SELECTOR => l2::<DB, { l2_pricing::MIN_BASE_FEE }>,
        I::getGasBacklogCall::SELECTOR => l2::<DB, { l2_pricing::BACKLOG }>,
        I::getPricingInertiaCall::SELECTOR => l2::<DB, { l2_pricing::INERTIA }>,
        I::getGasBacklogToleranceCall::SELECTOR => l2::<DB, { l2_pricing::TOLERANCE }>,
        I::getL1BaseFeeEstimateCall::SELECTOR | I::getL1GasPriceEstimateCall::SELECTOR => {
            l1::<DB, { l1_pricing::PRICE }>
        }
        I::getL1BaseFeeEstimateInertiaCall::SELECTOR => l1::<DB, { l1_pricing::INERTIA }>,
        I::getL1RewardRateCall::SELECTOR => l1::<DB, { l1_pricing::REWARD_RATE }>,
        I::getL1RewardRecipientCall::SELECTOR => l1::<DB, { l1_pricing::REWARD_RECIPIENT }>,
        I::getPerBatchGasChargeCall::SELECTOR => |call, _| {
            let cost = call.read(l1_pricing::slot(l1_pricing::PER_BATCH_GAS))?;
            Ok(abi::signed(cost.wrapping_to::<u64>().cast_signed()))
        },
        I::getAmortizedCostCapBipsCall::SELECTOR => l1::<DB, { l1_pricing::AMORTIZED_COST_CAP }>,
        I::getL1FeesAvailableCall::SELECTOR => l1::<DB, { l1_pricing::FEES_AVAILABLE }>,
        I::getL1PricingEquilibrationUnitsCall::SELECTOR => {
            l1::<DB, { l1_pricing::EQUILIBRATION_UNITS }>
        }
        I::getLastL1PricingUpdateTimeCall::SELECTOR => l1::<DB, { l1_pricing::LAST_UPDATE }>,
        I::getL1PricingFundsDueForRewardsCall::SELECTOR => {
            l1::<DB, { l1_pricing::FUNDS_DUE_FOR_REWARDS }>
        }
        I::getL1PricingUnitsSinceUpdateCall::SELECTOR => {
            l1::<DB, { l1_pricing::UNITS_SINCE_UPDATE }>
        }
        I::getLastL1PricingSurplusCall::SELECTOR => l1::<DB, { l1_pricing::LAST_SURPLUS }>,
        _ => return None,
    })
}

/// A stored word of L1 pricing.
fn l1<DB: Database, const OFFSET: u64>(
    call: &mut Call<'_, DB>,
    _: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    Ok(abi::words([call.read(l1_pricing::slot(OFFSET))?]))
}

/// A stored word of L2 pricing.
fn l2<DB: Database, const OFFSET: u64>(
    call: &mut Call<'_, DB>,
    _: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    Ok(abi::words([call.read(l2_pricing::slot(OFFSET))?]))
}

/// Wei per simple transaction, per L1 calldata byte and per storage slot; then the L2 gas
/// price as its part up to the minimum, its congestion part and their sum.
fn prices_in_wei<DB: Database>(
    call: &mut Call<'_, DB>,
    _: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let per_byte = l1_wei_per_byte(call)?;
    let gas_price = U256::from(call.ctx.chain.block.base_fee);
    let min = call.read(l2_pricing::slot(l2_pricing::MIN_BASE_FEE))?;
    let base = min.min(gas_price);
    Ok(abi::words([
        per_byte.saturating_mul(U256::from(SIMPLE_TX_BYTES)),
        per_byte,
        gas_price.saturating_mul(U256::from(STORAGE_GAS)),
        base,
        gas_price.saturating_sub(base),
        gas_price,
    ]))
}

fn prices_in_wei_with_aggregator<DB: Database>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    args.address()?;
    prices_in_wei(call, args)
}

/// Gas per simple transaction, per L1 calldata byte and per storage slot.
fn prices_in_gas<DB: Database>(
    call: &mut Call<'_, DB>,
    _: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let per_byte = l1_wei_per_byte(call)?;
    let per_tx = per_byte.saturating_mul(U256::from(SIMPLE_TX_BYTES));
    let gas_price = U256::from(call.ctx.chain.block.base_fee);
    let in_gas = |wei: U256| wei.checked_div(gas_price).unwrap_or(U256::ZERO);
    Ok(abi::words([
        in_gas(per_tx),
        in_gas(per_byte),
        U256::from(STORAGE_GAS),
    ]))
}

fn prices_in_gas_with_aggregator<DB: Database>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    args.address()?;
    prices_in_gas(call, args)
}

fn l1_wei_per_byte<DB: Database>(call: &mut Call<'_, DB>) -> Result<U256, Failure> {
    let price = call.read(l1_pricing::slot(l1_pricing::PRICE))?;
    Ok(price.saturating_mul(U256::from(UNITS_PER_BYTE)))
}

/// Fees available less what is due to posters and for rewards; may be negative.
fn surplus<DB: Database>(call: &mut Call<'_, DB>, _: &mut Args<'_>) -> Result<Vec<u8>, Failure> {
    let due_to_posters = call.read(Posters::default().total_due_slot())?;
    let due_for_rewards = call.read(l1_pricing::slot(l1_pricing::FUNDS_DUE_FOR_REWARDS))?;
    let available = call.read(l1_pricing::slot(l1_pricing::FEES_AVAILABLE))?;
    let surplus = I256::from_raw(available)
        .wrapping_sub(I256::from_raw(due_to_posters))
        .wrapping_sub(I256::from_raw(due_for_rewards));
    Ok(abi::words([surplus.into_raw()]))
}
