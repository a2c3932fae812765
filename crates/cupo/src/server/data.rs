//! A node's directory: whose it is, that nobody else uses it, and what is opened in it.

use super::error::StartError;
use crate::configuration::Configuration;
use replica::history::{DirectoryRoom, IndexRoom};
use std::sync::Arc;
use store::disk::{Disk, RealDisk};
use store::identity::{DirectoryLock, Identity, claim_identity};

/// Where in the directory its identity lies.
const IDENTITY: &str = "node";
/// Where in the directory the index lies: it can be removed, and is made anew.
const INDEX: &str = "index";

/// A node's directory, in use by this process alone.
pub(super) struct Data {
    /// Log, journal and checkpoints.
    pub disk: Arc<dyn Disk>,
    /// The history by person, facility and day.
    pub index: Box<dyn IndexRoom>,
    /// The number of this very set of data.
    pub store: u128,
    /// Held until the process ends.
    pub lock: DirectoryLock,
}

impl Data {
    /// Opens the directory, or begins it where it is empty.
    ///
    /// # Errors
    /// It is another node's, in use, damaged, or the disk refuses.
    pub fn open(read: &Configuration) -> Result<Self, StartError> {
        let directory = &read.node.data;
        std::fs::create_dir_all(directory).map_err(|error| StartError::Directory {
            directory: directory.display().to_string(),
            error,
        })?;
        let lock = DirectoryLock::acquire(directory)?;
        let disk: Arc<dyn Disk> = Arc::new(RealDisk::open(directory)?);
        let identity = Identity {
            cluster: read.cluster.id(),
            node: read.node.node,
            // Never 0, which stands for data that nobody knows.
            incarnation: rand::random::<u128>().max(1),
            fingerprint: read.cluster.fingerprint(),
        };
        let Identity { incarnation: store, .. } =
            claim_identity(disk.as_ref(), IDENTITY, &identity)?;
        let index = Box::new(DirectoryRoom { path: directory.join(INDEX) });
        Ok(Self { disk, index, store, lock })
    }
}
