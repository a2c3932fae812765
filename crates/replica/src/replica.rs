//! A replica: the handle through which everything of this crate is asked.

use crate::codec;
use crate::core::Core;
use crate::error::{
    CheckpointError, MembershipError, PeerError, ProposeError, ReadError, StartError, WatchError,
};
use crate::handover::Handover;
use crate::history::{History, HistoryError, HistoryPage, HistoryQuery};
use crate::incoming::Incoming;
use crate::journal;
use crate::limits::{CALL_BYTES_MAX, CALL_COMMANDS_MAX, NO_QUORUM_RETRY, OVERLOADED_RETRY};
use crate::member::{Member, NodeId};
use crate::membership::{Change, Registrar};
use crate::parts::{Parts, PeerCall};
use crate::pulse::Pulse;
use crate::raft::config::Metrics;
use crate::raft::writer;
use crate::read::{Consistency, Reader};
use crate::runtime::Instant;
use crate::settings::Settings;
use crate::soundness::{Kept, Soundness};
use crate::start;
use crate::state;
use crate::status::{LogStatus, MemberStatus, Role, Status};
use crate::submission::{Answer, Submission, Waitroom};
use crate::watch::{Watch, Watchtower};
use bytes::Bytes;
use ledger::words::{RequestId, Revision};
use ledger::{Applied, Command, View};
use openraft::ServerState;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};

/// A node's replica of the state. Cheap to clone; all clones are the same replica.
#[derive(Clone)]
pub struct Replica {
    inner: Arc<Inner>,
}

/// What the handles share.
pub(crate) struct Inner {
    pub settings: Settings,
    pub core: Core,
    pub waitroom: Arc<Waitroom>,
    pub submissions: mpsc::UnboundedSender<Submission>,
    pub reader: Reader,
    pub tower: Watchtower,
    pub pulse: Pulse,
    pub registrar: Registrar,
    pub handover: Handover,
    pub incoming: Incoming,
    pub history: Arc<History>,
    pub kept: Kept,
    pub covered: watch::Receiver<u64>,
    pub log: mpsc::Sender<writer::Order>,
    pub journal: mpsc::Sender<journal::Order>,
    pub stopping: watch::Sender<bool>,
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

impl Inner {
    /// Hands encoded commands to the proposer and waits for their outcomes.
    pub(crate) async fn submit(
        &self,
        commands: Vec<Bytes>,
        identified: bool,
        forwarded: bool,
        until: Instant,
    ) -> Answer {
        self.admit()?;
        let bytes = commands.iter().map(Bytes::len).sum();
        let count = commands.len();
        let room = self.waitroom.enter(count, bytes)?;
        let (submission, stage, answer) =
            Submission::new(room, commands, identified, forwarded, until);
        self.core.gate.set_idle(false);
        if self.submissions.send(submission).is_err() {
            return Err(ProposeError::Stopping);
        }
        match tokio::time::timeout_at(until, answer).await {
            Ok(Ok(answer)) => answer,
            _ if !stage.abandon() => Err(ProposeError::OutcomeUnknown),
            _ if self.core.gate.is_stopping() => Err(ProposeError::Stopping),
            _ if self.has_leader() => {
                Err(ProposeError::Overloaded { retry_after: OVERLOADED_RETRY })
            }
            _ => Err(ProposeError::NoQuorum { retry_after: NO_QUORUM_RETRY }),
        }
    }

    fn admit(&self) -> Result<(), ProposeError> {
        if self.core.gate.is_stopping() {
            Err(ProposeError::Stopping)
        } else if self.core.gate.is_diverged() {
            Err(ProposeError::Diverged)
        } else if self.core.gate.is_full() {
            Err(ProposeError::Full)
        } else if self.core.metrics.borrow().membership_config.log_id().is_none() {
            Err(ProposeError::NotReady)
        } else {
            Ok(())
        }
    }

    fn has_leader(&self) -> bool {
        let metrics = self.core.metrics.borrow();
        let lonely = metrics.millis_since_quorum_ack.is_some_and(|millis| {
            Duration::from_millis(millis) > self.settings.election.wait_max * 2
        });
        metrics.current_leader.is_some() && !(metrics.state.is_leader() && lonely)
    }

    async fn wind_up(&self) {
        self.handover.give().await;
        self.core.gate.idle().await;
    }

    /// Ends what runs, and syncs.
    async fn end(&self) {
        self.stopping.send_replace(true);
        if self.core.raft.shutdown().await.is_err() {
            tracing::error!("agreement had ended before it was stopped");
        }
        let (done, synced) = oneshot::channel();
        if self.log.send(writer::Order::Finish(done)).await.is_ok() {
            drop(synced.await);
        }
        let (done, synced) = oneshot::channel();
        if self.journal.send(journal::Order::Sync(done)).await.is_ok() {
            drop(synced.await);
        }
    }

    fn status(&self) -> Status {
        let metrics = self.core.metrics.borrow().clone();
        let view = self.core.published.view();
        let position = self.core.published.position();
        let role = match metrics.state {
            ServerState::Leader => Role::Leader,
            ServerState::Follower => Role::Follower,
            ServerState::Candidate => Role::Candidate,
            ServerState::Learner => Role::Learner,
            ServerState::Shutdown => Role::Stopped,
        };
        Status {
            node: self.settings.node,
            role,
            leader: metrics.current_leader.and_then(|id| state::member(&metrics, id)),
            term: metrics.current_term,
            members: self.member_statuses(&metrics),
            revision: view.revision(),
            moment: view.moment(),
            digest: view.digest(),
            log: LogStatus {
                last: metrics.last_log_index.unwrap_or(0),
                applied: position.index,
                covered: *self.covered.borrow(),
                purged: metrics.purged.map_or(0, |id| id.index),
            },
            history: self.history.revision().ok(),
            age: self.core.published.age(Instant::now()),
            waiting: self.waitroom.commands(),
            full: self.core.gate.is_full(),
            clock_off: self.core.gate.is_clock_off(),
            diverged: self.core.gate.is_diverged(),
        }
    }

    fn member_statuses(&self, metrics: &Metrics) -> Vec<MemberStatus> {
        let voters = state::voters(metrics);
        let heard = self.pulse.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let own = self.settings.node;
        let status = |member: Member| {
            let revision = if member.id == own {
                Some(self.core.published.position().revision)
            } else {
                heard.get(&member.id).copied()
            };
            let replication = metrics.replication.as_ref();
            let holds = replication.and_then(|r| r.get(&member.id.0).copied().flatten());
            MemberStatus {
                votes: voters.contains(&member.id),
                revision,
                holds: holds.map(|log| log.index),
                member,
            }
        };
        state::members(metrics).into_iter().map(status).collect()
    }
}
