//! ArbAggregator (0x6d): the batch posters.
use alloy::sol_types::SolCall;
use revm::{
    Database,
    primitives::{Address, U256},
};

use super::{
    abi::{self, Args},
    call::{Call, Failure},
    method::{Method, view, write},
};
use crate::arbos::{
    accounts::BATCH_POSTER,
    address_set::AddressSet,
    l1_pricing::Posters,
    layout,
    storage::{Slots, word_of},
};

alloy::sol! {
    interface IArbAggregator {
        function getPreferredAggregator(address account);
        function getDefaultAggregator();
        function getBatchPosters();
        function addBatchPoster(address newBatchPoster);
        function getFeeCollector(address batchPoster);
        function setFeeCollector(address batchPoster, address newFeeCollector);
        function getTxBaseFee(address aggregator);
        function setTxBaseFee(address aggregator, uint256 feeInL1Gas);
    }
}

/// The methods.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    Some(match selector {
        IArbAggregator::getPreferredAggregatorCall::SELECTOR => view(|_, args| {
            args.address()?;
            Ok(abi::words([word_of(BATCH_POSTER), U256::from(1)]))
        }),
        IArbAggregator::getDefaultAggregatorCall::SELECTOR => {
            view(|_, _| Ok(abi::account(BATCH_POSTER)))
        }
        IArbAggregator::getBatchPostersCall::SELECTOR => view(|call, _| {
            let posters = Posters::default().addresses.members(call)?;
            Ok(abi::list(posters.into_iter().map(word_of)))
        }),
        IArbAggregator::addBatchPosterCall::SELECTOR => write(add_poster),
        IArbAggregator::getFeeCollectorCall::SELECTOR => view(|call, args| {
            let poster = args.address()?;
            let slot = pay_to_slot(call, poster)?;
            Ok(abi::account(call.read_address(slot)?))
        }),
        IArbAggregator::setFeeCollectorCall::SELECTOR => write(set_collector),
        // Fees per transaction were dropped.
        IArbAggregator::getTxBaseFeeCall::SELECTOR => view(|_, args| {
            args.address()?;
            Ok(abi::number(0))
        }),
        IArbAggregator::setTxBaseFeeCall::SELECTOR => write(|_, args| {
            args.address()?;
            args.u256()?;
            Ok(Vec::new())
        }),
        _ => return None,
    })
}

/// Adds a poster that is paid itself; for chain owners.
fn add_poster<DB: Database>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let poster = args.address()?;
    let caller = call.caller;
    if !AddressSet::new(layout::chain_owners()).contains(call, caller)? {
        return Err(Failure::Reverted);
    }
    let posters = Posters::default();
    if !posters.addresses.contains(call, poster)? {
        // The table looks again before it adds.
        posters.addresses.contains(call, poster)?;
        posters.add(call, poster, poster)?;
    }
    Ok(Vec::new())
}

/// Where the pay of a known poster goes.
fn pay_to_slot<DB: Database>(call: &mut Call<'_, DB>, poster: Address) -> Result<U256, Failure> {
    let posters = Posters::default();
    if !posters.addresses.contains(call, poster)? {
        return Err(Failure::Reverted);
    }
    Ok(posters.pay_to_slot(poster))
}

/// Redirects a poster's pay; for the poster, its payee and chain owners.
fn set_collector<DB: Database>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let poster = args.address()?;
    let collector = args.address()?;
    let slot = pay_to_slot(call, poster)?;
    let caller = call.caller;
    let is_entitled = caller == poster
        || call.read_address(slot)? == caller
        || AddressSet::new(layout::chain_owners()).contains(call, caller)?;
    if !is_entitled {
        return Err(Failure::Reverted);
    }
    call.write_address(slot, collector)?;
    Ok(Vec::new())
}
