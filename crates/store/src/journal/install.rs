//! Taking over complete segments from a peer, each proven before it counts.

use super::verify::verify_segment;
use super::{Journal, JournalEnd, STREAM, SealedSegment, base_of};
use crate::error::{InstallError, StoreError};
use crate::segments::read_header_of;
use sha2::{Digest, Sha256};

impl Journal {
    /// The number of the segment that [`Journal::install`] would take now. The journal must
    /// have been rewound to that segment's beginning: see [`Journal::segment_base`].
    pub fn segment_number(&self) -> u64 {
        let active = self.segments.active().number;
        if self.segments.is_due() { active + 1 } else { active }
    }

    /// The revision before the newest segment: where a joining node rewinds to, before it takes
    /// over whole segments from there on.
    pub fn segment_base(&self) -> u64 {
        if self.segments.is_due() { self.end.revision } else { self.segments.active().base }
    }

    /// Takes over `segment`, whose file content is `bytes`, as the continuation of this journal.
    ///
    /// # Errors
    /// [`InstallError::ContentMismatch`] when the bytes are not what `segment` announces,
    /// [`InstallError::NotExpected`] when they do not continue this journal. In both cases the
    /// journal is as before.
    pub fn install(
        &mut self,
        segment: &SealedSegment,
        bytes: &[u8],
    ) -> Result<JournalEnd, InstallError> {
        let what = || format!("journal segment {}", segment.number);
        let digest: [u8; 32] = Sha256::digest(bytes).into();
        if digest != segment.sha256 {
            return Err(InstallError::ContentMismatch { what: what() });
        }
        self.roll_if_due()?;
        let number = self.segments.active().number;
        if number != segment.number || !self.segments.active_is_empty() {
            return Err(InstallError::NotExpected { what: what() });
        }
        let temporary = format!("{}.tmp", self.stream.file(number));
        self.write_temporary(&temporary, bytes)?;
        let base = base_of(self.segments.active());
        let found = read_header_of(&*self.disk, STREAM, number, &temporary);
        if found.map_err(|_| InstallError::ContentMismatch { what: what() })?
            != *self.segments.active()
        {
            self.disk.remove(&temporary)?;
            return Err(InstallError::NotExpected { what: what() });
        }
        let end = verify_segment(&self.disk, &temporary, number, base, None);
        let announced = JournalEnd { revision: segment.last, head: segment.head };
        match end {
            Ok(end) if end == announced => {}
            Ok(_) | Err(StoreError::Damaged { .. }) => {
                self.disk.remove(&temporary)?;
                return Err(InstallError::ContentMismatch { what: what() });
            }
            Err(error) => return Err(error.into()),
        }
        self.segments.adopt(&temporary)?;
        self.end = announced;
        self.publish();
        Ok(self.end)
    }

    fn write_temporary(&self, temporary: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let mut handle = self.disk.create(temporary)?;
        handle.append(bytes)?;
        handle.sync()
    }
}
