//! Compiled programs on disk: a program is compiled once, and not once per process.
//!
//! A file is named after the instrumented module and the engine's settings, version and CPU
//! features, so nothing stale is ever found. What a file holds is native code: the folder is
//! made for its owner alone, and one that others may write to is not used.
use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use alloy::primitives::{B256, keccak256};
use wasmtime::{Engine, Module};

/// Programs that stay on disk; the oldest are removed when a process opens the folder.
const KEPT_FILES: usize = 512;

/// Ends the names of our files, so that nothing else is ever removed.
const EXTENSION: &str = "program";

/// Why compiled programs are not kept in a folder.
#[derive(Debug, thiserror::Error)]
pub enum FolderRefused {
    /// It cannot be made or read.
    #[error("cannot keep compiled programs in {path}: {source}")]
    Unusable {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Somebody else could put native code into it.
    #[error("compiled programs are not kept in {path}: others may write to it (mode {mode:o})")]
    WritableByOthers {
        /// The folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
}

/// A folder of compiled programs.
#[derive(Debug)]
pub struct Artifacts {
    folder: PathBuf,
}

static KEPT_IN: OnceLock<Artifacts> = OnceLock::new();

/// Keeps compiled programs in this folder from now on. The engine is one for all nodes of a
/// process, so the first folder named in a process is the one that counts.
///
/// # Errors
/// [`FolderRefused`].
pub fn keep_in(folder: &Path) -> Result<(), FolderRefused> {
    if KEPT_IN.get().is_none() {
        let artifacts = Artifacts::open(folder)?;
        KEPT_IN.get_or_init(|| artifacts);
    }
    Ok(())
}

/// Where this user's programs keep what can be made again: `$XDG_CACHE_HOME` or `~/.cache`,
/// and `nitro-devnode` in it. Nothing if neither variable is set.
pub fn default_folder() -> Option<PathBuf> {
    let absolute = |name| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let caches = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")));
    Some(caches?.join("nitro-devnode"))
}

impl Artifacts {
    /// The folder of this process, if it has one.
    pub(super) fn get() -> Option<&'static Self> {
        KEPT_IN.get()
    }

    fn open(folder: &Path) -> Result<Self, FolderRefused> {
        let unusable = |source| FolderRefused::Unusable {
            path: folder.to_owned(),
            source,
        };
        make_private(folder).map_err(unusable)?;
        if let Some(mode) = writable_by_others(folder).map_err(unusable)? {
            let path = folder.to_owned();
            return Err(FolderRefused::WritableByOthers { path, mode });
        }
        let artifacts = Self {
            folder: folder.to_owned(),
        };
        artifacts.remove_oldest().map_err(unusable)?;
        Ok(artifacts)
    }

    /// The compiled form of an instrumented module, if it is here and undamaged.
    pub(super) fn load(&self, engine: &Engine, module: &[u8]) -> Option<Module> {
        let file = fs::read(self.file(engine, module)).ok()?;
        let (sum, code) = file.split_first_chunk()?;
        if keccak256(code) != B256::from(*sum) {
            return None;
        }
        // SAFETY: `code` is what `store` wrote after `Module::serialize`: the sum shows that
        // it is whole, and nobody but the owner of this process may write to the folder.
        #[expect(unsafe_code, reason = "there is no safe way to load native code")]
        let module = unsafe { Module::deserialize(engine, code) };
        module
            .inspect_err(|error| tracing::debug!(target: "stylus", "a kept program: {error:#}"))
            .ok()
    }

    /// Keeps a compiled module. A failure costs the next process a compilation, no more.
    pub(super) fn store(&self, engine: &Engine, module: &[u8], compiled: &Module) {
        let kept = compiled
            .serialize()
            .map_err(io::Error::other)
            .and_then(|code| self.write(&self.file(engine, module), &code));
        if let Err(error) = kept {
            tracing::debug!(target: "stylus", "a compiled program is not kept: {error}");
        }
    }

    /// Writes aside and renames, so that no reader ever sees half a file.
    fn write(&self, file: &Path, code: &[u8]) -> io::Result<()> {
        static WRITES: AtomicU64 = AtomicU64::new(0);
        let number = WRITES.fetch_add(1, Ordering::Relaxed);
        let aside = self
            .folder
            .join(format!("{}-{number}.part", std::process::id()));
        fs::write(&aside, [keccak256(code).as_slice(), code].concat())?;
        fs::rename(&aside, file)
    }

    fn file(&self, engine: &Engine, module: &[u8]) -> PathBuf {
        let mut compatible = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut compatible);
        let engine = compatible.finish();
        let name = format!("{:x}-{engine:016x}.{EXTENSION}", keccak256(module));
        self.folder.join(name)
    }

    fn remove_oldest(&self) -> io::Result<()> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == EXTENSION)
            {
                files.push((path.metadata()?.modified()?, path));
            }
        }
        files.sort();
        let surplus = files.len().saturating_sub(KEPT_FILES);
        for (_, path) in files.into_iter().take(surplus) {
            fs::remove_file(path)?;
        }
        Ok(())
    }
}

#[cfg(unix)]
fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
fn make_private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// The folder's permission bits, if they let others write to it.
#[cfg(unix)]
fn writable_by_others(folder: &Path) -> io::Result<Option<u32>> {
    use std::os::unix::fs::PermissionsExt;
    let mode = folder.metadata()?.permissions().mode() & 0o7777;
    Ok((mode & 0o022 != 0).then_some(mode))
}

#[cfg(not(unix))]
fn writable_by_others(_: &Path) -> io::Result<Option<u32>> {
    Ok(None)
}

#[cfg(test)]
#[path = "artifacts_tests.rs"]
mod tests;
