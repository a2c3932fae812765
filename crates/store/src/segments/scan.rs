//! Reading a segment from front to back in bounded memory.

use super::record::{RECORD_HEADER_BYTES, RecordHeader};
use crate::disk::Disk;
use crate::error::StoreError;
use crate::limits::BLOCK_BYTES;
use std::sync::Arc;

/// What stands at the scanner's position.
pub(crate) enum Scanned<'a> {
    /// A whole record.
    Record(Record<'a>),
    /// The end of what was to be read, exactly after a record.
    End,
    /// Bytes that are no whole record.
    Bad {
        /// Where they begin.
        offset: u64,
        /// What did not hold.
        reason: &'static str,
    },
}

/// A whole, verified record.
pub(crate) struct Record<'a> {
    /// Where its header begins in the segment.
    pub(crate) offset: u64,
    /// The stream's own kind.
    pub(crate) kind: u8,
    /// What was recorded.
    pub(crate) payload: &'a [u8],
}

/// Walks the records of one segment file.
pub(crate) struct Scanner {
    disk: Arc<dyn Disk>,
    file: String,
    number: u64,
    /// Where the next record begins.
    offset: u64,
    /// Where reading stops.
    end: u64,
    /// File bytes from `block_offset` on.
    block: Vec<u8>,
    block_offset: u64,
}

impl Scanner {
    /// Reads `file`, which is segment `number`, from `offset` up to `end`.
    pub(crate) fn new(
        disk: Arc<dyn Disk>,
        file: String,
        number: u64,
        offset: u64,
        end: u64,
    ) -> Self {
        Self { disk, file, number, offset, end, block: Vec::new(), block_offset: offset }
    }

    /// Where the next record begins.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// The record at the current position, which then moves behind it.
    pub(crate) fn advance(&mut self) -> Result<Scanned<'_>, StoreError> {
        let offset = self.offset;
        if offset >= self.end {
            return Ok(Scanned::End);
        }
        let bad = |reason| Ok(Scanned::Bad { offset, reason });
        if !self.load(RECORD_HEADER_BYTES)? {
            return bad("a record header is cut short");
        }
        let start = self.start_in_block();
        let header_bytes = super::header::array(&self.block, start);
        let Some(header) = RecordHeader::decode(&header_bytes, self.number, offset) else {
            return bad("a record header does not match its checksum");
        };
        let total = usize::try_from(header.bytes_total()).expect("a record fits memory");
        if !self.load(total)? {
            return bad("a record is cut short");
        }
        let start = self.start_in_block();
        let payload = &self.block[start + RECORD_HEADER_BYTES..start + total];
        if crc32fast::hash(payload) != header.payload_crc {
            return Ok(Scanned::Bad { offset, reason: "a record does not match its checksum" });
        }
        self.offset += header.bytes_total();
        Ok(Scanned::Record(Record { offset, kind: header.kind, payload }))
    }

    fn start_in_block(&self) -> usize {
        usize::try_from(self.offset - self.block_offset).expect("the offset lies in the block")
    }

    /// Has `count` bytes from the current position in the block; false when the file ends first.
    fn load(&mut self, count: usize) -> Result<bool, StoreError> {
        let start = self.start_in_block();
        if self.block.len() >= start + count {
            return Ok(true);
        }
        let left = self.end - self.offset;
        if (count as u64) > left {
            return Ok(false);
        }
        self.block.drain(..start);
        self.block_offset = self.offset;
        let held = self.block.len();
        let wanted = count.max(BLOCK_BYTES).min(usize::try_from(left).unwrap_or(usize::MAX));
        self.block.resize(wanted, 0);
        let at = self.offset + held as u64;
        let read = self.disk.read_at(&self.file, at, &mut self.block[held..])?;
        self.block.truncate(held + read);
        Ok(self.block.len() >= count)
    }
}

/// Whether any record after `bad` shows that the bytes at `bad` had once been synced. Such a
/// record carries a sealed statement of what was durable when it was written.
pub(crate) fn later_record_proves_damage(
    disk: &dyn Disk,
    file: &str,
    number: u64,
    bad: u64,
    end: u64,
) -> Result<bool, StoreError> {
    let mut offset = bad + 1;
    let mut block = vec![0; BLOCK_BYTES];
    while offset + RECORD_HEADER_BYTES as u64 <= end {
        let read = disk.read_at(file, offset, &mut block)?;
        let windows = block[..read].windows(RECORD_HEADER_BYTES);
        let tried = windows.len();
        for (index, window) in windows.enumerate() {
            let at = offset + index as u64;
            let header = RecordHeader::decode(&super::header::array(window, 0), number, at);
            if header.is_some_and(|header| u64::from(header.synced) > bad) {
                return Ok(true);
            }
        }
        if tried == 0 {
            break;
        }
        offset += tried as u64;
    }
    Ok(false)
}
