//! ethers.js 6 and viem 2: each script asserts for itself what its library makes of the node.
use std::{path::Path, process::Command};

use eyre::Result;

use crate::{
    node::{COUNTER, DEV_KEY, Node},
    tool::{folder, installed, run},
};

fn script(library: &str, name: &str) -> Result<()> {
    let place = format!("npm/node_modules/{library}/package.json");
    if installed(&place).is_none() {
        return Ok(());
    }
    let node = Node::start()?;
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/npm");
    run(Command::new("node")
        .arg(scripts.join(name))
        .args([&node.http, &node.ws])
        .env("NODE_PATH", folder().join("npm/node_modules"))
        .env("DEV_KEY", DEV_KEY)
        .env("COUNTER", COUNTER))?;
    Ok(())
}

#[test]
fn ethers_6_deploys_calls_sends_filters_subscribes_and_signs() -> Result<()> {
    script("ethers", "ethers.cjs")
}

#[test]
fn viem_2_deploys_calls_sends_filters_subscribes_and_signs() -> Result<()> {
    script("viem", "viem.cjs")
}
