//! Comparing states among nodes: equal revision, equal digest. A node that finds itself with a
//! minority must stop; where no majority is known, nothing more is proposed.

use crate::limits::{DIGEST_INTERVAL, DIGESTS_MAX, DIGESTS_PER_PULSE_MAX};
use crate::member::NodeId;
use ledger::Digest;
use ledger::words::Revision;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The digests of this node and what others said theirs were.
#[derive(Default)]
pub(crate) struct Digests {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The interval of revisions for which one was noted last.
    noted: u64,
    own: BTreeMap<Revision, Digest>,
    others: BTreeMap<Revision, BTreeMap<NodeId, Digest>>,
}

/// What a comparison says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// All who spoke agree.
    Equal,
    /// A majority of the voters agrees on another state than this node's.
    Minority(Revision),
    /// Some disagree with this node, which is with the majority.
    Majority,
    /// Nodes disagree and no majority of the voters is known.
    Undecided(Revision),
}

impl Digests {
    /// An entry ended at this revision. One digest is noted for each interval, at the first entry
    /// that ends in it: the same entry on all nodes.
    pub fn ended(&self, revision: Revision, digest: impl FnOnce() -> Digest) {
        let interval = revision.0 / DIGEST_INTERVAL;
        let mut state = self.lock();
        if interval > state.noted {
            state.noted = interval;
            state.own.insert(revision, digest());
            if state.own.len() > DIGESTS_MAX {
                state.own.pop_first();
            }
        }
    }

    /// The state is now a checkpoint's; what was noted before it is of no more use.
    pub fn reset(&self, revision: Revision) {
        let mut state = self.lock();
        state.noted = revision.0 / DIGEST_INTERVAL;
        state.own.clear();
    }

    /// The newest digests, for others.
    pub fn newest(&self) -> Vec<(Revision, Digest)> {
        let state = self.lock();
        let newest = state.own.iter().rev().take(DIGESTS_PER_PULSE_MAX);
        newest.map(|(revision, digest)| (*revision, *digest)).collect()
    }

    /// Another node has told its digests. Compares what both have.
    pub fn compare(
        &self,
        from: NodeId,
        theirs: impl IntoIterator<Item = (Revision, Digest)>,
        voters: &[NodeId],
    ) -> Verdict {
        let mut state = self.lock();
        for (revision, digest) in theirs {
            state.others.entry(revision).or_default().insert(from, digest);
        }
        while state.others.len() > DIGESTS_MAX {
            state.others.pop_first();
        }
        let State { own, others, .. } = &mut *state;
        let mut verdict = Verdict::Equal;
        let mut minority = None;
        others.retain(|revision, theirs| {
            let Some(own) = own.get(revision) else {
                return true;
            };
            match judge(*revision, *own, theirs, voters) {
                // Once all have said the same there is nothing more to learn.
                Verdict::Equal => return theirs.len() + 1 < voters.len(),
                stop @ Verdict::Minority(_) => minority = Some(stop),
                other => verdict = other,
            }
            true
        });
        minority.unwrap_or(verdict)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn judge(
    revision: Revision,
    own: Digest,
    theirs: &BTreeMap<NodeId, Digest>,
    voters: &[NodeId],
) -> Verdict {
    if theirs.values().all(|digest| *digest == own) {
        return Verdict::Equal;
    }
    let majority = voters.len() / 2 + 1;
    let votes_for = |digest: Digest| {
        let others = theirs.iter().filter(|(node, d)| **d == digest && voters.contains(node));
        others.count()
    };
    // Whoever is asked is a voter or not; its own word counts for its own digest.
    if votes_for(own) + 1 >= majority {
        return Verdict::Majority;
    }
    if theirs.values().any(|digest| *digest != own && votes_for(*digest) >= majority) {
        return Verdict::Minority(revision);
    }
    Verdict::Undecided(revision)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minority_is_found() {
        let voters = [NodeId(1), NodeId(2), NodeId(3)];
        // This node (1) has digest 7; what 2 and 3 say.
        let rows = [
            (Some(7), Some(7), Verdict::Equal),
            (Some(7), None, Verdict::Equal),
            (Some(7), Some(8), Verdict::Majority),
            (Some(8), Some(8), Verdict::Minority(Revision(256))),
            (Some(8), None, Verdict::Undecided(Revision(256))),
            (Some(8), Some(9), Verdict::Undecided(Revision(256))),
        ];
        for (two, three, expected) in rows {
            let digests = Digests::default();
            digests.ended(Revision(256), || Digest(7));
            let mut found = Verdict::Equal;
            for (node, said) in [(NodeId(2), two), (NodeId(3), three)] {
                let said = said.map(|digest| (Revision(256), Digest(digest)));
                found = digests.compare(node, said, &voters);
            }
            assert_eq!(found, expected, "{two:?} {three:?}");
        }
    }

    #[test]
    fn one_digest_is_noted_per_interval() {
        let digests = Digests::default();
        for revision in [10, 255, 257, 300, 511, 513, 2_000] {
            digests.ended(Revision(revision), || Digest(revision));
        }
        let noted: Vec<u64> =
            digests.newest().into_iter().map(|(revision, _)| revision.0).collect();
        assert_eq!(noted, [2_000, 513, 257]);
    }
}
