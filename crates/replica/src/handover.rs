//! A leader that goes has another take its place first, so that nothing is refused meanwhile.
//!
//! openraft has no transfer of leadership, and followers grant no vote before their leader's lease
//! has passed. So the leader falls silent when one follower has all of its log, and asks that one
//! to stand for election as soon as the lease is over. Callers wait that long, and no longer.

use crate::core::Core;
use crate::member::{Member, NodeId};
use crate::parts::PeerCall;
use crate::raft::config::Metrics;
use crate::raft::members;
use crate::raft::network::DoneWord;
use crate::runtime::{self, Instant};
use prost::Message;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Asks a follower to stand for election.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ElectWord {
    /// The term of the leader that goes.
    #[prost(uint64, tag = "1")]
    pub term: u64,
}

/// Gives leadership away, and takes it over.
#[derive(Clone)]
pub(crate) struct Handover {
    pub core: Core,
    pub lease: Duration,
    /// When a leader was last heard.
    pub heard: Arc<Mutex<Option<Instant>>>,
}

/// How long entries under way may take to arrive before leadership is given away.
const SETTLE: Duration = Duration::from_secs(1);
/// After the lease, others' leases may have a little left.
const MARGIN: Duration = Duration::from_millis(10);
/// How often a node stands for election on request.
const ATTEMPTS: u32 = 8;

impl Handover {
    /// Gives leadership away. False when this node leads still, or nobody could take over.
    pub async fn give(&self) -> bool {
        let term = self.core.metrics.borrow().current_term;
        if !self.core.leads() {
            return true;
        }
        self.core.gate.set_handing_over(true);
        let taken = match self.settle().await {
            Some(successor) => self.ask(&successor, term).await,
            None => false,
        };
        self.core.raft.runtime_config().heartbeat(true);
        self.core.gate.set_handing_over(false);
        taken
    }

    /// Waits until a follower has all of the log, and names it.
    async fn settle(&self) -> Option<Member> {
        let mut metrics = self.core.metrics.clone();
        let until = Instant::now() + SETTLE;
        loop {
            if let Some(successor) = self.successor(&metrics.borrow_and_update()) {
                return Some(successor);
            }
            tokio::time::timeout_at(until, metrics.changed()).await.ok()?.ok()?;
        }
    }

    fn successor(&self, metrics: &Metrics) -> Option<Member> {
        let last = metrics.last_log_index?;
        if self.core.published.position().index < last {
            return None;
        }
        let voters = members::voters(metrics);
        let replication = metrics.replication.as_ref()?.iter();
        let mut complete = replication.filter(|(id, log)| {
            **id != self.core.node.0
                && voters.contains(&NodeId(**id))
                && log.is_some_and(|log| log.index >= last)
        });
        complete.next().and_then(|(id, _)| members::member(metrics, *id))
    }

    async fn ask(&self, successor: &Member, term: u64) -> bool {
        self.core.raft.runtime_config().heartbeat(false);
        let word = ElectWord { term };
        let asked = self.core.peers.call(successor, PeerCall::Elect, &word, self.lease).await;
        let asked: Result<DoneWord, _> = asked;
        if asked.is_err() {
            return false;
        }
        let mut metrics = self.core.metrics.clone();
        let taken = metrics.wait_for(|metrics| {
            metrics.current_term > term
                && metrics.current_leader.is_some_and(|l| l != self.core.node.0)
        });
        tokio::time::timeout(self.lease * 4, taken).await.is_ok()
    }

    /// A leader of this term was heard just now.
    pub fn heard_leader(&self) {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Stands for election as soon as the lease of the leader that goes is over.
    pub fn stand(&self, term: u64) {
        let this = self.clone();
        runtime::spawn(async move {
            for _ in 0..ATTEMPTS {
                let heard = *this.heard.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(heard) = heard {
                    tokio::time::sleep_until(heard + this.lease + MARGIN).await;
                }
                let mut metrics = this.core.metrics.clone();
                let led = |metrics: &Metrics| {
                    metrics.current_term > term && metrics.current_leader.is_some()
                };
                if led(&metrics.borrow()) || this.core.raft.trigger().elect().await.is_err() {
                    return;
                }
                let over = tokio::time::timeout(MARGIN * 8, metrics.wait_for(led)).await.is_ok();
                if over {
                    return;
                }
            }
        });
    }
}
