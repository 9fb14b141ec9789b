//! Options that several verbs share.

use std::path::{Path, PathBuf};

use alloy::providers::DynProvider;
use alloy::signers::local::PrivateKeySigner;
use clap::Args;
use client::connection::connect;
use eyre::{Result, WrapErr};

/// Key of the account that `nitro --dev` and our devnode prefund. Everybody knows it.
const DEV_KEY: &str = "0xb6b15c8cb491557369f3c7d2c287b053eb229daa9c22138887752191c9520659";

/// Which node to talk to.
#[derive(Args)]
pub(crate) struct Node {
    /// Node to talk to.
    #[arg(
        long,
        value_name = "URL",
        env = "ETH_RPC_URL",
        default_value = "http://127.0.0.1:8547"
    )]
    pub(crate) rpc_url: String,
}

/// Where address books are.
#[derive(Args)]
pub(crate) struct Deployments {
    /// Folder of the address books, one `<chain id>.json` per chain.
    #[arg(long, value_name = "FOLDER", default_value_os_t = deployments())]
    pub(crate) deployments: PathBuf,
}

/// Who signs.
#[derive(Args)]
pub(crate) struct Signer {
    /// Private key that signs and pays [default: the prefunded key of a devnode].
    #[arg(long, value_name = "KEY", env = "LST_PRIVATE_KEY", hide_env_values = true, hide_default_value = true, default_value = DEV_KEY)]
    private_key: String,
}

impl Node {
    /// Connects with `keys`; returns the connection and the id of the chain.
    pub(crate) async fn connect(&self, keys: &[PrivateKeySigner]) -> Result<(DynProvider, u64)> {
        Ok(connect(&self.rpc_url, keys).await?)
    }
}

impl Signer {
    /// Whether this is the key that everybody knows.
    pub(crate) fn is_everybodys(&self) -> bool {
        self.private_key.trim() == DEV_KEY
    }

    /// The key. What is given instead of one is not repeated: it may be one but for a character.
    pub(crate) fn key(&self) -> Result<PrivateKeySigner> {
        let given = self.private_key.trim();
        let length = given.chars().count();
        let key = given.parse::<PrivateKeySigner>();
        key.wrap_err_with(|| {
            format!("--private-key, or LST_PRIVATE_KEY, has {length} characters and is no key")
        })
    }
}

fn deployments() -> PathBuf {
    let contracts = client::compile::workspace();
    let root = contracts.parent().unwrap_or(Path::new("."));
    root.join("deployments")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_lacks_a_character_is_refused_without_being_shown() {
        let signer = Signer {
            private_key: DEV_KEY.trim_end_matches('9').to_owned(),
        };
        assert!(!signer.is_everybodys());
        let refusal = signer.key().expect_err("it lacks a character");
        assert_eq!(
            format!("{refusal:#}"),
            "--private-key, or LST_PRIVATE_KEY, has 65 characters and is no key: odd number of digits"
        );
    }
}
