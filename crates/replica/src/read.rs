//! Reading what was asked for: the truth, at least a revision, or not older than so much.

use crate::core::Core;
use crate::error::ReadError;
use crate::limits::NO_QUORUM_RETRY;
use crate::parts::PeerCall;
use crate::raft::members;
use crate::runtime::Instant;
use ledger::View;
use ledger::words::Revision;
use prost::Message;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// What a reader asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consistency {
    /// Nothing acknowledged anywhere before the read began is missing.
    Linearizable,
    /// At least this revision: a writer reads its own write.
    AtLeast(Revision),
    /// Whatever is here, if it is not older than that.
    Stale {
        /// How old it may be.
        age_max: Duration,
    },
}

/// Up to where one must have applied to read the truth, as it is asked for.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct AskIndexWord {}

/// Up to where one must have applied to read the truth.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct IndexWord {
    /// False when the node asked does not lead, or has no quorum.
    #[prost(bool, tag = "1")]
    pub confirmed: bool,
    #[prost(uint64, tag = "2")]
    pub index: u64,
}

/// Reads views.
#[derive(Clone)]
pub(crate) struct Reader {
    core: Core,
    rounds: mpsc::UnboundedSender<oneshot::Sender<u64>>,
}

impl Reader {
    /// A reader, and the rounds that confirm a leader for it.
    pub fn new(core: Core, heartbeat: Duration) -> (Self, Rounds) {
        let (rounds, waiting) = mpsc::unbounded_channel();
        let reader = Self { core: core.clone(), rounds };
        (reader, Rounds { core, heartbeat, waiting })
    }

    /// The view as it was asked for.
    ///
    /// # Errors
    /// When there is none in time.
    pub async fn read(&self, want: Consistency, until: Instant) -> Result<Arc<View>, ReadError> {
        match want {
            Consistency::Linearizable => self.truth(until).await,
            Consistency::AtLeast(revision) => self.at_least(revision, until).await,
            Consistency::Stale { age_max } => {
                if self.age() <= age_max {
                    return Ok(self.core.published.view());
                }
                // A leader may have been elected just now: a moment tells.
                match self.truth(until.min(Instant::now() + FRESHEN)).await {
                    Ok(view) => Ok(view),
                    Err(_) => Err(ReadError::TooOld { age: self.age(), age_max }),
                }
            }
        }
    }

    fn age(&self) -> Duration {
        self.core.published.age(Instant::now()).unwrap_or(Duration::MAX)
    }

    async fn truth(&self, until: Instant) -> Result<Arc<View>, ReadError> {
        let (confirmed, answer) = oneshot::channel();
        let no_quorum = ReadError::NoQuorum { retry_after: NO_QUORUM_RETRY };
        if self.rounds.send(confirmed).is_err() {
            return Err(no_quorum);
        }
        let Ok(Ok(index)) = tokio::time::timeout_at(until, answer).await else {
            return Err(no_quorum);
        };
        let mut positions = self.core.published.positions();
        let applied = positions.wait_for(|position| position.index >= index);
        match tokio::time::timeout_at(until, applied).await {
            Ok(Ok(_)) => Ok(self.core.published.view()),
            _ => Err(no_quorum),
        }
    }

    async fn at_least(&self, wanted: Revision, until: Instant) -> Result<Arc<View>, ReadError> {
        let mut positions = self.core.published.positions();
        let come = positions.wait_for(|position| position.revision >= wanted);
        match tokio::time::timeout_at(until, come).await {
            Ok(Ok(_)) => Ok(self.core.published.view()),
            _ => Err(ReadError::NotYet { wanted, newest: self.core.published.position().revision }),
        }
    }
}

/// How often it is confirmed that somebody leads when nobody asks: how fresh a view is known to be.
const FRESHEN: Duration = Duration::from_millis(250);

/// Confirms again and again that somebody leads, for all who ask meanwhile: one round serves
/// everybody who was waiting when it began, and says how fresh the view of this node is.
///
/// That a leader was heard would say less: its word may have been long on its way, and another may
/// lead by then.
pub(crate) struct Rounds {
    core: Core,
    heartbeat: Duration,
    waiting: mpsc::UnboundedReceiver<oneshot::Sender<u64>>,
}

impl Rounds {
    /// Serves until nobody can ask any more.
    pub async fn run(mut self) {
        let mut pause = Duration::ZERO;
        loop {
            match tokio::time::timeout(pause, self.waiting.recv()).await {
                Ok(Some(first)) => self.serve(first).await,
                Ok(None) => return,
                Err(_) => {
                    let fresh = self.round().await.is_some();
                    pause = if fresh { FRESHEN } else { self.heartbeat / 4 };
                }
            }
        }
    }

    async fn serve(&mut self, first: oneshot::Sender<u64>) {
        let mut asking = vec![first];
        loop {
            while let Ok(next) = self.waiting.try_recv() {
                asking.push(next);
            }
            asking.retain(|one| !one.is_closed());
            if asking.is_empty() {
                return;
            }
            if let Some(index) = self.round().await {
                for one in asking.drain(..) {
                    // Whoever has gone meanwhile needs no answer.
                    let _ = one.send(index);
                }
            } else {
                // An election may be under way; those who no longer wait drop out above.
                tokio::time::sleep(self.heartbeat / 4).await;
            }
        }
    }

    /// Up to where one must have applied to read what was the truth when the round began.
    async fn round(&self) -> Option<u64> {
        let began = Instant::now();
        let index = self.ask().await?;
        self.core.published.confirmed(began, index);
        Some(index)
    }

    async fn ask(&self) -> Option<u64> {
        let leader = {
            let metrics = self.core.metrics.borrow();
            let leader = metrics.current_leader?;
            (leader != self.core.node.0).then(|| members::member(&metrics, leader)).flatten()
        };
        match leader {
            None => confirm(&self.core).await,
            Some(leader) => {
                let ask = AskIndexWord {};
                let within = self.heartbeat * 4;
                let answer: IndexWord =
                    self.core.peers.call(&leader, PeerCall::ReadIndex, &ask, within).await.ok()?;
                answer.confirmed.then_some(answer.index)
            }
        }
    }
}

/// Up to where one must have applied to read the truth, if this node leads and a quorum says so.
/// Not while it hands over: to ask the others is to say that it leads, which would keep them from
/// electing another for as long as anybody reads.
pub(crate) async fn confirm(core: &Core) -> Option<u64> {
    if core.gate.is_handing_over() {
        return None;
    }
    let (read, _) = core.raft.get_read_log_id().await.ok()?;
    read.map(|id| id.index)
}
