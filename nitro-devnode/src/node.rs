//! The threads of a running chain: one that writes, some that execute calls.
//!
//! Execution never runs on the threads that serve requests: contract code decides how long
//! it takes and how deep it recurses.
mod keeper;
mod pace;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, mpsc},
    thread,
    time::Instant,
};

use alloy::primitives::B256;
use parking_lot::Mutex;
use tokio::sync::oneshot;

use crate::{
    chain::{Chain, Incoming, Reader, Rejected},
    state_file::Moment,
};

pub use keeper::SaveError;
pub(crate) use keeper::{Keeper, Saved};

use pace::Pace;

/// Stack of the threads that execute. Virtual memory: untouched pages cost nothing.
const STACK: usize = 64 << 20;

type Write = Box<dyn FnOnce(&mut Chain) + Send>;
type Work = Box<dyn FnOnce() + Send>;

/// What the thread that writes is asked for.
enum Job {
    Write(Write),
    /// Save now; nothing if the chain is not kept in a file.
    Save(oneshot::Sender<Option<Result<Saved, SaveError>>>),
    /// Save for the last time and end.
    Stop(mpsc::Sender<Result<(), SaveError>>),
}

/// The node is stopping, or a job in it panicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the node is stopping")]
pub(crate) struct Stopped;

/// A running chain. Clones share it; the threads end with the last clone.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    reader: Reader,
    writes: mpsc::Sender<Job>,
    work: mpsc::Sender<Work>,
}

impl Node {
    /// Starts the threads of a chain, which `keeper` saves.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub(crate) fn start(chain: Chain, keeper: Option<Keeper>) -> std::io::Result<Self> {
        let reader = chain.reader().clone();
        let (writes, writes_in) = mpsc::channel();
        let (work, work_in) = mpsc::channel::<Work>();
        thread::Builder::new()
            .name("sequencer".to_owned())
            .stack_size(STACK)
            .spawn(move || sequence(chain, keeper, &writes_in))?;
        let work_in = Arc::new(Mutex::new(work_in));
        let workers = thread::available_parallelism().map_or(2, |cores| cores.get().max(2));
        for _ in 0..workers {
            let work_in = work_in.clone();
            thread::Builder::new()
                .name("calls".to_owned())
                .stack_size(STACK)
                .spawn(move || {
                    loop {
                        // The lock is held while waiting, so one thread waits for work and the
                        // others for the lock.
                        let Ok(job) = work_in.lock().recv() else {
                            break;
                        };
                        guarded(job);
                    }
                })?;
        }
        Ok(Self {
            reader,
            writes,
            work,
        })
    }

    /// The read side, for what needs no execution.
    pub(crate) fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Runs a job on the chain itself, after the jobs before it.
    ///
    /// # Errors
    /// [`Stopped`].
    pub(crate) async fn write<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Chain) -> R + Send + 'static,
    ) -> Result<R, Stopped> {
        let (answer, answered) = oneshot::channel();
        let job: Write = Box::new(move |chain| drop(answer.send(job(chain))));
        self.writes.send(Job::Write(job)).map_err(|_| Stopped)?;
        answered.await.map_err(|_| Stopped)
    }

    /// Runs a job that executes on old state, beside the chain and other jobs.
    ///
    /// # Errors
    /// [`Stopped`].
    pub(crate) async fn compute<R: Send + 'static>(
        &self,
        job: impl FnOnce(&Reader) -> R + Send + 'static,
    ) -> Result<R, Stopped> {
        let (answer, answered) = oneshot::channel();
        let reader = self.reader.clone();
        let job: Work = Box::new(move || drop(answer.send(job(&reader))));
        self.work.send(job).map_err(|_| Stopped)?;
        answered.await.map_err(|_| Stopped)
    }

    /// Hands in a transaction and waits for the verdict.
    ///
    /// # Errors
    /// [`Rejected`].
    pub(crate) async fn submit(&self, tx: Incoming) -> Result<B256, Rejected> {
        let (answer, answered) = oneshot::channel();
        let job: Write = Box::new(move |chain| {
            chain.submit(tx, Box::new(move |verdict| drop(answer.send(verdict))));
        });
        let handed_in = self.writes.send(Job::Write(job));
        handed_in.map_err(|_| Rejected::Stopping)?;
        answered.await.unwrap_or(Err(Rejected::Stopping))
    }

    /// Saves the chain after the jobs before; nothing if it is not kept in a file.
    ///
    /// # Errors
    /// [`Stopped`], and [`SaveError`] inside.
    pub(crate) async fn save(&self) -> Result<Option<Result<Saved, SaveError>>, Stopped> {
        let (answer, answered) = oneshot::channel();
        self.writes.send(Job::Save(answer)).map_err(|_| Stopped)?;
        answered.await.map_err(|_| Stopped)
    }

    /// Ends the chain after the jobs before, and waits until it is saved. Done already if
    /// it ended before.
    ///
    /// # Errors
    /// [`SaveError`].
    pub(crate) fn stop(&self) -> Result<(), SaveError> {
        let (answer, answered) = mpsc::channel();
        if self.writes.send(Job::Stop(answer)).is_err() {
            return Ok(());
        }
        answered.recv().unwrap_or(Ok(()))
    }
}

/// Executes jobs one after the other, and what time brings: interval blocks and the end of
/// patience with nonce gaps.
fn sequence(mut chain: Chain, mut keeper: Option<Keeper>, jobs: &mpsc::Receiver<Job>) {
    let mut pace = Pace::default();
    loop {
        let next_block = pace.due(chain.mining(), Instant::now());
        let save = keeper.as_ref().and_then(Keeper::due);
        let wake = [next_block, chain.next_expiry(), save]
            .into_iter()
            .flatten()
            .min();
        let job = match wake {
            Some(wake) => jobs.recv_timeout(wake.saturating_duration_since(Instant::now())),
            None => jobs
                .recv()
                .map_err(|_| mpsc::RecvTimeoutError::Disconnected),
        };
        match job {
            Ok(Job::Write(job)) => guarded(|| job(&mut chain)),
            Ok(Job::Save(answer)) => guarded(|| {
                let keeper = keeper.as_mut();
                // An error means that nobody waits for the answer any more, here and below.
                let _ = answer.send(keeper.map(|keeper| keeper.save(&chain, Moment::Running)));
            }),
            Ok(Job::Stop(answer)) => {
                let saved = keeper
                    .map(|mut keeper| told_if_panicking(|| keeper.save(&chain, Moment::Exit)));
                let _ = answer.send(saved.transpose().map(drop));
                break;
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
        let now = Instant::now();
        guarded(|| chain.expire(now));
        if next_block.is_some_and(|due| now >= due) {
            guarded(|| {
                chain.mine();
            });
            pace.sealed(now);
        }
        if let Some(keeper) = &mut keeper {
            guarded(|| keeper.save_if_due(&chain, now));
        }
    }
}

/// A last save that panics has failed, and who waits for it is told so.
fn told_if_panicking(save: impl FnOnce() -> Result<Saved, SaveError>) -> Result<Saved, SaveError> {
    catch_unwind(AssertUnwindSafe(save)).unwrap_or(Err(SaveError::Panicked))
}

/// A panic ends the job and not the thread: the node goes on serving.
fn guarded(job: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(job)).is_err() {
        tracing::error!("a job panicked; please report this");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_last_save_that_panics_is_a_failure() {
        let saved = told_if_panicking(|| panic!("on purpose"));
        assert!(matches!(saved, Err(SaveError::Panicked)));
    }
}
