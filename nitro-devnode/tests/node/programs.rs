//! Stylus programs and owners' calls by real transactions: what the tests of versions, time
//! and caching share.
use alloy::{
    primitives::{Address, Bytes, U64, U256, address, hex},
    sol,
    sol_types::{SolCall, SolInterface},
};
use nitro_devnode::stylus::code;
use serde_json::{Value, json};

use crate::world::World;

sol! {
    #[derive(Debug, PartialEq)]
    interface IArbWasm {
        function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
        function codehashKeepalive(bytes32 codehash) external payable;
        function programTimeLeft(address program) external view returns (uint64);
        function programInitGas(address program) external view returns (uint64 gas, uint64 gasWhenCached);
        function codehashAsmSize(bytes32 codehash) external view returns (uint32);
        function maxStackDepth() external view returns (uint32);
        error ProgramNotActivated();
        error ProgramExpired(uint64 ageInSeconds);
        error ProgramUpToDate();
        error ProgramKeepaliveTooSoon(uint64 ageInSeconds);
        error ProgramInsufficientValue(uint256 have, uint256 want);
    }

    interface IArbWasmCache {
        function codehashIsCached(bytes32 codehash) external view returns (bool);
        function allCacheManagers() external view returns (address[] memory);
    }

    interface IArbOwner {
        function setWasmMaxSize(uint32 size) external;
        function setMaxTxGasLimit(uint64 limit) external;
        function setSpeedLimit(uint64 limit) external;
        function setMaxBlockGasLimit(uint64 limit) external;
        function setCalldataPriceIncrease(bool enable) external;
        function scheduleArbOSUpgrade(uint64 newVersion, uint64 timestamp) external;
    }

    interface IArbSys {
        function arbOSVersion() external view returns (uint256);
        function withdrawEth(address destination) external payable returns (uint256);
        function sendMerkleTreeState() external view returns (uint256 size, bytes32 root, bytes32[] memory partials);
    }
}

pub(crate) const ARB_SYS: Address = address!("0x0000000000000000000000000000000000000064");
pub(crate) const ARB_OWNER: Address = address!("0x0000000000000000000000000000000000000070");
pub(crate) const ARB_WASM: Address = address!("0x0000000000000000000000000000000000000071");
pub(crate) const ARB_WASM_CACHE: Address = address!("0x0000000000000000000000000000000000000072");

/// The smallest program: one page, returns 0.
pub(crate) const NOTHING: &str = r#"(module (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param i32) (result i32) i32.const 0))"#;

/// Gas that suffices for everything but loops: above an activation.
pub(crate) const PLENTY: u64 = 5_000_000;

/// Wei that pays any data fee of these tests.
pub(crate) const FEES: u128 = 10_000_000_000_000_000;

/// How a transaction of the dev account ended.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) success: bool,
    pub(crate) gas_used: u64,
    pub(crate) created: Option<Address>,
    pub(crate) receipt: Value,
}

/// A refused call: the node's words and the revert data.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) words: String,
    pub(crate) data: Bytes,
}

impl Refused {
    /// The error in an interface's terms.
    pub(crate) fn decoded<E: SolInterface>(&self) -> E {
        E::abi_decode(&self.data).unwrap_or_else(|_| panic!("{self:?}"))
    }
}

impl World {
    /// Sends a transaction of the dev account, which owns the chain.
    pub(crate) async fn act(&self, to: Option<Address>, data: Bytes, wei: u128, gas: u64) -> Done {
        let send = json!([{
            "from": self.node.dev_account().address(),
            "to": to,
            "data": data,
            "value": U256::from(wei),
            "gas": U64::from(gas),
        }]);
        let hash = self.result("eth_sendTransaction", send).await;
        let receipt = self
            .result("eth_getTransactionReceipt", json!([hash]))
            .await;
        Done {
            success: receipt["status"] == "0x1",
            gas_used: number(&receipt["gasUsed"]),
            created: serde_json::from_value(receipt["contractAddress"].clone())
                .expect("an address"),
            receipt,
        }
    }

    /// Calls a method by a transaction.
    pub(crate) async fn transact(&self, to: Address, call: &impl SolCall, wei: u128) -> Done {
        self.act(Some(to), call.abi_encode().into(), wei, PLENTY)
            .await
    }

    /// Calls a method that does not fail, without a transaction.
    pub(crate) async fn view<C: SolCall>(&self, to: Address, call: &C) -> C::Return {
        let output = self.try_call(to, call, 0).await.expect("does not fail");
        C::abi_decode_returns(&output).expect("what it returns")
    }

    /// Calls a method without a transaction, as nobody.
    pub(crate) async fn try_call(
        &self,
        to: Address,
        call: &impl SolCall,
        wei: u128,
    ) -> Result<Bytes, Refused> {
        let data = Bytes::from(call.abi_encode());
        self.try_call_raw(Some(to), data, wei).await
    }

    pub(crate) async fn try_call_raw(
        &self,
        to: Option<Address>,
        data: Bytes,
        wei: u128,
    ) -> Result<Bytes, Refused> {
        let value = U256::from(wei);
        let params = json!([{ "to": to, "data": data, "value": value }, "latest", {
            Address::ZERO.to_string(): { "balance": U256::MAX },
        }]);
        let mut answer = self.ask("eth_call", params).await;
        if let Some(output) = answer.get_mut("result") {
            return Ok(serde_json::from_value(output.take()).expect("bytes"));
        }
        let error = &answer["error"];
        Err(Refused {
            words: error["message"].as_str().expect("words").to_owned(),
            data: serde_json::from_value(error["data"].clone()).unwrap_or_default(),
        })
    }

    /// Deploys a program as cargo-stylus does, without activating it.
    pub(crate) async fn deploy(&self, wat: &str) -> Address {
        let wasm = wat::parse_str(wat).expect("a module");
        self.deploy_code(&code::encode(&wasm).expect("compresses"))
            .await
    }

    /// Makes a contract of any code.
    pub(crate) async fn deploy_code(&self, code: &[u8]) -> Address {
        let length = U256::from(code.len()).to_be_bytes::<32>();
        let tail = hex!("80602b6000396000f300");
        let init = [&[0x7f], length.as_slice(), &tail, code].concat();
        let done = self.act(None, init.into(), 0, PLENTY).await;
        assert!(done.success);
        done.created.expect("a contract")
    }

    /// Deploys and activates a program.
    pub(crate) async fn install(&self, wat: &str) -> Address {
        let program = self.deploy(wat).await;
        assert!(self.activate(program).await.success);
        program
    }

    /// Activates a program, successfully or not.
    pub(crate) async fn activate(&self, program: Address) -> Done {
        let activate = IArbWasm::activateProgramCall { program };
        self.transact(ARB_WASM, &activate, FEES).await
    }

    /// Code hash of a contract.
    pub(crate) async fn code_hash(&self, contract: Address) -> alloy::primitives::B256 {
        let code = self
            .result("eth_getCode", json!([contract, "latest"]))
            .await;
        let code: Bytes = serde_json::from_value(code).expect("bytes");
        alloy::primitives::keccak256(code)
    }

    /// Lets time pass on the chain.
    pub(crate) async fn pass_days(&self, days: u64) {
        let seconds = days * 86_400;
        self.result("evm_increaseTime", json!([seconds])).await;
        self.result("evm_mine", json!([])).await;
    }
}

/// A hexadecimal number of the RPC.
pub(crate) fn number(hex: &Value) -> u64 {
    let number: U64 = serde_json::from_value(hex.clone()).expect("a number");
    number.to()
}
