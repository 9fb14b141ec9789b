//! The lightest JSON-RPC client there is: the clients share the machine with the node.
//!
//! One blocking keep-alive connection; answers are looked at as text.
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use eyre::{OptionExt, Result, ensure};
use serde_json::Value;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// One connection to a node.
pub(crate) struct Wire {
    stream: BufReader<TcpStream>,
}

impl Wire {
    pub(crate) fn connect(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self {
            stream: BufReader::new(stream),
        })
    }

    /// The body that answers `body`.
    pub(crate) fn post(&mut self, body: &str) -> Result<String> {
        let mut request = format!(
            "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n",
            body.len()
        );
        request.push_str(body);
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        let mut length = None;
        loop {
            line.clear();
            ensure!(self.stream.read_line(&mut line)? > 0, "the node hung up");
            let header = line.trim_end().to_ascii_lowercase();
            if let Some(value) = header.strip_prefix("content-length:") {
                length = Some(value.trim().parse::<usize>()?);
            }
            if header.is_empty() {
                break;
            }
        }
        let mut answer = vec![0; length.ok_or_eyre("an answer without content-length")?];
        self.stream.read_exact(&mut answer)?;
        Ok(String::from_utf8(answer)?)
    }

    /// The result of one request.
    pub(crate) fn ask(&mut self, method: &str, params: &str) -> Result<Value> {
        let answer = self.post(&request(method, params))?;
        let mut answer: Value = serde_json::from_str(&answer)?;
        ensure!(answer.get("error").is_none(), "{method}: {answer}");
        Ok(answer["result"].take())
    }
}

/// The body of one request.
pub(crate) fn request(method: &str, params: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{params}}}"#)
}
