//! `cupo cluster status`.

use super::{Context, Failure};
use crate::client::ClientError;
use crate::exit::Exit;
use crate::sheets;
use wire::v1::GetStatusRequest;
use wire::v1::cluster_service_client::ClusterServiceClient;

/// Asks every server how it stands. Without anybody who is ready the status says so.
///
/// # Errors
/// Nobody answered.
pub async fn run(context: &Context) -> Result<Exit, Failure> {
    let answers = context
        .session
        .ask_all(|asked| async move {
            let request = asked.request(GetStatusRequest {});
            ClusterServiceClient::new(asked.channel).get_status(request).await
        })
        .await;
    if answers.iter().all(|(_, answer)| answer.is_err()) {
        let silent = answers.iter().filter_map(|(address, answer)| match answer {
            Err(error) => Some((address.clone(), error.to_string())),
            Ok(_) => None,
        });
        let silent = silent.collect();
        let request = context.session.request_id();
        return Err(ClientError::Unreachable { silent, request }.into());
    }
    let rows: Vec<_> = answers
        .iter()
        .map(|(address, answer)| {
            let problem = answer.as_ref().err().map(ToString::to_string).unwrap_or_default();
            sheets::member(address, answer.as_ref().map_err(|_| problem.as_str()))
        })
        .collect();
    context.sheet(&sheets::MEMBER, &rows)?;
    let ready = answers.iter().any(|(_, answer)| answer.as_ref().is_ok_and(|status| status.ready));
    Ok(if ready { Exit::Done } else { Exit::NoQuorum })
}
