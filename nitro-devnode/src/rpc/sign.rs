//! Signatures of the accounts whose keys the node has, for what is not sent.
use std::sync::Arc;

use alloy::{
    primitives::{Address, Bytes, eip191_hash_message},
    rpc::types::TransactionRequest,
    signers::{SignerSync, local::PrivateKeySigner},
};
use alloy_dyn_abi::eip712::TypedData;
use jsonrpsee::RpcModule;

use super::{Args, Registered, Rpc, answer, answer_later, errors::RpcError, send::complete};
use crate::chain::{Incoming, Rejected};

pub(super) fn register(module: &mut RpcModule<Rpc>) -> Registered {
    answer(module, "eth_sign", sign)?;
    answer(module, "personal_sign", personal_sign)?;
    answer(module, "eth_signTypedData_v4", sign_typed_data)?;
    answer_later(module, "eth_signTransaction", sign_transaction)
}

impl Rpc {
    fn needed_signer(&self, address: Address) -> Result<&PrivateKeySigner, RpcError> {
        Ok(self.signer(address).ok_or(Rejected::UnknownAccount)?)
    }
}

fn sign(rpc: &Rpc, mut args: Args) -> Result<Bytes, RpcError> {
    let address: Address = args.required(0)?;
    let message: Bytes = args.required(1)?;
    sign_message(rpc, address, &message)
}

fn personal_sign(rpc: &Rpc, mut args: Args) -> Result<Bytes, RpcError> {
    let message: Bytes = args.required(0)?;
    let address: Address = args.required(1)?;
    sign_message(rpc, address, &message)
}

fn sign_message(rpc: &Rpc, address: Address, message: &[u8]) -> Result<Bytes, RpcError> {
    let signer = rpc.needed_signer(address)?;
    let signature = signer.sign_hash_sync(&eip191_hash_message(message))?;
    Ok(signature.as_bytes().into())
}

/// Takes an object, or the text of one, as wallets send it.
fn sign_typed_data(rpc: &Rpc, mut args: Args) -> Result<Bytes, RpcError> {
    let address: Address = args.required(0)?;
    let data: TypedData = args.required(1)?;
    let signer = rpc.needed_signer(address)?;
    let hash = data
        .eip712_signing_hash()
        .map_err(|error| RpcError::Invalid {
            index: 1,
            why: error.to_string(),
        })?;
    Ok(signer.sign_hash_sync(&hash)?.as_bytes().into())
}

/// The bytes that `eth_sendRawTransaction` takes, what the request leaves open filled in.
async fn sign_transaction(rpc: Arc<Rpc>, mut args: Args) -> Result<Bytes, RpcError> {
    let request: TransactionRequest = args.required(0)?;
    let from = request.from.ok_or(Rejected::UnknownAccount)?;
    let signer = rpc.needed_signer(from)?;
    let tx = complete(&rpc, request, from).await?;
    Ok(Incoming::signed(tx, signer)?.raw)
}
