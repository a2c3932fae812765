//! Bugs that can be switched on: a judge that lets one pass is no judge.

use super::clock::START_SECONDS;
use super::judges::Judge;
use bytes::Bytes;
use replica::PeerCall;
use std::ops::Range;

/// A bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Mutant {
    /// The disk says that it has synced and has not.
    SyncsLie,
    /// For a while followers say that they have the entries, and have thrown them away.
    AppendsAcknowledgedUnread,
    /// Whoever is asked says that nothing newer was committed than what one has.
    ReadsUnconfirmed,
    /// A desk that had no answer asks again under another id.
    RetriesUnderAnotherId,
    /// A desk takes a lost answer for a refusal.
    LostAnswersAreRefusals,
    /// A machine that lost its disk comes back under its old number and name.
    DiskLossHidden,
    /// A ward counts as free what was granted after it looked.
    WardsOverlookCommitments,
    /// A watcher resumes one revision too late.
    WatchersSkip,
    /// A watcher resumes one revision too early.
    WatchersRepeat,
    /// A desk says that it was told what it was not.
    AnswersInvented,
}

/// When appends are thrown away: some others were taken before, so that followers can be elected.
const UNREAD: Range<u64> = 3_000_000..12_000_000;

impl Mutant {
    /// All of them, within how many seeds each must be caught, and by whom: what other judges see
    /// of it does not count.
    pub const ALL: [(Self, u64, &[Judge]); 10] = [
        (Self::SyncsLie, 40, &[Judge::Acknowledged, Judge::Order]),
        (Self::AppendsAcknowledgedUnread, 40, &[Judge::Acknowledged, Judge::Order]),
        (Self::ReadsUnconfirmed, 20, &[Judge::Order]),
        (Self::RetriesUnderAnotherId, 20, &[Judge::Acknowledged]),
        (Self::LostAnswersAreRefusals, 20, &[Judge::Acknowledged]),
        (Self::DiskLossHidden, 40, &[Judge::Soundness]),
        (Self::WardsOverlookCommitments, 20, &[Judge::Capacity]),
        (Self::WatchersSkip, 20, &[Judge::Watchers]),
        (Self::WatchersRepeat, 20, &[Judge::Watchers]),
        (Self::AnswersInvented, 10, &[Judge::Acknowledged, Judge::Order]),
    ];

    /// The answer that this bug gives to a call in the place of the node, if it does so many
    /// microseconds after a run began.
    pub fn forged(self, call: PeerCall, micros: u64) -> Option<Bytes> {
        match (self, call) {
            // An `AppendedWord` whose kind is 1, all; its clock is about right.
            (Self::AppendsAcknowledgedUnread, PeerCall::Append) if UNREAD.contains(&micros) => {
                let mut word = vec![0x08, 0x01, 0x20];
                let mut clock = START_SECONDS * 1_000_000 + micros;
                while clock >= 0x80 {
                    word.push(clock.to_le_bytes()[0] | 0x80);
                    clock >>= 7;
                }
                word.push(clock.to_le_bytes()[0]);
                Some(Bytes::from(word))
            }
            // An `IndexWord` that is confirmed, of index 0.
            (Self::ReadsUnconfirmed, PeerCall::ReadIndex) => Some(Bytes::from_static(&[0x08, 1])),
            _ => None,
        }
    }
}
