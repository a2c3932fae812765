//! The newest checkpoint of this node, on its way to somebody who keeps it.

use super::{Answer, until_closing};
use crate::admission::Call;
use crate::complaint::Complaint;
use crate::edge::Edge;
use futures::{StreamExt, stream};
use replica::CheckpointCopy;
use std::sync::Arc;
use v1::copy_snapshot_response::Part;
use wire::v1;

/// A checkpoint, part after part.
pub(crate) type SnapshotCopy = Answer<v1::CopySnapshotResponse>;

/// Opens the newest checkpoint. Each chunk is read when the connection can take it.
pub(crate) fn open(edge: &Arc<Edge>, call: &Call) -> Result<SnapshotCopy, Complaint> {
    let permit = edge.admission.stream()?;
    let failed = |problem| Complaint::Snapshot { problem };
    let newest = edge.replica.newest_checkpoint().map_err(failed)?;
    let copy = newest.ok_or_else(|| failed("this node has none yet".to_owned()))?;
    let (copy, language) = (Arc::new(copy), call.language);
    let parts = stream::iter(0..=copy.chunk_count()).then(move |at| {
        let _as_long_as_the_stream = &permit;
        let copy = Arc::clone(&copy);
        async move {
            let read = tokio::task::spawn_blocking(move || part(&copy, at)).await;
            let part = read.unwrap_or(Err(Complaint::Stopping));
            let part = Some(part.map_err(|complaint| complaint.status(language))?);
            Ok(v1::CopySnapshotResponse { part })
        }
    });
    Ok(until_closing(edge, language, parts))
}

/// A chunk; the end behind the last one.
fn part(copy: &CheckpointCopy, at: usize) -> Result<Part, Complaint> {
    let Some(chunk) = copy.chunk(at) else {
        return Ok(Part::End(v1::SnapshotEnd {
            meta: copy.meta().to_vec().into(),
            revision: copy.revision().0,
            digest: format!("{:016x}", copy.digest().0),
        }));
    };
    let (name, content) =
        chunk.map_err(|error| Complaint::Snapshot { problem: error.to_string() })?;
    let remaining_count = copy.chunk_count().saturating_sub(at + 1) as u64;
    Ok(Part::Chunk(v1::SnapshotChunk {
        name: name.to_owned(),
        content: content.into(),
        remaining_count,
    }))
}
