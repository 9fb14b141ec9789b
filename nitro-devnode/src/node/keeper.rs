//! When a chain is saved: now and then while it runs if it changed, and when it ends.
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use crate::{
    chain::{Chain, RestoreError, Revision},
    state_file::{Moment, Save, StateFile, StateFileError},
};

/// Why a chain was not saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The file cannot be replaced.
    #[error(transparent)]
    File(#[from] StateFileError),
    /// The chain cannot be written down.
    #[error(transparent)]
    Chain(#[from] RestoreError),
    /// The save panicked.
    #[error("the save panicked; please report this")]
    Panicked,
}

/// What a save holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Saved {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Its newest block.
    pub(crate) block: u64,
    /// Size of the chain in bytes.
    pub(crate) size: usize,
}

/// Saves one chain to one file.
#[derive(Debug)]
pub(crate) struct Keeper {
    file: StateFile,
    /// Nothing: only when the chain ends.
    interval: Option<Duration>,
    due: Option<Instant>,
    /// Revision of the chain in the file, if it is this chain.
    saved: Option<Revision>,
}

impl Keeper {
    pub(crate) fn new(file: StateFile, interval: Option<Duration>) -> Self {
        Self {
            file,
            due: interval.and_then(|interval| Instant::now().checked_add(interval)),
            interval,
            saved: None,
        }
    }

    /// When [`Keeper::save_if_due`] has something to do.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Saves a chain that changed since the last save. A failure is logged and tried again
    /// when the next save is due.
    pub(super) fn save_if_due(&mut self, chain: &Chain, now: Instant) {
        if self.due.is_none_or(|due| now < due) {
            return;
        }
        let started = Instant::now();
        if self.saved != Some(chain.revision()) {
            match self.save(chain, Moment::Running) {
                Ok(saved) => tracing::debug!(block = saved.block, size = saved.size, "saved"),
                Err(error) => tracing::error!(%error, "the chain was not saved"),
            }
        }
        // The chain waits for its saves: they may take a twentieth of its time.
        let pause = started.elapsed().saturating_mul(19);
        let pause = self.interval.map(|interval| interval.max(pause));
        self.due = pause.and_then(|pause| Instant::now().checked_add(pause));
    }

    /// Saves the chain whatever was saved before.
    pub(super) fn save(&mut self, chain: &Chain, moment: Moment) -> Result<Saved, SaveError> {
        let revision = chain.revision();
        let save = Save::now(moment, chain.image()?);
        self.file.write(&save)?;
        self.saved = Some(revision);
        Ok(Saved {
            path: self.file.path().to_owned(),
            block: chain.reader().head_number(),
            size: save.payload.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{U256, address};

    use super::*;
    use crate::chain::Config;

    const MINUTE: Duration = Duration::from_secs(60);

    fn chain() -> Chain {
        Chain::new(Config {
            bare: true,
            ..Config::default()
        })
        .expect("starts")
    }

    fn file(name: &str) -> StateFile {
        let path = std::env::temp_dir().join(format!("{}-{name}", std::process::id()));
        StateFile::open(&path).expect("is free")
    }

    #[test]
    fn a_chain_is_saved_when_it_is_due_and_has_changed() {
        let mut chain = chain();
        let mut keeper = Keeper::new(file("due.state"), Some(MINUTE));
        let due = keeper.due().expect("is due sometime");

        keeper.save_if_due(&chain, due - MINUTE);
        assert_eq!(keeper.file.read().expect("readable"), None);

        keeper.save_if_due(&chain, due);
        let first = keeper.file.read().expect("readable").expect("saved");
        assert_eq!(first.moment, Moment::Running);

        keeper
            .file
            .write(&Save::now(Moment::Exit, Vec::new()))
            .expect("written");
        keeper.save_if_due(&chain, due + 2 * MINUTE);
        let unchanged = keeper.file.read().expect("readable").expect("saved");
        assert_eq!(
            unchanged.payload.len(),
            0,
            "nothing changed, nothing is written"
        );

        chain.set_balance(
            address!("0x00000000000000000000000000000000000a11ce"),
            U256::ONE,
        );
        keeper.save_if_due(&chain, due + 4 * MINUTE);
        let second = keeper.file.read().expect("readable").expect("saved");
        assert!(second.payload.len() > first.payload.len());

        chain.increase_time(5);
        keeper.save_if_due(&chain, due + 6 * MINUTE);
        let third = keeper.file.read().expect("readable").expect("saved");
        assert_ne!(
            third.payload, second.payload,
            "the clock is part of the chain"
        );
        std::fs::remove_file(keeper.file.path()).expect("its own file");
    }
}
