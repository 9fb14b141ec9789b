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
