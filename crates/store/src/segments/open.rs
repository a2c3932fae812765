//! Opening a stream: finding its segments, verifying them, cutting off a torn end.

use super::header::{HEADER_BYTES, Header, Tag};
use super::scan::{Scanned, Scanner, later_record_proves_damage};
use super::{Active, Position, Segments, Stream, create_segment, number_of};
use crate::disk::{Disk, join};
use crate::error::StoreError;
use crate::limits::{BLOCK_BYTES, SEGMENT_BYTES_MAX};
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::sync::Arc;

/// How much of a stream is read and verified when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Replay {
    /// Every record.
    Everything,
    /// All headers, and the records of the last segment.
    LastSegment,
}

/// Receives each record on replay: its place, kind and payload.
pub(crate) type Visit<'a> = dyn FnMut(Position, u8, &[u8]) -> Result<(), &'static str> + 'a;

impl Segments {
    /// Opens the stream, or begins it with `base` and `tag` where its directory holds none.
    pub(crate) fn open(
        disk: Arc<dyn Disk>,
        stream: Stream,
        (base, tag): (u64, Tag),
        replay: Replay,
        visit: &mut Visit<'_>,
    ) -> Result<Self, StoreError> {
        StoreError::check_bound("the segment size", stream.segment_bytes, SEGMENT_BYTES_MAX)?;
        disk.create_directory(&stream.directory)?;
        let numbers = find_segments(&*disk, &stream)?;
        let Some(last) = numbers.last().copied() else {
            let header = Header { number: 1, base, tag };
            let active = create_segment(&*disk, &stream, header, &[])?;
            let sealed = VecDeque::new();
            return Ok(Self { disk, stream, sealed, active, failed: None });
        };
        let mut sealed = VecDeque::with_capacity(numbers.len());
        let mut active = None;
        for number in numbers {
            let header = read_header(&*disk, &stream, number)?;
            if number == last {
                let end = replay_segment(&disk, &stream.file(number), number, true, visit)?;
                active = Some(settle(&*disk, &stream, header, end)?);
            } else {
                if replay == Replay::Everything {
                    replay_segment(&disk, &stream.file(number), number, false, visit)?;
                }
                sealed.push_back(header);
            }
        }
        let active = active.expect("the last number is among the numbers");
        Ok(Self { disk, stream, sealed, active, failed: None })
    }
}

/// The numbers of the stream's segments, in order; what an interrupted step left is removed.
fn find_segments(disk: &dyn Disk, stream: &Stream) -> Result<Vec<u64>, StoreError> {
    let mut numbers = Vec::new();
    for name in disk.list(&stream.directory)? {
        if name.ends_with(".tmp") {
            disk.remove(&join(&stream.directory, &name))?;
        } else if let Some(number) = number_of(&name) {
            numbers.push(number);
        } else {
            tracing::warn!(directory = %stream.directory, %name, "not a segment: left alone");
        }
    }
    numbers.sort_unstable();
    for pair in numbers.windows(2) {
        if pair[1] != pair[0] + 1 {
            let missing = stream.file(pair[0] + 1);
            return Err(StoreError::damaged(&missing, 0, "a segment is missing"));
        }
    }
    Ok(numbers)
}

fn read_header(disk: &dyn Disk, stream: &Stream, number: u64) -> Result<Header, StoreError> {
    read_header_of(disk, stream.name, number, &stream.file(number))
}

/// The header of segment `number` of the stream called `name`, lying in `file`.
pub(crate) fn read_header_of(
    disk: &dyn Disk,
    name: &str,
    number: u64,
    file: &str,
) -> Result<Header, StoreError> {
    let mut bytes = [0; HEADER_BYTES];
    let read = disk.read_at(file, 0, &mut bytes)?;
    Header::decode(&bytes[..read], name, number, file)
}

/// Walks the records of a segment and returns where the last whole one ends. With `torn_end`
/// an incomplete end is allowed, as long as nothing proves that it had been synced.
pub(crate) fn replay_segment(
    disk: &Arc<dyn Disk>,
    file: &str,
    number: u64,
    torn_end: bool,
    visit: &mut Visit<'_>,
) -> Result<u64, StoreError> {
    let size = disk.size(file)?;
    StoreError::check_bound("a segment's size", size, u64::from(u32::MAX))?;
    let segment = u32::try_from(number)
        .map_err(|_| StoreError::damaged(file, 0, "the segment's number is absurd"))?;
    let mut end = HEADER_BYTES as u64;
    let mut scanner = Scanner::new(disk.clone(), file.to_owned(), number, end, size);
    loop {
        match scanner.advance()? {
            Scanned::End => return Ok(end),
            Scanned::Bad { offset, reason } => {
                let torn =
                    torn_end && !later_record_proves_damage(&**disk, file, number, offset, size)?;
                if !torn {
                    return Err(StoreError::damaged(file, offset, reason));
                }
                tracing::info!(file, offset, cut = size - offset, "an unfinished write ends here");
                return Ok(offset);
            }
            Scanned::Record(record) => {
                let narrow = |value: u64| u32::try_from(value).expect("a segment fits 32 bits");
                let position = Position {
                    segment,
                    offset: narrow(record.offset),
                    length: narrow(record.payload.len() as u64),
                };
                visit(position, record.kind, record.payload)
                    .map_err(|reason| StoreError::damaged(file, record.offset, reason))?;
                end = position.end();
            }
        }
    }
}

/// Makes the last segment fit to grow: its whole records, written once more under its name.
///
/// What was read may exist in the operating system's memory alone, and it is about to be relied
/// upon. A sync would not do: where an earlier one failed, the system holds those pages for clean
/// and never writes them, although everybody goes on reading them (Rebello et al., "Can
/// Applications Recover from fsync Failures?", USENIX ATC 2020). Only bytes written anew are sure
/// to reach the disk. Where there is no room for them the stream does not open: a failed sync and a
/// full disk often come together.
fn settle(
    disk: &dyn Disk,
    stream: &Stream,
    header: Header,
    end: u64,
) -> Result<Active, StoreError> {
    let file = stream.file(header.number);
    let temporary = format!("{file}.tmp");
    let mut handle = disk.create(&temporary)?;
    let mut digest = stream.hashed.then(Sha256::new);
    for_each_block(disk, &file, end, &mut |block| {
        if let Some(digest) = &mut digest {
            digest.update(block);
        }
        handle.append(block)
    })?;
    handle.sync()?;
    disk.rename(&temporary, &file)?;
    disk.sync_directory(&stream.directory)?;
    Ok(Active { header, file: handle, buffer: Vec::new(), written: end, synced: end, digest })
}

/// Opens a segment for appending that this process has written and synced.
pub(super) fn settled(
    disk: &dyn Disk,
    stream: &Stream,
    header: Header,
) -> Result<Active, StoreError> {
    let mut active = reopen(disk, stream, header)?;
    disk.sync_directory(&stream.directory)?;
    active.synced = active.written;
    let file = stream.file(active.header.number);
    active.digest = digest_of(disk, stream, &file, active.written)?;
    Ok(active)
}

/// Opens an existing segment for appending.
pub(super) fn reopen(
    disk: &dyn Disk,
    stream: &Stream,
    header: Header,
) -> Result<Active, StoreError> {
    let name = stream.file(header.number);
    let written = disk.size(&name)?;
    let file = disk.open(&name)?;
    Ok(Active { header, file, buffer: Vec::new(), written, synced: 0, digest: None })
}

/// The running SHA-256 of the first `size` bytes of `file`, for a stream that keeps one.
pub(super) fn digest_of(
    disk: &dyn Disk,
    stream: &Stream,
    file: &str,
    size: u64,
) -> Result<Option<Sha256>, StoreError> {
    if !stream.hashed {
        return Ok(None);
    }
    hash_prefix(disk, file, size).map(Some)
}

/// SHA-256 of the whole of `file`.
pub(crate) fn digest_of_file(disk: &dyn Disk, file: &str) -> Result<[u8; 32], StoreError> {
    Ok(hash_prefix(disk, file, disk.size(file)?)?.finalize().into())
}

fn hash_prefix(disk: &dyn Disk, file: &str, size: u64) -> Result<Sha256, StoreError> {
    let mut digest = Sha256::new();
    for_each_block(disk, file, size, &mut |block| {
        digest.update(block);
        Ok(())
    })?;
    Ok(digest)
}

/// Hands the first `size` bytes of `file` to `take`, in order and in pieces.
fn for_each_block(
    disk: &dyn Disk,
    file: &str,
    size: u64,
    take: &mut dyn FnMut(&[u8]) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut block = vec![0; BLOCK_BYTES];
    let mut offset = 0;
    while offset < size {
        let wanted = block.len().min(usize::try_from(size - offset).unwrap_or(usize::MAX));
        let read = disk.read_at(file, offset, &mut block[..wanted])?;
        if read == 0 {
            return Err(StoreError::damaged(file, offset, "the file is shorter than its size"));
        }
        take(&block[..read])?;
        offset += read as u64;
    }
    Ok(())
}
