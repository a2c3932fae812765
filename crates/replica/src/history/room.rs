//! Where the history's index comes from.

use std::path::PathBuf;
use store::index::{Index, IndexError, Mark, MemoryIndex, SledIndex};

/// Opens the history's index, and makes a new one when the old one is of no use.
pub trait IndexRoom: Send + Sync {
    /// Opens the index as it was left.
    ///
    /// # Errors
    /// [`IndexError::Unusable`] when [`IndexRoom::renew`] is the remedy.
    fn open(&self) -> Result<Box<dyn Index>, IndexError>;

    /// Throws the index away and makes an empty one. The former one is closed.
    ///
    /// # Errors
    /// When the directory cannot be worked on.
    fn renew(&self) -> Result<Box<dyn Index>, IndexError>;
}

/// An index in a directory of its own.
#[derive(Clone, Debug)]
pub struct DirectoryRoom {
    /// The directory; its name with another ending is used while it is made or thrown away.
    pub path: PathBuf,
}

impl IndexRoom for DirectoryRoom {
    fn open(&self) -> Result<Box<dyn Index>, IndexError> {
        // Whether its mark is on the journal's chain is judged by the follower, who may have to
        // wait until the journal reaches it.
        let agrees = |_: &Mark| true;
        Ok(Box::new(SledIndex::open(&self.path, &agrees)?))
    }

    fn renew(&self) -> Result<Box<dyn Index>, IndexError> {
        Ok(Box::new(SledIndex::reset(&self.path)?))
    }
}

/// An index in memory, gone with the process and filled again at the next start.
#[derive(Clone, Copy, Debug, Default)]
pub struct MemoryRoom;

impl IndexRoom for MemoryRoom {
    fn open(&self) -> Result<Box<dyn Index>, IndexError> {
        Ok(Box::new(MemoryIndex::new()))
    }

    fn renew(&self) -> Result<Box<dyn Index>, IndexError> {
        self.open()
    }
}
