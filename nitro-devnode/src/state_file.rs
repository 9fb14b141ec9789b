//! How a saved chain lies on disk: framed, checksummed, replaced as a whole, used by one node.
//!
//! What is saved is decided in [`crate::chain`]; here it is bytes. A file that is not a save
//! of this node, or not all of one, is refused with its path and the numbers that are wrong,
//! and left as it is.
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use alloy::primitives::{B256, Keccak256};

/// The first bytes of every save.
const MAGIC: [u8; 8] = *b"devnode\n";

/// Rises when older nodes cannot read what newer ones write, or the other way round.
const FORMAT: u32 = 2;

/// `magic 8 ‖ format 4 ‖ moment 1 ‖ unix seconds 8 ‖ payload length 8 ‖ keccak256 32`, numbers
/// little-endian. The checksum covers everything but itself.
const HEAD: usize = 61;
const CHECKSUM_AT: usize = 29;

/// When a save was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// While the node ran: whatever came after is not in it.
    Running,
    /// As the node's last act.
    Exit,
}

/// Why bytes are not a save that this node can use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSave {
    /// Other first bytes than a save has.
    #[error("not a saved chain: it starts with 0x{}", alloy::hex::encode(found))]
    Foreign {
        /// At most the first eight bytes.
        found: Vec<u8>,
    },
    /// Written by an older or newer node.
    #[error("format {found}, this node reads format {FORMAT}")]
    Format {
        /// Format number in the file.
        found: u32,
    },
    /// Shorter or longer than it says.
    #[error("{found} bytes long instead of {expected}: cut off, or appended to")]
    Length {
        /// Bytes there are.
        found: u64,
        /// Bytes there should be.
        expected: u64,
    },
    /// Some byte is another one than was written.
    #[error("damaged: checksum {found} instead of {expected}")]
    Checksum {
        /// Over what there is.
        found: B256,
        /// As it was written.
        expected: B256,
    },
}

/// Why a state file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateFileError {
    /// The system refuses to read or write.
    #[error("state file {}: cannot {doing}: {source}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// What the system says.
        source: io::Error,
    },
    /// Another node keeps its chain there.
    #[error("state file {}: in use by another node", path.display())]
    InUse {
        /// Which file.
        path: PathBuf,
    },
    /// It is not a save, or a damaged one.
    #[error("state file {}: {source}; it is left as it is", path.display())]
    Bad {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        source: BadSave,
    },
}

/// What a save holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Save {
    /// When it was made.
    pub moment: Moment,
    /// The clock of the machine when it was made.
    pub saved_at: SystemTime,
    /// The chain, as [`crate::chain::Chain::image`] gave it.
    pub payload: Vec<u8>,
}

/// A file in which one node keeps its chain, its own until this is dropped.
#[derive(Debug)]
pub struct StateFile {
    path: PathBuf,
    /// Holds the lock. It lies beside the file, which is replaced at each save.
    _lock: File,
}

impl StateFile {
    /// Takes `path` for this process. The file itself need not exist, its directory must.
    ///
    /// # Errors
    /// [`StateFileError::InUse`] while another node has it, [`StateFileError::Io`].
    pub fn open(path: &Path) -> Result<Self, StateFileError> {
        let beside = with_suffix(path, ".lock");
        let options = || OpenOptions::new().create(true).append(true).open(&beside);
        let lock = options().map_err(failed(path, "create its lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StateFileError::InUse {
                    path: path.to_owned(),
                });
            }
            Err(TryLockError::Error(source)) => return Err(failed(path, "lock it")(source)),
        }
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The last save; nothing if there never was one.
    ///
    /// # Errors
    /// [`StateFileError::Bad`] and [`StateFileError::Io`].
    pub fn read(&self) -> Result<Option<Save>, StateFileError> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(failed(&self.path, "read")(source)),
        };
        let save = Save::decode(bytes).map_err(|source| StateFileError::Bad {
            path: self.path.clone(),
            source,
        })?;
        Ok(Some(save))
    }

    /// Replaces the last save. Whenever the machine stops, the file is the old save or the
    /// new one: a temporary file is written, synced and renamed, and the directory synced.
    ///
    /// # Errors
    /// [`StateFileError::Io`]; the old save is kept.
    pub fn write(&self, save: &Save) -> Result<(), StateFileError> {
        let new = with_suffix(&self.path, ".new");
        let mut file = File::create(&new).map_err(failed(&new, "create"))?;
        let written = file
            .write_all(&save.head())
            .and_then(|()| file.write_all(&save.payload))
            .and_then(|()| file.sync_all());
        written.map_err(failed(&new, "write"))?;
        fs::rename(&new, &self.path).map_err(failed(&self.path, "replace it"))?;
        let directory = match self.path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let synced = File::open(directory).and_then(|directory| directory.sync_all());
        synced.map_err(failed(directory, "sync"))
    }
}

impl Save {
    /// A save made now.
    pub fn now(moment: Moment, payload: Vec<u8>) -> Self {
        Self {
            moment,
            saved_at: SystemTime::now(),
            payload,
        }
    }

    /// The bytes of the whole file.
    pub fn encode(&self) -> Vec<u8> {
        [self.head().as_slice(), &self.payload].concat()
    }

    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// [`BadSave`].
    pub fn decode(mut bytes: Vec<u8>) -> Result<Self, BadSave> {
        let found = bytes.len() as u64;
        let known = bytes.len().min(MAGIC.len());
        if bytes.is_empty() || bytes[..known] != MAGIC[..known] {
            bytes.truncate(MAGIC.len());
            return Err(BadSave::Foreign { found: bytes });
        }
        let Some((head, payload)) = bytes.split_first_chunk::<HEAD>() else {
            let expected = HEAD as u64;
            return Err(BadSave::Length { found, expected });
        };
        let format = u32::from_le_bytes(piece(head, 8));
        if format != FORMAT {
            return Err(BadSave::Format { found: format });
        }
        let expected = u64::from_le_bytes(piece(head, 21)).saturating_add(HEAD as u64);
        if found != expected {
            return Err(BadSave::Length { found, expected });
        }
        let expected = B256::from(piece(head, CHECKSUM_AT));
        let found = checksum(&head[..CHECKSUM_AT], payload);
        if found != expected {
            return Err(BadSave::Checksum { found, expected });
        }
        let seconds = u64::from_le_bytes(piece(head, 13));
        Ok(Self {
            moment: match head[12] {
                0 => Moment::Running,
                _ => Moment::Exit,
            },
            saved_at: UNIX_EPOCH
                .checked_add(Duration::from_secs(seconds))
                .unwrap_or(UNIX_EPOCH),
            payload: bytes.split_off(HEAD),
        })
    }

    fn head(&self) -> [u8; HEAD] {
        let since = self.saved_at.duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut head = [0; HEAD];
        head[..8].copy_from_slice(&MAGIC);
        head[8..12].copy_from_slice(&FORMAT.to_le_bytes());
        head[12] = u8::from(self.moment == Moment::Exit);
        head[13..21].copy_from_slice(&since.as_secs().to_le_bytes());
        head[21..CHECKSUM_AT].copy_from_slice(&(self.payload.len() as u64).to_le_bytes());
        let sum = checksum(&head[..CHECKSUM_AT], &self.payload);
        head[CHECKSUM_AT..].copy_from_slice(sum.as_slice());
        head
    }
}

fn checksum(head: &[u8], payload: &[u8]) -> B256 {
    let mut hasher = Keccak256::new();
    hasher.update(head);
    hasher.update(payload);
    hasher.finalize()
}

/// `N` bytes of the head; every caller's place lies within it.
fn piece<const N: usize>(head: &[u8; HEAD], at: usize) -> [u8; N] {
    let mut piece = [0; N];
    piece.copy_from_slice(&head[at..at + N]);
    piece
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn failed<'a>(
    path: &'a Path,
    doing: &'static str,
) -> impl FnOnce(io::Error) -> StateFileError + use<'a> {
    move |source| StateFileError::Io {
        path: path.to_owned(),
        doing,
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn save() -> Save {
        Save {
            moment: Moment::Exit,
            saved_at: UNIX_EPOCH + Duration::from_secs(1_795_433_999),
            payload: vec![7; 100],
        }
    }

    #[test]
    fn a_save_is_read_as_it_was_written() {
        assert_eq!(Save::decode(save().encode()), Ok(save()));
    }

    #[test]
    fn every_shorter_save_is_refused_with_both_lengths() {
        let whole = save().encode();
        assert_eq!(whole.len(), 161);
        let cut = |length: usize| Save::decode(whole[..length].to_vec());
        for length in 1..61 {
            let (found, expected) = (length as u64, 61);
            assert_eq!(cut(length), Err(BadSave::Length { found, expected }));
        }
        for length in 61..161 {
            let (found, expected) = (length as u64, 161);
            assert_eq!(cut(length), Err(BadSave::Length { found, expected }));
        }
        assert_eq!(cut(0), Err(BadSave::Foreign { found: Vec::new() }));
    }

    #[test]
    fn a_flipped_bit_anywhere_is_noticed() {
        for at in 0..161 {
            let mut bytes = save().encode();
            bytes[at] ^= 4;
            let refused = Save::decode(bytes).expect_err("refused");
            let named = match at {
                0..8 => matches!(refused, BadSave::Foreign { .. }),
                8..12 => matches!(refused, BadSave::Format { .. }),
                21..29 => matches!(refused, BadSave::Length { .. }),
                _ => matches!(refused, BadSave::Checksum { .. }),
            };
            assert!(named, "byte {at}: {refused}");
        }
    }

    #[test]
    fn another_files_first_bytes_are_named() {
        let refused = Save::decode(b"{\"jsonrpc\":\"2.0\"}".to_vec());
        let found = b"{\"jsonrp".to_vec();
        assert_eq!(refused, Err(BadSave::Foreign { found }));
    }
}
