//! What a real Nitro node answered, and how much of it this node answers equally.
use std::collections::BTreeMap;

use nitro_devnode::replay::{EqualCounts, Report, builtin_file, builtin_names, replay, replay_all};

/// Equal answers by file, as of the last change that moved them.
const RECORDED: &str = include_str!("../corpus/equal.json");

fn builtin() -> Vec<(String, String)> {
    let read = |name: &str| (name.to_owned(), builtin_file(name).expect("linked in"));
    builtin_names().map(read).collect()
}

#[test]
fn the_devnode_setup_replays_equal() {
    let text = builtin_file("00-devnode-setup").expect("linked in");
    let report = replay("00-devnode-setup", &text).expect("is a recording");
    assert_eq!(report.differences, []);
    // 13 transactions, 16 calls and 2 transactions as calls.
    assert_eq!(report.receipts.total, 13);
    assert_eq!(report.calls.total, 18);
}

#[test]
fn equal_answers_are_as_many_as_recorded_in_equal_json() {
    let recorded: BTreeMap<String, EqualCounts> =
        serde_json::from_str(RECORDED).expect("equal.json holds counts");
    let reports: Vec<Report> = replay_all(builtin())
        .collect::<Result<_, _>>()
        .expect("are recordings");
    let now: BTreeMap<String, EqualCounts> = reports
        .iter()
        .map(|report| (report.name.clone(), EqualCounts::from(report)))
        .collect();
    let now_json = serde_json::to_string_pretty(&now).expect("counts are JSON");
    assert_eq!(
        now, recorded,
        "a fall is a regression; after a rise put this into nitro-devnode/corpus/equal.json:\n{now_json}",
    );
}

/// A line for a call of the identity precompile with further fields.
fn identity_call(call: &str, beside: &str) -> String {
    format!(
        r#"{{"kind":"call","label":"identity","block":"0x0","result":"0x1234"{beside},
            "call":{{"to":"0x0000000000000000000000000000000000000004",{call}}}}}"#
    )
    .replace('\n', "")
}

#[test]
fn a_call_says_its_data_by_either_name() {
    for call in [
        r#""data":"0x1234""#,
        r#""input":"0x1234","nonce":"0x7","maxPriorityFeePerGas":"0x0","authorizationList":[]"#,
    ] {
        let report = replay("identity", &identity_call(call, "")).expect("is a recording");
        assert_eq!(report.differences, []);
        assert_eq!(report.calls.equal, 1);
    }
}

#[test]
fn a_call_with_what_is_not_followed_is_refused() {
    for (call, beside, unknown) in [
        (r#""data":"0x","blobs":[]"#, "", "blobs"),
        (
            r#""data":"0x""#,
            r#","stateOverrides":{}"#,
            "stateOverrides",
        ),
    ] {
        let refused = replay("identity", &identity_call(call, beside));
        let words = refused.expect_err("must not be ignored").to_string();
        let start = format!("line 1 of identity: unknown field `{unknown}`");
        assert!(words.starts_with(&start), "{words}");
    }
}

#[test]
fn a_receipt_at_another_price_or_l1_block_differs() {
    let text = builtin_file("00-devnode-setup").expect("linked in");
    for (recorded, other, words) in [
        (
            r#""effectiveGasPrice":"0x5f5e100""#,
            r#""effectiveGasPrice":"0x5f5e101""#,
            "effective gas price 100000000, recorded 100000001",
        ),
        (
            r#""l1BlockNumber":"0x0","baseFeePerGas""#,
            r#""l1BlockNumber":"0x1","baseFeePerGas""#,
            "L1 block number 0, recorded 1",
        ),
    ] {
        assert!(text.contains(recorded));
        let report = replay("changed", &text.replacen(recorded, other, 1)).expect("is a recording");
        let [difference] = &report.differences[..] else {
            panic!("{:?}", report.differences);
        };
        assert_eq!(difference.what, words);
    }
}
