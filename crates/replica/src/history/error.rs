//! Why the history gives no answer, or does not go on.

use crate::codec::DecodeError;
use store::StoreError;
use store::index::IndexError;

/// Why the history gives no answer, or does not go on.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The index is not open yet, or is being thrown away.
    #[error("the history is not open yet; ask again in a moment")]
    NotReady,
    /// A token does not belong to the query it came with.
    #[error("the page token belongs to another query; begin again without one")]
    ForeignToken,
    /// The history is not as far as a token's first page was: it is being filled again.
    #[error(
        "the history stands at revision {revision} and the page token at {wanted}; \
         ask again when it has caught up"
    )]
    Behind {
        /// Where it stands.
        revision: u64,
        /// Where the token does.
        wanted: u64,
    },
    /// The journal on this node begins later than the history must.
    #[error(
        "the journal begins at revision {first} and the history stands at {revision}; \
         fetch the journal's earlier segments from a peer"
    )]
    JournalBegins {
        /// The journal's first revision.
        first: u64,
        /// Where the history stands.
        revision: u64,
    },
    /// Events in the journal or in the index are not understood.
    #[error("the events at revision {revision} cannot be read: {source}")]
    Unreadable {
        /// Where.
        revision: u64,
        /// Why.
        source: DecodeError,
    },
    /// The index did not do as asked.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The journal cannot be read.
    #[error(transparent)]
    Journal(#[from] StoreError),
}
