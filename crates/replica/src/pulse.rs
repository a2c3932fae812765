//! What nodes tell each other twice a second: clocks, digests, and how far they are.

use crate::core::Core;
use crate::digests::{Digests, Verdict};
use crate::handover::Handover;
use crate::member::{Member, NodeId};
use crate::parts::{Fatal, PeerCall};
use crate::raft::members;
use crate::runtime;
use ledger::Digest;
use ledger::words::{Moment, Revision};
use prost::Message;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

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
    pub core: Core,
    pub digests: Arc<Digests>,
    pub handover: Handover,
    pub interval: Duration,
    /// Which member has applied how much.
    pub heard: Arc<Mutex<BTreeMap<NodeId, Revision>>>,
}

impl Pulse {
    /// Tells all members until this node stops; at once when the leader changes, because a new
    /// leader stamps nothing before it knows a quorum's clocks.
    pub async fn run(mut self) {
        let mut leader = None;
        loop {
            for member in members::members(&self.core.metrics.borrow()) {
                if member.id != self.core.node {
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
                    changed = self.core.metrics.changed() => {
                        if changed.is_err() || self.core.gate.is_stopping() {
                            return;
                        }
                        let now = self.core.metrics.borrow().current_leader;
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
            clock: self.core.clocks.own().micros(),
            revision: self.core.published.position().revision.0,
            digests: digests
                .map(|(revision, digest)| DigestWord { revision: revision.0, digest: digest.0 })
                .collect(),
        }
    }

    /// Another node has told of itself.
    pub fn hear(&self, from: NodeId, word: &PulseWord) {
        self.core.clocks.heard(from, Moment::from_micros(word.clock));
        let revision = Revision(word.revision);
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).insert(from, revision);
        let voters = members::voters(&self.core.metrics.borrow());
        let theirs = word.digests.iter().map(|d| (Revision(d.revision), Digest(d.digest)));
        match self.digests.compare(from, theirs, &voters) {
            Verdict::Equal => self.core.gate.set_diverged(false),
            Verdict::Majority => {
                tracing::error!(%from, "another node's state differs; the majority agrees with us");
                self.core.gate.set_diverged(false);
            }
            Verdict::Undecided(revision) => {
                tracing::error!(%from, %revision, "nodes disagree and no majority is known");
                self.core.gate.set_diverged(true);
            }
            Verdict::Minority(revision) => {
                tracing::error!(%from, %revision, "the majority's state is another one");
                (self.core.fatal)(Fatal::Diverged { revision: revision.0 });
            }
        }
    }

    async fn tell(&self, member: &Member) {
        let own = self.own();
        let answer = self.core.peers.call(member, PeerCall::Pulse, &own, self.interval).await;
        let answer: Result<PulseWord, _> = answer;
        if let Ok(answer) = answer {
            self.hear(member.id, &answer);
        }
    }

    /// A node whose clock is far from the others' does not stand for election, nor lead on.
    fn judge_clock(&self) {
        let off = self.core.clocks.is_off(&members::voters(&self.core.metrics.borrow()));
        self.core.raft.runtime_config().elect(!off && !self.core.gate.is_stopping());
        self.core.gate.set_clock_off(off);
        if off && self.core.leads() && !self.core.gate.is_handing_over() {
            let handover = self.handover.clone();
            runtime::spawn(async move {
                handover.give().await;
            });
        }
    }
}
