//! The chain that the twins stand on, and how they are called there.

use alloy::primitives::{Address, Bytes, Log, U256};
use alloy::providers::Provider;
use alloy::sol_types::SolCall;
use eyre::{OptionExt, Result, ensure, eyre};
use nitro_devnode::chain::{CallOptions, CallRequest, Receipt};
use operations::{PEOPLE, Party};
use serde_json::json;

use crate::world::World;

/// Enough for any operation, and known, so that refused ones are sent as well.
const GAS: u64 = 8_000_000;

/// The chain with our protocol, and the people of the operations.
pub(super) struct Ground {
    pub(super) world: World,
    pub(super) people: [Address; PEOPLE],
    /// Creates the twins and fills them; takes part in nothing else.
    pub(super) clerk: Address,
    /// Contracts that receive tokens.
    pub(super) contracts: Vec<Address>,
}

/// How a call ended.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) accepted: bool,
    /// What it returned, or the reason of the refusal.
    pub(super) data: Bytes,
    pub(super) logs: Vec<Log>,
}

impl Ground {
    /// People without anything but ETH.
    pub(super) fn on(world: World) -> Self {
        let people = [
            world.alice,
            world.bob,
            world.carol,
            world.operators[0],
            world.stranger,
        ];
        Self {
            people: people.map(|person| person.0),
            clerk: world.operators[3].0,
            contracts: Vec::new(),
            world,
        }
    }

    pub(super) fn person(&self, number: usize) -> Address {
        self.people.get(number).copied().unwrap_or_default()
    }

    pub(super) fn party(&self, party: Party) -> Address {
        match party {
            Party::Person(number) => self.person(number),
            Party::Nobody => Address::ZERO,
            Party::Contract(number) => self.contracts.get(number).copied().unwrap_or_default(),
        }
    }

    /// Sends a transaction with this calldata and no ETH; what it returns is what the same call
    /// returned just before.
    pub(super) async fn send(&self, from: Address, to: Address, data: &[u8]) -> Result<Answer> {
        let asked = self.call(from, to, data);
        let data = Bytes::copy_from_slice(data);
        let request = json!({ "from": from, "to": to, "gas": U256::from(GAS), "data": data });
        let receipt = self.sealed(request).await?;
        ensure!(
            asked.is_ok() == receipt.success,
            "a call and its transaction end differently"
        );
        Ok(Answer {
            accepted: receipt.success,
            data: asked.unwrap_or_else(|refused| refused),
            logs: receipt.logs,
        })
    }

    /// The clerk creates a contract.
    pub(super) async fn create(&self, init: impl Into<Bytes>) -> Result<Address> {
        let data: Bytes = init.into();
        let request = json!({ "from": self.clerk, "data": data });
        let receipt = self.sealed(request).await?;
        ensure!(receipt.success, "a creation failed");
        receipt.contract_address.ok_or_eyre("a creation creates")
    }

    /// The clerk sends what must succeed.
    pub(super) async fn pay(&self, to: Address, data: Vec<u8>, value: U256) -> Result<()> {
        let data = Bytes::from(data);
        let request = json!({ "from": self.clerk, "to": to, "data": data, "value": value });
        ensure!(self.sealed(request).await?.success, "a transaction failed");
        Ok(())
    }

    /// What became of a transaction that the node signs, which costs one question instead of five.
    async fn sealed(&self, request: serde_json::Value) -> Result<Receipt> {
        let provider = &self.world.provider;
        let hash = provider.raw_request("eth_sendTransaction".into(), (request,));
        let located = self.world.reader().transaction(hash.await?);
        let located = located.ok_or_eyre("a devnode seals a block for each transaction")?;
        let sent = located.transaction().ok_or_eyre("it is in its block")?;
        Ok(sent.receipt.clone())
    }

    /// As [`Ground::send`] for what must not be refused.
    pub(super) async fn done<C: SolCall>(
        &self,
        from: Address,
        to: Address,
        call: &C,
    ) -> Result<()> {
        let answer = self.send(from, to, &call.abi_encode()).await?;
        ensure!(
            answer.accepted,
            "{} is refused: {}",
            C::SIGNATURE,
            answer.data
        );
        Ok(())
    }

    /// What a view of the newest state says, or the reason why it refuses.
    pub(super) fn view(&self, to: Address, data: &[u8]) -> Result<Bytes, Bytes> {
        self.call(Address::ZERO, to, data)
    }

    /// The answer of a view that never refuses.
    pub(super) fn read<C: SolCall>(&self, to: Address, call: &C) -> Result<C::Return> {
        let answer = self.view(to, &call.abi_encode());
        let answer = answer.map_err(|data| eyre!("{} is refused: {data}", C::SIGNATURE))?;
        Ok(C::abi_decode_returns(&answer)?)
    }

    fn call(&self, from: Address, to: Address, data: &[u8]) -> Result<Bytes, Bytes> {
        let reader = self.world.reader();
        let Some(head) = reader.head() else {
            return Err(Bytes::new());
        };
        let request = CallRequest {
            from,
            to: Some(to),
            gas: Some(GAS),
            data: Bytes::copy_from_slice(data),
            ..CallRequest::default()
        };
        let answer = reader.call(&request, &head, CallOptions::default());
        // Running out of gas is a refusal without data.
        answer.map_err(|error| error.data().cloned().unwrap_or_default())
    }
}
