//! Calldata whose offsets point backward, at themselves, into one another or past a gap, and arguments of
//! 100 KB: read as the ABI's own decoder reads them, or refused without data, and never half.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256, hex};
use alloy::rpc::types::TransactionRequest;
use client::send::send;
use eyre::{OptionExt, Result, ensure};
use nitro_devnode::chain::{CallOptions, CallRequest};

use crate::faces::{Face, faces, is_dynamic, types};
use crate::invariants::State;
use crate::world::World;

/// Two ids, which nobody made, or two letters.
fn tail(kind: &str) -> Vec<U256> {
    let two = U256::from(2);
    if kind.ends_with("[]") {
        return vec![two, U256::from(7), U256::from(8)];
    }
    let mut letters = [0; 32];
    letters[..2].copy_from_slice(b"ab");
    vec![two, U256::from_be_bytes(letters)]
}

/// Arguments word by word: ones, and two items in each tail. Also where each tail begins.
fn laid_out(kinds: &[&str]) -> (Vec<U256>, Vec<(usize, usize)>) {
    let mut words: Vec<U256> = kinds.iter().map(|kind| one(kind)).collect();
    let mut tails = Vec::new();
    for (place, kind) in kinds.iter().enumerate() {
        if is_dynamic(kind) {
            tails.push((place, words.len()));
            words[place] = U256::from(32 * words.len());
            words.extend(tail(kind));
        }
    }
    (words, tails)
}

fn one(kind: &str) -> U256 {
    match kind {
        "bytes4" => U256::ONE << 224,
        _ => U256::ONE,
    }
}

fn bytes(words: &[U256]) -> Vec<u8> {
    words.iter().flat_map(U256::to_be_bytes::<32>).collect()
}

/// Every way in which we bend the offsets of these arguments.
fn bent(kinds: &[&str]) -> Vec<Vec<u8>> {
    let (words, tails) = laid_out(kinds);
    let mut all = Vec::new();
    for &(place, begin) in &tails {
        let mut bend = |offset: usize| {
            let mut words = words.clone();
            words[place] = U256::from(offset);
            all.push(bytes(&words));
        };
        // At every word, its own and those before it among them; the last has nothing behind it.
        for word in 0..=words.len() {
            bend(32 * word);
        }
        // Between the words.
        for aside in [1, 31] {
            bend(32 * begin + aside);
            bend(32 * begin - aside);
        }
        // Behind a gap of a word.
        let mut gap = words.clone();
        gap[place] = U256::from(32 * words.len() + 32);
        gap.push(U256::MAX);
        gap.extend(tail(kinds[place]));
        all.push(bytes(&gap));
    }
    // Tails in the other order.
    let mut turned = words[..kinds.len()].to_vec();
    for &(place, _) in tails.iter().rev() {
        turned[place] = U256::from(32 * turned.len());
        turned.extend(tail(kinds[place]));
    }
    all.push(bytes(&turned));
    all
}

/// What a call answers, or refuses with; nothing for a refusal without data.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Returned(Bytes),
    Refused(Bytes),
    Mute,
}

fn ask(world: &World, to: Address, data: Vec<u8>) -> Result<Answer> {
    let head = world.reader().head().ok_or_eyre("a chain has a head")?;
    let request = CallRequest {
        from: world.stranger.0,
        to: Some(to),
        gas: Some(20_000_000),
        data: data.into(),
        ..CallRequest::default()
    };
    let answer = world.reader().call(&request, &head, CallOptions::default());
    Ok(match answer {
        Ok(data) => Answer::Returned(data),
        Err(error) => {
            ensure!(
                error.to_string().starts_with("execution reverted"),
                "{error}"
            );
            match error.data() {
                Some(data) if !data.is_empty() => Answer::Refused(data.clone()),
                _ => Answer::Mute,
            }
        }
    })
}

/// Every method that takes something as long as its value, and its types.
fn methods(face: &Face) -> impl Iterator<Item = ([u8; 4], &'static str, Vec<&'static str>)> {
    face.methods().filter_map(|(selector, signature)| {
        let kinds = types(signature);
        let dynamic = kinds.iter().any(|kind| is_dynamic(kind));
        dynamic.then_some((selector, signature, kinds))
    })
}

#[tokio::test]
async fn bent_offsets_are_read_as_the_abi_reads_them_or_refused() -> Result<()> {
    let world = World::fresh().await?;
    let (mut read, mut refused) = (0, 0);
    for face in faces(&world) {
        for (selector, signature, kinds) in methods(&face) {
            for arguments in bent(&kinds) {
                let data = [&selector[..], &arguments].concat();
                let shown = hex::encode_prefixed(&data);
                let canonical = face.canonical(&data);
                let answer = ask(&world, face.address, data)?;
                match canonical {
                    None => {
                        ensure!(answer == Answer::Mute, "{signature} reads {shown}");
                        refused += 1;
                    }
                    // What is no UTF-8 the bindings replace: only that it is read can be said.
                    Some(_) if kinds.contains(&"string") => {
                        ensure!(answer != Answer::Mute, "{signature} is mute on {shown}");
                        read += 1;
                    }
                    Some(canonical) => {
                        let plain = ask(&world, face.address, canonical)?;
                        ensure!(answer != Answer::Mute, "{signature} is mute on {shown}");
                        ensure!(answer == plain, "{signature} misreads {shown}: {answer:?}");
                        read += 1;
                    }
                }
            }
        }
    }
    // Fewer would mean that methods are no longer found, or that one side refuses everything.
    ensure!(read > 80 && refused > 30, "{read} read, {refused} refused");
    Ok(())
}

#[tokio::test]
async fn arguments_of_a_hundred_kilobytes_are_answered_or_refused_in_words() -> Result<()> {
    const WORDS: usize = 3_125;
    let world = World::fresh().await?;
    let mut tried = 0;
    for face in faces(&world) {
        for (selector, signature, kinds) in methods(&face) {
            for (place, kind) in kinds
                .iter()
                .enumerate()
                .filter(|(_, kind)| is_dynamic(kind))
            {
                let (mut words, _) = laid_out(&kinds);
                words[place] = U256::from(32 * words.len());
                let length = if kind.ends_with("[]") {
                    WORDS
                } else {
                    32 * WORDS
                };
                words.push(U256::from(length));
                words.extend([U256::from_be_bytes([b'a'; 32]); WORDS]);
                let data = [&selector[..], &bytes(&words)].concat();
                let answer = ask(&world, face.address, data)?;
                ensure!(answer != Answer::Mute, "{signature} is mute");
                tried += 1;
            }
        }
    }
    ensure!(tried > 10, "only {tried} long arguments");
    Ok(())
}

#[tokio::test]
async fn calldata_that_no_abi_reads_changes_nothing_in_a_block() -> Result<()> {
    let world = World::at_an_odd_rate().await?;
    let before = State::read(&world).await?;
    let mut sent = 0;
    for face in faces(&world) {
        for (selector, signature) in face.methods().filter(|(_, it)| !face.is_view(it)) {
            let kinds = types(signature);
            let mut spoilt = bent(&kinds);
            // A word short, and a byte.
            let (words, _) = laid_out(&kinds);
            let plain = bytes(&words);
            spoilt.extend([1, 32].map(|short| plain[..plain.len().saturating_sub(short)].to_vec()));
            let mut spoilt = spoilt.into_iter().map(|it| [&selector[..], &it].concat());
            let Some(data) = spoilt.rfind(|data| face.canonical(data).is_none()) else {
                continue;
            };
            let request = TransactionRequest::default()
                .with_from(world.stranger.0)
                .with_to(face.address)
                .with_input(data)
                .with_gas_limit(1_000_000);
            let failed = send(&world.provider, request).await;
            ensure!(failed.is_err(), "{signature} took what it cannot read");
            sent += 1;
        }
    }
    ensure!(sent > 80, "only {sent} transactions");
    ensure!(before == State::read(&world).await?, "the state changed");
    Ok(())
}
