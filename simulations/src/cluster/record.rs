//! What clients asked and were told: all that the outside knows.

use ledger::{Act, Applied, Digest};
use replica::Consistency;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One thing a client asked for. However often it was sent, it is one.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Who.
    pub client: u32,
    /// What.
    pub act: Act,
    /// When it was first sent, in microseconds.
    pub begun: u64,
    /// When its answer came, and the answer; none while nobody knows.
    pub answer: Option<(u64, Applied)>,
    /// Whether it was told that nothing was carried out, and did not ask again.
    pub denied: bool,
}

/// One read.
#[derive(Clone, Debug)]
pub struct Seen {
    /// When it was asked for, in microseconds.
    pub begun: u64,
    /// What was wanted.
    pub want: Consistency,
    /// What it showed.
    pub revision: u64,
    /// The state's digest there.
    pub digest: Digest,
    /// On which node.
    pub node: u64,
}

/// What was asked, told and seen. Clones are the same record.
#[derive(Clone, Default)]
pub struct Record(Arc<Mutex<Notes>>);

/// The notes of a record.
#[derive(Default)]
pub struct Notes {
    /// In the order of asking.
    pub asked: Vec<Asked>,
    /// In the order of seeing.
    pub seen: Vec<Seen>,
    /// Requests that were answered in two ways.
    pub contradicted: Vec<String>,
}

impl Record {
    /// The notes.
    pub fn notes(&self) -> MutexGuard<'_, Notes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what is about to be asked; the number under which its answer is noted.
    pub fn ask(&self, client: u32, act: Act, begun: u64) -> usize {
        let mut notes = self.notes();
        notes.asked.push(Asked { client, act, begun, answer: None, denied: false });
        notes.asked.len() - 1
    }

    /// Notes an answer.
    pub fn told(&self, number: usize, at: u64, applied: Applied) {
        self.notes().asked[number].answer = Some((at, applied));
    }

    /// Notes that nothing was carried out, as it was told.
    pub fn denied(&self, number: usize) {
        self.notes().asked[number].denied = true;
    }
}
