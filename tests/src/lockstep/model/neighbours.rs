//! Contracts that are not the protocol's, as the protocol meets them: it pays, asks and tells them.

use alloy::primitives::{Address, B256, Bytes, Log, U256};
use alloy::sol;
use alloy::sol_types::SolCall;
use client::abi::IStakingPool::TransferFailed;

use super::permits::Signed;
use super::positions::onERC721ReceivedCall;
use super::{Model, Refusal, refuse};

sol! {
    /// What a wallet is asked that is said to have signed (ERC-1271).
    function isValidSignature(bytes32 hash, bytes signature) returns (bytes4);
}

/// What a stranger does whenever it is called or paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lockstep) enum Neighbour {
    /// Reverts.
    Refuser,
    /// Burns all gas that it is given.
    Burner,
    /// Returns as many zeros as the gas of a hook buys.
    Bomb,
    /// Logs what it is told, and answers nothing.
    Listener,
    /// Logs what it is told, and answers that it takes the token.
    Collector,
    /// Answers that it has signed, whatever it is asked.
    Agreeable,
    /// Takes tokens, and has signed what this key has.
    Wallet(Address),
}

impl Model {
    /// Whether there is code at an address.
    pub(super) fn is_contract(&self, account: Address) -> bool {
        let at = self.at;
        let ours = [at.pool, at.registry, at.queue, at.wrapped, at.vault];
        ours.contains(&account) || self.neighbours.contains_key(&account)
    }

    /// Contracts that may have signed.
    pub(in crate::lockstep) fn signatories(&self) -> Vec<Address> {
        let all = self.neighbours.iter();
        let signatories =
            all.filter(|(_, one)| matches!(one, Neighbour::Wallet(_) | Neighbour::Agreeable));
        signatories.map(|(account, _)| *account).collect()
    }

    /// Sends ETH to strangers, or to the vault.
    pub(super) fn send(&mut self, receiver: Address, assets: U256) -> Result<(), Refusal> {
        if receiver == self.at.vault && !self.vault.claiming {
            return refuse(&TransferFailed { receiver, assets });
        }
        if self.neighbours.contains_key(&receiver) {
            if self.answer(receiver, &[]).is_none() {
                return refuse(&TransferFailed { receiver, assets });
            }
            *self.paid.entry(receiver).or_default() += assets;
        }
        Ok(())
    }

    /// What a contract answers to a call that may write; nothing if it fails. None of the
    /// protocol's own has an answer to what is asked of strangers.
    pub(super) fn answer(&mut self, contract: Address, calldata: &[u8]) -> Option<Vec<u8>> {
        let neighbour = *self.neighbours.get(&contract)?;
        if matches!(neighbour, Neighbour::Listener | Neighbour::Collector) {
            let heard = Log::new_unchecked(contract, Vec::new(), Bytes::copy_from_slice(calldata));
            self.logs.push(heard);
        }
        neighbour.answer(calldata)
    }

    /// Whether a contract says that it has signed; it is asked so that it cannot log.
    pub(super) fn agrees(&self, account: Address, hash: B256, signature: &[u8]) -> bool {
        let accepted =
            isValidSignatureCall::abi_encode_returns(&isValidSignatureCall::SELECTOR.into());
        let question = isValidSignatureCall {
            hash,
            signature: signature.to_vec().into(),
        };
        match self.neighbours.get(&account) {
            None | Some(Neighbour::Listener | Neighbour::Collector) => false,
            Some(neighbour) => neighbour.answer(&question.abi_encode()) == Some(accepted),
        }
    }
}

impl Neighbour {
    fn answer(self, calldata: &[u8]) -> Option<Vec<u8>> {
        let word = |selector: [u8; 4]| B256::right_padding_from(&selector).to_vec();
        let nothing = Some(Vec::new());
        match self {
            Self::Refuser | Self::Burner => None,
            Self::Bomb => Some(vec![0; 200_000]),
            Self::Listener => nothing,
            Self::Collector => Some(word(onERC721ReceivedCall::SELECTOR)),
            Self::Agreeable => Some(word(isValidSignatureCall::SELECTOR)),
            Self::Wallet(key) => {
                if calldata.starts_with(&onERC721ReceivedCall::SELECTOR) {
                    return Some(word(onERC721ReceivedCall::SELECTOR));
                }
                let Ok(question) = isValidSignatureCall::abi_decode(calldata) else {
                    return nothing;
                };
                let signed = Signed::padded(&question.signature);
                let agrees = signed.recovers(question.hash) == key;
                Some(match agrees {
                    true => word(isValidSignatureCall::SELECTOR),
                    false => vec![0; 32],
                })
            }
        }
    }
}
