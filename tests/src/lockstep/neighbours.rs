//! The code of contracts that the protocol did not write; what each does, the model says.

use std::collections::BTreeMap;

use alloy::primitives::Address;
use eyre::Result;

use super::model::Neighbour;
use crate::puppet;
use crate::world::World;

/// `PUSH0 PUSH0 REVERT`
const REFUSER: &[u8] = &[0x5f, 0x5f, 0xfd];
/// `JUMPDEST PUSH0 JUMP`
const BURNER: &[u8] = &[0x5b, 0x5f, 0x56];
/// `PUSH3 200000 PUSH0 RETURN`
const BOMB: &[u8] = &[0x62, 0x03, 0x0d, 0x40, 0x5f, 0xf3];
/// `CALLDATASIZE PUSH0 PUSH0 CALLDATACOPY CALLDATASIZE PUSH0 LOG0`
const LISTENER: &[u8] = &[0x36, 0x5f, 0x5f, 0x37, 0x36, 0x5f, 0xa0];
/// `PUSH1 224 SHL PUSH0 MSTORE PUSH1 32 PUSH0 RETURN`: four bytes as a word.
const ANSWER: &[u8] = &[0x60, 0xe0, 0x1b, 0x5f, 0x52, 0x60, 0x20, 0x5f, 0xf3];
/// `PUSH4 onERC721Received.selector`
const TAKEN: &[u8] = &[0x63, 0x15, 0x0b, 0x7a, 0x02];
/// `PUSH4 isValidSignature.selector`
const SIGNED: &[u8] = &[0x63, 0x16, 0x26, 0xba, 0x7e];

/// One contract of each kind, and a wallet for each of `keys`.
pub(super) async fn settle(
    world: &World,
    keys: &[Address],
) -> Result<BTreeMap<Address, Neighbour>> {
    let mut neighbours = BTreeMap::new();
    let kinds = [
        (Neighbour::Refuser, REFUSER.to_vec()),
        (Neighbour::Burner, BURNER.to_vec()),
        (Neighbour::Bomb, BOMB.to_vec()),
        (Neighbour::Listener, LISTENER.to_vec()),
        (Neighbour::Collector, [LISTENER, TAKEN, ANSWER].concat()),
        (Neighbour::Agreeable, [SIGNED, ANSWER].concat()),
    ];
    let wallets = keys
        .iter()
        .map(|&key| (Neighbour::Wallet(key), wallet(key)));
    for (kind, code) in kinds.into_iter().chain(wallets) {
        neighbours.insert(puppet::create(world, &code).await?, kind);
    }
    Ok(neighbours)
}

/// Takes tokens; asked for a signature, compares what `ecrecover` makes of it with its key.
fn wallet(key: Address) -> Vec<u8> {
    // The selector, PUSH0 CALLDATALOAD PUSH1 224 SHR: for either of two the code goes on at the
    // JUMPDESTs 26 and 36, and otherwise stops.
    let mut code = vec![0x5f, 0x35, 0x60, 0xe0, 0x1c];
    for (selector, place) in [(TAKEN, 26), (SIGNED, 36)] {
        // DUP1 PUSH4 selector EQ PUSH1 place JUMPI
        code.push(0x80);
        code.extend(selector);
        code.extend([0x14, 0x60, place, 0x57]);
    }
    // STOP, JUMPDEST
    code.extend([0x00, 0x5b]);
    code.extend(ANSWER);
    // JUMPDEST; the hash, CALLDATALOAD(4), to 0; v, CALLDATALOAD(164) >> 248, to 32
    code.extend([0x5b, 0x60, 0x04, 0x35, 0x5f, 0x52]);
    code.extend([0x60, 0xa4, 0x35, 0x60, 0xf8, 0x1c, 0x60, 0x20, 0x52]);
    // r, CALLDATALOAD(100), to 64; s, CALLDATALOAD(132), to 96
    code.extend([0x60, 0x64, 0x35, 0x60, 0x40, 0x52]);
    code.extend([0x60, 0x84, 0x35, 0x60, 0x60, 0x52]);
    // STATICCALL(GAS, ecrecover, 0, 128, 128, 32) POP
    code.extend([0x60, 0x20, 0x60, 0x80, 0x60, 0x80, 0x5f, 0x60, 0x01]);
    code.extend([0x5a, 0xfa, 0x50]);
    // The selector if MLOAD(128) is the key, and else zero: PUSH20 key EQ MUL
    code.extend([0x60, 0x80, 0x51, 0x73]);
    code.extend(key);
    code.extend([0x14, 0x02]);
    code.extend(ANSWER);
    code
}
