//! The Stylus token of the measurements: the SDK's ERC-20 with an open mint, as a real node
//! recorded its deployment.
use std::time::{Duration, Instant};

use alloy::{
    consensus::{Transaction as _, TxEnvelope},
    eips::eip2718::Decodable2718,
    primitives::{Address, TxKind, U256, address, hex},
    sol,
    sol_types::SolCall,
};
use eyre::{OptionExt, Result};
use nitro_devnode::replay;
use serde_json::Value;

use crate::{
    PAYEE, load,
    server::Server,
    wallet::{Job, Wallet},
};

const RECORDING: &str = "95-whole-contracts";

const ARB_WASM: Address = address!("0x0000000000000000000000000000000000000071");

sol! {
    function activateProgram(address program) external payable returns (uint16, uint256);
    function mint(address to, uint256 amount) external;
    function transfer(address to, uint256 amount) external returns (bool);
    function balanceOf(address account) external view returns (uint256);
}

/// Deploys and activates the token, gives every account some, and returns its address and how
/// long the first call took, for which it is compiled.
pub(crate) fn deploy(server: &Server, wallet: &mut Wallet) -> Result<(Address, Duration)> {
    let create = Job {
        to: TxKind::Create,
        value: U256::ZERO,
        input: init_code()?.into(),
        gas: 20_000_000,
    };
    let receipt = load::send(server, wallet, &create)?;
    let token: Address = serde_json::from_value(receipt["contractAddress"].clone())?;
    let activate = Job {
        to: TxKind::Call(ARB_WASM),
        value: U256::from(10_u64.pow(17)),
        input: activateProgramCall { program: token }.abi_encode().into(),
        gas: 20_000_000,
    };
    load::send(server, wallet, &activate)?;
    let started = Instant::now();
    let mint = Job::call(token, mintCall::new((PAYEE, U256::ONE)).abi_encode());
    load::send(server, wallet, &mint)?;
    let first_call = started.elapsed();
    let accounts: Vec<_> = wallet.addresses().collect();
    for to in accounts {
        let amount = U256::from(10_u64.pow(18));
        load::send(
            server,
            wallet,
            &Job::call(token, mintCall { to, amount }.abi_encode()),
        )?;
    }
    Ok((token, first_call))
}

/// One unit of the token to `to`.
pub(crate) fn transfer(token: Address, to: Address) -> Job {
    let amount = U256::ONE;
    Job::call(token, transferCall { to, amount }.abi_encode())
}

/// Calldata of `balanceOf`, as hex.
pub(crate) fn balance_of(account: Address) -> String {
    hex::encode_prefixed(balanceOfCall { account }.abi_encode())
}

fn init_code() -> Result<Vec<u8>> {
    let recording = replay::builtin_file(RECORDING)?;
    let deploy = recording
        .lines()
        .find(|line| line.contains(r#""label":"erc20/deploy""#));
    let deploy: Value = serde_json::from_str(deploy.ok_or_eyre("no recorded deployment")?)?;
    let raw = hex::decode(deploy["raw"].as_str().ok_or_eyre("no raw transaction")?)?;
    Ok(TxEnvelope::decode_2718_exact(&raw)?.input().to_vec())
}
