//! The desk of the withdrawal queue: what readers and wallets ask, and the way past the queue.
//!
//! Every method is documented in `interfaces/IWithdrawalQueue.sol`.
//! The program is never called for itself: `withdrawal-queue` hands over what it does not route, and
//! this runs on the queue's storage. Called directly it has no request, and nobody in any role.
#![cfg_attr(not(any(test, feature = "export-abi")), no_main)]
#![cfg_attr(not(any(test, feature = "export-abi")), no_std)]
#![expect(
    missing_docs,
    reason = "methods are documented in the interface, where the ABI is written"
)]

#[macro_use]
extern crate alloc;

mod estimate;
mod instant;
mod picture;
mod text;
mod views;

use alloc::vec::Vec;

use abi::IWithdrawalQueue;
use alloy_primitives::{Address, FixedBytes, U256};
use queue_state::{Error, State};
use stylus_sdk::prelude::*;

/// The program. Its slots are drawn in [`queue_state`].
#[entrypoint]
#[storage]
pub struct QueueDesk {
    state: State,
}

glue::router! {
    QueueDesk: IWithdrawalQueue
        receive(|_| None)
        fallback(|desk| Some(desk.state.administration.administration()))
        payable {

        }
        unpaid {
            withdrawInstantlyCall => withdraw_instantly(shares: U256, receiver: Address, min_eth: U256);
            previewInstantCall => preview_instant(shares: U256);
            instantLimitCall => instant_limit();
            setInstantLimitCall => set_instant_limit(max_assets: U256, refill_seconds: u32);
            suspendInstantLaneCall => suspend_instant_lane();
            resumeInstantLaneCall => resume_instant_lane();
            balanceOfCall => balance_of(owner: Address);
            getApprovedCall => get_approved(id: U256);
            isApprovedForAllCall => is_approved_for_all(owner: Address, operator: Address);
            getWithdrawalRequestsCall => get_withdrawal_requests(owner: Address);
            getWithdrawalRequestsPageCall => get_withdrawal_requests_page(owner: Address, first: U256, count: U256);
            tokenOfOwnerByIndexCall => token_of_owner_by_index(owner: Address, index: U256);
            nameCall => name();
            symbolCall => symbol();
            tokenURICall => token_uri(id: U256);
            supportsInterfaceCall => supports_interface(interface: FixedBytes<4>);
            getWithdrawalStatusCall => get_withdrawal_status(request_ids: Vec<U256>);
            getClaimableEtherCall => get_claimable_ether(request_ids: Vec<U256>, hints: Vec<U256>);
            findCheckpointHintsCall => find_checkpoint_hints(request_ids: Vec<U256>, first: U256, last: U256);
            getLastCheckpointIndexCall => get_last_checkpoint_index();
            STETHCall => steth();
            MIN_STETH_WITHDRAWAL_AMOUNTCall => min_steth_withdrawal_amount();
            MAX_STETH_WITHDRAWAL_AMOUNTCall => max_steth_withdrawal_amount();
            isBunkerModeActiveCall => is_bunker_mode_active();
            requestOfCall => request_of(request_id: U256);
            estimateCall => estimate(request_id: U256);
            getLastRequestIdCall => get_last_request_id();
            getLastFinalizedRequestIdCall => get_last_finalized_request_id();
            getLockedEtherAmountCall => get_locked_ether_amount();
            unfinalizedRequestNumberCall => unfinalized_request_number();
            unfinalizedStETHCall => unfinalized_steth();
            reservesCall => reserves();
            sweepSurplusCall => sweep_surplus();
        }
}
