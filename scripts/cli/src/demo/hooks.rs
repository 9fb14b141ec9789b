//! The demo's neighbours of the registry: one is told of every slash, one fails whatever it is told.

use alloy::network::TransactionBuilder;
use alloy::primitives::Address;
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::sol_types::SolCall;
use client::abi::ISlashingHook::onSlashCall;
use client::abi::IValidatorRegistry::SlashingHookFailed;
use client::artifact::init_code;
use eyre::{OptionExt, Result, ensure};

use super::stage::Stage;
use crate::amounts::eth;

/// `LOG0` of its calldata: `CALLDATASIZE PUSH0 PUSH0 CALLDATACOPY CALLDATASIZE PUSH0 LOG0`.
const LISTENER: &[u8] = &[0x36, 0x5f, 0x5f, 0x37, 0x36, 0x5f, 0xa0];

/// `PUSH0 PUSH0 REVERT`.
const BROKEN: &[u8] = &[0x5f, 0x5f, 0xfd];

/// Contracts that the registry calls after each slash.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hooks {
    listener: Address,
    broken: Address,
}

impl Hooks {
    /// Creates both, and lists the broken one first.
    pub(super) async fn list(stage: &mut Stage) -> Result<Self> {
        let broken = create(stage, "a neighbour that always fails", BROKEN).await?;
        let listener = create(stage, "a neighbour that listens", LISTENER).await?;
        Ok(Self { listener, broken })
    }

    /// Prints what they made of a slash; an error unless one was told and the other stopped nothing.
    pub(super) fn heard(self, stage: &Stage, slash: &TransactionReceipt) -> Result<()> {
        let logs = slash.inner.logs();
        let failed = logs
            .iter()
            .find_map(|log| log.log_decode::<SlashingHookFailed>().ok());
        let failed = failed.ok_or_eyre("no hook failed")?.inner.data.hook;
        ensure!(failed == self.broken, "another hook failed: {failed}");
        let told = logs.iter().find(|log| log.address() == self.listener);
        let told = told.ok_or_eyre("the listener was not told")?;
        let told = onSlashCall::abi_decode(&told.inner.data.data)?;
        stage.remark(format!(
            "a hook failed and stopped nothing; the other heard of validator {}, bond {}, rate {}",
            told.validator,
            eth(told.bondLoss),
            eth(told.socialised)
        ));
        Ok(())
    }
}

/// A contract of this code, which the admin lists as a hook.
async fn create(stage: &mut Stage, what: &str, code: &[u8]) -> Result<Address> {
    let (admin, keeper) = (stage.cast.admin.clone(), stage.cast.keeper.clone());
    let creation = TransactionRequest::default().with_deploy_code(init_code(code));
    let created = stage
        .act(&keeper, format!("creates {what}"), creation)
        .await?;
    let hook = created.contract_address;
    let hook = hook.ok_or_eyre("a creation without a contract")?;
    let list = stage.protocol.registry.addSlashingHook(hook);
    stage
        .act(
            &admin,
            "lists it as a slashing hook",
            list.into_transaction_request(),
        )
        .await?;
    Ok(hook)
}
