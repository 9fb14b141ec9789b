//! A contract that does what it is told, as an account does, and something else when it is paid.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256};
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::sol_types::SolError;
use client::abi::IWithdrawalQueue::ReentrantCall;
use eyre::{OptionExt, Result, ensure};

use crate::puppet;
use crate::world::{Person, World};

/// Gas for what calls strangers: an estimate would find the least with which the outer call passes,
/// and starve the inner ones.
const PLENTY: u64 = 25_000_000;

/// Once in a transaction: runs the code at the address in slot 0 as its own.
const RUNS_ITS_SCRIPT: &[u8] = &[
    0x5f, 0x5c, // TLOAD(0): whether it does so already
    0x60, 0x16, 0x57, // JUMPI(22, …)
    0x60, 0x01, 0x5f, 0x5d, // TSTORE(0, 1)
    0x5f, 0x5f, 0x5f, 0x5f, 0x5f, 0x54, 0x5a, 0xf4,
    0x50, // DELEGATECALL(GAS, SLOAD(0), 0, 0, 0, 0)
    0x5b, 0x00, // 22: JUMPDEST STOP
];

/// A call that an account makes while it is paid.
#[derive(Debug)]
pub(crate) struct Attempt {
    what: &'static str,
    target: Address,
    value: U256,
    data: Bytes,
    /// What refuses it, if anything does.
    refusal: Option<Vec<u8>>,
}

impl Attempt {
    /// One that nothing stands against.
    pub(crate) fn allowed(what: &'static str, request: TransactionRequest) -> Self {
        Self {
            what,
            target: target(&request),
            value: request.value.unwrap_or_default(),
            data: request.input.into_input().unwrap_or_default(),
            refusal: None,
        }
    }

    /// One that is refused with exactly this error.
    pub(crate) fn refused(
        what: &'static str,
        request: TransactionRequest,
        error: &impl SolError,
    ) -> Self {
        Self {
            refusal: Some(error.abi_encode()),
            ..Self::allowed(what, request)
        }
    }

    /// One that comes back into a contract that is paying.
    pub(crate) fn locked(what: &'static str, request: TransactionRequest) -> Self {
        Self::refused(what, request, &ReentrantCall {})
    }
}

/// The contract.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Account(pub(crate) Address);

impl Account {
    /// Makes what it is prepared for when it is paid; before that it takes ETH quietly.
    pub(crate) async fn create(world: &World) -> Result<Self> {
        Self::that(world, RUNS_ITS_SCRIPT).await
    }

    /// Runs this code, 100 bytes at most, when it is paid. Jumps in it count from its fifth byte.
    pub(crate) async fn that(world: &World, when_paid: &[u8]) -> Result<Self> {
        let told = u8::try_from(when_paid.len() + 4)?;
        let (done, set) = (told + 38, told + 42);
        // JUMPI(told, CALLDATASIZE)
        let mut code = vec![0x36, 0x60, told, 0x57];
        code.extend_from_slice(when_paid);
        // told: a single word is the address of a script.
        code.extend([0x5b, 0x60, 0x20, 0x36, 0x14, 0x60, set, 0x57]);
        // CALLDATACOPY(0, 64, size), size = CALLDATASIZE - 64
        code.extend([0x60, 0x40, 0x36, 0x03, 0x80, 0x60, 0x40, 0x5f, 0x37]);
        // CALL(GAS, word 0, word 1, 0, size, 0, 0), and its answer for an own one.
        code.extend([
            0x5f, 0x5f, 0x91, 0x5f, 0x60, 0x20, 0x35, 0x5f, 0x35, 0x5a, 0xf1,
        ]);
        code.extend([0x3d, 0x5f, 0x5f, 0x3e, 0x60, done, 0x57, 0x3d, 0x5f, 0xfd]);
        // done: JUMPDEST RETURN(0, RETURNDATASIZE)
        code.extend([0x5b, 0x3d, 0x5f, 0xf3]);
        // set: SSTORE(0, word 0)
        code.extend([0x5b, 0x5f, 0x35, 0x5f, 0x55, 0x00]);
        let account = Self(puppet::create(world, &code).await?);
        world.welcome(Person(account.0));
        Ok(account)
    }

    /// A call of the contract's own, for somebody else to send.
    pub(crate) fn order(self, request: TransactionRequest) -> TransactionRequest {
        let mut data = target(&request).into_word().to_vec();
        data.extend(request.value.unwrap_or_default().to_be_bytes::<32>());
        data.extend(request.input.into_input().unwrap_or_default());
        TransactionRequest::default()
            .with_to(self.0)
            .with_value(request.value.unwrap_or_default())
            .with_input(data)
            .with_gas_limit(PLENTY)
    }

    /// Makes a call; the stranger pays what it costs and sends the value.
    pub(crate) async fn act(
        self,
        world: &World,
        request: TransactionRequest,
    ) -> Result<TransactionReceipt> {
        world.send(world.stranger, self.order(request)).await
    }

    /// From now on it makes these calls when it is paid, and logs the answer of each.
    pub(crate) async fn prepare(self, world: &World, attempts: &[Attempt]) -> Result<()> {
        let script = puppet::create(world, &script(attempts)?).await?;
        let set = TransactionRequest::default()
            .with_to(self.0)
            .with_input(script.into_word().to_vec());
        world.send(world.stranger, set).await?;
        Ok(())
    }

    /// Pays it by `request`, and checks that every attempt was made and ended as it should.
    pub(crate) async fn paid_by(
        self,
        world: &World,
        person: Person,
        request: TransactionRequest,
        attempts: &[Attempt],
    ) -> Result<TransactionReceipt> {
        self.prepare(world, attempts).await?;
        let request = request.with_gas_limit(PLENTY);
        let receipt = world.send(person, request).await?;
        let logs = receipt.inner.logs().iter();
        let mut answers = logs.filter(|log| log.address() == self.0);
        for attempt in attempts {
            let answer = answers.next().ok_or_eyre("it was not paid")?;
            let passed = answer.topics().iter().all(|topic| !topic.is_zero());
            let said = &answer.inner.data.data;
            let as_expected = match &attempt.refusal {
                None => passed,
                Some(refusal) => !passed && said[..] == refusal[..],
            };
            ensure!(
                as_expected,
                "{} ended otherwise: passed {passed}, {said}",
                attempt.what
            );
        }
        Ok(receipt)
    }
}

/// Code that makes these calls one after the other and logs each answer with 1 or 0 for a topic.
fn script(attempts: &[Attempt]) -> Result<Vec<u8>> {
    // What one call takes without its calldata.
    const CALL: usize = 61;
    let mut code = Vec::new();
    let mut tail = Vec::new();
    for attempt in attempts {
        let at = u16::try_from(attempts.len() * CALL + 1 + tail.len())?.to_be_bytes();
        let length = u16::try_from(attempt.data.len())?.to_be_bytes();
        // CODECOPY(0, at, length)
        code.extend([0x61, length[0], length[1], 0x61, at[0], at[1], 0x5f, 0x39]);
        // CALL(GAS, target, value, 0, length, 0, 0)
        code.extend([0x5f, 0x5f, 0x61, length[0], length[1], 0x5f, 0x6f]);
        code.extend(u128::try_from(attempt.value)?.to_be_bytes());
        code.push(0x73);
        code.extend(attempt.target);
        code.extend([0x5a, 0xf1]);
        // RETURNDATACOPY(0, 0, RETURNDATASIZE); LOG1(0, RETURNDATASIZE, whether it passed)
        code.extend([0x3d, 0x5f, 0x5f, 0x3e, 0x3d, 0x5f, 0xa1]);
        tail.extend_from_slice(&attempt.data);
    }
    ensure!(code.len() == attempts.len() * CALL, "calls of another size");
    code.push(0x00);
    code.extend(tail);
    Ok(code)
}

fn target(request: &TransactionRequest) -> Address {
    let kind = request.to.unwrap_or_default();
    kind.to().copied().unwrap_or_default()
}
