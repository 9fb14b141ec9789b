//! Compiled programs on disk: a program is compiled once, and not once per process.
//!
//! A file is named after the instrumented module and the engine's settings, version and CPU
//! features, so nothing stale is ever found. What a file holds is native code, and running
//! somebody else's is what [`Artifacts::load`] must rule out: the folder is made for its owner
//! alone, and one that is another's, or that others may write to, is not used; neither is such a
//! file. Somebody who can write as this user can replace this program as well.
use std::{
    fs::{self, File, Metadata, OpenOptions},
    hash::{DefaultHasher, Hash, Hasher},
    io::{self, Read, Write},
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
    /// Somebody else can put native code into it.
    #[error("compiled programs are not kept in {path}: user {owner} owns it, not user {user}")]
    OwnedByAnother {
        /// The folder.
        path: PathBuf,
        /// Its owner.
        owner: u32,
        /// Who this process runs as.
        user: u32,
    },
}

/// A folder of compiled programs.
#[derive(Debug)]
pub struct Artifacts {
    folder: PathBuf,
    /// Who this process runs as.
    user: u32,
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
        let path = folder.to_owned();
        let Rights { owner, mode } = Rights::of(&folder.metadata().map_err(unusable)?);
        if mode & OTHERS_WRITE != 0 {
            return Err(FolderRefused::WritableByOthers { path, mode });
        }
        let user = user(folder).map_err(unusable)?;
        if owner != user {
            return Err(FolderRefused::OwnedByAnother { path, owner, user });
        }
        let artifacts = Self { folder: path, user };
        artifacts.remove_oldest().map_err(unusable)?;
        Ok(artifacts)
    }

    /// The compiled form of an instrumented module, if it is here and undamaged.
    pub(super) fn load(&self, engine: &Engine, module: &[u8]) -> Option<Module> {
        let file = self.own(&self.file(engine, module)).ok()??;
        let (sum, code) = file.split_first_chunk()?;
        if keccak256(code) != B256::from(*sum) {
            return None;
        }
        // SAFETY: `deserialize` wants what `Module::serialize` gave. Only `store` writes under
        // this name, what it wrote is whole by the sum, and nobody but the user whom this
        // process runs as could have written the file (`own`) or put one into the folder
        // (`open`). Another version, setting or CPU has another name, and wasmtime looks at
        // those again.
        #[expect(unsafe_code, reason = "there is no safe way to load native code")]
        let module = unsafe { Module::deserialize(engine, code) };
        module
            .inspect_err(|error| tracing::debug!(target: "stylus", "a kept program: {error:#}"))
            .ok()
    }

    /// What a file holds, if nobody but this process's user can have written it.
    fn own(&self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        let mut file = File::open(path)?;
        let Rights { owner, mode } = Rights::of(&file.metadata()?);
        if owner != self.user || mode & OTHERS_WRITE != 0 {
            return Ok(None);
        }
        let mut content = Vec::new();
        file.read_to_end(&mut content)?;
        Ok(Some(content))
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
        let mut made = make_private_file(&aside)?;
        made.write_all(keccak256(code).as_slice())?;
        made.write_all(code)?;
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

fn make_private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Permission bits that let the group and everybody write.
const OTHERS_WRITE: u32 = 0o022;

/// Who may write to a file or a folder; where the system has no such notion, nobody else.
#[derive(Debug, Default)]
struct Rights {
    owner: u32,
    mode: u32,
}

impl Rights {
    #[cfg(unix)]
    fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self {
            owner: metadata.uid(),
            mode: metadata.mode() & 0o7777,
        }
    }

    #[cfg(not(unix))]
    fn of(_: &Metadata) -> Self {
        Self::default()
    }
}

/// Who this process runs as: the owner of the files that it makes.
fn user(folder: &Path) -> io::Result<u32> {
    let probe = folder.join(format!("{}.part", std::process::id()));
    let made = make_private_file(&probe)?;
    let owner = Rights::of(&made.metadata()?).owner;
    fs::remove_file(probe)?;
    Ok(owner)
}

#[cfg(test)]
#[path = "artifacts_tests.rs"]
mod tests;
