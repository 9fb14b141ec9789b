//! Calldata that is not what the ABI says, for every selector of every contract: refused with no
//! data, whoever sends it, and nothing changes.

use alloy::primitives::{Address, Bytes, U256, hex};
use eyre::{OptionExt, Result, ensure};
use nitro_devnode::chain::{CallOptions, CallRequest};

use crate::faces::{arguments, faces, is_dynamic, types};
use crate::world::World;

/// The argument with bits set that its type does not have; `None` if every word is one of its values.
fn dirty(kind: &str) -> Option<U256> {
    let bits = match kind {
        "address" => 160,
        "bool" => return Some(U256::from(2)),
        "bytes4" => return Some(U256::ONE),
        kind => kind.strip_prefix("uint")?.parse::<usize>().ok()?,
    };
    (bits < 256).then(|| (U256::ONE << bits) | U256::ONE)
}

/// Every way in which we spoil the arguments of a method.
fn spoilt(kinds: &[&str]) -> Vec<Vec<u8>> {
    let good = arguments(kinds);
    let mut bad = Vec::new();
    if !good.is_empty() {
        bad.push(Vec::new());
        bad.push(good[..good.len() - 1].to_vec());
        bad.push(good[..31].to_vec());
    }
    for (place, kind) in kinds.iter().enumerate() {
        let mut replace = |word: U256| {
            let mut data = good.clone();
            data[32 * place..32 * place + 32].copy_from_slice(&word.to_be_bytes::<32>());
            bad.push(data);
        };
        if let Some(word) = dirty(kind) {
            replace(word);
        }
        if is_dynamic(kind) {
            // Offsets past the end, past 32 bits, past everything.
            for offset in [good.len() + 1, 1 << 32, usize::MAX] {
                replace(U256::from(offset));
            }
            replace(U256::MAX);
            bad.extend(long_tails(&good, kinds, place));
        }
    }
    bad
}

/// A length that the body does not have.
fn long_tails(good: &[u8], kinds: &[&str], place: usize) -> Vec<Vec<u8>> {
    let before = kinds[..place].iter().filter(|kind| is_dynamic(kind));
    let at = 32 * (kinds.len() + before.count());
    let lengths = [U256::from(3), U256::from(1_u64 << 31), U256::MAX];
    let spoil = lengths.map(|length| {
        let mut data = good.to_vec();
        data[at..at + 32].copy_from_slice(&length.to_be_bytes::<32>());
        data.extend([0; 64]);
        // Three words of a list need 96 bytes after the length; the tail may hold another's length.
        data.truncate(at + 32 + 64);
        data
    });
    let strings = !kinds[place].ends_with("[]");
    // Three bytes of a text fit into 64.
    spoil.into_iter().skip(usize::from(strings)).collect()
}

fn refused_without_words(
    world: &World,
    to: Address,
    data: Vec<u8>,
    value: u64,
    what: &str,
) -> Result<()> {
    let head = world.reader().head().ok_or_eyre("a chain has a head")?;
    let shown = hex::encode_prefixed(&data);
    let request = CallRequest {
        from: world.stranger.0,
        to: Some(to),
        value: U256::from(value),
        gas: Some(20_000_000),
        data: data.into(),
        ..CallRequest::default()
    };
    let answer = world.reader().call(&request, &head, CallOptions::default());
    let Err(error) = answer else {
        eyre::bail!("{what} accepts {shown}");
    };
    ensure!(
        error.data() == Some(&Bytes::new()) || error.data().is_none(),
        "{what} reads {shown} as arguments: {error}"
    );
    ensure!(
        error.to_string() == "execution reverted",
        "{what} answers {shown} by {error}"
    );
    Ok(())
}

#[tokio::test]
async fn spoilt_arguments_of_every_method_are_refused() -> Result<()> {
    let world = World::fresh().await?;
    let mut tried = 0;
    for face in faces(&world) {
        for (selector, signature) in face.methods() {
            for arguments in spoilt(&types(signature)) {
                let data = [&selector[..], &arguments].concat();
                refused_without_words(&world, face.address, data, 0, signature)?;
                tried += 1;
            }
        }
    }
    // Fewer would mean that methods are no longer found.
    ensure!(tried > 250, "only {tried} spoilt calls");
    Ok(())
}

#[tokio::test]
async fn well_formed_arguments_are_answered_or_refused_in_words() -> Result<()> {
    let world = World::fresh().await?;
    let head = world.reader().head().ok_or_eyre("a chain has a head")?;
    for face in faces(&world) {
        for (selector, signature) in face.methods() {
            let request = CallRequest {
                from: world.stranger.0,
                to: Some(face.address),
                data: [&selector[..], &arguments(&types(signature))]
                    .concat()
                    .into(),
                ..CallRequest::default()
            };
            let answer = world.reader().call(&request, &head, CallOptions::default());
            let mute = answer.is_err_and(|error| error.data().is_none_or(|data| data.is_empty()));
            ensure!(!mute, "{signature} refuses without a word");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_wei_for_any_method_that_takes_none_is_refused() -> Result<()> {
    let world = World::fresh().await?;
    let mut payable = Vec::new();
    for face in faces(&world) {
        for (selector, signature) in face.methods() {
            if face.is_payable(signature) {
                payable.push(signature);
                continue;
            }
            let data = [&selector[..], &arguments(&types(signature))].concat();
            refused_without_words(&world, face.address, data, 1, signature)?;
        }
    }
    ensure!(
        payable.contains(&"submit(address)"),
        "payable methods are not found: {payable:?}"
    );
    Ok(())
}

#[tokio::test]
async fn half_a_selector_and_an_unknown_one_are_refused() -> Result<()> {
    let world = World::fresh().await?;
    for face in faces(&world) {
        for data in [vec![0], vec![0xa9], vec![0xa9, 0x05, 0x9c], vec![0xff; 4]] {
            refused_without_words(&world, face.address, data, 0, "no method")?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_hundred_kilobytes_behind_the_arguments_change_nothing_but_the_price() -> Result<()> {
    let world = World::fresh().await?;
    let head = world.reader().head().ok_or_eyre("a chain has a head")?;
    for face in faces(&world) {
        let (selector, _) = face
            .methods()
            .find(|(_, signature)| {
                ["reserves(", "extension(", "totalAssets("]
                    .iter()
                    .any(|name| signature.starts_with(name))
            })
            .ok_or_eyre("every contract has one of these views")?;
        let call = |data: Vec<u8>| {
            let request = CallRequest {
                to: Some(face.address),
                data: data.into(),
                ..CallRequest::default()
            };
            world.reader().call(&request, &head, CallOptions::default())
        };
        let plain = call(selector.to_vec())?;
        let long = call([&selector[..], &[7; 100_000]].concat())?;
        ensure!(plain == long, "a view depends on what follows it");
    }
    Ok(())
}
