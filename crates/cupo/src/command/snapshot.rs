//! `cupo snapshot save` and `verify`: at every server, or with a copy in a directory.

use super::snapshot_copy::{self, Destination};
use super::{Context, Failure};
use crate::arguments::Snapshot;
use crate::client::ClientError;
use crate::exit::Exit;
use crate::sheets;
use std::path::Path;
use wire::v1::cluster_service_client::ClusterServiceClient;
use wire::v1::{SaveSnapshotRequest, VerifySnapshotRequest, VerifySnapshotResponse};

/// Writes checkpoints, or verifies the state: at every server, each on its own. It is done when
/// every one has done it.
///
/// # Errors
/// The copy's, or stdout's.
pub async fn run(context: &Context, wanted: Snapshot) -> Result<Exit, Failure> {
    let well = match wanted {
        Snapshot::Save { to } => save(context, to.as_deref()).await?,
        Snapshot::Verify { of: None } => verify(context).await?,
        Snapshot::Verify { of: Some(directory) } => verify_copy(context, &directory)?,
    };
    Ok(if well { Exit::Done } else { Exit::Other })
}

async fn save(context: &Context, to: Option<&Path>) -> Result<bool, Failure> {
    // What cannot take a copy is said before every server writes its whole state.
    let to = to.map(Destination::open).transpose()?;
    let answers = context
        .session
        .ask_all(|asked| async move {
            let request = asked.request(SaveSnapshotRequest {});
            ClusterServiceClient::new(asked.channel).save_snapshot(request).await
        })
        .await;
    let rows = answers.iter().map(|(address, answer)| {
        let problem = problem(context, answer);
        sheets::snapshot(address, answer.as_ref().map_err(|_| problem.as_str()))
    });
    context.sheet(&sheets::SNAPSHOT, &rows.collect::<Vec<_>>())?;
    let saved = answers.iter().filter_map(|(at, answer)| Some((at, answer.as_ref().ok()?)));
    let furthest = saved.max_by_key(|(_, saved)| saved.revision);
    if let (Some(destination), Some((address, _))) = (to, furthest) {
        snapshot_copy::take(context, address, destination).await?;
    }
    Ok(answers.iter().all(|(_, answer)| answer.is_ok()))
}

async fn verify(context: &Context) -> Result<bool, Failure> {
    let answers = context
        .session
        .ask_all(|asked| async move {
            let request = asked.request(VerifySnapshotRequest {});
            ClusterServiceClient::new(asked.channel).verify_snapshot(request).await
        })
        .await;
    let rows = answers.iter().map(|(address, answer)| {
        let problem = problem(context, answer);
        sheets::verified(address, answer.as_ref().map_err(|_| problem.as_str()))
    });
    context.sheet(&sheets::VERIFIED, &rows.collect::<Vec<_>>())?;
    Ok(answers.iter().all(|(_, answer)| answer.as_ref().is_ok_and(sound)))
}

fn verify_copy(context: &Context, directory: &Path) -> Result<bool, Failure> {
    let found = snapshot_copy::look(directory)?;
    let shown = directory.display().to_string();
    context.sheet(&sheets::VERIFIED, &[sheets::verified(&shown, Ok(&found))])?;
    Ok(sound(&found))
}

/// Whether what a server holds is what was agreed and written.
fn sound(found: &VerifySnapshotResponse) -> bool {
    found.equal && found.damage.is_empty()
}

/// What keeps a server from doing it, in the language of the process.
fn problem<T>(context: &Context, answer: &Result<T, ClientError>) -> String {
    let heard = |error: &ClientError| error.heard().into_language(context.language);
    answer.as_ref().err().map(heard).unwrap_or_default()
}
