//! `cupo facility confirm`.

use super::{Context, Failure};
use crate::client::Asked;
use crate::exit::Exit;
use ledger::words::Clues;
use wire::v1::ConfirmCapacityRequest;
use wire::v1::catalogue_service_client::CatalogueServiceClient;

/// Vouches for the number of beds of a service.
///
/// # Errors
/// Why it was refused.
pub async fn run(
    context: &Context,
    clues: Clues,
    service: &str,
    beds: u32,
) -> Result<Exit, Failure> {
    let request = ConfirmCapacityRequest {
        name: format!("facilities/{clues}/services/{service}"),
        beds,
        author: context.session.author(),
        request_id: context.session.request_id().to_string(),
        ..Default::default()
    };
    let answer = context
        .session
        .ask(|asked: Asked| {
            let request = asked.request(request.clone());
            let mut client = CatalogueServiceClient::new(asked.channel);
            async move { client.confirm_capacity(request).await }
        })
        .await?;
    context.changed(&request.name, answer.revision)
}
