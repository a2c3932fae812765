//! openraft's state machine: applies entries to the ledger, chains the journal, publishes, and
//! answers those who wait.

use crate::codec;
use crate::digests::Digests;
use crate::journal::{self, Page};
use crate::parts::Fatal;
use crate::published::{Position, Published};
use crate::raft::config::{Entry, LogId, RaftStorageError, StoredMembership, Types, machine_error};
use crate::raft::snapshot::{AboutWord, Builder, Meta, SnapshotHandle};
use crate::raft::vault;
use crate::raft::waiting::Waiting;
use crate::ring::Happenings;
use crate::submission::Submission;
use ledger::words::Moment;
use ledger::{Applied, Event, Journal, Ledger};
use openraft::EntryPayload;
use openraft::storage::{RaftStateMachine, Snapshot};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use store::checkpoint::CheckpointReader;
use tokio::sync::{Notify, mpsc, oneshot, watch};

/// The state machine's surroundings.
#[derive(Clone)]
pub(crate) struct Surroundings {
    pub published: Arc<Published>,
    pub digests: Arc<Digests>,
    pub waiting: Arc<Waiting>,
    pub journal: mpsc::Sender<journal::Order>,
    pub vault: mpsc::Sender<vault::Order>,
    pub checkpoints: CheckpointReader,
    /// The last entry that a durable checkpoint covers.
    pub covered: Arc<watch::Sender<u64>>,
    pub growth: Arc<Growth>,
    pub fatal: Arc<dyn Fn(Fatal) + Send + Sync>,
}

/// How much of the log was applied since the last checkpoint, and what says that it is much.
#[derive(Default)]
pub(crate) struct Growth {
    pub bytes: std::sync::atomic::AtomicU64,
    pub entries: std::sync::atomic::AtomicU64,
    pub changed: Notify,
}

pub(crate) struct Machine {
    around: Surroundings,
    ledger: Ledger,
    last_applied: Option<LogId>,
    membership: StoredMembership,
}

/// Commands applied before others get a turn on this thread.
const COMMANDS_PER_TURN: usize = 1_024;

/// Who is told what once the view is published.
type Told = (Vec<Submission>, Vec<Applied>);

impl Machine {
    /// The machine of a ledger that stands at a place in the log.
    pub fn new(around: Surroundings, ledger: Ledger, meta: &Meta) -> Self {
        let membership = meta.last_membership.clone();
        Self { around, ledger, last_applied: meta.last_log_id, membership }
    }

    async fn apply_entry(&mut self, entry: Entry) -> Result<Option<Told>, RaftStorageError> {
        let told = match entry.payload {
            EntryPayload::Blank => None,
            EntryPayload::Membership(membership) => {
                self.membership = StoredMembership::new(Some(entry.log_id), membership);
                None
            }
            EntryPayload::Normal(proposal) => {
                let (moment, commands) = codec::decode_entry(&proposal.entry)
                    .map_err(|error| self.stop(&entry.log_id, &error.to_string()))?;
                let mut events = Vec::new();
                let ledger = &mut self.ledger;
                let applied =
                    catch_unwind(AssertUnwindSafe(|| ledger.apply(moment, &commands, &mut events)));
                let applied = applied.map_err(|panic| self.stop(&entry.log_id, &said(&panic)))?;
                self.record(moment, commands.len() as u64, events).await?;
                self.around.growth.grow(proposal.entry.len() as u64);
                let group = self.around.waiting.applied(&entry.log_id);
                group.map(|group| (group, applied))
            }
        };
        self.last_applied = Some(entry.log_id);
        Ok(told)
    }

    /// Chains the entry's events into the journal, and keeps them for those who watch.
    async fn record(
        &mut self,
        moment: Moment,
        commands: u64,
        events: Vec<Event>,
    ) -> Result<(), RaftStorageError> {
        let last = self.ledger.revision();
        let first = last.0 + 1 - commands;
        let payload = codec::encode_events(&events);
        let before = self.ledger.journal();
        let head = store::journal::chain(&before.head, first, last.0, &payload);
        self.ledger.seal(Journal { events: before.events + events.len() as u64, head });
        let bytes = payload.len();
        let page = Page { first, last: last.0, payload };
        self.around.journal.send(journal::Order::Append(page)).await.map_err(machine_error)?;
        let happenings = Happenings { through: last, moment, events: events.into() };
        self.around.published.ring.push(happenings, bytes);
        self.around.digests.ended(last, || self.ledger.digest());
        Ok(())
    }

    fn publish(&self, told: Vec<Told>) {
        self.around.published.publish(self.ledger.clone(), self.position());
        // Only now: whoever hears of an outcome may read it here.
        for (group, mut applied) in told {
            // From the end, so that each takes its own part without moving the others'.
            for submission in group.into_iter().rev() {
                let own = applied.split_off(applied.len() - submission.commands.len());
                submission.tell(Ok(own));
            }
        }
    }

    fn position(&self) -> Position {
        let last = self.last_applied;
        Position {
            index: last.map_or(0, |id| id.index),
            term: last.map_or(0, |id| id.leader_id.term),
            revision: self.ledger.revision(),
            moment: self.ledger.moment(),
        }
    }

    fn stop(&self, at: &LogId, reason: &str) -> RaftStorageError {
        tracing::error!(index = at.index, reason, "an entry could not be applied");
        let fatal = Fatal::Apply { index: at.index, reason: reason.to_owned() };
        (self.around.fatal)(fatal);
        machine_error(reason)
    }
}

impl Growth {
    fn grow(&self, bytes: u64) {
        let relaxed = std::sync::atomic::Ordering::Relaxed;
        self.bytes.fetch_add(bytes, relaxed);
        self.entries.fetch_add(1, relaxed);
        self.changed.notify_one();
    }

    /// Starts from nothing: a checkpoint was begun.
    pub fn reset(&self) {
        let relaxed = std::sync::atomic::Ordering::Relaxed;
        self.bytes.store(0, relaxed);
        self.entries.store(0, relaxed);
    }
}

/// What a panic said.
fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| String::from("an assertion failed"))
}

impl RaftStateMachine<Types> for Machine {
    type SnapshotBuilder = Builder;

    async fn applied_state(
        &mut self,
    ) -> Result<(Option<LogId>, StoredMembership), RaftStorageError> {
        Ok((self.last_applied, self.membership.clone()))
    }

    async fn apply<I>(&mut self, entries: I) -> Result<Vec<()>, RaftStorageError>
    where
        I: IntoIterator<Item = Entry> + Send,
        I::IntoIter: Send,
    {
        let mut told = Vec::new();
        let mut count = 0;
        let mut turn = self.ledger.revision().0;
        for entry in entries {
            told.extend(self.apply_entry(entry).await?);
            count += 1;
            if self.ledger.revision().0 - turn > COMMANDS_PER_TURN as u64 {
                turn = self.ledger.revision().0;
                self.publish(std::mem::take(&mut told));
                tokio::task::yield_now().await;
            }
        }
        self.publish(told);
        Ok(vec![(); count])
    }

    async fn get_snapshot_builder(&mut self) -> Builder {
        self.around.growth.reset();
        Builder {
            ledger: self.ledger.clone(),
            last_applied: self.last_applied,
            membership: self.membership.clone(),
            journal: self.around.journal.clone(),
            vault: self.around.vault.clone(),
            covered: self.around.covered.clone(),
        }
    }

    async fn begin_receiving_snapshot(&mut self) -> Result<Box<SnapshotHandle>, RaftStorageError> {
        Ok(Box::new(SnapshotHandle::Nothing))
    }

    async fn install_snapshot(
        &mut self,
        meta: &Meta,
        snapshot: Box<SnapshotHandle>,
    ) -> Result<(), RaftStorageError> {
        let SnapshotHandle::Received(manifest, ledger) = *snapshot else {
            return Err(machine_error("a checkpoint is installed that was not received"));
        };
        let (done, answer) = oneshot::channel();
        self.around
            .vault
            .send(vault::Order::Finish(manifest, done))
            .await
            .map_err(machine_error)?;
        answer.await.map_err(machine_error)?.map_err(machine_error)?;
        self.ledger = *ledger;
        self.last_applied = meta.last_log_id;
        self.membership = meta.last_membership.clone();
        let (index, revision) = (self.position().index, self.ledger.revision());
        self.around.growth.reset();
        self.around.digests.reset(revision);
        self.around.published.ring.reset(revision);
        self.publish(Vec::new());
        self.around.waiting.jumped(index);
        // Guard G2: the log may be purged up to the checkpoint that is durable now.
        self.around.covered.send_replace(index);
        Ok(())
    }

    async fn get_current_snapshot(&mut self) -> Result<Option<Snapshot<Types>>, RaftStorageError> {
        let Some(checkpoint) = self.around.checkpoints.latest() else {
            return Ok(None);
        };
        let meta = AboutWord::of(&checkpoint).map_err(machine_error)?.meta();
        let snapshot = Box::new(SnapshotHandle::Stored(checkpoint));
        Ok(Some(Snapshot { meta, snapshot }))
    }
}
