//! The checkpoints' one worker: writes new ones, takes others' in, restores ledgers from them.

use crate::background::{Announcements, Worker};
use crate::checkpoint::{self, Restoration, RestorationError};
use crate::parts::Fatal;
use crate::raft::snapshot::{AboutWord, Meta};
use crate::raft::words::PlaceWord;
use bytes::Bytes;
use ledger::Ledger;
use prost::Message;
use std::sync::Arc;
use store::StoreError;
use store::checkpoint::{Checkpoint, CheckpointReader, Checkpoints, Chunk, Hash};
use tokio::sync::oneshot;

/// What the worker is asked to do.
pub(crate) enum Order {
    /// Write a checkpoint of this ledger, which stands at this place of the log; the reply is the
    /// newest there is, which is this one or one that stands further.
    Write(Box<Ledger>, PlaceWord, Reply<Arc<Checkpoint>>),
    /// Begin to take in the checkpoint of this manifest; the reply names the chunks to send. Asked
    /// again, it goes on where it was.
    Begin(Bytes, Reply<Vec<Hash>>),
    /// Take in one chunk.
    Accept(Hash, Bytes, Reply<()>),
    /// Restore the ledger of the checkpoint of this manifest, whose chunks are all here.
    Restore(Bytes, Reply<Box<Ledger>>),
    /// Make the checkpoint of this manifest, whose chunks are all here, the newest.
    Finish(Bytes, Reply<Arc<Checkpoint>>),
}

/// Where an answer goes.
pub(crate) type Reply<T> = oneshot::Sender<Result<T, Failure>>;

/// Why an order was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// There is no room on the disk; try again.
    #[error("the disk is full")]
    Full,
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

pub(crate) struct Vault {
    checkpoints: Checkpoints,
    fatal: Arc<dyn Fn(Fatal) + Send + Sync>,
    /// Whether `fatal` was told that a sync has failed.
    ended: bool,
}

impl Vault {
    pub fn new(checkpoints: Checkpoints, fatal: Arc<dyn Fn(Fatal) + Send + Sync>) -> Self {
        Self { checkpoints, fatal, ended: false }
    }

    /// Writes a checkpoint, unless one that stands as far or further is there: a peer's may have
    /// been taken in while this one waited for the journal or for room. The newest by number is
    /// what a restart begins with, and the log may have been purged up to the peer's.
    fn write(&mut self, ledger: &Ledger, place: PlaceWord) -> Result<Arc<Checkpoint>, Failure> {
        if let Some(latest) = self.checkpoints.reader().latest() {
            let stands = AboutWord::of(&latest).map_err(Failure::Other)?.meta().last_log_id;
            if stands >= Meta::from(place.clone()).last_log_id {
                return Ok(latest);
            }
        }
        // The slow look beside: what the ledger keeps up with every write is computed afresh.
        let revision = ledger.revision().0;
        if ledger.recomputed_digest() != ledger.digest() {
            (self.fatal)(Fatal::Diverged { revision });
            return Err(Failure::Other(String::from("the ledger's digest is not its records'")));
        }
        let mut writer = self.checkpoints.write()?;
        let add = |name: &str, bytes: &[u8]| writer.add(name, bytes).map(drop);
        let numbers = checkpoint::write(ledger, add)?;
        let about = AboutWord { place: Some(place), ledger: numbers.into() };
        Ok(writer.finish(&about.encode_to_vec())?)
    }

    /// Removes what the newest checkpoints do not need. It can wait: without room to move what is
    /// still needed of old ones, the next checkpoint tries again.
    fn tidy(&mut self) {
        if let Err(error) = self.checkpoints.collect() {
            tracing::warn!(%error, "old checkpoints stay for now");
            if let Some(fatal) = Fatal::of_reading(&error) {
                (self.fatal)(fatal);
            }
        }
    }

    /// A failed sync ends the node, also where it was a peer's checkpoint that could not be taken
    /// in: nothing could be any more until the process starts again, and its leader would offer
    /// it for ever.
    fn look_at_disk(&mut self) {
        if let Err(error) = self.checkpoints.check_usable()
            && !self.ended
        {
            self.ended = true;
            (self.fatal)(Fatal::Disk { reason: error.to_string() });
        }
    }

    /// Begins again with a checkpoint whose chunks are all here, which makes them readable.
    fn resume(&mut self, manifest: &[u8]) -> Result<(), Failure> {
        let missing = self.checkpoints.begin_install(manifest).map_err(Failure::other)?;
        match missing.len() {
            0 => Ok(()),
            many => Err(Failure::Other(format!("{many} chunks are missing"))),
        }
    }

    /// Another leader may have begun with its own checkpoint since this one was restored, and the
    /// journal does not lead to that one yet.
    fn finish(&mut self, manifest: &[u8]) -> Result<Arc<Checkpoint>, Failure> {
        self.resume(manifest)?;
        self.checkpoints.finish_install().map_err(Failure::other)
    }

    fn restore(&mut self, manifest: &[u8]) -> Result<Box<Ledger>, Failure> {
        self.resume(manifest)?;
        let (meta, chunks) = self
            .checkpoints
            .installing()
            .ok_or_else(|| Failure::Other(String::from("nothing is being taken in")))?;
        let about = AboutWord::decode(meta).map_err(Failure::other)?;
        let reader = self.checkpoints.reader();
        restore(&reader, &about, chunks).map(Box::new).map_err(|error| {
            // Chunks that were here already have rotted: they would never be asked for again.
            if let Unrestored::Unread(error) = &error
                && let Some(fatal) = Fatal::of_reading(error)
            {
                (self.fatal)(fatal);
            }
            Failure::other(error)
        })
    }
}

/// Why a checkpoint gave back no ledger.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unrestored {
    /// A chunk could not be read.
    #[error(transparent)]
    Unread(#[from] StoreError),
    /// What was read is no ledger.
    #[error(transparent)]
    Unfit(#[from] RestorationError),
}

/// The ledger of a checkpoint whose chunks are all here.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn restore(
    reader: &CheckpointReader,
    about: &AboutWord,
    chunks: &[Chunk],
) -> Result<Ledger, Unrestored> {
    let mut restoration = Restoration::begin(&about.ledger)?;
    for chunk in chunks {
        restoration.take(&reader.chunk(&chunk.hash)?)?;
    }
    Ok(restoration.finish()?)
}

impl Failure {
    fn other(error: impl std::fmt::Display) -> Self {
        Self::Other(error.to_string())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full { .. } => Self::Full,
            other => Self::other(other),
        }
    }
}

impl Worker for Vault {
    type Order = Order;

    fn work(&mut self, orders: Vec<Order>, announcements: &mut Announcements) {
        for order in orders {
            match order {
                Order::Write(ledger, place, reply) => {
                    let result = self.write(&ledger, place);
                    if result.is_ok() {
                        self.tidy();
                    }
                    announcements.push(move || drop(reply.send(result)));
                }
                Order::Begin(manifest, reply) => {
                    let result = self.checkpoints.begin_install(&manifest).map_err(Failure::other);
                    announcements.push(move || drop(reply.send(result)));
                }
                Order::Accept(hash, bytes, reply) => {
                    let result = self.checkpoints.accept_chunk(&hash, &bytes);
                    let result = result.map_err(Failure::other);
                    announcements.push(move || drop(reply.send(result)));
                }
                Order::Restore(manifest, reply) => {
                    let result = self.restore(&manifest);
                    announcements.push(move || drop(reply.send(result)));
                }
                Order::Finish(manifest, reply) => {
                    let result = self.finish(&manifest);
                    if result.is_ok() {
                        self.tidy();
                    }
                    announcements.push(move || drop(reply.send(result)));
                }
            }
        }
        self.look_at_disk();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Nation;
    use crate::raft::words::LogIdWord;
    use store::disk::{Disk, MemoryDisk};
    use store::limits::CHECKPOINTS_KEPT;

    /// What newer checkpoints take the place of leaves the disk, whoever wrote them.
    #[test]
    fn old_checkpoints_leave() {
        let disk = MemoryDisk::new(1);
        let shared: Arc<dyn Disk> = Arc::new(disk.clone());
        let checkpoints = Checkpoints::open(shared, "checkpoints").unwrap();
        let mut vault = Vault::new(checkpoints, Arc::new(|_| panic!("the disk is sound")));
        let mut nation = Nation::new(8);
        for index in 1..=12 {
            nation.book(50);
            let last = Some(LogIdWord { term: 1, node: 1, index });
            let place = PlaceWord { last, ..PlaceWord::default() };
            let (reply, written) = oneshot::channel();
            let order = Order::Write(Box::new(nation.ledger.clone()), place, reply);
            let mut announcements = Announcements::default();
            vault.work(vec![order], &mut announcements);
            announcements.announce();
            let newest = written.blocking_recv().unwrap().unwrap();
            let files = disk.list("checkpoints").unwrap();
            let manifests = files.iter().filter(|name| name.ends_with(".manifest")).count();
            assert!(manifests <= CHECKPOINTS_KEPT, "{files:?}");
            // Two, and packs of which half is still needed.
            let size: u64 = newest.chunks.iter().map(|chunk| u64::from(chunk.length)).sum();
            assert!(disk.used_bytes() < 4 * size, "{} for {size}", disk.used_bytes());
        }
    }
}
