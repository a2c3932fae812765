//! Reading a journal beside its writer: by revision, or whole segments for a joining node.

use super::batch::{Batch, decode_batch};
use super::{Head, JournalEnd};
use crate::disk::Disk;
use crate::error::StoreError;
use crate::segments::{HEADER_BYTES, Scanned, Scanner, Stream};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// The writer's and the readers' common ground.
pub(super) struct Shared {
    pub(super) disk: Arc<dyn Disk>,
    pub(super) stream: Stream,
    view: RwLock<Arc<View>>,
    /// Where earlier readings ended, so that whoever reads on need not read the segment again.
    marks: Mutex<VecDeque<ReadMark>>,
}

/// A place between two batches of a segment.
#[derive(Clone, Copy, PartialEq, Eq)]
struct ReadMark {
    segment: u64,
    /// The last revision before it.
    revision: u64,
    offset: u64,
}

/// How many marks are remembered: about as many as there are readers at a time.
const MARKS_MAX: usize = 32;

/// What is durable at one instant.
pub(super) struct View {
    /// All segments, oldest first; the last one grows.
    pub(super) places: Arc<[Place]>,
    /// Up to which byte the last segment is durable.
    pub(super) active_end: u64,
    /// The last durable batch.
    pub(super) end: JournalEnd,
}

/// A segment of the journal.
pub(super) struct Place {
    pub(super) number: u64,
    /// Where the chain stands before the segment's first batch.
    pub(super) base: JournalEnd,
    /// SHA-256 of the whole preceding segment.
    pub(super) former_digest: [u8; 32],
}

impl Shared {
    pub(super) fn new(disk: Arc<dyn Disk>, stream: Stream) -> Self {
        let end = JournalEnd { revision: 0, head: super::GENESIS };
        let nothing = View { places: Arc::from([]), active_end: 0, end };
        Self { disk, stream, view: RwLock::new(Arc::new(nothing)), marks: Mutex::default() }
    }

    /// Forgets where earlier readings ended: what they read is no longer there.
    pub(super) fn forget_marks(&self) {
        self.marks().clear();
    }

    fn remember(&self, mark: ReadMark) {
        let mut marks = self.marks();
        marks.retain(|known| *known != mark);
        if marks.len() >= MARKS_MAX {
            marks.pop_front();
        }
        marks.push_back(mark);
    }

    /// Where to begin in a segment for the batch that holds `revision`.
    fn begin(&self, segment: u64, revision: u64) -> u64 {
        let marks = self.marks();
        let before = marks.iter().filter(|m| m.segment == segment && m.revision < revision);
        before.map(|mark| mark.offset).max().unwrap_or(HEADER_BYTES as u64)
    }

    fn marks(&self) -> MutexGuard<'_, VecDeque<ReadMark>> {
        self.marks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn publish(&self, view: View) {
        *self.view.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(view);
    }

    pub(super) fn view(&self) -> Arc<View> {
        self.view.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A complete segment, named by its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedSegment {
    /// Its place in the journal, from 1.
    pub number: u64,
    /// Its first revision.
    pub first: u64,
    /// Its last revision.
    pub last: u64,
    /// The head of the chain after it.
    pub head: Head,
    /// SHA-256 of the whole file.
    pub sha256: [u8; 32],
}

/// A handle for reading from any thread; clones are cheap. It sees what is durable.
#[derive(Clone)]
pub struct JournalReader {
    pub(super) shared: Arc<Shared>,
}

impl JournalReader {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// The last durable batch.
    pub fn end(&self) -> JournalEnd {
        self.shared.view().end
    }

    /// The durable batches from the one that holds `revision` on, to the end as it is now;
    /// nothing when the journal ends before. One block of the file is in memory at a time.
    pub fn read_from(&self, revision: u64) -> Batches {
        let view = self.shared.view();
        let holding = view.places.partition_point(|place| place.base.revision < revision);
        let next_place = holding.saturating_sub(1);
        Batches {
            shared: self.shared.clone(),
            view,
            next_place,
            scanner: None,
            from: revision,
            read_to: None,
        }
    }

    /// The complete segments, oldest first.
    pub fn sealed(&self) -> Vec<SealedSegment> {
        let view = self.shared.view();
        let pairs = view.places.windows(2);
        let describe = |pair: &[Place]| SealedSegment {
            number: pair[0].number,
            first: pair[0].base.revision + 1,
            last: pair[1].base.revision,
            head: pair[1].base.head,
            sha256: pair[1].former_digest,
        };
        pairs.map(describe).collect()
    }

    /// Reads bytes of the complete segment `number` into `buffer` from `offset` on, and returns
    /// how many; fewer only at its end.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no complete segment of that number.
    pub fn read_sealed(
        &self,
        number: u64,
        offset: u64,
        buffer: &mut [u8],
    ) -> Result<usize, StoreError> {
        let file = self.shared.stream.file(number);
        let view = self.shared.view();
        let sealed = &view.places[..view.places.len().saturating_sub(1)];
        if !sealed.iter().any(|place| place.number == number) {
            return Err(StoreError::Missing { file });
        }
        self.shared.disk.read_at(&file, offset, buffer)
    }
}

/// Batches in order, from one revision to the end at the time of the call.
pub struct Batches {
    shared: Arc<Shared>,
    view: Arc<View>,
    next_place: usize,
    scanner: Option<(Scanner, String)>,
    from: u64,
    /// The place behind the last batch that was handed out.
    read_to: Option<ReadMark>,
}

impl Drop for Batches {
    fn drop(&mut self) {
        if let Some(mark) = self.read_to {
            self.shared.remember(mark);
        }
    }
}

impl Batches {
    /// The next whole batch, wanted or not.
    fn advance(&mut self) -> Result<Option<Batch>, StoreError> {
        loop {
            let Some((scanner, file)) = &mut self.scanner else {
                let Some(place) = self.view.places.get(self.next_place) else {
                    return Ok(None);
                };
                self.next_place += 1;
                let file = self.shared.stream.file(place.number);
                let is_active = self.next_place == self.view.places.len();
                let end =
                    if is_active { self.view.active_end } else { self.shared.disk.size(&file)? };
                let disk = self.shared.disk.clone();
                let start = self.shared.begin(place.number, self.from).min(end);
                let scanner = Scanner::new(disk, file.clone(), place.number, start, end);
                self.scanner = Some((scanner, file));
                continue;
            };
            match scanner.advance()? {
                Scanned::End => self.scanner = None,
                Scanned::Bad { offset, reason } => {
                    return Err(StoreError::damaged(file, offset, reason));
                }
                Scanned::Record(record) => {
                    let batch = decode_batch(record.kind, record.payload)
                        .map_err(|reason| StoreError::damaged(file, record.offset, reason))?;
                    if batch.last >= self.from {
                        let batch = batch.to_batch();
                        self.read_to = Some(ReadMark {
                            segment: self.view.places[self.next_place - 1].number,
                            revision: batch.last,
                            offset: scanner.offset(),
                        });
                        return Ok(Some(batch));
                    }
                }
            }
        }
    }
}

impl Iterator for Batches {
    type Item = Result<Batch, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.advance();
        if next.is_err() {
            // Nothing behind a bad place is trusted: the iteration ends with the error.
            self.scanner = None;
            self.next_place = self.view.places.len();
        }
        next.transpose()
    }
}
