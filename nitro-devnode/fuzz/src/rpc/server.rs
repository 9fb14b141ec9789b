//! A node in this process and a connection to it.
use std::{
    io::{BufRead, BufReader, ErrorKind, Read, Write},
    net::TcpStream,
    sync::OnceLock,
    time::Duration,
};

use alloy::{
    consensus::TxLegacy,
    hex,
    primitives::{B256, Bytes, TxKind, U256},
};
use nitro_devnode::{
    Devnode,
    chain::{Incoming, Unsigned},
};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::world;

/// Any answer has to come by then, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// What requests can refer to.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) hashes: Vec<B256>,
    /// Transactions that would be executed.
    pub(super) signed: Vec<String>,
}

pub(super) struct Server {
    node: Devnode,
    connection: Option<BufReader<TcpStream>>,
    known: Known,
    inputs: u32,
}

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().expect("threads"))
}

impl Server {
    pub(super) fn start() -> Self {
        let node = Devnode::builder().clock_start(world::START).spawn();
        let node = runtime().block_on(node).expect("starts");
        Self {
            known: Known::of(&node),
            node,
            connection: None,
            inputs: 0,
        }
    }

    pub(super) fn known(&self) -> &Known {
        &self.known
    }

    /// Bodies sent since the start.
    pub(super) fn inputs(&self) -> u32 {
        self.inputs
    }

    /// The result of a request that does not fail.
    pub(super) fn ask(&mut self, method: &str, params: Value) -> Value {
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let answer = self.exchange(request.to_string().as_bytes());
        let mut answer: Value = serde_json::from_slice(&answer).expect("JSON");
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].take()
    }

    /// The answer to any body.
    pub(super) fn post(&mut self, body: &[u8]) -> Vec<u8> {
        self.inputs += 1;
        self.exchange(body)
    }

    fn exchange(&mut self, body: &[u8]) -> Vec<u8> {
        let url = self.node.http_url();
        let address = url.trim_start_matches("http://");
        let connection = self.connection.take().unwrap_or_else(|| connect(address));
        let (answer, connection) =
            exchange(connection, body).unwrap_or_else(|error| panic!("no answer: {error}"));
        self.connection = connection;
        answer
    }
}

fn connect(address: &str) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(address).expect("it serves");
    stream.set_nodelay(true).expect("an option of TCP");
    stream.set_read_timeout(Some(PATIENCE)).expect("not zero");
    BufReader::new(stream)
}

/// Sends a body; the answer, and the connection unless the node closes it.
fn exchange(
    mut connection: BufReader<TcpStream>,
    body: &[u8],
) -> std::io::Result<(Vec<u8>, Option<BufReader<TcpStream>>)> {
    let head = format!(
        "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    let message = [head.as_bytes(), body].concat();
    connection.get_mut().write_all(&message)?;
    let (mut length, mut stays) = (None, true);
    loop {
        let mut line = String::new();
        if connection.read_line(&mut line)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().ok();
        }
        stays &= line != "connection: close";
    }
    let length: usize = length.ok_or(ErrorKind::InvalidData)?;
    let mut answer = vec![0; length];
    connection.read_exact(&mut answer)?;
    Ok((answer, stays.then_some(connection)))
}

impl Known {
    fn of(node: &Devnode) -> Self {
        let reader = node.reader();
        let head = reader.head_number();
        let blocks = (0..=head).filter_map(|number| reader.block(number));
        let hashes = blocks.flat_map(|block| {
            let transactions = block.transactions.iter().map(|tx| tx.hash);
            transactions.chain([block.hash]).collect::<Vec<_>>()
        });
        let key = node.dev_account();
        let nonce = reader.account(head, key.address()).nonce;
        let someone = TxKind::Call(key.address().create(nonce));
        // LOG0, then five bytes of code; a transfer; ArbSys.
        let contents = [
            (TxKind::Create, "5f5fa05f5360055ff3"),
            (someone, ""),
            (TxKind::Call(world::known_addresses()[17]), "d45e0b25"),
        ];
        let signed = contents.map(|(to, input)| {
            let tx = Unsigned::Legacy(TxLegacy {
                chain_id: Some(reader.config().chain_id),
                nonce,
                gas_price: 1_000_000_000,
                gas_limit: 1_000_000,
                to,
                value: U256::ZERO,
                input: Bytes::from(hex::decode(input).expect("hex")),
            });
            let tx = Incoming::signed(tx, key).expect("a key in memory signs");
            hex::encode_prefixed(tx.raw)
        });
        Self {
            hashes: hashes.collect(),
            signed: signed.into(),
        }
    }
}
