//! A contract's project as its author has it, and cargo-stylus run in it.
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use alloy::{
    network::EthereumWallet,
    primitives::{Address, B256, U256, address},
    providers::{DynProvider, Provider, ProviderBuilder},
    signers::local::PrivateKeySigner,
    sol,
};
use eyre::{Result, ensure};

use crate::{
    node::{DEV_KEY, Node},
    tool::{folder, installed, refused, run, word_after},
};

const CARGO_STYLUS: &str = "cargo-stylus-0.10.10-exporting/bin/cargo-stylus";

/// Files of the project, below `counter/`.
const FILES: [&str; 6] = [
    "Cargo.lock",
    "Cargo.toml",
    "Stylus.toml",
    "rust-toolchain.toml",
    "src/lib.rs",
    "src/main.rs",
];

/// Answers with its calldata.
const ECHO: &str = r#"(module
    (import "vm_hooks" "read_args" (func $read_args (param i32)))
    (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
    (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
    (memory (export "memory") 1)
    (func (export "user_entrypoint") (param $len i32) (result i32)
        (call $read_args (i32.const 0))
        (call $write_result (i32.const 0) (local.get $len))
        (i32.const 0)))"#;

const ARB_WASM: Address = address!("0x0000000000000000000000000000000000000071");

sol! {
    #[sol(rpc)]
    interface ArbWasm {
        function programVersion(address program) external view returns (uint16 version);
        function programTimeLeft(address program) external view returns (uint64 secs);
        function codehashKeepalive(bytes32 codehash) external payable;
    }

    #[sol(rpc)]
    interface StylusCounter {
        function number() external view returns (uint256);
        function increase(uint256 amount) external;
    }
}

/// cargo-stylus in the project, with a node of its own.
pub(super) struct Project {
    program: PathBuf,
    folder: PathBuf,
    pub(super) node: Node,
    pub(super) provider: DynProvider,
}

impl Project {
    /// Nothing where cargo-stylus is not installed.
    pub(super) async fn open() -> Result<Option<Self>> {
        let Some(program) = installed(CARGO_STYLUS) else {
            return Ok(None);
        };
        let node = Node::start()?;
        let key: PrivateKeySigner = DEV_KEY.parse()?;
        let provider = ProviderBuilder::new().wallet(EthereumWallet::from(key));
        let provider = provider.connect(&node.http).await?.erased();
        let folder = copied()?;
        Ok(Some(Self {
            program,
            folder,
            node,
            provider,
        }))
    }

    /// Options after the node's address: what follows `--constructor-args` is all taken for arguments.
    fn command(&self, verb: &[&str], options: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .arg("stylus")
            .args(verb)
            .args(["--endpoint", &self.node.http])
            .args(options)
            .current_dir(&self.folder)
            // `replay` looks for the library where cargo puts it unless told otherwise.
            .env_remove("CARGO_TARGET_DIR");
        command
    }

    pub(super) fn run(&self, verb: &[&str], options: &[&str]) -> Result<String> {
        run(&mut self.command(verb, options))
    }

    /// Runs what needs a key.
    pub(super) fn send(&self, verb: &[&str], options: &[&str]) -> Result<String> {
        run(&mut self.signed(verb, options))
    }

    /// What is printed by something that needs a key and has to fail.
    pub(super) fn refused(&self, verb: &[&str], options: &[&str]) -> Result<String> {
        refused(&mut self.signed(verb, options))
    }

    fn signed(&self, verb: &[&str], options: &[&str]) -> Command {
        let key = ["--private-key", DEV_KEY];
        self.command(verb, &[&key, options].concat())
    }

    /// Deploys the project's contract through its constructor.
    pub(super) fn deploy_counter(&self, start: &str) -> Result<Address> {
        let options = ["--no-verify", "--constructor-args", start];
        deployed(&self.send(&["deploy"], &options)?)
    }

    /// Puts a program on the chain that nobody else has, so that it is not active yet.
    pub(super) fn deploy_echo(&self) -> Result<Address> {
        let wasm = self.folder.join("echo.wasm");
        let wasm = wasm.to_string_lossy();
        let options = ["--no-verify", "--no-activate", "--wasm-file", &wasm];
        deployed(&self.send(&["deploy"], &options)?)
    }

    /// Checks the program and, as cargo-stylus does in any project, the project's contract.
    pub(super) fn check_echo(&self) -> Result<String> {
        let wasm = self.folder.join("echo.wasm");
        self.run(&["check"], &["--wasm-file", &wasm.to_string_lossy()])
    }

    pub(super) async fn version(&self, program: Address) -> Result<u16> {
        let arb_wasm = ArbWasm::new(ARB_WASM, &self.provider);
        Ok(arb_wasm.programVersion(program).call().await?)
    }

    pub(super) async fn seconds_left(&self, program: Address) -> Result<u64> {
        let arb_wasm = ArbWasm::new(ARB_WASM, &self.provider);
        Ok(arb_wasm.programTimeLeft(program).call().await?)
    }

    /// With 0.001 ETH, more than the fee; the rest comes back.
    pub(super) async fn keep_alive(&self, codehash: B256) -> Result<()> {
        let arb_wasm = ArbWasm::new(ARB_WASM, &self.provider);
        let fee = U256::from(1_000_000_000_000_000_u64);
        let keepalive = arb_wasm.codehashKeepalive(codehash).value(fee);
        let receipt = keepalive.send().await?.get_receipt().await?;
        ensure!(receipt.status(), "{receipt:?}");
        Ok(())
    }

    pub(super) async fn number(&self, counter: Address) -> Result<U256> {
        let counter = StylusCounter::new(counter, &self.provider);
        Ok(counter.number().call().await?)
    }

    /// Hash of the transaction that increases the number.
    pub(super) async fn increase(&self, counter: Address, amount: u64) -> Result<B256> {
        let counter = StylusCounter::new(counter, &self.provider);
        let sent = counter.increase(U256::from(amount)).send().await?;
        Ok(sent.watch().await?)
    }
}

/// The address in what `deploy` prints.
fn deployed(printed: &str) -> Result<Address> {
    Ok(word_after(printed, "deployed code at address: ")?.parse()?)
}

/// The project, outside of the repository: there, cargo would find the repository's workspace, and
/// build products that outlive a checkout. A file that is the same is not written again, so that
/// nothing is built again; tests that run at once write the same.
fn copied() -> Result<PathBuf> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/counter");
    let project = folder().join("counter");
    fs::create_dir_all(project.join("src"))?;
    for file in FILES {
        write(&project.join(file), &fs::read(sources.join(file))?)?;
    }
    write(&project.join("echo.wasm"), &wat::parse_str(ECHO)?)?;
    Ok(project)
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    if fs::read(path).ok().as_deref() != Some(content) {
        fs::write(path, content)?;
    }
    Ok(())
}
