//! A checkpoint in a directory of its own, apart from any node.

use super::{Context, Failure};
use crate::client::{Asked, ClientError};
use crate::exit::Exit;
use crate::limits::CHUNK_MESSAGE_BYTES_MAX;
use crate::messages::{Explain, Explanation, Notice};
use crate::output::progress;
use replica::Soundness;
use std::path::Path;
use std::sync::Arc;
use store::StoreError;
use store::checkpoint::{Checkpoint, Checkpoints};
use store::disk::RealDisk;
use store::identity::DirectoryLock;
use wire::v1::cluster_service_client::ClusterServiceClient;
use wire::v1::copy_snapshot_response::Part;
use wire::v1::{CopySnapshotRequest, VerifySnapshotResponse};

/// Where in the directory it lies: no node has its own there, so that a node's directory named by
/// mistake stays as it is.
const FOLDER: &str = "copy";

/// Why a directory has no copy.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The directory cannot be used.
    #[error("{directory}: {reason}")]
    Directory {
        /// Which.
        directory: String,
        /// What stands against it.
        reason: String,
    },
    /// What is in it is not what was written.
    #[error("{directory}: {damage}")]
    Damaged {
        /// Which.
        directory: String,
        /// What is damaged, and where.
        damage: String,
    },
    /// There is nothing in it.
    #[error("there is no copy in {directory}")]
    Nothing {
        /// Which.
        directory: String,
    },
}

/// A directory that is this process's alone, with the copies that it holds.
pub(super) struct Destination {
    shown: String,
    checkpoints: Checkpoints,
    _lock: DirectoryLock,
}

impl Destination {
    /// Opens a directory, which is made where there is none.
    ///
    /// # Errors
    /// It cannot be used, or a copy in it is damaged.
    pub fn open(directory: &Path) -> Result<Self, CopyError> {
        std::fs::create_dir_all(directory).map_err(|error| unusable(directory, &error))?;
        Self::of(directory)
    }

    fn of(directory: &Path) -> Result<Self, CopyError> {
        let lock =
            DirectoryLock::acquire(directory).map_err(|error| unusable(directory, &error))?;
        let disk = RealDisk::open(directory).map_err(|error| unusable(directory, &error))?;
        let shown = directory.display().to_string();
        let checkpoints = Checkpoints::open(Arc::new(disk), FOLDER);
        let checkpoints = checkpoints.map_err(|error| broken(&shown, &error))?;
        Ok(Self { shown, checkpoints, _lock: lock })
    }

    /// Reads a copy as a whole, since what a former one had was not written again; then takes
    /// away all but it and the one before.
    fn settle(&mut self, copy: &Checkpoint) -> Result<(), StoreError> {
        let reader = self.checkpoints.reader();
        for chunk in &copy.chunks {
            reader.chunk(&chunk.hash)?;
        }
        self.checkpoints.collect()?;
        Ok(())
    }
}

/// Copies a server's newest checkpoint. What a former copy has already is not written again; the
/// former one stays until this one is whole, and after it.
///
/// # Errors
/// The server gives none, or the directory cannot be used, or the copy in it is not sound.
pub(super) async fn take(
    context: &Context,
    address: &str,
    mut destination: Destination,
) -> Result<(), Failure> {
    let directory = destination.shown.clone();
    let fails = |error: StoreError| broken(&directory, &error);
    let session = context.session.with_servers(vec![address.to_owned()])?;
    let asking = |asked: Asked| {
        let request = asked.endless(CopySnapshotRequest {});
        let client = ClusterServiceClient::new(asked.channel);
        let mut client = client.max_decoding_message_size(CHUNK_MESSAGE_BYTES_MAX);
        async move { client.copy_snapshot(request).await }
    };
    let mut parts = session.read(asking).await?;
    let mut writer = destination.checkpoints.write().map_err(fails)?;
    let (bar, mut bytes) = (progress(0), 0);
    loop {
        let part = parts.message().await.map_err(|status| session.cut(status))?;
        match part.and_then(|part| part.part) {
            Some(Part::Chunk(chunk)) => {
                bar.inc(1);
                bar.set_length(bar.position() + chunk.remaining_count);
                bytes += chunk.content.len() as u64;
                writer.add(&chunk.name, &chunk.content).map_err(fails)?;
            }
            Some(Part::End(end)) => {
                let copy = writer.finish(&end.meta).map_err(fails)?;
                destination.settle(&copy).map_err(fails)?;
                bar.finish_and_clear();
                let (address, revision) = (address.to_owned(), end.revision);
                Notice::Copied { address, directory, revision, bytes }.tell(context.language);
                return Ok(());
            }
            None => return Err(ClientError::Incomplete { what: "snapshot" }.into()),
        }
    }
}

/// Reads a copy as a whole, and builds the state from it.
///
/// # Errors
/// There is none, or the directory cannot be used.
pub(super) fn look(directory: &Path) -> Result<VerifySnapshotResponse, CopyError> {
    let nothing = || CopyError::Nothing { directory: directory.display().to_string() };
    if !directory.join(FOLDER).exists() {
        return Err(nothing());
    }
    let place = Destination::of(directory)?;
    let found = Soundness::of_checkpoints(&place.checkpoints.reader()).ok_or_else(nothing)?;
    Ok(VerifySnapshotResponse {
        revision: found.revision.0,
        digest: format!("{:016x}", found.digest.0),
        recomputed_digest: format!("{:016x}", found.recomputed.0),
        equal: found.digest == found.recomputed,
        checkpoint_bytes: found.checkpoint_bytes,
        journal_revision: found.journal_revision.0,
        damage: found.damage.unwrap_or_default(),
    })
}

fn unusable(directory: &Path, error: &dyn std::error::Error) -> CopyError {
    CopyError::Directory { directory: directory.display().to_string(), reason: error.to_string() }
}

/// Why the store in a directory did not do it.
fn broken(directory: &str, error: &StoreError) -> CopyError {
    let directory = directory.to_owned();
    match error {
        StoreError::Damaged { .. } => CopyError::Damaged { directory, damage: error.finding() },
        other => CopyError::Directory { directory, reason: other.to_string() },
    }
}

impl Explain for CopyError {
    fn explain(&self) -> Explanation {
        match self {
            Self::Directory { directory, reason } => Explanation::new(
                Exit::Other,
                "COPY_DIRECTORY",
                [format!("no puedo usar {directory}"), format!("cannot use {directory}")],
                [reason.as_str(), reason.as_str()],
                [
                    "revisa sus permisos y su espacio, o di otro directorio",
                    "check its permissions and its space, or say another directory",
                ],
            ),
            Self::Damaged { directory, damage } => Explanation::new(
                Exit::Other,
                "COPY_DAMAGED",
                [
                    format!("la copia en {directory} está dañada"),
                    format!("the copy in {directory} is damaged"),
                ],
                [damage.as_str(), damage.as_str()],
                [
                    "haz otra en un directorio vacío, y revisa este disco",
                    "make another one in an empty directory, and check this disk",
                ],
            ),
            Self::Nothing { directory } => Explanation::new(
                Exit::NotFound,
                "NO_COPY",
                [
                    format!("no hay ninguna copia en {directory}"),
                    format!("there is no copy in {directory}"),
                ],
                ["", ""],
                [
                    format!("haz una: cupo snapshot save --to {directory}"),
                    format!("make one: cupo snapshot save --to {directory}"),
                ],
            ),
        }
    }
}
