//! The node as a process: started, asked, told to end or killed.
use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
};

use alloy::transports::http::reqwest;
use serde_json::{Value, json};

/// A running `nitro-devnode`; killed when dropped.
pub(crate) struct Process {
    child: Child,
    url: String,
    /// What it printed before it was ready.
    pub(crate) greeting: String,
}

impl Process {
    /// Starts the binary on a free port and waits until it is ready.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child = command(arguments);
        let output = child.stdout.take().expect("piped");
        let mut greeting = String::new();
        let mut url = None;
        for line in BufReader::new(output).lines() {
            let line = line.expect("text");
            if line.trim().starts_with("http://") {
                url = Some(line.trim().to_owned());
            }
            greeting.push_str(&line);
            greeting.push('\n');
            if line.contains("ready after") {
                break;
            }
        }
        let url = url.unwrap_or_else(|| panic!("it does not start:\n{greeting}"));
        Self {
            child,
            url,
            greeting,
        }
    }

    /// What a start that fails says, and how it ends.
    pub(crate) fn start_refused(arguments: &[&str]) -> (ExitStatus, String) {
        let mut child = command(arguments);
        let mut words = String::new();
        let mut errors = child.stderr.take().expect("piped");
        errors.read_to_string(&mut words).expect("text");
        (child.wait().expect("ends"), words)
    }

    /// Asks it to end, as a terminal or an init system does.
    pub(crate) fn end(mut self, signal: &str) -> ExitStatus {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &pid]).status();
        assert!(sent.expect("kill runs").success());
        self.child.wait().expect("ends")
    }

    /// Ends it without a chance to do anything.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("runs");
        self.child.wait().expect("ends");
    }

    /// The result of a request that succeeds.
    pub(crate) async fn result(&self, method: &str, params: Value) -> Value {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let request = reqwest::Client::new()
            .post(&self.url)
            .header("content-type", "application/json")
            .body(body.to_string());
        let answer = request.send().await.expect("answers").text().await;
        let mut answer: Value = serde_json::from_str(&answer.expect("text")).expect("JSON");
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].take()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail if it ended before.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn command(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_nitro-devnode"))
        .args(["--port", "0"])
        // Nothing outside the build is written to.
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary is there")
}

#[test]
fn it_says_what_it_is_not_and_stays_on_this_machine() {
    let process = Process::start(&[]);
    assert!(
        process.url.starts_with("http://127.0.0.1:"),
        "{}",
        process.url
    );
    let words = "no consensus, no L1, no fraud proofs; its keys are public";
    assert!(process.greeting.contains(words), "{}", process.greeting);
    assert!(
        !process.greeting.contains("other machines"),
        "{}",
        process.greeting
    );
}

#[test]
fn a_host_that_others_reach_is_warned_of() {
    let process = Process::start(&["--host", "0.0.0.0"]);
    let words = "0.0.0.0 can be reached from other machines: whoever does owns this chain";
    assert!(process.greeting.contains(words), "{}", process.greeting);
}

#[test]
fn what_cannot_be_done_is_said_in_one_line() {
    let (status, words) = Process::start_refused(&["--arbos", "49"]);
    assert!(!status.success());
    assert_eq!(
        words,
        "error: ArbOS version 49 is not one of [40, 50, 51]\n"
    );

    let replay = |text: &str| {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("recording.jsonl");
        std::fs::write(&file, text).expect("writes");
        let binary = env!("CARGO_BIN_EXE_nitro-devnode");
        let done = Command::new(binary).arg("replay").arg(&file).output();
        let done = done.expect("the binary is there");
        assert!(!done.status.success());
        String::from_utf8(done.stderr).expect("text")
    };
    assert_eq!(
        replay("{\"kind\":\"note\"}\n{\"kind\":\"tx\"}"),
        "error: line 2 of recording: missing field `label`\n"
    );
    assert_eq!(
        replay("{\"kind\":\"note\"}"),
        "error: recording records no answers\n"
    );
}
