//! A stream of records in numbered, append-only files: what the log and the journal stand on.
//!
//! Records gather in memory, are written together and become durable by one sync. A segment is
//! complete and synced before its successor exists, and a segment takes its name only once its
//! header is durable. Hence a torn record can only be the end of the last segment; anything
//! else that does not verify is damage. Segments leave only from the head, one by one, each
//! removal durable before the next, so that a gap in the numbers is damage as well.

mod header;
mod open;
mod record;
mod scan;

pub(crate) use header::{HEADER_BYTES, Header, Tag, array};
pub(crate) use open::{Replay, digest_of_file, read_header_of, replay_segment};
pub(crate) use record::RECORD_HEADER_BYTES;
pub(crate) use scan::{Scanned, Scanner};

use crate::disk::{Disk, DiskFile, join};
use crate::error::StoreError;
use crate::limits::{APPEND_BYTES_MAX, BUFFER_BYTES, SEGMENT_BYTES_MAX};
use record::{encode_record, narrow};
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::sync::Arc;

/// What distinguishes one stream from another.
#[derive(Debug, Clone)]
pub(crate) struct Stream {
    /// Its name inside each segment, at most 16 bytes.
    pub(crate) name: &'static str,
    /// The directory of its segments.
    pub(crate) directory: String,
    /// A segment is due to be followed by another once it has this size.
    pub(crate) segment_bytes: u64,
    /// Whether the SHA-256 of each segment is kept up while it is written.
    pub(crate) hashed: bool,
}

impl Stream {
    /// The file of segment `number`.
    pub(crate) fn file(&self, number: u64) -> String {
        join(&self.directory, &file_name(number))
    }
}

/// Where a record lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    /// The segment's number.
    pub(crate) segment: u32,
    /// Where the record's header begins in it.
    pub(crate) offset: u32,
    /// Payload bytes.
    pub(crate) length: u32,
}

impl Position {
    /// The offset just behind the record.
    pub(crate) fn end(&self) -> u64 {
        u64::from(self.offset) + RECORD_HEADER_BYTES as u64 + u64::from(self.length)
    }
}

/// The writer of one stream.
pub(crate) struct Segments {
    disk: Arc<dyn Disk>,
    stream: Stream,
    /// Complete segments, oldest first.
    sealed: VecDeque<Header>,
    active: Active,
    /// The file whose sync failed; set once, then nothing works any more.
    failed: Option<String>,
}

/// The segment that grows.
struct Active {
    header: Header,
    file: Box<dyn DiskFile>,
    /// Records not yet given to the operating system.
    buffer: Vec<u8>,
    /// Bytes of the file known to the operating system.
    written: u64,
    /// Bytes of the file known to be durable.
    synced: u64,
    digest: Option<Sha256>,
}

impl Segments {
    /// The number of the segment that grows.
    pub(crate) fn active(&self) -> &Header {
        &self.active.header
    }

    /// The complete segments, oldest first.
    pub(crate) fn sealed(&self) -> impl DoubleEndedIterator<Item = &Header> {
        self.sealed.iter()
    }

    /// The end of the active segment as readers of the file see it.
    pub(crate) fn written(&self) -> u64 {
        self.active.written
    }

    /// Whether the active segment holds no record.
    pub(crate) fn active_is_empty(&self) -> bool {
        self.size() == HEADER_BYTES as u64
    }

    /// Whether the active segment has reached its size and should be followed by another.
    pub(crate) fn is_due(&self) -> bool {
        self.size() >= self.stream.segment_bytes && !self.active_is_empty()
    }

    /// Whether anything waits for a sync.
    pub(crate) fn is_dirty(&self) -> bool {
        self.active.synced < self.size()
    }

    /// SHA-256 of the active segment's file, when the stream is hashed.
    pub(crate) fn digest(&self) -> Option<[u8; 32]> {
        debug_assert!(self.active.buffer.is_empty(), "the digest covers written bytes only");
        self.active.digest.clone().map(|digest| digest.finalize().into())
    }

    fn size(&self) -> u64 {
        self.active.written + self.active.buffer.len() as u64
    }

    /// Refuses everything after a failed sync.
    pub(crate) fn check_usable(&self) -> Result<(), StoreError> {
        match &self.failed {
            Some(file) => Err(StoreError::SyncFailed { file: file.clone() }),
            None => Ok(()),
        }
    }

    /// Makes room in the buffer, so that the next append only touches memory.
    pub(crate) fn prepare(&mut self, payload_bytes: u64) -> Result<(), StoreError> {
        self.check_usable()?;
        StoreError::check_bound("the payload of one append", payload_bytes, APPEND_BYTES_MAX)?;
        if self.active.buffer.len() >= BUFFER_BYTES {
            self.write()?;
        }
        Ok(())
    }

    /// Adds one record to the buffer. [`Segments::prepare`] came before it in the same step.
    pub(crate) fn push(&mut self, kind: u8, parts: &[&[u8]]) -> Position {
        let offset = self.size();
        let active = &mut self.active;
        let number = active.header.number;
        let place = (number, offset, active.synced);
        let length = encode_record(&mut active.buffer, place, kind, parts);
        Position {
            segment: u32::try_from(number).expect("4 billion segments are never reached"),
            offset: narrow(offset),
            length,
        }
    }

    /// Hands the buffer to the operating system. After a refusal the buffer stays and the file
    /// is as before, so that the same call may be repeated once there is room.
    pub(crate) fn write(&mut self) -> Result<(), StoreError> {
        self.check_usable()?;
        let active = &mut self.active;
        if active.buffer.is_empty() {
            return Ok(());
        }
        if let Err(error) = active.file.append(&active.buffer) {
            if active.file.truncate(active.written).is_err() {
                // A part of the buffer may be in the file: appending again would garble it.
                self.failed = Some(self.stream.file(active.header.number));
            }
            return Err(error);
        }
        if let Some(digest) = &mut active.digest {
            digest.update(&active.buffer);
        }
        active.written += active.buffer.len() as u64;
        active.buffer.clear();
        active.buffer.shrink_to(2 * BUFFER_BYTES);
        Ok(())
    }

    /// Writes the buffer and makes everything durable.
    pub(crate) fn sync(&mut self) -> Result<(), StoreError> {
        self.write()?;
        if self.active.synced < self.active.written {
            let synced = self.active.file.sync();
            self.noting_failure(synced)?;
            self.active.synced = self.active.written;
        }
        assert!(!self.is_dirty());
        Ok(())
    }

    /// Completes the active segment and begins its successor, which holds the `opening` records
    /// from birth: it is never on disk without them. A refusal leaves the stream in its active
    /// segment, and the call may be repeated.
    pub(crate) fn roll(
        &mut self,
        base: u64,
        tag: Tag,
        opening: &[(u8, &[&[u8]])],
    ) -> Result<(), StoreError> {
        self.sync()?;
        let header = Header { number: self.active.header.number + 1, base, tag };
        let created = create_segment(&*self.disk, &self.stream, header, opening);
        let next = self.noting_failure(created)?;
        let former = std::mem::replace(&mut self.active, next);
        self.sealed.push_back(former.header);
        Ok(())
    }

    /// Removes the oldest complete segment, durably. False when there is none.
    pub(crate) fn remove_oldest(&mut self) -> Result<bool, StoreError> {
        self.check_usable()?;
        let Some(oldest) = self.sealed.front() else {
            return Ok(false);
        };
        assert!(oldest.number < self.active.header.number);
        self.disk.remove(&self.stream.file(oldest.number))?;
        self.sealed.pop_front();
        let synced = self.disk.sync_directory(&self.stream.directory);
        self.noting_failure(synced)?;
        Ok(true)
    }

    /// Cuts the stream off at byte `offset` of segment `number`, durably; later segments go
    /// first, the last of them before the others, so that a cut in between leaves no gap.
    pub(crate) fn cut(&mut self, number: u64, offset: u64) -> Result<(), StoreError> {
        self.write()?;
        assert!(offset >= HEADER_BYTES as u64);
        if self.active.header.number != number {
            let header = self.sealed.iter().find(|header| header.number == number);
            let header = header.expect("callers name a segment of the stream").clone();
            for later in (number + 1..=self.active.header.number).rev() {
                self.disk.remove(&self.stream.file(later))?;
                let synced = self.disk.sync_directory(&self.stream.directory);
                // Should anything below fail, this stream no longer matches its files.
                self.failed = Some(self.stream.file(later));
                synced?;
            }
            self.sealed.retain(|sealed| sealed.number < number);
            self.active = open::reopen(&*self.disk, &self.stream, header)?;
        }
        let file = self.stream.file(number);
        self.failed = Some(file.clone());
        self.active.file.truncate(offset)?;
        self.active.file.sync()?;
        self.active.written = offset;
        self.active.synced = offset;
        self.active.digest = open::digest_of(&*self.disk, &self.stream, &file, offset)?;
        self.failed = None;
        Ok(())
    }

    /// Puts `file`, a whole and verified segment in this stream's directory, in the place of the
    /// active segment, which is empty and has the same number.
    pub(crate) fn adopt(&mut self, file: &str) -> Result<(), StoreError> {
        self.check_usable()?;
        assert!(self.active_is_empty(), "only an empty segment may be replaced");
        let name = self.stream.file(self.active.header.number);
        self.disk.rename(file, &name)?;
        // Until the new file is open, this stream no longer matches its files.
        self.failed = Some(name);
        let header = self.active.header.clone();
        self.active = open::settled(&*self.disk, &self.stream, header)?;
        self.failed = None;
        Ok(())
    }

    fn noting_failure<T>(&mut self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(StoreError::SyncFailed { file }) = &result {
            self.failed = Some(file.clone());
        }
        result
    }
}

/// Creates a segment that has its name only once its header and first records are durable.
fn create_segment(
    disk: &dyn Disk,
    stream: &Stream,
    header: Header,
    opening: &[(u8, &[&[u8]])],
) -> Result<Active, StoreError> {
    assert!(stream.segment_bytes <= SEGMENT_BYTES_MAX);
    let file = stream.file(header.number);
    let temporary = format!("{file}.tmp");
    let mut bytes = header.encode(stream.name).to_vec();
    for (kind, parts) in opening {
        let place = (header.number, bytes.len() as u64, 0);
        encode_record(&mut bytes, place, *kind, parts);
    }
    let mut handle = disk.create(&temporary)?;
    handle.append(&bytes)?;
    handle.sync()?;
    disk.rename(&temporary, &file)?;
    // From here on the name may or may not survive: only a sync tells, so a failure is final.
    disk.sync_directory(&stream.directory).map_err(|_| StoreError::SyncFailed { file })?;
    let digest = stream.hashed.then(|| Sha256::new_with_prefix(&bytes));
    let size = bytes.len() as u64;
    let buffer = Vec::new();
    Ok(Active { header, file: handle, buffer, written: size, synced: size, digest })
}

fn file_name(number: u64) -> String {
    format!("{number:08}.seg")
}

/// The number of a segment file's name; none for other names.
fn number_of(name: &str) -> Option<u64> {
    let number = name.strip_suffix(".seg")?.parse().ok()?;
    (file_name(number) == name && number > 0).then_some(number)
}

#[cfg(test)]
mod segments_test;
