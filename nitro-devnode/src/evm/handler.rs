//! The order of a transaction: what Arbitrum changes in Ethereum's.
//!
//! Checks, intrinsic gas and the L1 charge happen before (see `execute`); the figures
//! arrive in [`TxState`](super::TxState). Here: buy gas, hold back what exceeds the compute
//! limit, run, refund, pay the fee accounts.
use std::marker::PhantomData;

use revm::{
    Database, Inspector,
    context::result::{EVMError, HaltReason, InvalidTransaction},
    context_interface::{ContextTr, JournalTr, journaled_state::account::JournaledAccountTr as _},
    handler::{EvmTr, FrameResult, Handler, handler::EvmTrError},
    inspector::InspectorHandler,
    interpreter::{GasTracker, InitialAndFloorGas, interpreter::EthInterpreter},
    primitives::U256,
};

use super::{fees, machine::Machine};

/// Runs the transaction of a [`Machine`].
pub(super) struct ArbHandler<DB, I>(PhantomData<(DB, I)>);

impl<DB, I> ArbHandler<DB, I> {
    /// A handler; it holds nothing.
    pub(super) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<DB: Database, I> Handler for ArbHandler<DB, I>
where
    EVMError<DB::Error, InvalidTransaction>: EvmTrError<Machine<DB, I>>,
{
    type Evm = Machine<DB, I>;
    type Error = EVMError<DB::Error, InvalidTransaction>;
    type HaltReason = HaltReason;

    /// The checks have been made; what is left is to buy the gas and use the nonce.
    fn validate(&self, evm: &mut Self::Evm) -> Result<InitialAndFloorGas, Self::Error> {
        let ctx = evm.ctx_mut();
        let caller = ctx.tx.caller;
        let price = U256::from(ctx.tx.gas_price);
        let bought = U256::from(ctx.tx.gas_limit).saturating_mul(price);
        let is_call = ctx.tx.kind.is_call();
        let (intrinsic, floor) = (ctx.chain.intrinsic_gas, ctx.chain.floor_gas);
        let mut account = ctx.journal_mut().load_account_with_code_mut(caller)?.data;
        let balance = *account.balance();
        account.set_balance(balance.saturating_sub(bought));
        if is_call {
            account.bump_nonce();
        }
        Ok(InitialAndFloorGas::new(intrinsic, floor))
    }

    fn tx_gas(&self, evm: &mut Self::Evm, _: &InitialAndFloorGas) -> GasTracker {
        let ctx = evm.ctx_mut();
        let limit = ctx.tx.gas_limit;
        let available = limit
            .saturating_sub(ctx.chain.intrinsic_gas)
            .saturating_sub(ctx.chain.poster_gas);
        ctx.chain.held_gas = available.saturating_sub(ctx.chain.compute_limit);
        GasTracker::new(limit, available - ctx.chain.held_gas, 0)
    }

    fn last_frame_result(
        &mut self,
        evm: &mut Self::Evm,
        frame_result: &mut FrameResult,
        parent_gas: &mut GasTracker,
    ) -> Result<(), Self::Error> {
        let result = frame_result.instruction_result();
        parent_gas.spend_all();
        revm::handler::handle_reservoir_remaining_gas(
            result,
            parent_gas,
            frame_result.gas_mut().tracker_mut(),
        );
        parent_gas.erase_cost(evm.ctx_mut().chain.held_gas);
        *frame_result.gas_mut().tracker_mut() = *parent_gas;
        let chain = &mut evm.ctx_mut().chain;
        // What dear calldata costs at least is needed at some point, whatever is refunded.
        let spent = frame_result.gas().total_gas_spent();
        chain.peak_gas = spent.max(chain.floor_gas);
        chain.result = Some(result);
        Ok(())
    }

    fn refund(
        &self,
        evm: &mut Self::Evm,
        exec_result: &mut FrameResult,
        eip7702_refund: i64,
    ) -> Result<(), Self::Error> {
        let poster_gas = evm.ctx_mut().chain.poster_gas;
        let gas = exec_result.gas_mut();
        gas.record_refund(eip7702_refund);
        // A fifth of the compute gas at most: the L1 part cannot be refunded.
        let most = gas.total_gas_spent().saturating_sub(poster_gas) / 5;
        let refund = u64::try_from(gas.refunded()).unwrap_or(0).min(most);
        gas.set_refund(i64::try_from(refund).unwrap_or(i64::MAX));
        Ok(())
    }

    fn reimburse_caller(
        &self,
        evm: &mut Self::Evm,
        exec_result: &mut FrameResult,
    ) -> Result<(), Self::Error> {
        let ctx = evm.ctx_mut();
        let gas = exec_result.gas();
        let unused = gas
            .remaining()
            .saturating_add(u64::try_from(gas.refunded()).unwrap_or(0));
        let amount = U256::from(unused).saturating_mul(U256::from(ctx.tx.gas_price));
        let caller = ctx.tx.caller;
        ctx.journal_mut()
            .load_account_mut(caller)?
            .data
            .incr_balance(amount);
        Ok(())
    }

    fn reward_beneficiary(
        &self,
        evm: &mut Self::Evm,
        exec_result: &mut FrameResult,
    ) -> Result<(), Self::Error> {
        let used = exec_result.gas().used();
        fees::distribute(evm.ctx_mut(), used)?;
        Ok(())
    }
}

impl<DB: Database, I: Inspector<super::ArbContext<DB>>> InspectorHandler for ArbHandler<DB, I>
where
    EVMError<DB::Error, InvalidTransaction>: EvmTrError<Machine<DB, I>>,
{
    type IT = EthInterpreter;
}
