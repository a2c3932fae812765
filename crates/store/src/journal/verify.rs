//! Proving a whole journal: every checksum, every link of the chain, every segment's digest.

use super::batch::{chain, decode_batch};
use super::reader::{JournalReader, Shared};
use super::{Head, JournalEnd};
use crate::disk::Disk;
use crate::error::StoreError;
use crate::segments::{HEADER_BYTES, digest_of_file, replay_segment};
use std::sync::Arc;

impl JournalReader {
    /// Reads everything that is durable and recomputes the chain from its beginning. The error
    /// names the first bad place. A writer may go on meanwhile; what it adds is not looked at.
    pub fn verify(&self) -> Result<JournalEnd, StoreError> {
        let Shared { disk, stream, .. } = &*self.shared;
        let view = self.shared.view();
        let mut end: Option<JournalEnd> = None;
        let mut former_file: Option<String> = None;
        for (index, place) in view.places.iter().enumerate() {
            let file = stream.file(place.number);
            if end.is_some_and(|end| end != place.base) {
                let reason = "the segment does not continue the one before";
                return Err(StoreError::damaged(&file, 0, reason));
            }
            if let Some(former) = &former_file
                && digest_of_file(&**disk, former)? != place.former_digest
            {
                let reason = "the segment is not the one its successor was built on";
                return Err(StoreError::damaged(former, 0, reason));
            }
            let is_active = index + 1 == view.places.len();
            let stop = if is_active { Some(view.end.revision) } else { None };
            end = Some(verify_segment(disk, &file, place.number, place.base, stop)?);
            former_file = Some(file);
        }
        let end = end.unwrap_or(view.end);
        if end != view.end {
            let file = former_file.unwrap_or_default();
            let reason = "the journal does not end where its writer left it";
            return Err(StoreError::damaged(&file, HEADER_BYTES as u64, reason));
        }
        Ok(end)
    }
}

/// Follows the chain through one segment file from `base` and returns where it leads; batches
/// after revision `stop` are not looked at.
pub(super) fn verify_segment(
    disk: &Arc<dyn Disk>,
    file: &str,
    number: u64,
    base: JournalEnd,
    stop: Option<u64>,
) -> Result<JournalEnd, StoreError> {
    let mut end = base;
    let mut visit = |_, kind, payload: &[u8]| {
        if stop.is_some_and(|stop| end.revision >= stop) {
            return Ok(());
        }
        let batch = decode_batch(kind, payload)?;
        if batch.first != end.revision + 1 {
            return Err("a batch that does not follow the one before");
        }
        let head: Head = chain(&end.head, batch.first, batch.last, batch.payload);
        if head != batch.head {
            return Err("a batch whose hash does not continue the chain");
        }
        end = JournalEnd { revision: batch.last, head };
        Ok(())
    };
    // A writer may be in the middle of a record behind `stop`, which looks like a torn end.
    replay_segment(disk, file, number, stop.is_some(), &mut visit)?;
    Ok(end)
}
