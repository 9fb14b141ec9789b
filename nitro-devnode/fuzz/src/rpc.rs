//! JSON-RPC bodies: bytes as they come, and requests of every method.
//!
//! Each is answered in time, with JSON and never with an internal error, and the node answers
//! what it is asked afterwards. It is a node of its own in this process, spoken to by HTTP.
pub mod methods;
mod request;
mod server;

use std::cell::RefCell;

use arbitrary::Unstructured;
use serde_json::{Value, json};

use server::Server;

/// The first byte of inputs that describe requests instead of being a body: no JSON starts
/// with it.
const DESCRIBED: u8 = 0;

/// A node is replaced after so many inputs: filters and caches are no part of a snapshot.
const INPUTS: u32 = 500;

thread_local! {
    static SERVER: RefCell<Option<Server>> = const { RefCell::new(None) };
}

/// Sends what `input` is or describes to a node.
pub fn check(input: &[u8]) {
    SERVER.with_borrow_mut(|slot| {
        let server = slot.get_or_insert_with(Server::start);
        let body = match input.split_first() {
            Some((&DESCRIBED, description)) => {
                let mut u = Unstructured::new(description);
                // Too short a description is no request.
                let Ok(body) = request::batch(&mut u, server.known()) else {
                    return;
                };
                body.to_string().into_bytes()
            }
            _ if takes_long(input) => return,
            _ => input.to_vec(),
        };
        let snapshot = server.ask("evm_snapshot", json!([]));
        let block = server.ask("eth_blockNumber", json!([]));
        let answer = server.post(&body);
        answered(&answer);
        server.ask("anvil_autoImpersonateAccount", json!([false]));
        server.ask("evm_setAutomine", json!([true]));
        let reverted = server.ask("evm_revert", json!([snapshot]));
        let is_back = reverted == true && server.ask("eth_blockNumber", json!([])) == block;
        // The input may have used up the snapshot itself.
        if !is_back || server.inputs() > INPUTS {
            *slot = None;
        }
    });
}

/// Blocks by the million take as long as they take.
fn takes_long(body: &[u8]) -> bool {
    contains(body, b"_mine")
}

fn contains(body: &[u8], word: &[u8]) -> bool {
    body.windows(word.len()).any(|window| window == word)
}

/// Whether the answer is one.
fn answered(answer: &[u8]) {
    // Notifications have none.
    if [&b""[..], b"null"].contains(&answer) {
        return;
    }
    let Ok(answer) = serde_json::from_slice::<Value>(answer) else {
        // What HTTP refuses is refused in words.
        assert!(std::str::from_utf8(answer).is_ok(), "bytes: {answer:?}");
        return;
    };
    let answers = match &answer {
        Value::Array(answers) => answers.as_slice(),
        single => std::slice::from_ref(single),
    };
    for answer in answers {
        let (result, error) = (answer.get("result"), answer.get("error"));
        assert!(result.is_some() != error.is_some(), "{answer}");
        let code = error.map(|error| &error["code"]);
        let internal = code == Some(&json!(-32603));
        assert!(!internal, "an internal error: {answer}");
    }
}
