//! A replica: the handle through which everything of this crate is asked.

use crate::codec;
use crate::copy::CheckpointCopy;
use crate::error::{
    CheckpointError, MembershipError, PeerError, ProposeError, ReadError, StartError, WatchError,
};
use crate::history::{HistoryError, HistoryPage, HistoryQuery};
use crate::inner::Inner;
use crate::limits::{CALL_BYTES_MAX, CALL_COMMANDS_MAX};
use crate::member::{Member, NodeId};
use crate::membership::Change;
use crate::parts::{Parts, PeerCall};
use crate::read::Consistency;
use crate::runtime::Instant;
use crate::settings::Settings;
use crate::soundness::Soundness;
use crate::start;
use crate::status::Status;
use crate::watch::Watch;
use bytes::Bytes;
use ledger::words::{RequestId, Revision};
use ledger::{Applied, Command, View};
use std::sync::Arc;
use std::time::Duration;

/// A node's replica of the state. Cheap to clone; all clones are the same replica.
#[derive(Clone)]
pub struct Replica {
    inner: Arc<Inner>,
}

/// How long a stop may take in all.
const STOP: Duration = Duration::from_secs(8);
/// How long a checkpoint that was asked for may take.
const CHECKPOINT: Duration = Duration::from_secs(300);

impl Replica {
    /// Starts a replica from what is on its disk.
    ///
    /// # Errors
    /// When that cannot be used.
    pub async fn start(settings: Settings, parts: Parts) -> Result<Self, StartError> {
        let inner = start::start(settings, parts).await?;
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Proposes commands, on whichever node, and waits for their outcomes, in their order. The
    /// commands of one call stay together and in order.
    ///
    /// # Errors
    /// When their outcomes cannot be told; the error says whether they may have been carried out.
    pub async fn propose(
        &self,
        commands: Vec<Command>,
        until: Instant,
    ) -> Result<Vec<Applied>, ProposeError> {
        let identified = commands.iter().all(|c| c.request != RequestId::Natural);
        let commands = codec::encode_commands(&commands);
        let bytes = commands.iter().map(Bytes::len).sum();
        let given = commands.len();
        if given == 0 || given > CALL_COMMANDS_MAX || bytes > CALL_BYTES_MAX {
            let (bound, bytes_bound) = (CALL_COMMANDS_MAX, CALL_BYTES_MAX);
            return Err(ProposeError::Size { given, bound, bytes, bytes_bound });
        }
        self.inner.submit(commands, identified, false, until).await
    }

    /// The newest view published here, possibly behind.
    #[must_use]
    pub fn view(&self) -> Arc<View> {
        self.inner.core.published.view()
    }

    /// The view as it is asked for.
    ///
    /// # Errors
    /// When there is none in time.
    pub async fn read(&self, want: Consistency, until: Instant) -> Result<Arc<View>, ReadError> {
        self.inner.reader.read(want, until).await
    }

    /// Watches what happens after a revision.
    ///
    /// # Errors
    /// When that is no longer here or not here yet.
    pub fn watch(&self, after: Revision) -> Result<Watch, WatchError> {
        if self.inner.core.gate.is_stopping() {
            return Err(WatchError::Stopping);
        }
        self.inner.tower.watch(after)
    }

    /// Founds a cluster of these members, this node among them.
    ///
    /// # Errors
    /// When one of them cannot be in it, or it has begun already.
    pub async fn initialize(&self, members: Vec<Member>) -> Result<(), MembershipError> {
        self.inner.registrar.initialize(members).await
    }

    /// Lets a node in: first it catches up, then it votes.
    ///
    /// # Errors
    /// When it is not who it should be, or the change did not end in time; it may be asked again.
    pub async fn join(&self, member: Member) -> Result<(), MembershipError> {
        self.inner.registrar.change(Change::Join(member)).await
    }

    /// Lets a node in, in the place of one that is gone for good.
    ///
    /// # Errors
    /// As [`Replica::join`].
    pub async fn replace(&self, dead: NodeId, new: Member) -> Result<(), MembershipError> {
        self.inner.registrar.change(Change::Replace(dead, new)).await
    }

    /// Lets a node go.
    ///
    /// # Errors
    /// When it is no member, or the change did not end in time; it may be asked again.
    pub async fn remove(&self, id: NodeId) -> Result<(), MembershipError> {
        self.inner.registrar.change(Change::Remove(id)).await
    }

    /// Answers another node's call.
    ///
    /// # Errors
    /// When it comes from another cluster, cannot be read, or cannot be answered now.
    pub async fn answer(&self, call: PeerCall, body: Bytes) -> Result<Bytes, PeerError> {
        self.inner.answer(call, body).await
    }

    /// A page of the history of bookings, as far as this node has taken it in; the page names the
    /// revision.
    ///
    /// # Errors
    /// When it is not open, or the page's token is another query's.
    pub fn history(&self, query: &HistoryQuery) -> Result<HistoryPage, HistoryError> {
        self.inner.history.query(query)
    }

    /// Takes a checkpoint and waits until it is durable.
    ///
    /// # Errors
    /// When it is not complete in time.
    pub async fn checkpoint_now(&self) -> Result<(), CheckpointError> {
        let wanted = self.inner.core.published.position().index;
        let mut covered = self.inner.covered.clone();
        if *covered.borrow() >= wanted {
            return Ok(());
        }
        let taken = self.inner.core.raft.trigger().snapshot().await;
        taken.map_err(|_| CheckpointError::Stopping)?;
        let durable = covered.wait_for(|covered| *covered >= wanted);
        match tokio::time::timeout(CHECKPOINT, durable).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) => Err(CheckpointError::Stopping),
            Err(_) => Err(CheckpointError::Late),
        }
    }

    /// The newest checkpoint of this node, to be given away; none before the first.
    ///
    /// # Errors
    /// What it says of itself cannot be read.
    pub fn newest_checkpoint(&self) -> Result<Option<CheckpointCopy>, String> {
        CheckpointCopy::newest(&self.inner.kept.checkpoints)
    }

    /// Looks whether what is here, in memory and on disk, is what was agreed and written. Reads
    /// everything, on the thread that asks: minutes for the journal of years.
    #[must_use]
    pub fn look_through(&self) -> Soundness {
        self.inner.kept.look(&self.view())
    }

    /// Gives leadership to another node, if this one leads. True when it does not lead any more.
    pub async fn step_down(&self) -> bool {
        self.inner.handover.give().await
    }

    /// Stops as planned: takes nothing more, lets another lead, has everything that waits here
    /// carried out, and syncs.
    pub async fn stop(&self) {
        if self.inner.core.gate.begin_stopping() {
            drop(tokio::time::timeout(STOP, self.inner.wind_up()).await);
            self.inner.end().await;
        }
    }

    /// How this node sees itself and its cluster.
    #[must_use]
    pub fn status(&self) -> Status {
        self.inner.status()
    }
}
