//! OpenZeppelin's and Solady's contracts in Solidity, as `cargo xtask tools` compiles them.

use std::path::{Path, PathBuf};
use std::{env, fs};

use alloy::primitives::{Address, Bytes};
use alloy::sol_types::SolValue;
use eyre::{OptionExt, Result, WrapErr};
use serde_json::Value;

use super::ground::Ground;
use super::side::Side;

/// Whose contracts, and whether they leave out what the standards do not ask for.
const AUTHORS: [(&str, &str, bool); 2] = [
    ("OpenZeppelin", "OpenZeppelin (Solidity)", false),
    ("Solady", "Solady", true),
];

/// Tokens with permits.
pub(super) async fn tokens(ground: &Ground) -> Result<Vec<Side>> {
    sides(ground, &["Token"]).await
}

/// Vaults, each over its author's token.
pub(super) async fn vaults(ground: &Ground) -> Result<Vec<Side>> {
    sides(ground, &["Vault", "Token"]).await
}

/// ERC-721 tokens.
pub(super) async fn positions(ground: &Ground) -> Result<Vec<Side>> {
    sides(ground, &["Positions"]).await
}

/// Access control; Solady's is another one.
pub(super) async fn roles(ground: &Ground) -> Result<Vec<Side>> {
    sides(ground, &["Roles"]).await
}

/// Creates these contracts of each author that has them. The first gets the second's address, if there
/// is one.
async fn sides(ground: &Ground, names: &[&str]) -> Result<Vec<Side>> {
    let Some(compiled) = compiled()? else {
        return Ok(Vec::new());
    };
    let mut sides = Vec::new();
    for (author, name, lenient) in AUTHORS {
        let mut contracts: Vec<Address> = Vec::new();
        for contract in names.iter().rev() {
            let Some(code) = compiled.get(format!("{author}{contract}")) else {
                continue;
            };
            let code = code.as_str().ok_or_eyre("the code is text")?;
            let mut init: Vec<u8> = code.parse::<Bytes>()?.to_vec();
            if let Some(asset) = contracts.first() {
                init.extend(asset.abi_encode());
            }
            contracts.insert(0, ground.create(init).await?);
        }
        if contracts.len() == names.len() {
            sides.push(Side {
                name,
                contracts,
                domain: "Twin",
                lenient,
            });
        }
    }
    Ok(sides)
}

/// Init code by the name of the contract. Where there is none, says so in a way that the test runner
/// does not swallow.
fn compiled() -> Result<Option<Value>> {
    let folder = env::var_os("DEVNODE_TOOLS").map_or_else(
        || Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("tools"),
        PathBuf::from,
    );
    let path = folder.join("twins/contracts.json");
    if !path.is_file() {
        use std::io::Write;
        let notice = format!(
            "notice: not compared with contracts in Solidity, {} is missing; `cargo xtask tools` makes it",
            path.display()
        );
        // Nobody to tell.
        let _ = writeln!(std::io::stderr(), "{notice}");
        return Ok(None);
    }
    let text = fs::read_to_string(&path).wrap_err_with(|| path.display().to_string())?;
    Ok(Some(serde_json::from_str(&text)?))
}
