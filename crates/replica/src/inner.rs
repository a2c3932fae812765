//! What all handles of a replica share, and what is done with several of its parts at once.

use crate::core::Core;
use crate::error::ProposeError;
use crate::handover::Handover;
use crate::history::History;
use crate::incoming::Incoming;
use crate::journal;
use crate::limits::{NO_QUORUM_RETRY, OVERLOADED_RETRY};
use crate::member::Member;
use crate::membership::Registrar;
use crate::pulse::Pulse;
use crate::raft::config::Metrics;
use crate::raft::{members, writer};
use crate::read::Reader;
use crate::runtime::Instant;
use crate::settings::Settings;
use crate::soundness::Kept;
use crate::status::{LogStatus, MemberStatus, Role, Status};
use crate::submission::{Answer, Submission, Waitroom};
use crate::watch::Watchtower;
use bytes::Bytes;
use openraft::ServerState;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};

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

impl Inner {
    /// Hands encoded commands to the proposer and waits for their outcomes.
    pub async fn submit(
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

    pub async fn wind_up(&self) {
        self.handover.give().await;
        self.core.gate.idle().await;
    }

    /// Ends what runs, and syncs.
    pub async fn end(&self) {
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

    pub fn status(&self) -> Status {
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
            leader: metrics.current_leader.and_then(|id| members::member(&metrics, id)),
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
        let voters = members::voters(metrics);
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
        members::members(metrics).into_iter().map(status).collect()
    }
}
