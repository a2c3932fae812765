//! The journal of events: append-only batches, each chained by hash to all before it.
//!
//! A batch covers the revisions `first..=last` and nothing is left out between batches. A
//! segment's header holds the head of the chain before its first batch and the SHA-256 of the
//! whole preceding segment, so complete segments are named by their content, can be fetched by
//! a joining node and prove themselves. Nodes that append the same batches with the same segment
//! size roll at the same revisions.

mod batch;
mod install;
mod reader;
mod verify;

pub use batch::{Batch, GENESIS, Head, chain};
pub use reader::{Batches, JournalReader, SealedSegment};

use crate::disk::Disk;
use crate::error::StoreError;
use crate::limits::{RECORD_BYTES_MAX, SEGMENT_BYTES};
use crate::segments::{HEADER_BYTES, Header, Replay, Scanned, Scanner, Segments, Stream, Tag};
use batch::{BATCH, PREFIX_BYTES, decode_batch, encode_prefix};
use reader::{Place, Shared, View};
use std::sync::Arc;

/// The name of the stream inside each segment.
const STREAM: &str = "journal";

/// What a journal may be told to do differently. Equal on all nodes of a cluster, so that their
/// segments are cut at the same revisions.
#[derive(Debug, Clone)]
pub struct JournalOptions {
    /// The size at which a segment is completed, in bytes.
    pub segment_bytes: u64,
}

impl Default for JournalOptions {
    fn default() -> Self {
        Self { segment_bytes: SEGMENT_BYTES }
    }
}

/// Where a journal ends: its last revision and the head of its chain there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JournalEnd {
    /// The last revision of the last batch; 0 before the first.
    pub revision: u64,
    /// The head of the chain after that batch.
    pub head: Head,
}

/// The writer of a journal; one thread owns it.
pub struct Journal {
    disk: Arc<dyn Disk>,
    stream: Stream,
    segments: Segments,
    end: JournalEnd,
    places: Arc<[Place]>,
    shared: Arc<Shared>,
}

impl Journal {
    /// Opens the journal in `directory`, or begins one at revision 0. Only the last segment is
    /// read through; [`JournalReader::verify`] reads everything.
    pub fn open(
        disk: Arc<dyn Disk>,
        directory: &str,
        options: &JournalOptions,
    ) -> Result<Self, StoreError> {
        let stream = Stream {
            name: STREAM,
            directory: directory.to_owned(),
            segment_bytes: options.segment_bytes,
            hashed: true,
        };
        let mut before = None;
        let mut end: Option<JournalEnd> = None;
        let mut visit = |_, kind, payload: &[u8]| {
            let batch = decode_batch(kind, payload)?;
            if end.is_some_and(|end| batch.first != end.revision + 1) {
                return Err("a batch that does not follow the one before");
            }
            before.get_or_insert(batch.first - 1);
            end = Some(JournalEnd { revision: batch.last, head: batch.head });
            Ok(())
        };
        let genesis = (0, tag_of(&GENESIS, &[0; 32]));
        let replay = Replay::LastSegment;
        let segments = Segments::open(disk.clone(), stream.clone(), genesis, replay, &mut visit)?;
        let active = segments.active();
        if before.is_some_and(|before| before != active.base) {
            let file = stream.file(active.number);
            let reason = "the first batch does not continue the segment's base";
            return Err(StoreError::damaged(&file, HEADER_BYTES as u64, reason));
        }
        check_order(&segments, &stream)?;
        let end = end.unwrap_or(base_of(active));
        let shared = Arc::new(Shared::new(disk.clone(), stream.clone()));
        let places = Arc::from([]);
        let mut journal = Self { disk, stream, segments, end, places, shared };
        journal.publish_places();
        Ok(journal)
    }

    /// Where the journal ends, durable or not.
    pub fn end(&self) -> JournalEnd {
        self.end
    }

    /// A handle for reading what is durable, beside this writer.
    pub fn reader(&self) -> JournalReader {
        JournalReader::new(self.shared.clone())
    }

    /// Adds the batch of revisions `first..=last`, durable by [`Journal::sync`], and returns the
    /// new head. The caller bounds a batch by [`RECORD_BYTES_MAX`] less 48 bytes.
    ///
    /// # Errors
    /// [`StoreError::OutOfOrder`] unless `first` follows the journal's end and `last` is not
    /// before it.
    pub fn append(&mut self, first: u64, last: u64, payload: &[u8]) -> Result<Head, StoreError> {
        let expected = self.end.revision + 1;
        if first != expected {
            let what = "the first revision of a batch";
            return Err(StoreError::OutOfOrder { what, expected, given: first });
        }
        if last < first || last == u64::MAX {
            let what = "the last revision of a batch";
            return Err(StoreError::OutOfOrder { what, expected: first, given: last });
        }
        let bytes = (payload.len() + PREFIX_BYTES) as u64;
        StoreError::check_bound("a journal batch", bytes, RECORD_BYTES_MAX)?;
        self.roll_if_due()?;
        self.segments.prepare(bytes)?;
        let head = chain(&self.end.head, first, last, payload);
        self.segments.push(BATCH, &[&encode_prefix(first, last, &head), payload]);
        self.end = JournalEnd { revision: last, head };
        assert!(self.end.revision >= expected);
        Ok(head)
    }

    /// Makes everything appended durable and visible to readers.
    pub fn sync(&mut self) -> Result<(), StoreError> {
        self.segments.sync()?;
        self.publish();
        Ok(())
    }

    /// Forgets, durably, every batch after `revision`: a restart rewinds the journal to where
    /// its checkpoint stands. Nothing happens when the journal ends there or before.
    ///
    /// # Errors
    /// [`StoreError::OutOfOrder`] when `revision` lies inside a batch or before the journal.
    pub fn truncate_after(&mut self, revision: u64) -> Result<JournalEnd, StoreError> {
        self.segments.check_usable()?;
        if revision >= self.end.revision {
            return Ok(self.end);
        }
        self.segments.write()?;
        let all = self.segments.sealed().rev();
        let mut headers = std::iter::once(self.segments.active()).chain(all);
        let holding = headers.find(|header| header.base <= revision).cloned();
        drop(headers);
        let header = holding.ok_or_else(|| {
            let expected = self.segments.sealed().next().unwrap_or(self.segments.active()).base;
            StoreError::OutOfOrder { what: REWIND, expected, given: revision }
        })?;
        let (offset, end) = self.find_end(&header, revision)?;
        self.shared.forget_marks();
        self.segments.cut(header.number, offset)?;
        self.end = end;
        self.publish_places();
        assert_eq!(self.end.revision, revision);
        Ok(self.end)
    }

    /// The offset behind the batch that ends at `revision`, which begins after `header`'s base.
    fn find_end(&self, header: &Header, revision: u64) -> Result<(u64, JournalEnd), StoreError> {
        let file = self.stream.file(header.number);
        let size = self.disk.size(&file)?;
        let mut offset = HEADER_BYTES as u64;
        let mut end = base_of(header);
        let mut scanner =
            Scanner::new(self.disk.clone(), file.clone(), header.number, offset, size);
        while end.revision < revision {
            let record = match scanner.advance()? {
                Scanned::Record(record) => record,
                Scanned::Bad { offset, reason } => {
                    return Err(StoreError::damaged(&file, offset, reason));
                }
                Scanned::End => {
                    let reason = "the segment ends before its successor begins";
                    return Err(StoreError::damaged(&file, size, reason));
                }
            };
            let batch = decode_batch(record.kind, record.payload)
                .map_err(|reason| StoreError::damaged(&file, record.offset, reason))?;
            if batch.last > revision {
                let expected = end.revision;
                return Err(StoreError::OutOfOrder { what: REWIND, expected, given: revision });
            }
            end = JournalEnd { revision: batch.last, head: batch.head };
            offset = scanner.offset();
        }
        Ok((offset, end))
    }

    fn roll_if_due(&mut self) -> Result<(), StoreError> {
        if !self.segments.is_due() {
            return self.segments.check_usable();
        }
        // The digest of the complete segment goes into its successor's header.
        self.segments.sync()?;
        let digest = self.segments.digest().expect("the journal's stream is hashed");
        self.segments.roll(self.end.revision, tag_of(&self.end.head, &digest), &[])?;
        self.publish_places();
        Ok(())
    }

    /// Shows readers what is durable now, after segments came or went.
    fn publish_places(&mut self) {
        let place = |header: &Header| Place {
            number: header.number,
            base: base_of(header),
            former_digest: former_digest_of(header),
        };
        let active = std::iter::once(self.segments.active());
        self.places = self.segments.sealed().chain(active).map(place).collect();
        self.publish();
    }

    /// Shows readers what is durable now, in the same segments as before.
    fn publish(&self) {
        debug_assert!(!self.segments.is_dirty());
        let (places, active_end) = (self.places.clone(), self.segments.written());
        self.shared.publish(View { places, active_end, end: self.end });
    }
}

const REWIND: &str = "the revision to rewind to";

/// Headers must tell one story: revisions never go back from segment to segment.
fn check_order(segments: &Segments, stream: &Stream) -> Result<(), StoreError> {
    let headers: Vec<&Header> =
        segments.sealed().chain(std::iter::once(segments.active())).collect();
    let first = headers[0];
    if first.number != 1 || base_of(first) != (JournalEnd { revision: 0, head: GENESIS }) {
        let file = stream.file(first.number);
        return Err(StoreError::damaged(&file, 0, "the journal's beginning is gone"));
    }
    for pair in headers.windows(2) {
        if pair[1].base <= pair[0].base {
            let file = stream.file(pair[1].number);
            return Err(StoreError::damaged(&file, 0, "a segment's base goes back"));
        }
    }
    Ok(())
}

fn tag_of(head: &Head, former_digest: &[u8; 32]) -> Tag {
    let mut tag = [0; 64];
    tag[..32].copy_from_slice(head);
    tag[32..].copy_from_slice(former_digest);
    tag
}

fn base_of(header: &Header) -> JournalEnd {
    JournalEnd { revision: header.base, head: crate::segments::array(&header.tag, 0) }
}

fn former_digest_of(header: &Header) -> [u8; 32] {
    crate::segments::array(&header.tag, 32)
}

#[cfg(test)]
mod journal_test;
