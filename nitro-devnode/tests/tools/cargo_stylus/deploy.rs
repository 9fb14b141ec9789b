//! Onto the chain: check, deploy, activate.
use alloy::{primitives::U256, providers::Provider};
use eyre::Result;

use super::project::Project;

#[tokio::test]
async fn a_program_is_checked_deployed_and_activated_in_three_steps() -> Result<()> {
    let Some(project) = Project::open().await? else {
        return Ok(());
    };
    let fees = |checked: &str| checked.matches("wasm data fee").count();
    assert_eq!(fees(&project.check_echo()?), 2);
    let echo = project.deploy_echo()?;
    let code = project.provider.get_code_at(echo).await?;
    assert_eq!(code.get(..4), Some(&[0xef, 0xf0, 0x00, 0x00][..]));
    assert!(project.version(echo).await.is_err(), "it is not active yet");
    let activate = ["--address", &echo.to_string()];
    let activated = project.send(&["activate"], &activate)?;
    assert!(activated.contains("successfully activated"), "{activated}");
    assert_eq!(project.version(echo).await?, 2);
    // What is active already is not paid for twice.
    let words = project.refused(&["activate"], &activate)?;
    assert!(words.contains("ProgramUpToDate"), "{words}");
    assert_eq!(fees(&project.check_echo()?), 1);
    Ok(())
}

#[tokio::test]
async fn a_contract_is_checked_and_deployed_with_its_constructor() -> Result<()> {
    let Some(project) = Project::open().await? else {
        return Ok(());
    };
    let checked = project.run(&["check"], &[])?;
    assert!(checked.contains("wasm data fee"), "{checked}");
    let counter = project.deploy_counter("7")?;
    assert_eq!(project.version(counter).await?, 2);
    assert_eq!(project.number(counter).await?, U256::from(7));
    project.increase(counter, 3).await?;
    assert_eq!(project.number(counter).await?, U256::from(10));
    Ok(())
}
