//! A pack: many chunks in one file, so that one sync makes them all durable.
//!
//! While it grows it is called `.part`; it becomes a `.pack` once everything in it is durable.
//! So whatever is called `.pack` must verify, and of a `.part` the whole chunks may be kept.

use super::manifest::Hash;
use crate::disk::{Disk, DiskFile, join};
use crate::error::StoreError;
use crate::limits::{BUFFER_BYTES, CHUNK_BYTES_MAX};
use crate::segments::array;
use sha2::{Digest, Sha256};

const MAGIC: [u8; 8] = *b"CUPOPCK\n";
const FORMAT: u32 = 1;
const HEADER_BYTES: usize = 24;
const FRAME_BYTES: usize = 40;

/// A chunk inside a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) hash: Hash,
    /// Where the chunk's bytes begin in the file.
    pub(super) offset: u64,
    pub(super) length: u32,
}

/// A pack that grows.
pub(super) struct PackWriter {
    number: u64,
    file: Box<dyn DiskFile>,
    buffer: Vec<u8>,
    written: u64,
    frames: Vec<Frame>,
}

impl PackWriter {
    pub(super) fn create(
        disk: &dyn Disk,
        directory: &str,
        number: u64,
    ) -> Result<Self, StoreError> {
        let file = disk.create(&part_file(directory, number))?;
        let buffer = encode_header(number).to_vec();
        Ok(Self { number, file, buffer, written: 0, frames: Vec::new() })
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Adds a chunk. A refusal by the disk comes before anything is added.
    pub(super) fn add(&mut self, hash: Hash, bytes: &[u8]) -> Result<(), StoreError> {
        assert!(bytes.len() as u64 <= CHUNK_BYTES_MAX, "callers bound their chunks");
        if self.buffer.len() >= BUFFER_BYTES {
            self.write()?;
        }
        let start = self.written + self.buffer.len() as u64;
        let length = bytes.len() as u32;
        self.buffer.extend_from_slice(&encode_frame(self.number, start, length, &hash));
        self.buffer.extend_from_slice(bytes);
        self.frames.push(Frame { hash, offset: start + FRAME_BYTES as u64, length });
        Ok(())
    }

    fn write(&mut self) -> Result<(), StoreError> {
        if let Err(error) = self.file.append(&self.buffer) {
            // With a part of the buffer in the file, what it holds is unknown from now on.
            let unknown = |_| StoreError::SyncFailed { file: format!("pack {}", self.number) };
            self.file.truncate(self.written).map_err(unknown)?;
            return Err(error);
        }
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    /// Makes everything durable and gives the pack its final name. May be repeated after
    /// [`StoreError::Full`].
    pub(super) fn seal(
        &mut self,
        disk: &dyn Disk,
        directory: &str,
    ) -> Result<Vec<Frame>, StoreError> {
        self.write()?;
        self.file.sync()?;
        disk.rename(&part_file(directory, self.number), &pack_file(directory, self.number))?;
        disk.sync_directory(directory)?;
        Ok(std::mem::take(&mut self.frames))
    }
}

pub(super) fn pack_file(directory: &str, number: u64) -> String {
    join(directory, &format!("{number:08}.pack"))
}

pub(super) fn part_file(directory: &str, number: u64) -> String {
    join(directory, &format!("{number:08}.part"))
}

/// The chunks of a finished pack. Their content is verified when it is read.
pub(super) fn scan_pack(
    disk: &dyn Disk,
    file: &str,
    number: u64,
) -> Result<Vec<Frame>, StoreError> {
    let size = disk.size(file)?;
    let (frames, end) = scan(disk, file, number, size, false)?;
    if end != size {
        return Err(StoreError::damaged(file, end, "a chunk's header does not verify"));
    }
    Ok(frames)
}

/// Turns what is whole of an unfinished pack into a finished one, and returns its chunks.
pub(super) fn salvage(
    disk: &dyn Disk,
    directory: &str,
    number: u64,
) -> Result<Vec<Frame>, StoreError> {
    let file = part_file(directory, number);
    let size = disk.size(&file)?;
    let (frames, end) = scan(disk, &file, number, size, true)?;
    if frames.is_empty() {
        disk.remove(&file)?;
        return Ok(frames);
    }
    let mut handle = disk.open(&file)?;
    handle.truncate(end)?;
    handle.sync()?;
    disk.rename(&file, &pack_file(directory, number))?;
    disk.sync_directory(directory)?;
    tracing::info!(%file, chunks = frames.len(), "kept what an interrupted install had received");
    Ok(frames)
}

/// Walks the frames up to the first that does not verify, and says where that is.
fn scan(
    disk: &dyn Disk,
    file: &str,
    number: u64,
    size: u64,
    contents: bool,
) -> Result<(Vec<Frame>, u64), StoreError> {
    let mut frames = Vec::new();
    let mut header = [0; HEADER_BYTES];
    if disk.read_at(file, 0, &mut header)? < HEADER_BYTES || header != encode_header(number) {
        return Ok((frames, 0));
    }
    let mut offset = HEADER_BYTES as u64;
    let mut bytes = [0; FRAME_BYTES];
    while disk.read_at(file, offset, &mut bytes)? == FRAME_BYTES {
        let length = u32::from_le_bytes(array(&bytes, 0));
        let hash: Hash = array(&bytes, 4);
        let end = offset + FRAME_BYTES as u64 + u64::from(length);
        let whole = bytes == encode_frame(number, offset, length, &hash)
            && u64::from(length) <= CHUNK_BYTES_MAX
            && end <= size;
        let frame = Frame { hash, offset: offset + FRAME_BYTES as u64, length };
        if !whole || (contents && read_chunk(disk, file, &frame)?.is_none()) {
            break;
        }
        frames.push(frame);
        offset = end;
    }
    Ok((frames, offset))
}

/// The bytes of a chunk; none when they are not what its hash says.
pub(super) fn read_chunk(
    disk: &dyn Disk,
    file: &str,
    frame: &Frame,
) -> Result<Option<Vec<u8>>, StoreError> {
    let mut bytes = vec![0; frame.length as usize];
    let read = disk.read_at(file, frame.offset, &mut bytes)?;
    let whole = read == bytes.len() && Sha256::digest(&bytes)[..] == frame.hash[..];
    Ok(whole.then_some(bytes))
}

fn encode_header(number: u64) -> [u8; HEADER_BYTES] {
    let mut bytes = [0; HEADER_BYTES];
    bytes[..8].copy_from_slice(&MAGIC);
    bytes[8..12].copy_from_slice(&FORMAT.to_le_bytes());
    bytes[12..20].copy_from_slice(&number.to_le_bytes());
    let crc = crc32fast::hash(&bytes[..20]);
    bytes[20..].copy_from_slice(&crc.to_le_bytes());
    bytes
}

/// A frame's header is sealed together with its place, like a segment's records.
fn encode_frame(number: u64, offset: u64, length: u32, hash: &Hash) -> [u8; FRAME_BYTES] {
    let mut bytes = [0; FRAME_BYTES];
    bytes[..4].copy_from_slice(&length.to_le_bytes());
    bytes[4..36].copy_from_slice(hash);
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&number.to_le_bytes());
    hasher.update(&offset.to_le_bytes());
    hasher.update(&bytes[..36]);
    bytes[36..].copy_from_slice(&hasher.finalize().to_le_bytes());
    bytes
}
