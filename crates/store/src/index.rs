//! The index: ordered keys and values that can be rebuilt from checkpoint and journal.
//!
//! It names the revision it stands at, together with the journal's head there. An index that
//! does not open, is unexpectedly empty, or whose mark is not the journal's is unusable: the
//! caller resets it and fills it again. Nothing is ever lost with it.

mod memory;
mod sled;

pub use memory::MemoryIndex;
pub use sled::SledIndex;

use crate::error::StoreError;
use crate::journal::{GENESIS, Head};
use crate::limits::{INDEX_KEY_BYTES_MAX, INDEX_RANGE_MAX, INDEX_VALUE_BYTES_MAX};

/// Where an index stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The last revision it has taken in.
    pub revision: u64,
    /// The journal's head at that revision.
    pub head: Head,
}

impl Mark {
    /// Where an empty index stands.
    pub const GENESIS: Self = Self { revision: 0, head: GENESIS };

    pub(crate) fn encode(&self) -> [u8; 40] {
        let mut bytes = [0; 40];
        bytes[..8].copy_from_slice(&self.revision.to_le_bytes());
        bytes[8..].copy_from_slice(&self.head);
        bytes
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; 40] = bytes.try_into().ok()?;
        let revision = u64::from_le_bytes(crate::segments::array(bytes, 0));
        Some(Self { revision, head: crate::segments::array(bytes, 8) })
    }
}

/// One change of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Gives a key a value, replacing a former one.
    Put {
        /// Up to [`INDEX_KEY_BYTES_MAX`] bytes.
        key: Vec<u8>,
        /// Up to [`INDEX_VALUE_BYTES_MAX`] bytes.
        value: Vec<u8>,
    },
    /// Removes a key; nothing happens when it is absent.
    Remove {
        /// The key.
        key: Vec<u8>,
    },
}

/// Why an index did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The index cannot be used as it is.
    #[error("the index is unusable ({reason}): reset it and fill it again from the journal")]
    Unusable {
        /// What did not hold.
        reason: String,
    },
    /// A batch would move the mark backwards.
    #[error("the index stands at revision {current}, a batch for {given} comes too late")]
    OutOfOrder {
        /// Where it stands.
        current: u64,
        /// The batch's mark.
        given: u64,
    },
    /// A bound was exceeded, or the directory could not be worked on.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A key with its value.
pub type Pair = (Vec<u8>, Vec<u8>);

/// An ordered map of bytes to bytes that knows its revision.
pub trait Index: Send + Sync {
    /// Applies all changes, in order, and moves the mark; all or nothing.
    ///
    /// # Errors
    /// [`IndexError::OutOfOrder`] unless the mark's revision moves forward.
    fn apply_batch(&self, changes: &[Change], mark: Mark) -> Result<(), IndexError>;

    /// The value of a key.
    fn value(&self, key: &[u8]) -> Result<Option<Vec<u8>>, IndexError>;

    /// Up to `limit` pairs whose key begins with `prefix`, in order, from the first key behind
    /// `after` on. A `limit` above [`INDEX_RANGE_MAX`] is refused.
    fn range(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: u64,
    ) -> Result<Vec<Pair>, IndexError>;

    /// Where the index stands.
    fn mark(&self) -> Result<Mark, IndexError>;
}

/// What every house checks before it changes anything.
fn check_batch(current: Mark, changes: &[Change], mark: Mark) -> Result<(), IndexError> {
    if mark.revision <= current.revision {
        let (current, given) = (current.revision, mark.revision);
        return Err(IndexError::OutOfOrder { current, given });
    }
    for change in changes {
        let (Change::Put { key, .. } | Change::Remove { key }) = change;
        StoreError::check_bound("an index key", key.len() as u64, INDEX_KEY_BYTES_MAX)?;
        if let Change::Put { value, .. } = change {
            let bytes = value.len() as u64;
            StoreError::check_bound("an index value", bytes, INDEX_VALUE_BYTES_MAX)?;
        }
    }
    Ok(())
}

fn check_limit(limit: u64) -> Result<usize, IndexError> {
    StoreError::check_bound("the pairs of one read", limit, INDEX_RANGE_MAX)?;
    Ok(usize::try_from(limit).expect("bounded by INDEX_RANGE_MAX"))
}

#[cfg(test)]
mod index_test;
