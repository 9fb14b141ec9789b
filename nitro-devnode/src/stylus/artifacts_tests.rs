//! What was compiled is found again, and nothing else is.
use std::{
    fs,
    path::{Path, PathBuf},
};

use wasmtime::{Config, Engine, Module};

use super::{Artifacts, FolderRefused};

/// A folder of its own for one test, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let name = format!("nitro-devnode-{}-{test}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.0).expect("a folder");
        entries
            .map(|entry| entry.expect("an entry").path())
            .collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn open(folder: &Path) -> Artifacts {
    Artifacts::open(folder).expect("a usable folder")
}

/// The engine, a module and its compiled form, kept in `artifacts`.
fn kept(artifacts: &Artifacts) -> (Engine, Vec<u8>) {
    let engine = Engine::default();
    let wasm = wat::parse_str("(module (func (export \"f\")))").expect("a module");
    let module = Module::new(&engine, &wasm).expect("compiles");
    artifacts.store(&engine, &wasm, &module);
    (engine, wasm)
}

#[test]
fn a_compiled_program_is_found_by_the_next_process() {
    let folder = Folder::new("found");
    let (engine, wasm) = kept(&open(&folder.0));
    let found = open(&folder.0).load(&engine, &wasm).expect("is kept");
    assert_eq!(found.exports().count(), 1);
    assert_eq!(folder.files().len(), 1);
}

#[test]
fn another_module_or_another_engine_finds_nothing() {
    let folder = Folder::new("others");
    let artifacts = open(&folder.0);
    let (engine, wasm) = kept(&artifacts);
    assert!(artifacts.load(&engine, b"another").is_none());
    let mut config = Config::new();
    config.consume_fuel(true);
    let metered = Engine::new(&config).expect("an engine");
    assert!(artifacts.load(&metered, &wasm).is_none());
}

#[test]
fn a_damaged_or_shortened_file_is_not_loaded() {
    let folder = Folder::new("damaged");
    let artifacts = open(&folder.0);
    let (engine, wasm) = kept(&artifacts);
    let file = folder.files().remove(0);
    let whole = fs::read(&file).expect("a file");
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 1;
    for content in [damaged, whole[..whole.len() - 1].to_vec(), Vec::new()] {
        fs::write(&file, content).expect("writes");
        assert!(artifacts.load(&engine, &wasm).is_none());
    }
    fs::write(&file, whole).expect("writes");
    assert!(artifacts.load(&engine, &wasm).is_some());
}

#[test]
fn the_oldest_programs_beyond_512_are_removed() {
    let folder = Folder::new("oldest");
    drop(open(&folder.0));
    for number in 0..520 {
        fs::write(folder.0.join(format!("{number}.program")), b"").expect("writes");
    }
    fs::write(folder.0.join("notes.txt"), b"").expect("writes");
    drop(open(&folder.0));
    assert_eq!(folder.files().len(), 513);
}

#[cfg(unix)]
#[test]
fn a_file_that_others_may_write_to_is_not_loaded() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("open-file");
    let artifacts = open(&folder.0);
    let (engine, wasm) = kept(&artifacts);
    let file = folder.files().remove(0);
    for (mode, is_loaded) in [(0o622, false), (0o602, false), (0o644, true)] {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("is ours");
        assert_eq!(artifacts.load(&engine, &wasm).is_some(), is_loaded);
    }
}

#[cfg(unix)]
#[test]
fn a_file_of_another_user_is_not_loaded() {
    let folder = Folder::new("foreign");
    let artifacts = open(&folder.0);
    let (engine, wasm) = kept(&artifacts);
    let somebody = Artifacts {
        folder: folder.0.clone(),
        user: artifacts.user + 1,
    };
    assert!(somebody.load(&engine, &wasm).is_none());
}

#[cfg(unix)]
#[test]
fn a_folder_that_others_may_write_to_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("shared");
    drop(open(&folder.0));
    let shared = fs::Permissions::from_mode(0o777);
    fs::set_permissions(&folder.0, shared).expect("is ours");
    let refused = Artifacts::open(&folder.0);
    assert!(matches!(
        refused,
        Err(FolderRefused::WritableByOthers { mode: 0o777, .. })
    ));
}
