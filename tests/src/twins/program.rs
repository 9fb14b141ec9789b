//! OpenZeppelin's programs for Stylus: built from their workspace, and put on the chain.

use std::sync::OnceLock;

use alloy::primitives::{Address, Bytes};
use alloy::sol_types::SolCall;
use client::nitro::{ARB_WASM, IArbWasm};
use client::{artifact, compile};
use eyre::{OptionExt, Result, eyre};

use super::ground::Ground;
use super::side::Side;
use crate::world::ether;

/// A package of `tests/twins`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Twin {
    Token,
    Positions,
    Vault,
    Roles,
}

/// In the order of [`Twin`].
const PACKAGES: [&str; 4] = ["token", "positions", "vault", "roles"];

/// The code of each, built and compressed once for all comparisons.
fn codes() -> Result<&'static [Bytes]> {
    static CODES: OnceLock<Result<Vec<Bytes>, String>> = OnceLock::new();
    let built = CODES.get_or_init(|| build().map_err(|error| format!("{error:#}")));
    built.as_deref().map_err(|error| eyre!("{error}"))
}

fn build() -> Result<Vec<Bytes>> {
    let workspace = compile::workspace().with_file_name("tests/twins");
    let modules = compile::modules(&workspace, &PACKAGES)?;
    let codes = modules.iter().map(|wasm| Ok(artifact::prepare(wasm)?.1));
    codes.collect()
}

/// One of them as a side.
pub(super) async fn side(ground: &Ground, twin: Twin) -> Result<Side> {
    Ok(Side {
        name: "OpenZeppelin (Stylus)",
        contracts: vec![deploy(ground, twin).await?],
        domain: "Twin",
        lenient: false,
    })
}

/// Creates and activates a program.
pub(super) async fn deploy(ground: &Ground, twin: Twin) -> Result<Address> {
    let code = codes()?.get(twin as usize);
    let code = code.ok_or_eyre("every package is built")?;
    let program = ground.create(artifact::init_code(code)).await?;
    let activate = IArbWasm::activateProgramCall { program };
    // What the fee does not need comes back.
    ground
        .pay(ARB_WASM, activate.abi_encode(), ether(1))
        .await?;
    Ok(program)
}
