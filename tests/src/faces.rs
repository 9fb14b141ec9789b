//! The methods of every contract, as the bindings and the interfaces list them.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolInterface;
use client::abi;
use client::contract::Contract;
use client::protocol::Role;

use crate::world::World;

/// A contract's methods, and where it is.
pub(crate) struct Face {
    pub(crate) address: Address,
    /// Name of the interface.
    pub(crate) interface: &'static str,
    selectors: &'static [[u8; 4]],
    signatures: &'static [&'static str],
    /// The interface, which says what is payable and who may call.
    source: &'static str,
    /// How the bindings read calldata, written anew.
    rewrite: fn(&[u8]) -> Option<Vec<u8>>,
}

/// What an interface lists, at an address. A macro, because no trait has the lists of signatures.
macro_rules! face {
    ($interface:ident::$calls:ident at $address:expr) => {
        Face {
            address: $address,
            interface: stringify!($interface),
            selectors: abi::$interface::$calls::SELECTORS,
            signatures: abi::$interface::$calls::SIGNATURES,
            source: include_str!(concat!(
                "../../contracts/interfaces/",
                stringify!($interface),
                ".sol"
            )),
            rewrite: |data| {
                let call = abi::$interface::$calls::abi_decode(data).ok()?;
                Some(call.abi_encode())
            },
        }
    };
}

/// Every interface of every contract.
pub(crate) fn faces(world: &World) -> Vec<Face> {
    let protocol = &world.protocol;
    let mut faces = vec![
        face!(IStakingPool::IStakingPoolCalls at *protocol.pool.address()),
        face!(IValidatorRegistry::IValidatorRegistryCalls at *protocol.registry.address()),
        face!(IWithdrawalQueue::IWithdrawalQueueCalls at *protocol.queue.address()),
        face!(IWrappedToken::IWrappedTokenCalls at *protocol.wrapped.address()),
        face!(IEtherVault::IEtherVaultCalls at *protocol.vault.address()),
    ];
    faces.extend(Contract::ALL.map(
        |contract| face!(IAdministration::IAdministrationCalls at protocol.address(contract)),
    ));
    faces
}

impl Face {
    pub(crate) fn methods(&self) -> impl Iterator<Item = ([u8; 4], &'static str)> {
        let signatures = self.signatures.iter().copied();
        self.selectors.iter().copied().zip(signatures)
    }

    /// Calldata as the bindings understand it, its tails in order and without gaps; `None` if they do not.
    pub(crate) fn canonical(&self, calldata: &[u8]) -> Option<Vec<u8>> {
        (self.rewrite)(calldata)
    }

    /// Whether the interface says that a method changes nothing.
    pub(crate) fn is_view(&self, signature: &str) -> bool {
        self.says(signature, " view")
    }

    /// Whether the interface says that a method takes ETH.
    pub(crate) fn is_payable(&self, signature: &str) -> bool {
        self.says(signature, "payable")
    }

    /// The role that the interface says a method takes: what its notice begins with.
    pub(crate) fn role(&self, signature: &str) -> Option<Role> {
        let name = signature.split('(').next()?;
        let (before, _) = self.source.split_once(&format!("function {name}("))?;
        // The last line is the method's own, up to its name.
        let lines = before.lines().rev().skip(1).map(str::trim_start);
        let mut said = lines.take_while(|line| line.starts_with("///"));
        let notice = said.find_map(|line| line.strip_prefix("/// @notice "))?;
        let mut roles = Role::ALL.into_iter();
        roles.find(|role| notice.starts_with(role.name()) && !self.is_view(signature))
    }

    fn says(&self, signature: &str, word: &str) -> bool {
        let name = signature.split('(').next().unwrap_or_default();
        let start = self.source.find(&format!("function {name}("));
        let declaration = start.and_then(|at| self.source[at..].split(';').next());
        declaration.is_some_and(|text| text.contains(word))
    }
}

/// The types of a signature, in order. A struct of ours is words, which lie in line.
pub(crate) fn types(signature: &str) -> Vec<&str> {
    let inside = signature.split_once('(').map(|(_, rest)| rest);
    let inside = inside.and_then(|rest| rest.strip_suffix(')'));
    let inside = inside.unwrap_or_default().split(',');
    let inside = inside.map(|kind| kind.trim_matches(['(', ')']));
    inside.filter(|kind| !kind.is_empty()).collect()
}

/// Whether a type is as long as its value.
pub(crate) fn is_dynamic(kind: &str) -> bool {
    kind.ends_with("[]") || kind == "string" || kind == "bytes"
}

/// Well-formed arguments: ones, and an empty tail for whatever is dynamic.
pub(crate) fn arguments(kinds: &[&str]) -> Vec<u8> {
    let mut words = Vec::new();
    let mut tails = 0;
    for kind in kinds {
        let word = if is_dynamic(kind) {
            tails += 1;
            U256::from(32 * (kinds.len() + tails - 1))
        } else if *kind == "bytes4" {
            U256::ONE << 224
        } else {
            U256::ONE
        };
        words.push(word);
    }
    words.extend(std::iter::repeat_n(U256::ZERO, tails));
    words.iter().flat_map(U256::to_be_bytes::<32>).collect()
}
