//! What can go wrong with bytes on disk, in the words a caller needs to decide what to do.

use std::io;

/// A failed operation of this room. Each variant calls for a different answer from the caller.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No space is left. Nothing of the refused step is kept; the structure stays usable.
    #[error("no space left for {file}: free space on its disk, then try again")]
    Full {
        /// The file that could not grow.
        file: String,
    },
    /// The file system accepts no writes.
    #[error("{file} is on a read-only file system: mount it writable, then start again")]
    ReadOnly {
        /// The file that could not be written.
        file: String,
    },
    /// Bytes that had been made durable are not what was written.
    #[error(
        "{file} is damaged at byte {offset} ({reason}): \
         this node must rejoin under a new id, its other data must not vote"
    )]
    Damaged {
        /// The damaged file.
        file: String,
        /// Where the first bad byte range begins.
        offset: u64,
        /// What did not hold.
        reason: &'static str,
    },
    /// The disk would not confirm a sync. What it holds is unknown from now on, because the
    /// operating system may have dropped the unwritten pages; the structure refuses further work.
    #[error("{file} could not be synced: stop, verify what the disk holds, rejoin")]
    SyncFailed {
        /// The file whose sync failed.
        file: String,
    },
    /// A file that was asked for is not there.
    #[error("{file} does not exist")]
    Missing {
        /// The absent file.
        file: String,
    },
    /// A number does not continue what is stored.
    #[error("{what} must be {expected} here, not {given}")]
    OutOfOrder {
        /// The number in question.
        what: &'static str,
        /// What would continue the stored sequence.
        expected: u64,
        /// What the caller gave.
        given: u64,
    },
    /// Something exceeds its bound in `limits`.
    #[error("{what} is {given}, above its bound of {bound}: split it")]
    TooLarge {
        /// The bounded thing.
        what: &'static str,
        /// Its size or count as given.
        given: u64,
        /// The bound.
        bound: u64,
    },
    /// Any other failure reported by the operating system.
    #[error("{operation} of {file} failed: {source}")]
    Io {
        /// The file concerned.
        file: String,
        /// The attempted operation, as a verb.
        operation: &'static str,
        /// What the operating system said.
        source: io::Error,
    },
}

impl StoreError {
    /// Sorts an operating system error into the answers a caller can give.
    pub(crate) fn from_io(file: &str, operation: &'static str, source: io::Error) -> Self {
        let file = file.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { file },
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { file },
            io::ErrorKind::NotFound => Self::Missing { file },
            _ => Self::Io { file, operation, source },
        }
    }

    /// What was found, without what a node has to do about it: for bytes that are no node's.
    #[must_use]
    pub fn finding(&self) -> String {
        match self {
            Self::Damaged { file, offset, reason } => {
                format!("{file} is damaged at byte {offset} ({reason})")
            }
            other => other.to_string(),
        }
    }

    /// Refuses what exceeds `bound`.
    pub(crate) fn check_bound(what: &'static str, given: u64, bound: u64) -> Result<(), Self> {
        if given > bound {
            return Err(Self::TooLarge { what, given, bound });
        }
        Ok(())
    }

    pub(crate) fn damaged(file: &str, offset: u64, reason: &'static str) -> Self {
        Self::Damaged { file: file.to_owned(), offset, reason }
    }
}

/// Why something received from a peer was not taken over.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// The bytes are not those that were announced.
    #[error("{what} does not have the announced content: ask the peer, or another one, again")]
    ContentMismatch {
        /// What was received.
        what: String,
    },
    /// The bytes are sound but belong elsewhere.
    #[error("{what} is not what is missing here: ask what is missing, then send that")]
    NotExpected {
        /// What was received.
        what: String,
    },
    /// Not everything has been received yet.
    #[error("{missing} chunks are still missing: send them, then finish")]
    Incomplete {
        /// How many are missing.
        missing: u64,
    },
    /// This node's own disk refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[cfg(test)]
mod tests {
    use super::StoreError;
    use std::io::{Error, ErrorKind};

    #[test]
    fn operating_system_errors_are_sorted_by_what_to_do() {
        let rows = [
            (ErrorKind::StorageFull, "no space left"),
            (ErrorKind::QuotaExceeded, "no space left"),
            (ErrorKind::ReadOnlyFilesystem, "read-only"),
            (ErrorKind::NotFound, "does not exist"),
            (ErrorKind::PermissionDenied, "append of log/1 failed"),
        ];
        for (kind, expected) in rows {
            let text = StoreError::from_io("log/1", "append", Error::from(kind)).to_string();
            assert!(text.contains(expected), "{kind:?} reads {text}");
            assert!(text.contains("log/1"), "{kind:?} does not name the file: {text}");
        }
    }
}
