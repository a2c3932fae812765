//! Reading a log beside its writer.

use super::Payload;
use super::format::{Kind, split_index};
use super::state::{Shared, State};
use crate::error::StoreError;
use crate::segments::{Position, Scanned, Scanner};
use std::ops::Range;
use std::sync::Arc;

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its index.
    pub index: u64,
    /// Its bytes, as they were appended.
    pub payload: Payload,
}

/// What a log holds at one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogState {
    /// Index of the first live entry.
    pub first: Option<u64>,
    /// Index of the last live entry.
    pub last: Option<u64>,
    /// Up to where entries are purged, and the mark given with it.
    pub purge: Option<(u64, Payload)>,
    /// The newest vote.
    pub vote: Option<Payload>,
    /// The newest committed mark.
    pub committed: Option<Payload>,
}

/// A handle for reading from any thread; clones are cheap. Reads see what was appended, whether
/// durable or not, and never wait for a sync.
#[derive(Clone)]
pub struct LogReader {
    shared: Arc<Shared>,
}

impl LogReader {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// The bounds, vote and marks.
    pub fn state(&self) -> LogState {
        let state = self.shared.read();
        LogState {
            first: state.first(),
            last: state.last(),
            purge: state.purge.clone(),
            vote: state.vote.clone(),
            committed: state.committed.clone(),
        }
    }

    /// The entries of `range` from its start on, up to about `bytes_max` payload bytes, but at
    /// least one if its start is live. Never with a gap: a range whose start is purged or not yet
    /// written gives nothing.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when older bytes on disk no longer verify.
    pub fn read(&self, range: Range<u64>, bytes_max: u64) -> Result<Vec<Entry>, StoreError> {
        let (plan, stored) = loop {
            let plan = plan(&self.shared.read(), &range, bytes_max)?;
            match self.read_stored(range.start, &plan.stored) {
                // A segment left between the plan and the read: what it held has been purged or
                // overwritten since, and a new plan knows.
                Err(StoreError::Missing { .. }) if self.has_moved(range.start, &plan) => {}
                stored => break (plan, stored?),
            }
        };
        let mut entries = stored;
        let first_cached = range.start + plan.stored.len() as u64;
        let cached = (first_cached..).zip(plan.cached);
        entries.extend(cached.map(|(index, payload)| Entry { index, payload }));
        assert!(entries.first().is_none_or(|entry| entry.index == range.start));
        assert!(entries.last().is_none_or(|entry| entry.index < range.end));
        Ok(entries)
    }

    /// Whether the entries of `plan` no longer lie where it says.
    fn has_moved(&self, first: u64, plan: &Plan) -> bool {
        let state = self.shared.read();
        let planned = (first..).zip(&plan.stored);
        planned.into_iter().any(|(index, position)| state.position(index) != Some(*position))
    }

    /// Reads entries that lie on disk, neighbours in one go.
    fn read_stored(&self, first: u64, positions: &[Position]) -> Result<Vec<Entry>, StoreError> {
        let mut entries = Vec::with_capacity(positions.len());
        let mut index = first;
        for run in positions.chunk_by(|former, next| {
            former.segment == next.segment && former.end() == u64::from(next.offset)
        }) {
            let (start, end) = (run[0].offset, run[run.len() - 1].end());
            let number = u64::from(run[0].segment);
            let file = self.shared.stream.file(number);
            let disk = self.shared.disk.clone();
            let mut scanner = Scanner::new(disk, file.clone(), number, u64::from(start), end);
            for position in run {
                let payload = read_entry(&mut scanner, index, *position, &file)?;
                entries.push(Entry { index, payload });
                index += 1;
            }
        }
        Ok(entries)
    }
}

/// What a read takes from disk and what from memory; the latter follows the former.
struct Plan {
    stored: Vec<Position>,
    cached: Vec<Payload>,
}

fn plan(state: &State, range: &Range<u64>, bytes_max: u64) -> Result<Plan, StoreError> {
    if let Some(file) = &state.failed {
        return Err(StoreError::SyncFailed { file: file.clone() });
    }
    let mut plan = Plan { stored: Vec::new(), cached: Vec::new() };
    let mut bytes = 0_u64;
    for index in range.clone() {
        let Some(position) = state.position(index) else {
            break;
        };
        bytes += u64::from(position.length);
        if bytes > bytes_max && index > range.start {
            break;
        }
        match state.cached(index) {
            Some(payload) => plan.cached.push(payload),
            None => plan.stored.push(position),
        }
    }
    Ok(plan)
}

fn read_entry(
    scanner: &mut Scanner,
    index: u64,
    position: Position,
    file: &str,
) -> Result<Payload, StoreError> {
    let offset = u64::from(position.offset);
    let damaged = |reason| Err(StoreError::damaged(file, offset, reason));
    match scanner.advance()? {
        Scanned::Record(record) if record.kind == Kind::Entry as u8 => {
            match split_index(record.payload) {
                Some((found, payload)) if found == index => Ok(Payload::from(payload)),
                _ => damaged("another entry lies where this one was written"),
            }
        }
        Scanned::Bad { reason, .. } => damaged(reason),
        Scanned::Record(_) | Scanned::End => damaged("no entry lies where one was written"),
    }
}
