//! Looks at how nodes stand, and counts what has changed since the last look.

use super::machine::Machine;
use super::tally::{Deed, Tally};
use replica::Role;
use std::collections::{BTreeMap, BTreeSet};

/// What was seen.
pub struct Lookout {
    tally: Tally,
    /// Terms in which somebody was seen to lead.
    terms: BTreeSet<u64>,
    /// The newest term of a leader, and who votes as it knows.
    voters: (u64, Vec<u64>),
    nodes: BTreeMap<u64, Standing>,
}

/// How a node stood at the last look.
#[derive(Clone, Copy, Default)]
struct Standing {
    life: u64,
    covered: u64,
    purged: u64,
    installed: u64,
}

impl Lookout {
    /// One that has seen nothing.
    pub fn new(tally: Tally) -> Self {
        Self { tally, terms: BTreeSet::new(), voters: (0, Vec::new()), nodes: BTreeMap::new() }
    }

    /// Looks at a node, which has installed so many checkpoints of others.
    pub fn look(&mut self, machine: &mut Machine, installed: u64) {
        let Some(replica) = machine.replica() else { return };
        let status = replica.status();
        if status.role == Role::Leader {
            if self.terms.insert(status.term) {
                self.tally.count(Deed::LeaderElected);
            }
            let voters = status.members.iter().filter(|member| member.votes);
            let voters: Vec<u64> = voters.map(|voter| voter.member.id.0).collect();
            self.know(status.term, voters);
        }
        let (life, covered, purged) = (machine.lives(), status.log.covered, status.log.purged);
        let now = Standing { life, covered, purged, installed };
        let before = self.nodes.insert(machine.id, now).unwrap_or_default();
        if before.life != life {
            return;
        }
        if before.purged < purged {
            self.tally.count(Deed::LogPurged);
        }
        if before.installed < installed {
            self.tally.count(Deed::CheckpointInstalled);
        } else if before.covered < covered {
            let asked = machine.take_request();
            let deed = if asked { Deed::CheckpointAsked } else { Deed::CheckpointTaken };
            self.tally.count(deed);
        }
    }

    fn know(&mut self, term: u64, voters: Vec<u64>) {
        if term < self.voters.0 || voters.is_empty() {
            return;
        }
        if !self.voters.1.is_empty() && self.voters.1 != voters {
            self.tally.count(Deed::MembersChanged);
        }
        self.voters = (term, voters);
    }
}
