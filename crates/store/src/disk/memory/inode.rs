//! The content of one simulated file: what programs see, what the platter holds, and what lies
//! between the two.

use crate::random::Random;

/// A file's bytes now, its bytes as of the last sync, and the changes since.
#[derive(Debug, Clone, Default)]
pub(super) struct Inode {
    /// What a running program reads.
    pub(super) current: Vec<u8>,
    durable: Vec<u8>,
    changes: Vec<Change>,
    /// How many of the changes, the oldest, are on their way to the platter by a sync that has not
    /// come to its end.
    under_way: usize,
}

#[derive(Debug, Clone)]
enum Change {
    Write { offset: usize, bytes: Vec<u8>, doomed: bool },
    Truncate { size: usize, doomed: bool },
}

impl Inode {
    pub(super) fn append(&mut self, bytes: &[u8]) {
        let offset = self.current.len();
        self.current.extend_from_slice(bytes);
        self.changes.push(Change::Write { offset, bytes: bytes.to_vec(), doomed: false });
    }

    pub(super) fn truncate(&mut self, size: usize) {
        self.current.resize(size, 0);
        self.changes.push(Change::Truncate { size, doomed: false });
    }

    /// Everything since the last sync is on its way to the platter, until [`Inode::settle`].
    pub(super) fn begin_sync(&mut self) {
        self.under_way = self.changes.len();
    }

    /// Whether something is on its way.
    pub(super) fn is_syncing(&self) -> bool {
        self.under_way > 0
    }

    /// What a sync has set on its way reaches the platter, except what a failed sync doomed.
    pub(super) fn settle(&mut self) {
        for change in self.changes.drain(..std::mem::take(&mut self.under_way)) {
            match change {
                Change::Write { offset, bytes, doomed: false } => {
                    overlay(&mut self.durable, offset, &bytes);
                }
                Change::Truncate { size, doomed: false } => self.durable.resize(size, 0),
                Change::Write { .. } | Change::Truncate { .. } => {}
            }
        }
    }

    /// A failed sync: the operating system marks the pages clean, so that no later sync will
    /// ever write them, although running programs go on reading them.
    pub(super) fn doom(&mut self) {
        for change in &mut self.changes {
            match change {
                Change::Write { doomed, .. } | Change::Truncate { doomed, .. } => *doomed = true,
            }
        }
    }

    /// What the platter shows after the power went: all that was synced, and of every later
    /// change a random subset of its pieces, the others absent, zeroed or garbled.
    pub(super) fn power_cut(&mut self, random: &mut Random) {
        self.under_way = 0;
        // The length may have reached the platter before what belongs there.
        let keeps_length = random.chance(50) && !self.changes.is_empty();
        let piece = if random.chance(50) { 512 } else { 4096 };
        let kept_percent = [0, 20, 50, 80, 100][random.below(5) as usize];
        let garbled_percent = if random.chance(25) { 20 } else { 0 };
        for change in std::mem::take(&mut self.changes) {
            match change {
                Change::Truncate { size, .. } => {
                    if random.chance(kept_percent) {
                        self.durable.resize(size, 0);
                    }
                }
                Change::Write { offset, bytes, .. } => {
                    // Pieces lie on the platter's own grid, not on the write's beginning.
                    let mut start = 0;
                    while start < bytes.len() {
                        let end = (piece - (offset + start) % piece + start).min(bytes.len());
                        if random.chance(kept_percent) {
                            overlay(&mut self.durable, offset + start, &bytes[start..end]);
                        } else if random.chance(garbled_percent) {
                            let noise: Vec<u8> =
                                (start..end).map(|_| random.next() as u8).collect();
                            overlay(&mut self.durable, offset + start, &noise);
                        }
                        start = end;
                    }
                }
            }
        }
        if keeps_length && self.durable.len() < self.current.len() {
            self.durable.resize(self.current.len(), 0);
        }
        self.current = self.durable.clone();
    }

    /// Turns the bits of `mask` at `offset`, in what programs see and on the platter alike.
    pub(super) fn corrupt(&mut self, offset: usize, mask: u8) {
        for content in [&mut self.current, &mut self.durable] {
            if let Some(byte) = content.get_mut(offset) {
                *byte ^= mask;
            }
        }
    }
}

/// Lays `bytes` over `content` at `offset`, filling a hole before them with zeros.
fn overlay(content: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    let end = offset + bytes.len();
    if content.len() < end {
        content.resize(end, 0);
    }
    content[offset..end].copy_from_slice(bytes);
}
