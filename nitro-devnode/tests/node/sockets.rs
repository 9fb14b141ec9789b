//! Clients that hold their end of a connection badly: others must not notice.
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Shutdown, TcpStream},
};

use serde_json::{Value, json};

use crate::world::World;

/// A WebSocket that reads when told to.
struct Socket(BufReader<TcpStream>);

impl Socket {
    fn open(url: &str) -> Self {
        let address = url.strip_prefix("ws://").expect("a WebSocket's url");
        let mut stream = TcpStream::connect(address).expect("connects");
        let hello = format!(
            "GET / HTTP/1.1\r\nhost: {address}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(hello.as_bytes()).expect("writes");
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            stream.read_line(&mut line).expect("a header");
        }
        Self(stream)
    }

    /// Sends a request of fewer than 126 bytes: one text frame under a mask of zeros.
    fn send(&mut self, request: &Value) {
        let text = request.to_string();
        let length = u8::try_from(text.len()).expect("short");
        let mut frame = vec![0x81, 0x80 | length, 0, 0, 0, 0];
        frame.extend(text.bytes());
        self.0.get_mut().write_all(&frame).expect("writes");
    }

    /// The next message. Pings are passed over: the test is shorter than the node's patience.
    fn read(&mut self) -> Value {
        const TEXT: u8 = 0x81;
        loop {
            let mut head = [0; 2];
            self.0.read_exact(&mut head).expect("a frame");
            let length = match head[1] {
                126 => {
                    let mut length = [0; 2];
                    self.0.read_exact(&mut length).expect("a length");
                    usize::from(u16::from_be_bytes(length))
                }
                short => usize::from(short),
            };
            let mut payload = vec![0; length];
            self.0.read_exact(&mut payload).expect("a payload");
            if head[0] == TEXT {
                return serde_json::from_slice(&payload).expect("JSON");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_that_does_not_read_is_cut_and_holds_up_nobody() {
    const SUBSCRIPTIONS: u64 = 32;
    const BLOCKS: u64 = 4_000;
    let world = World::start().await;
    let mut slow = Socket::open(&world.node.ws_url());
    for id in 0..SUBSCRIPTIONS {
        let method = "eth_subscribe";
        slow.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": ["newHeads"] }));
        assert!(slow.read()["result"].is_string());
    }
    // More than the sockets' buffers and the node's queues hold.
    world.result("anvil_mine", json!([BLOCKS])).await;
    assert_eq!(world.result("eth_blockNumber", json!([])).await, "0xfa7");
    let mut heads: u64 = 0;
    let error = loop {
        let message = slow.read();
        if message["params"]["result"].is_object() {
            heads += 1;
        } else if message["params"]["error"].is_string() {
            break message["params"]["error"].clone();
        }
    };
    let error = error.as_str().expect("words");
    assert!(error.starts_with("the subscriber is too slow: "), "{error}");
    assert!(heads < SUBSCRIPTIONS * BLOCKS, "{heads} were kept for it");
}

#[tokio::test(flavor = "multi_thread")]
async fn half_closed_and_half_sent_requests_hold_up_nobody() {
    let world = World::start().await;
    let address = world.node.http_url().replace("http://", "");
    let start = "POST / HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{";
    let open = |_| {
        let mut stream = TcpStream::connect(&address).expect("connects");
        stream.write_all(start.as_bytes()).expect("writes");
        stream
    };
    let silent: Vec<_> = (0..100).map(open).collect();
    let half_closed: Vec<_> = (0..100).map(open).collect();
    for stream in &half_closed {
        stream.shutdown(Shutdown::Write).expect("shuts down");
    }
    assert_eq!(world.result("eth_chainId", json!([])).await, "0x64aba");
    // The node gives up on whoever cannot send the rest.
    for mut stream in half_closed {
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).expect("the node hangs up");
        let rest = String::from_utf8_lossy(&rest);
        assert!(!rest.contains("200 OK"), "{rest}");
    }
    drop(silent);
    assert_eq!(world.result("eth_chainId", json!([])).await, "0x64aba");
}
