//! The demo's act about upgrades: the program of each contract is replaced under way, and not a wei moves.

use alloy::network::TransactionBuilder;
use alloy::primitives::Bytes;
use alloy::rpc::types::TransactionRequest;
use client::artifact::Artifact;
use client::contract::Contract;
use client::{books, proxy};
use eyre::{OptionExt, Result, ensure};

use super::stage::Stage;

/// Programs are replaced by who holds the timelock's place, and by nobody else.
pub(super) async fn programs_are_replaced(stage: &mut Stage, artifacts: &[Artifact]) -> Result<()> {
    stage.begin("The program of each contract is replaced, and not a wei moves");
    let cast = stage.cast.clone();
    let before = books::read(&stage.protocol).await?;
    for contract in Contract::ALL {
        let mut built = artifacts.iter();
        let artifact = built.find(|artifact| artifact.program == contract.program());
        let artifact = artifact.ok_or_eyre("every program was built")?;
        let creation = TransactionRequest::default().with_deploy_code(artifact.init_code());
        let what = format!("deploys the {contract}'s program once more");
        let created = stage.act(&cast.admin, what, creation).await?;
        let program = created.contract_address;
        let program = program.ok_or_eyre("a creation without a contract")?;
        let address = stage.protocol.address(contract);
        let upgrade = proxy::upgrade(address, program, Bytes::new());
        if contract == Contract::StakingPool {
            let what = "replaces the pool's program, being its admin";
            stage
                .refused(&cast.admin, what, upgrade.clone(), "no reason given")
                .await?;
        }
        let what = format!("replaces the {contract}'s program");
        stage.act(&cast.timelock, what, upgrade).await?;
        ensure!(
            proxy::program(&stage.protocol.provider, address).await? == program,
            "{contract} runs another program"
        );
    }
    let after = books::read(&stage.protocol).await?;
    ensure!(
        after.accounts == before.accounts,
        "an upgrade moved what is booked"
    );
    stage.end().await
}
