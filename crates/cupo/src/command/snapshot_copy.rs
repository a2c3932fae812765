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
use store::checkpoint::Checkpoints;
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
    /// There is nothing in it.
    #[error("there is no copy in {directory}")]
    Nothing {
        /// Which.
        directory: String,
    },
}

/// Copies a server's newest checkpoint. What a former copy has already is not written again; the
/// former one stays until this one is whole, and after it.
///
/// # Errors
/// The server gives none, or the directory cannot be used.
pub(super) async fn take(
    context: &Context,
    address: &str,
    directory: &Path,
) -> Result<(), Failure> {
    std::fs::create_dir_all(directory).map_err(|error| unusable(directory, &error))?;
    let (_lock, mut checkpoints) = open(directory)?;
    let session = context.session.with_servers(vec![address.to_owned()])?;
    let asking = |asked: Asked| {
        let request = asked.endless(CopySnapshotRequest {});
        let client = ClusterServiceClient::new(asked.channel);
        let mut client = client.max_decoding_message_size(CHUNK_MESSAGE_BYTES_MAX);
        async move { client.copy_snapshot(request).await }
    };
    let mut parts = session.read(asking).await?;
    let mut writer = checkpoints.write().map_err(|error| unusable(directory, &error))?;
    let (bar, mut bytes) = (progress(0), 0);
    loop {
        let part = parts.message().await.map_err(|status| session.cut(status))?;
        match part.and_then(|part| part.part) {
            Some(Part::Chunk(chunk)) => {
                bar.inc(1);
                bar.set_length(bar.position() + chunk.remaining_count);
                bytes += chunk.content.len() as u64;
                let added = writer.add(&chunk.name, &chunk.content);
                added.map_err(|error| unusable(directory, &error))?;
            }
            Some(Part::End(end)) => {
                writer.finish(&end.meta).map_err(|error| unusable(directory, &error))?;
                bar.finish_and_clear();
                let (address, revision) = (address.to_owned(), end.revision);
                let directory = directory.display().to_string();
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
    let (_lock, checkpoints) = open(directory)?;
    let found = Soundness::of_checkpoints(&checkpoints.reader()).ok_or_else(nothing)?;
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

/// Opens the directory for this process alone.
fn open(directory: &Path) -> Result<(DirectoryLock, Checkpoints), CopyError> {
    let lock = DirectoryLock::acquire(directory).map_err(|error| unusable(directory, &error))?;
    let disk = RealDisk::open(directory).map_err(|error| unusable(directory, &error))?;
    let checkpoints = Checkpoints::open(Arc::new(disk), FOLDER);
    Ok((lock, checkpoints.map_err(|error| unusable(directory, &error))?))
}

fn unusable(directory: &Path, error: &dyn std::error::Error) -> CopyError {
    CopyError::Directory { directory: directory.display().to_string(), reason: error.to_string() }
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
