//! ethers-rs 2: a program of its own, built from `ethers-rs/` with its own lockfile.
use std::{path::Path, process::Command};

use eyre::Result;

use crate::{
    node::{COUNTER, DEV_KEY, Node},
    tool::{folder, run},
};

#[test]
fn ethers_rs_2_deploys_calls_sends_filters_subscribes_and_signs() -> Result<()> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/ethers-rs");
    let node = Node::start()?;
    run(Command::new("cargo")
        .args(["run", "--quiet", "--locked", "--"])
        .args([&node.http, &node.ws])
        .current_dir(project)
        .env("CARGO_TARGET_DIR", folder().join("ethers-rs"))
        .env("DEV_KEY", DEV_KEY)
        .env("COUNTER", COUNTER))?;
    Ok(())
}
