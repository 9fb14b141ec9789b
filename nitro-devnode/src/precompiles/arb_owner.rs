//! ArbOwner (0x70): the chain's settings, free of gas, for chain owners only.
//!
//! The Stylus settings are in [`super::arb_owner_stylus`], the native token's owners in
//! [`super::arb_owner_native`].
use alloy::sol_types::{SolCall, SolEvent};
use revm::{
    Database,
    context_interface::JournalTr,
    interpreter::{CallInputs, InterpreterResult},
    primitives::{Bytes, FixedBytes, Log, U256},
};

use super::{
    abi::{self, Args},
    arb_owner_native,
    arb_owner_public::{is_member, members, root},
    arb_owner_stylus,
    call::{self, Call, Ended, Failure, READ_GAS, database},
    method::{Handler, Method, view, write},
};
use crate::{
    arbos::{
        accounts::{self, L1_PRICER_POOL},
        address_set::AddressSet,
        l1_pricing, l2_pricing, layout,
        storage::Slots,
        upgrade,
    },
    evm::ArbContext,
};

alloy::sol! {
    interface IArbOwner {
        function addChainOwner(address newOwner);
        function removeChainOwner(address ownerToRemove);
        function isChainOwner(address account);
        function getAllChainOwners();
        function setL1BaseFeeEstimateInertia(uint64 inertia);
        function setL2BaseFee(uint256 priceInWei);
        function setMinimumL2BaseFee(uint256 priceInWei);
        function setSpeedLimit(uint64 limit);
        function setMaxTxGasLimit(uint64 limit);
        function setMaxBlockGasLimit(uint64 limit);
        function setL2GasPricingInertia(uint64 sec);
        function setL2GasBacklogTolerance(uint64 sec);
        function getNetworkFeeAccount();
        function getInfraFeeAccount();
        function setNetworkFeeAccount(address newNetworkFeeAccount);
        function setInfraFeeAccount(address newInfraFeeAccount);
        function scheduleArbOSUpgrade(uint64 newVersion, uint64 timestamp);
        function setL1PricingEquilibrationUnits(uint256 equilibrationUnits);
        function setL1PricingInertia(uint64 inertia);
        function setL1PricingRewardRecipient(address recipient);
        function setL1PricingRewardRate(uint64 weiPerUnit);
        function setL1PricePerUnit(uint256 pricePerUnit);
        function setPerBatchGasCharge(int64 cost);
        function setAmortizedCostCapBips(uint64 cap);
        function setBrotliCompressionLevel(uint64 level);
        function releaseL1PricerSurplusFunds(uint256 maxWeiToRelease);
        function setCalldataPriceIncrease(bool enable);
        function setParentGasFloorPerToken(uint64 floorPerToken);
        function setChainConfig(string chainConfig);
        function setGasPricingConstraints(uint64[3][] constraints);
        event OwnerActs(bytes4 indexed method, address indexed owner, bytes data);
    }
}

const MAX_BROTLI_LEVEL: u64 = 11;

/// Lets an owner act: all gas comes back whatever happens, and success is announced.
/// For anyone else the call fails and takes all gas, as it does for an owner without the gas
/// that looking the owner up takes: opening the state and a read of it.
pub(super) fn run<DB: Database>(
    ctx: &mut ArbContext<DB>,
    inputs: &CallInputs,
) -> Result<InterpreterResult, String> {
    let input = inputs.input.bytes(ctx);
    let (gas_left, outcome) = act(ctx, inputs, &input);
    call::finish(ctx, inputs, gas_left, outcome)
}

fn act<DB: Database>(ctx: &mut ArbContext<DB>, inputs: &CallInputs, input: &Bytes) -> Ended {
    if inputs.gas_limit < 2 * READ_GAS {
        return (0, Err(Failure::Unopened));
    }
    match AddressSet::new(layout::chain_owners()).contains(ctx, inputs.caller) {
        Ok(true) => {}
        Ok(false) => {
            let text = "unauthorized caller to access-controlled method";
            return (0, Err(Failure::Halted(text.into())));
        }
        Err(error) => return (0, Err(database(error))),
    }
    let outcome = match call::execute(ctx, inputs, input, method).1 {
        // The wrapper gives back what a refusal would take.
        Err(Failure::Refused) => Err(Failure::Reverted),
        outcome => outcome,
    };
    if outcome.is_ok() && !inputs.is_static {
        let selector = input.first_chunk().copied().unwrap_or_default();
        let event = IArbOwner::OwnerActs {
            method: FixedBytes(selector),
            owner: inputs.caller,
            data: input.clone(),
        };
        ctx.journaled_state.log(Log {
            address: inputs.bytecode_address,
            data: event.encode_log_data(),
        });
    }
    (inputs.gas_limit, outcome)
}

fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use IArbOwner as I;
    Some(match selector {
        I::isChainOwnerCall::SELECTOR => {
            view(|call, args| is_member(call, args, layout::chain_owners()))
        }
        I::getAllChainOwnersCall::SELECTOR => view(|call, _| members(call, layout::chain_owners())),
        I::getNetworkFeeAccountCall::SELECTOR => {
            view(|call, _| root(call, layout::NETWORK_FEE_ACCOUNT))
        }
        I::getInfraFeeAccountCall::SELECTOR => {
            view(|call, _| root(call, layout::INFRA_FEE_ACCOUNT))
        }
        I::addChainOwnerCall::SELECTOR => write(|call, args| {
            let owner = args.address()?;
            AddressSet::new(layout::chain_owners()).add(call, owner)?;
            Ok(Vec::new())
        }),
        I::removeChainOwnerCall::SELECTOR => {
            write(|call, args| remove_member(call, args, AddressSet::new(layout::chain_owners())))
        }
        I::setMaxBlockGasLimitCall::SELECTOR => write(set_block_gas_limit).since(50),
        I::setParentGasFloorPerTokenCall::SELECTOR => {
            write(set_l1::<DB, { l1_pricing::GAS_FLOOR_PER_TOKEN }>).since(50)
        }
        _ => {
            let setter = general_setter::<DB>(selector)
                .or_else(|| l1_setter::<DB>(selector))
                .or_else(|| l2_setter::<DB>(selector))
                .or_else(|| missing::<DB>(selector));
            match setter {
                Some(setter) => write(setter),
                None => {
                    return arb_owner_native::method(selector)
                        .or_else(|| arb_owner_stylus::method(selector));
                }
            }
        }
    })
}

/// Setters of the chain as a whole.
fn general_setter<DB: Database>(selector: [u8; 4]) -> Option<Handler<DB>> {
    use IArbOwner as I;
    Some(match selector {
        I::setNetworkFeeAccountCall::SELECTOR => |call, args| {
            let account = args.address()?;
            call.write_address(layout::root(layout::NETWORK_FEE_ACCOUNT), account)?;
            Ok(Vec::new())
        },
        I::setInfraFeeAccountCall::SELECTOR => |call, args| {
            let account = args.address()?;
            call.write_address(layout::root(layout::INFRA_FEE_ACCOUNT), account)?;
            Ok(Vec::new())
        },
        I::scheduleArbOSUpgradeCall::SELECTOR => schedule_upgrade,
        I::setBrotliCompressionLevelCall::SELECTOR => |call, args| {
            let level: u64 = args.uint()?;
            if level > MAX_BROTLI_LEVEL {
                return Err(Failure::Reverted);
            }
            call.write(layout::root(layout::BROTLI_LEVEL), U256::from(level))?;
            Ok(Vec::new())
        },
        I::setCalldataPriceIncreaseCall::SELECTOR => |call, args| {
            let is_enabled = args.bool()?;
            let slot = layout::features().at(0);
            let mut features = call.read(slot)?;
            features.set_bit(layout::CALLDATA_PRICE_INCREASE, is_enabled);
            call.write(slot, features)?;
            Ok(Vec::new())
        },
        _ => return None,
    })
}

/// Setters of L1 pricing.
fn l1_setter<DB: Database>(selector: [u8; 4]) -> Option<Handler<DB>> {
    use IArbOwner as I;
    Some(match selector {
        I::setL1BaseFeeEstimateInertiaCall::SELECTOR | I::setL1PricingInertiaCall::SELECTOR => {
            set_l1::<DB, { l1_pricing::INERTIA }>
        }
        I::setL1PricingRewardRateCall::SELECTOR => set_l1::<DB, { l1_pricing::REWARD_RATE }>,
        I::setAmortizedCostCapBipsCall::SELECTOR => {
            set_l1::<DB, { l1_pricing::AMORTIZED_COST_CAP }>
        }
        I::setL1PricingEquilibrationUnitsCall::SELECTOR => {
            set_l1_wide::<DB, { l1_pricing::EQUILIBRATION_UNITS }>
        }
        I::setL1PricePerUnitCall::SELECTOR => set_l1_wide::<DB, { l1_pricing::PRICE }>,
        I::setPerBatchGasChargeCall::SELECTOR => |call, args| {
            // Kept as 64 bits, whatever its sign.
            let cost = U256::from(args.int64()?.cast_unsigned());
            call.write(l1_pricing::slot(l1_pricing::PER_BATCH_GAS), cost)?;
            Ok(Vec::new())
        },
        I::setL1PricingRewardRecipientCall::SELECTOR => |call, args| {
            let recipient = args.address()?;
            call.write_address(l1_pricing::slot(l1_pricing::REWARD_RECIPIENT), recipient)?;
            Ok(Vec::new())
        },
        I::releaseL1PricerSurplusFundsCall::SELECTOR => release_surplus,
        _ => return None,
    })
}

/// Setters of L2 pricing.
fn l2_setter<DB: Database>(selector: [u8; 4]) -> Option<Handler<DB>> {
    use IArbOwner as I;
    Some(match selector {
        I::setL2BaseFeeCall::SELECTOR => set_l2_wide::<DB, { l2_pricing::BASE_FEE }>,
        I::setMinimumL2BaseFeeCall::SELECTOR => set_l2_wide::<DB, { l2_pricing::MIN_BASE_FEE }>,
        I::setSpeedLimitCall::SELECTOR => set_l2_nonzero::<DB, { l2_pricing::SPEED_LIMIT }>,
        I::setL2GasPricingInertiaCall::SELECTOR => set_l2_nonzero::<DB, { l2_pricing::INERTIA }>,
        I::setL2GasBacklogToleranceCall::SELECTOR => |call, args| {
            let seconds: u64 = args.uint()?;
            call.write(l2_pricing::slot(l2_pricing::TOLERANCE), U256::from(seconds))?;
            Ok(Vec::new())
        },
        I::setMaxTxGasLimitCall::SELECTOR => set_tx_gas_limit,
        _ => return None,
    })
}

/// Methods that a real node has and this one has not.
fn missing<DB: Database>(selector: [u8; 4]) -> Option<Handler<DB>> {
    use IArbOwner as I;
    Some(match selector {
        I::setChainConfigCall::SELECTOR => {
            |_, _| Err(Failure::unsupported("ArbOwner.setChainConfig"))
        }
        I::setGasPricingConstraintsCall::SELECTOR => {
            |_, _| Err(Failure::unsupported("ArbOwner.setGasPricingConstraints"))
        }
        _ => return None,
    })
}

/// Removes a member; to remove what is none is an error.
pub(super) fn remove_member<DB: Database>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
    set: AddressSet,
) -> Result<Vec<u8>, Failure> {
    let member = args.address()?;
    if !set.contains(call, member)? {
        return Err(Failure::Reverted);
    }
    set.remove(call, member)?;
    Ok(Vec::new())
}

/// Plans an upgrade. One to a version that this node cannot run is refused if the next block
/// would have to make it, where a real node would stop; one that is planned ahead is kept.
fn schedule_upgrade<DB: Database>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let version: u64 = args.uint()?;
    let timestamp: u64 = args.uint()?;
    let is_due = timestamp <= call.now() && version > call.arbos_version();
    if is_due && !upgrade::is_supported(version) {
        return Err(Failure::unsupported(&format!("ArbOS version {version}")));
    }
    call.write(layout::root(layout::UPGRADE_VERSION), U256::from(version))?;
    call.write(
        layout::root(layout::UPGRADE_TIMESTAMP),
        U256::from(timestamp),
    )?;
    Ok(Vec::new())
}

/// Counts wei that the pool holds beyond its books as available; at most the argument.
fn release_surplus<DB: Database>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let max = args.u256()?;
    let held = accounts::balance(call.ctx, L1_PRICER_POOL).map_err(database)?;
    let slot = l1_pricing::slot(l1_pricing::FEES_AVAILABLE);
    let booked = call.read(slot)?;
    let released = held.saturating_sub(booked).min(max);
    if !released.is_zero() {
        call.write(slot, booked.saturating_add(released))?;
    }
    Ok(abi::words([released]))
}

fn set_block_gas_limit<DB: Database>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let limit: u64 = args.uint()?;
    call.write(
        l2_pricing::slot(l2_pricing::BLOCK_GAS_LIMIT),
        U256::from(limit),
    )?;
    Ok(Vec::new())
}

/// Before ArbOS 50 the block's limit was the transaction's.
fn set_tx_gas_limit<DB: Database>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    if call.arbos_version() < 50 {
        return set_block_gas_limit(call, args);
    }
    let limit: u64 = args.uint()?;
    call.write(
        l2_pricing::slot(l2_pricing::TX_GAS_LIMIT),
        U256::from(limit),
    )?;
    Ok(Vec::new())
}

/// Sets a 64-bit number of L1 pricing.
fn set_l1<DB: Database, const OFFSET: u64>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let value: u64 = args.uint()?;
    call.write(l1_pricing::slot(OFFSET), U256::from(value))?;
    Ok(Vec::new())
}

/// Sets a word of L1 pricing.
fn set_l1_wide<DB: Database, const OFFSET: u64>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let value = args.u256()?;
    call.write(l1_pricing::slot(OFFSET), value)?;
    Ok(Vec::new())
}

/// Sets a fee of L2 pricing. Fees are read as 64 bits; more is refused rather than cut.
fn set_l2_wide<DB: Database, const OFFSET: u64>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let value = args.u256()?;
    if u64::try_from(value).is_err() {
        return Err(Failure::unsupported("an L2 fee of more than 64 bits"));
    }
    call.write(l2_pricing::slot(OFFSET), value)?;
    Ok(Vec::new())
}

/// Sets a number of L2 pricing that others are divided by.
fn set_l2_nonzero<DB: Database, const OFFSET: u64>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let value: u64 = args.uint()?;
    if value == 0 {
        return Err(Failure::Reverted);
    }
    call.write(l2_pricing::slot(OFFSET), U256::from(value))?;
    Ok(Vec::new())
}
