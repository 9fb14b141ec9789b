//! Everything that the fuzzers have kept holds still.
use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use fuzz::{TARGETS, Target};

/// Panics so far, in any thread: the node survives those in its own.
static PANICS: AtomicUsize = AtomicUsize::new(0);

#[test]
fn every_kept_input_holds_still() {
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        default(panic);
    }));
    let failures: Vec<_> = TARGETS.iter().flat_map(replay).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The kept inputs of a target that do not hold.
fn replay(target: &Target) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let folder = folder.join(target.name);
    let files = fs::read_dir(&folder).expect("each target has a corpus");
    let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    files.retain(|path| {
        let input = fs::read(path).expect("a file");
        let before = PANICS.load(Ordering::Relaxed);
        let held = catch_unwind(AssertUnwindSafe(|| (target.check)(&input)));
        held.is_err() || PANICS.load(Ordering::Relaxed) > before
    });
    let failures = files.iter();
    failures.map(|path| path.display().to_string()).collect()
}
