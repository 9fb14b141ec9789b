//! Raw transactions: bytes as they come, and well-signed ones with mutated contents.
//!
//! A refused transaction changes nothing, an executed one pays for what it used, and the chain
//! goes on afterwards.
use std::cell::RefCell;

use alloy::{
    consensus::{Transaction as _, TxEip1559, TxEip2930, TxEip7702, TxLegacy},
    eips::{
        eip2930::{AccessList, AccessListItem},
        eip7702::{Authorization, SignedAuthorization},
    },
    primitives::{Address, B256, Bytes, TxKind, U256, address},
    signers::{SignerSync, local::PrivateKeySigner},
};
use arbitrary::{Result, Unstructured};
use nitro_devnode::{
    chain::{Chain, Incoming, Rejected, Unsigned},
    evm::TxError,
};
use serde_json::Value;

use crate::{
    choice,
    world::{self, known_addresses},
};

/// The first byte of inputs that describe transactions instead of being one: no transaction
/// starts with it.
const DESCRIBED: u8 = 0x7f;

/// Most gas of a described transaction: what runs must end soon.
const MOST_GAS: u64 = 3_000_000;

/// Wei per gas of a chain that is idle.
const BASE_FEE: u128 = 100_000_000;

/// Somebody whom no input knows.
const STRANGER: Address = address!("0x000000000000000000000000000000000057a46e");

struct World {
    chain: Chain,
    people: Vec<PrivateKeySigner>,
    known: Vec<Address>,
    /// The newest block before any input, and the state after it.
    head: B256,
    state: Value,
}

impl World {
    fn new() -> Self {
        let chain = world::chain(51);
        Self {
            head: chain.reader().head().expect("a genesis").hash,
            state: world::state(&chain),
            chain,
            people: world::people(),
            known: known_addresses(),
        }
    }
}

thread_local! {
    static WORLD: RefCell<World> = RefCell::new(World::new());
}

/// Sends what `input` holds or describes to a chain, and takes it back.
pub fn check(input: &[u8]) {
    WORLD.with_borrow_mut(|world| {
        let start = world.chain.snapshot();
        match input.split_first() {
            Some((&DESCRIBED, description)) => {
                // Too short a description ends the list of transactions.
                let _ = describe(world, &mut Unstructured::new(description));
            }
            _ => {
                submit(world, Bytes::copy_from_slice(input));
            }
        }
        is_alive(world);
        assert!(world.chain.revert(start), "the snapshot is there");
        let after = world::state(&world.chain);
        assert!(after == world.state, "the snapshot takes everything back");
    });
}

/// Signs and sends up to four transactions, which may create what the next one calls.
fn describe(world: &mut World, u: &mut Unstructured<'_>) -> Result<()> {
    let mut known = world.known.clone();
    for _ in 0..4 {
        if u.is_empty() {
            break;
        }
        let key = u.choose(&world.people)?.clone();
        let mut nonce = world.chain.pending_nonce(key.address());
        if u.ratio(1, 24)? {
            nonce = u.arbitrary()?;
        }
        let chain_id = world.chain.reader().config().chain_id;
        let tx = transaction(u, &known, &world.people, nonce, chain_id)?;
        let tx = Incoming::signed(tx, &key).expect("a key in memory signs");
        known.push(key.address().create(nonce));
        submit(world, tx.raw);
    }
    Ok(())
}

fn transaction(
    u: &mut Unstructured<'_>,
    known: &[Address],
    people: &[PrivateKeySigner],
    nonce: u64,
    chain_id: u64,
) -> Result<Unsigned> {
    let to = match u.ratio(1, 4)? {
        true => TxKind::Create,
        false => TxKind::Call(choice::address(u, known)?),
    };
    let value = match u.ratio(1, 3)? {
        true => choice::number(u)?,
        false => U256::ZERO,
    };
    let gas_limit = match u.ratio(1, 12)? {
        true => u.arbitrary()?,
        false => MOST_GAS.min(21_000 + 64 * u64::from(u.arbitrary::<u16>()?)),
    };
    let gas_price = match u.ratio(1, 12)? {
        true => u.arbitrary()?,
        false => BASE_FEE + u128::from(u.arbitrary::<u8>()?),
    };
    let input = input(u, known)?;
    Ok(match u.int_in_range(0..=3)? {
        0 => Unsigned::Legacy(TxLegacy {
            chain_id: u.ratio(7, 8)?.then_some(chain_id),
            nonce,
            gas_price,
            gas_limit,
            to,
            value,
            input,
        }),
        1 => Unsigned::Eip2930(TxEip2930 {
            chain_id,
            nonce,
            gas_price,
            gas_limit,
            to,
            value,
            access_list: access_list(u, known)?,
            input,
        }),
        2 => Unsigned::Eip1559(TxEip1559 {
            chain_id,
            nonce,
            gas_limit,
            max_fee_per_gas: gas_price,
            max_priority_fee_per_gas: u.arbitrary::<u16>()?.into(),
            to,
            value,
            access_list: access_list(u, known)?,
            input,
        }),
        _ => Unsigned::Eip7702(TxEip7702 {
            chain_id,
            nonce,
            gas_limit,
            max_fee_per_gas: gas_price,
            max_priority_fee_per_gas: 0,
            to: to.to().copied().unwrap_or_default(),
            value,
            access_list: AccessList::default(),
            authorization_list: authorizations(u, known, people)?,
            input,
        }),
    })
}

/// Code, a call passed on, or any bytes.
fn input(u: &mut Unstructured<'_>, known: &[Address]) -> Result<Bytes> {
    Ok(match u.int_in_range(0..=3)? {
        // Init code that stores what follows it as code: CODECOPY, RETURN.
        0 => {
            let code = choice::bytes(u, 255)?;
            let length = u8::try_from(code.len()).expect("at most 255 bytes were drawn");
            let mut init = vec![0x60, length, 0x60, 11, 0x5f, 0x39, 0x60, length, 0x5f, 0xf3];
            // The eleventh byte fills up to the offset.
            init.push(0);
            init.extend(code);
            init.into()
        }
        1 => {
            let mut call = choice::address(u, known)?.into_word().to_vec();
            call.extend(u.arbitrary::<[u8; 4]>()?);
            call.extend(choice::arguments(u, known)?);
            call.into()
        }
        2 => {
            let mut call = u.arbitrary::<[u8; 4]>()?.to_vec();
            call.extend(choice::arguments(u, known)?);
            call.into()
        }
        _ => choice::bytes(u, 2_048)?,
    })
}

fn access_list(u: &mut Unstructured<'_>, known: &[Address]) -> Result<AccessList> {
    let mut items = Vec::new();
    for _ in 0..u.int_in_range(0..=3)? {
        let address = choice::address(u, known)?;
        let slots = (0..u.int_in_range(0..=2)?)
            .map(|_| Ok(B256::from(choice::number(u)?)))
            .collect::<Result<_>>()?;
        items.push(AccessListItem {
            address,
            storage_keys: slots,
        });
    }
    Ok(AccessList(items))
}

fn authorizations(
    u: &mut Unstructured<'_>,
    known: &[Address],
    people: &[PrivateKeySigner],
) -> Result<Vec<SignedAuthorization>> {
    let mut list = Vec::new();
    for _ in 0..u.int_in_range(0..=3)? {
        let authorization = Authorization {
            chain_id: match u.ratio(1, 2)? {
                true => U256::ZERO,
                false => choice::number(u)?,
            },
            address: choice::address(u, known)?,
            nonce: u.int_in_range(0..=9)?,
        };
        let key = u.choose(people)?;
        let signature = key
            .sign_hash_sync(&authorization.signature_hash())
            .expect("a key in memory signs");
        list.push(if u.ratio(1, 8)? {
            let (r, s) = (choice::number(u)?, choice::number(u)?);
            SignedAuthorization::new_unchecked(authorization, u.arbitrary()?, r, s)
        } else {
            authorization.into_signed(signature)
        });
    }
    Ok(list)
}

/// Hands bytes in as `eth_sendRawTransaction` does.
fn submit(world: &mut World, raw: Bytes) {
    let chain = &mut world.chain;
    let chain_id = chain.reader().config().chain_id;
    let Ok(tx) = Incoming::decode(raw.clone(), chain_id) else {
        return;
    };
    assert_eq!(tx.raw, raw, "what is decoded is kept");
    let before = chain.reader().head().expect("a genesis");
    let sender = chain.reader().account(before.header.number, tx.sender);
    world::next_second(chain);
    let gas_limit = tx.envelope.gas_limit();
    let payer = tx.sender;
    match chain.send(tx) {
        Ok(hash) => {
            let located = chain.reader().transaction(hash).expect("it is in a block");
            let included = located.transaction().expect("it is in its block");
            let receipt = &included.receipt;
            assert_eq!(located.block.header.number, before.header.number + 1);
            assert!(receipt.gas_used <= gas_limit, "{receipt:?}");
            assert!(receipt.gas_used_for_l1 <= receipt.gas_used, "{receipt:?}");
            let after = chain.reader().account(located.block.header.number, payer);
            assert!(after.nonce > sender.nonce, "the nonce is used up");
        }
        Err(Rejected::Invalid(TxError::Execution(why) | TxError::Database(why))) => {
            panic!("the machine failed: {why}")
        }
        Err(_) => {
            let head = chain.reader().head().expect("a genesis");
            assert_eq!(head.hash, before.hash, "no block for a refused transaction");
            assert!(chain.waiting().is_empty(), "nothing waits");
            // Only the state before the first transaction is at hand.
            if head.hash == world.head {
                let unchanged = world::state(chain) == world.state;
                assert!(unchanged, "a refused transaction changes nothing");
            }
        }
    }
}

/// A transfer of somebody whose nonce no input can have spoilt is executed.
fn is_alive(world: &mut World) {
    let payer = world.people[0].clone();
    world.chain.impersonate(STRANGER);
    world
        .chain
        .set_balance(STRANGER, U256::from(BASE_FEE * 100_000_000));
    let fee = world::base_fee(&world.chain);
    let tx = Unsigned::Legacy(TxLegacy {
        chain_id: None,
        nonce: world.chain.pending_nonce(STRANGER),
        gas_price: fee.into(),
        gas_limit: 10_000_000,
        to: payer.address().into(),
        value: U256::ONE,
        input: Bytes::new(),
    });
    world::next_second(&mut world.chain);
    let sent = world.chain.send(Incoming::unsigned(tx, STRANGER));
    assert!(sent.is_ok(), "the chain goes on: {sent:?}");
}
