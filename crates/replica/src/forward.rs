//! Commands on their way from a follower to its leader.

use crate::codec;
use crate::core::Core;
use crate::error::ProposeError;
use crate::limits::{CALL_COMMANDS_MAX, GROUP_COMMANDS_MAX, NO_QUORUM_RETRY, OVERLOADED_RETRY};
use crate::member::Member;
use crate::parts::{PeerCall, Unreachable};
use crate::raft::config::Metrics;
use crate::runtime::Instant;
use crate::submission::{Answer, Submission};
use bytes::Bytes;
use ledger::Applied;
use ledger::words::RequestId;
use prost::Message;
use std::time::Duration;
use tokio::sync::watch;

/// Commands of several calls, forwarded together.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ForwardWord {
    /// Each command, encoded.
    #[prost(bytes = "bytes", repeated, tag = "1")]
    pub commands: Vec<Bytes>,
    /// How long the sender waits for their outcomes, in milliseconds.
    #[prost(uint64, tag = "2")]
    pub wait_millis: u64,
}

/// What becomes of them.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ForwardedWord {
    /// 0 applied, 1 this node does not lead, 2 overloaded, 3 unknown, 4 full, 5 diverged, 6 no
    /// quorum.
    #[prost(uint32, tag = "1")]
    pub kind: u32,
    /// The outcomes, encoded, when applied.
    #[prost(bytes = "bytes", tag = "2")]
    pub applied: Bytes,
}

impl ForwardedWord {
    /// An answer, on the leader's side.
    pub fn of(answer: &Answer) -> Self {
        let kind = match answer {
            Ok(applied) => return Self { kind: 0, applied: codec::encode_applied(applied) },
            Err(ProposeError::Overloaded { .. }) => 2,
            Err(ProposeError::OutcomeUnknown) => 3,
            Err(ProposeError::Full) => 4,
            Err(ProposeError::Diverged) => 5,
            Err(ProposeError::NoQuorum { .. }) => 6,
            Err(ProposeError::NotReady | ProposeError::Stopping | ProposeError::Size { .. }) => 1,
        };
        Self { kind, applied: Bytes::new() }
    }

    fn outcome(self, expected: usize) -> Outcome {
        match self.kind {
            0 => match codec::decode_applied(&self.applied) {
                Ok(applied) if applied.len() == expected => Outcome::Applied(applied),
                _ => Outcome::Unknown,
            },
            1 => Outcome::Refused,
            2 => Outcome::Error(ProposeError::Overloaded { retry_after: OVERLOADED_RETRY }),
            4 => Outcome::Error(ProposeError::Full),
            5 => Outcome::Error(ProposeError::Diverged),
            6 => Outcome::Error(ProposeError::NoQuorum { retry_after: NO_QUORUM_RETRY }),
            _ => Outcome::Unknown,
        }
    }
}

/// What a forwarded group has met with.
pub(crate) enum Outcome {
    /// It was applied.
    Applied(Vec<Applied>),
    /// It was not taken: the other node does not lead, or was not reached.
    Refused,
    /// It was not carried out, and asking again at once is of no use.
    Error(ProposeError),
    /// Nobody knows.
    Unknown,
}

/// What a leader had committed before another was elected is answered within this time.
const GRACE: Duration = Duration::from_millis(100);

/// Forwards a group and waits until the last of its callers goes, or until another leader has been
/// elected: one that lost its power or its network never answers, and nobody need wait for it.
pub(crate) async fn forward(core: Core, leader: Member, group: Vec<Submission>) -> Returned {
    let now = Instant::now();
    let until = group.iter().map(|submission| submission.until).max().unwrap_or(now);
    let wait = until.saturating_duration_since(now);
    let commands: Vec<Bytes> =
        group.iter().flat_map(|submission| submission.commands.iter().cloned()).collect();
    let count = commands.len();
    let wait_millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
    let word = ForwardWord { commands, wait_millis };
    let term = core.metrics.borrow().current_term;
    let answer: Result<ForwardedWord, _> = tokio::select! {
        biased;
        answer = core.peers.call(&leader, PeerCall::Forward, &word, wait) => answer,
        () = replaced(core.metrics.clone(), term) => {
            Err(Unreachable::Unknown { reason: String::from("another leader was elected") })
        }
    };
    let outcome = match answer {
        Ok(answer) => answer.outcome(count),
        Err(Unreachable::NotSent { .. }) => Outcome::Refused,
        Err(Unreachable::Unknown { .. }) => Outcome::Unknown,
    };
    Returned { group, outcome }
}

/// Returns some time after the leader of this term has a successor, which may be itself.
async fn replaced(mut metrics: watch::Receiver<Metrics>, term: u64) {
    let succeeded = metrics.wait_for(|now| now.current_term > term && now.current_leader.is_some());
    if succeeded.await.is_err() {
        // This node is ending, and its callers are told by that.
        return std::future::pending().await;
    }
    tokio::time::sleep(GRACE).await;
}

/// A group that was forwarded, and what came of it.
pub(crate) struct Returned {
    pub group: Vec<Submission>,
    pub outcome: Outcome,
}

impl Returned {
    /// Tells the callers, and returns those whose commands are to be sent again.
    pub fn tell(mut self) -> Vec<Submission> {
        match self.outcome {
            Outcome::Applied(mut applied) => {
                for submission in self.group.into_iter().rev() {
                    let own = applied.split_off(applied.len() - submission.commands.len());
                    submission.tell(Ok(own));
                }
                Vec::new()
            }
            Outcome::Refused => {
                for submission in &self.group {
                    submission.came_back();
                }
                self.group
            }
            Outcome::Error(error) => {
                for submission in self.group {
                    submission.tell(Err(error.clone()));
                }
                Vec::new()
            }
            Outcome::Unknown => {
                for submission in &mut self.group {
                    submission.doubt();
                }
                // What has an id is known again by the ledger; what has none is not sent twice.
                let (again, lost): (Vec<_>, Vec<_>) =
                    self.group.into_iter().partition(|submission| submission.identified);
                for submission in lost {
                    submission.tell(Err(ProposeError::OutcomeUnknown));
                }
                again
            }
        }
    }
}

/// Whether these forwarded commands can be taken: each must be readable here, or no node could
/// apply the entry they would be part of. Says whether each has an id.
///
/// # Errors
/// What is wrong with them.
pub(crate) fn inspect(commands: &[Bytes]) -> Result<bool, String> {
    if commands.is_empty() || commands.len() > GROUP_COMMANDS_MAX + CALL_COMMANDS_MAX {
        return Err(format!("{} commands", commands.len()));
    }
    let mut identified = true;
    for command in commands {
        let command = codec::decode_command(command).map_err(|error| error.to_string())?;
        identified &= command.request != RequestId::Natural;
    }
    Ok(identified)
}

/// The time a forwarded group may take here: a little less than its sender waits, so that the
/// answer still reaches it.
pub(crate) fn time_here(wait_millis: u64) -> Duration {
    Duration::from_millis(wait_millis).mul_f64(0.95)
}
