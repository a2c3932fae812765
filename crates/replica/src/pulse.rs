//! What nodes tell each other twice a second: clocks, digests, and how far they are.

use crate::clocks::Clocks;
use crate::digests::{Digests, Verdict};
use crate::member::{Member, NodeId};
use crate::parts::{Fatal, PeerCall};
use crate::peers::Peers;
use crate::published::Published;
use crate::raft::config::{Metrics, Raft};
use crate::runtime;
use crate::state::{self, Gate};
use ledger::Digest;
use ledger::words::{Moment, Revision};
use prost::Message;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// What a node tells of itself.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct PulseWord {
    /// Its clock, in microseconds since 1970.
    #[prost(uint64, tag = "1")]
    pub clock: u64,
    /// The last command it applied.
    #[prost(uint64, tag = "2")]
    pub revision: u64,
    /// The digests of its newest states.
    #[prost(message, repeated, tag = "3")]
    pub digests: Vec<DigestWord>,
}

/// A state's digest.
#[derive(Clone, Copy, PartialEq, Message)]
pub(crate) struct DigestWord {
    #[prost(uint64, tag = "1")]
    pub revision: u64,
    #[prost(fixed64, tag = "2")]
    pub digest: u64,
}

/// Tells and hears.
#[derive(Clone)]
pub(crate) struct Pulse {
    pub node: NodeId,
    pub raft: Raft,
    pub metrics: watch::Receiver<Metrics>,
    pub peers: Peers,
    pub clocks: Arc<Clocks>,
    pub digests: Arc<Digests>,
    pub published: Arc<Published>,
    pub gate: Arc<Gate>,
    pub interval: Duration,
    pub fatal: Arc<dyn Fn(Fatal) + Send + Sync>,
    /// Which member has applied how much.
    pub heard: Arc<Mutex<BTreeMap<NodeId, Revision>>>,
}

impl Pulse {
    /// Tells all members until this node stops; at once when the leader changes, because a new
    /// leader stamps nothing before it knows a quorum's clocks.
    pub async fn run(mut self) {
        let mut leader = None;
        loop {
            for member in state::members(&self.metrics.borrow()) {
                if member.id != self.node {
                    let pulse = self.clone();
                    runtime::spawn(async move { pulse.tell(&member).await });
                }
            }
            self.judge_clock();
            let next = tokio::time::sleep(self.interval);
            tokio::pin!(next);
            loop {
                tokio::select! {
                    () = &mut next => break,
                    changed = self.metrics.changed() => {
                        if changed.is_err() || self.gate.is_stopping() {
                            return;
                        }
                        let now = self.metrics.borrow().current_leader;
                        if now != leader {
                            leader = now;
                            break;
                        }
                    }
                }
            }
        }
    }

    /// What this node tells of itself.
    pub fn own(&self) -> PulseWord {
        let digests = self.digests.newest().into_iter();
        PulseWord {
            clock: self.clocks.own().micros(),
            revision: self.published.position().revision.0,
            digests: digests
                .map(|(revision, digest)| DigestWord { revision: revision.0, digest: digest.0 })
                .collect(),
        }
    }

    /// Another node has told of itself.
    pub fn hear(&self, from: NodeId, word: &PulseWord) {
        self.clocks.heard(from, Moment::from_micros(word.clock));
        let revision = Revision(word.revision);
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).insert(from, revision);
        let voters = state::voters(&self.metrics.borrow());
        let theirs = word.digests.iter().map(|d| (Revision(d.revision), Digest(d.digest)));
        match self.digests.compare(from, theirs, &voters) {
            Verdict::Equal => self.gate.set_diverged(false),
            Verdict::Majority => {
                tracing::error!(%from, "another node's state differs; the majority agrees with us");
                self.gate.set_diverged(false);
            }
            Verdict::Undecided(revision) => {
                tracing::error!(%from, %revision, "nodes disagree and no majority is known");
                self.gate.set_diverged(true);
            }
            Verdict::Minority(revision) => {
                tracing::error!(%from, %revision, "the majority's state is another one");
                (self.fatal)(Fatal::Diverged { revision: revision.0 });
            }
        }
    }

    async fn tell(&self, member: &Member) {
        let own = self.own();
        let answer = self.peers.call(member, PeerCall::Pulse, &own, self.interval).await;
        let answer: Result<PulseWord, _> = answer;
        if let Ok(answer) = answer {
            self.hear(member.id, &answer);
        }
    }

    /// A node whose clock is far from the others' does not stand for election.
    fn judge_clock(&self) {
        let off = self.clocks.is_off(&state::voters(&self.metrics.borrow()));
        self.raft.runtime_config().elect(!off && !self.gate.is_stopping());
        self.gate.set_clock_off(off);
    }
}
