//! Looking back: what a transaction did, and what one would do.
use alloy::{hex, primitives::U256, sol_types::SolCall};
use eyre::{OptionExt, Result, ensure};
use serde_json::Value;

use super::project::{Project, StylusCounter};

/// Names of the host functions in the trace that a tool prints first, in order.
fn names(printed: &str) -> Result<Vec<String>> {
    let mut values = serde_json::Deserializer::from_str(printed).into_iter::<Vec<Value>>();
    let entries = values.next().ok_or_eyre("a trace is printed")??;
    let names = entries.iter().filter_map(|entry| entry["name"].as_str());
    Ok(names.map(str::to_owned).collect())
}

#[tokio::test]
async fn a_transaction_is_traced_and_simulated() -> Result<()> {
    let Some(project) = Project::open().await? else {
        return Ok(());
    };
    let counter = project.deploy_counter("7")?;
    let hash = project.increase(counter, 3).await?.to_string();

    let traced = names(&project.run(&["trace"], &["--tx", &hash])?)?;
    assert_eq!(traced.first().map(String::as_str), Some("user_entrypoint"));
    assert_eq!(traced.last().map(String::as_str), Some("user_returned"));
    assert!(
        traced.iter().any(|name| name == "storage_load_bytes32"),
        "{traced:?}"
    );
    let native = ["--tx", &hash, "--use-native-tracer"];
    assert_eq!(names(&project.run(&["trace"], &native)?)?, traced);

    let amount = U256::from(3);
    let data = hex::encode_prefixed(StylusCounter::increaseCall { amount }.abi_encode());
    let call = ["--to", &counter.to_string(), "--data", &data];
    assert_eq!(names(&project.run(&["simulate"], &call)?)?, traced);
    Ok(())
}

/// `--child` is how the tool starts itself in a debugger: it runs the contract, built for this
/// machine, on the recorded answers of the host functions, and panics if they do not fit.
#[tokio::test]
async fn a_transaction_is_replayed_in_a_native_build_of_the_contract() -> Result<()> {
    let Some(project) = Project::open().await? else {
        return Ok(());
    };
    let counter = project.deploy_counter("7")?;
    let hash = project.increase(counter, 3).await?.to_string();
    let replayed = project.run(&["replay"], &["--child", "--tx", &hash])?;
    ensure!(
        replayed.contains("call completed successfully"),
        "{replayed}"
    );
    Ok(())
}
