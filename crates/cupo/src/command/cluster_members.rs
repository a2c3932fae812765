//! `cupo cluster init`, `join`, `replace` and `remove`.

use super::{Context, Failure};
use crate::arguments::values::MemberValue;
use crate::arguments::{ClusterChange, NewNode, Replacement};
use crate::client::{Asked, ClientError, Purpose};
use crate::configuration::{ConfigurationError, check_addresses};
use crate::exit::Exit;
use crate::sheets;
use tonic::{Response, Status};
use wire::v1::cluster_service_client::ClusterServiceClient;
use wire::v1::{
    GetStatusRequest, InitializeRequest, JoinRequest, Member, MembershipResponse, RemoveRequest,
    ReplaceRequest,
};

/// Changes who belongs to the cluster and prints who does then.
///
/// # Errors
/// Why it was not changed.
pub async fn run(context: &Context, change: ClusterChange) -> Result<Exit, Failure> {
    check(&change)?;
    let change = match change {
        ClusterChange::Init { members } if members.is_empty() => {
            ClusterChange::Init { members: introduced(context).await? }
        }
        said => said,
    };
    let answer = context.session.ask_for(Purpose::Membership, |asked| send(asked, &change)).await?;
    let rows: Vec<_> = answer.members.iter().map(sheets::membership).collect();
    context.sheet(&sheets::MEMBERSHIP, &rows)?;
    Ok(Exit::Done)
}

/// Refuses addresses that cannot be, before anybody is asked. What the ports of peers are, only the
/// servers know.
fn check(change: &ClusterChange) -> Result<(), ConfigurationError> {
    let members = match change {
        ClusterChange::Init { members } => {
            // Names are for the servers to resolve.
            let known = |member: &MemberValue| Some((member.node, member.address.parse().ok()?));
            members.iter().filter_map(known).collect()
        }
        ClusterChange::Join(new) | ClusterChange::Replace(Replacement { new, .. }) => {
            vec![(new.node, new.address)]
        }
        ClusterChange::Remove { .. } => Vec::new(),
    };
    check_addresses(&members, 0)
}

async fn send(
    asked: Asked,
    change: &ClusterChange,
) -> Result<Response<MembershipResponse>, Status> {
    let mut client = ClusterServiceClient::new(asked.channel.clone());
    let member = |new: &NewNode| Some(voter(new.node, new.address.to_string()));
    match change {
        ClusterChange::Init { members } => {
            let members = members.iter().map(|member| voter(member.node, member.address.clone()));
            let request = InitializeRequest { members: members.collect() };
            client.initialize(asked.request(request)).await
        }
        ClusterChange::Join(new) => {
            client.join(asked.request(JoinRequest { member: member(new) })).await
        }
        ClusterChange::Replace(Replacement { dead, new }) => {
            let request = ReplaceRequest { dead_id: *dead, member: member(new) };
            client.replace(asked.request(request)).await
        }
        ClusterChange::Remove { node } => {
            client.remove(asked.request(RemoveRequest { id: *node })).await
        }
    }
}

const fn voter(id: u64, address: String) -> Member {
    Member { id, address, voter: true }
}

/// Asks every server who it is: all of them become members, so all of them must answer.
async fn introduced(context: &Context) -> Result<Vec<MemberValue>, ClientError> {
    let answers = context
        .session
        .ask_all(|asked| async move {
            let request = asked.request(GetStatusRequest {});
            ClusterServiceClient::new(asked.channel).get_status(request).await
        })
        .await;
    let members = answers.into_iter().map(|(address, answer)| {
        answer.map(|status| MemberValue { node: status.node_id, address })
    });
    members.collect()
}
