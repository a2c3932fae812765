//! `cupo cluster status`: every member of the cluster, asked or not, and whoever else was asked.

use super::{Context, Failure};
use crate::client::{ClientError, Session};
use crate::exit::Exit;
use crate::sheets::{self, Standing};
use std::collections::BTreeMap;
use wire::v1::cluster_service_client::ClusterServiceClient;
use wire::v1::{GetStatusRequest, GetStatusResponse, Member};

type Answer = (String, Result<GetStatusResponse, ClientError>);

/// Asks every server how it stands, and those members too that nobody named. Without anybody who
/// is ready the status says so.
///
/// # Errors
/// Nobody answered.
pub async fn run(context: &Context) -> Result<Exit, Failure> {
    let mut answers = look(&context.session).await;
    if answers.iter().all(|(_, answer)| answer.is_err()) {
        let silent = answers.iter().filter_map(|(address, answer)| match answer {
            Err(error) => Some(error.silence(address)),
            Ok(_) => None,
        });
        let silent = silent.collect();
        let request = context.session.request_id();
        return Err(ClientError::Unreachable { silent, request }.into());
    }
    let members = membership(&answers);
    let unasked: Vec<String> = members
        .values()
        .filter(|member| !answers.iter().any(|(at, answer)| is_of(member, at, answer)))
        .map(|member| member.address.clone())
        .collect();
    if !unasked.is_empty() {
        answers.extend(look(&context.session.with_servers(unasked)?).await);
    }
    let rows: Vec<_> = standings(&members, &answers)
        .into_iter()
        .map(|(address, standing)| sheets::member(address, &standing, context.language))
        .collect();
    context.sheet(&sheets::MEMBER, &rows)?;
    let ready = answers.iter().any(|(_, answer)| answer.as_ref().is_ok_and(|status| status.ready));
    Ok(if ready { Exit::Done } else { Exit::NoQuorum })
}

async fn look(session: &Session) -> Vec<Answer> {
    session
        .glance_all(|asked| async move {
            let request = asked.request(GetStatusRequest {});
            ClusterServiceClient::new(asked.channel).get_status(request).await
        })
        .await
}

/// Who belongs to the cluster, by number: as the server says that is ready and has come furthest. A
/// node that was taken out may go on naming itself.
fn membership(answers: &[Answer]) -> BTreeMap<u64, Member> {
    let told = answers.iter().filter_map(|(_, answer)| answer.as_ref().ok());
    let best = told.max_by_key(|status| (status.ready, status.revision));
    let members = best.map(|status| status.members.clone()).unwrap_or_default();
    members.into_iter().map(|member| (member.id, member)).collect()
}

/// Whether this is the answer, or the silence, of this member.
fn is_of(member: &Member, address: &str, answer: &Result<GetStatusResponse, ClientError>) -> bool {
    match answer {
        Ok(status) => status.node_id == member.id,
        Err(_) => address == member.address,
    }
}

/// One row per member, then those who were asked and are none.
fn standings<'a>(
    members: &'a BTreeMap<u64, Member>,
    answers: &'a [Answer],
) -> Vec<(&'a str, Standing<'a>)> {
    let mut rows = Vec::new();
    let mut used = vec![false; answers.len()];
    for member in members.values() {
        // Two nodes may have one number; the one at the member's address is the member.
        let of_it = |at: &usize| is_of(member, &answers[*at].0, &answers[*at].1);
        let own = |at: &usize| of_it(at) && answers[*at].0 == member.address;
        let found = (0..answers.len()).find(own).or_else(|| (0..answers.len()).find(of_it));
        let status = found.map(|at| {
            used[at] = true;
            answers[at].1.as_ref()
        });
        let standing = match status {
            Some(Ok(status)) => Standing::Member { member, status },
            Some(Err(error)) => Standing::Silent { member: Some(member), heard: error.heard() },
            None => Standing::Silent { member: Some(member), heard: ClientError::unheard() },
        };
        rows.push((member.address.as_str(), standing));
    }
    for ((address, answer), _) in answers.iter().zip(used).filter(|(_, used)| !used) {
        let standing = match answer {
            Ok(status) if members.is_empty() => Standing::Unfounded { status },
            Ok(status) => Standing::Stranger { status },
            Err(error) => Standing::Silent { member: None, heard: error.heard() },
        };
        rows.push((address.as_str(), standing));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn member(id: u64) -> Member {
        Member { id, address: format!("h:{id}"), voter: true }
    }

    fn status(id: u64, revision: u64, members: &[u64]) -> Result<GetStatusResponse, ClientError> {
        Ok(GetStatusResponse {
            node_id: id,
            revision,
            ready: revision > 0,
            members: members.iter().map(|id| member(*id)).collect(),
            ..Default::default()
        })
    }

    fn gone() -> Result<GetStatusResponse, ClientError> {
        Err(ClientError::Unreachable { silent: Vec::new(), request: Uuid::nil() })
    }

    #[test]
    fn every_member_has_a_row_and_strangers_follow() {
        #[track_caller]
        fn check(answers: Vec<Answer>, expected: &[&str]) {
            let members = membership(&answers);
            let rows = standings(&members, &answers);
            let told: Vec<String> = rows
                .iter()
                .map(|(address, standing)| {
                    let kind = match standing {
                        Standing::Member { .. } => "member",
                        Standing::Silent { member: Some(_), .. } => "silent",
                        Standing::Silent { member: None, .. } => "nobody",
                        Standing::Stranger { .. } => "stranger",
                        Standing::Unfounded { .. } => "unfounded",
                    };
                    format!("{address} {kind}")
                })
                .collect();
            assert_eq!(told, expected);
        }
        let at = |id: u64, answer| (format!("h:{id}"), answer);
        let all = [1, 2, 3];
        check(
            vec![at(1, status(1, 9, &all)), at(2, gone()), at(3, status(3, 9, &all))],
            &["h:1 member", "h:2 silent", "h:3 member"],
        );
        // Only one was named, the others did not answer when they were asked for it.
        check(vec![at(1, status(1, 9, &all))], &["h:1 member", "h:2 silent", "h:3 silent"]);
        // Node 3 was taken out and still names itself; its place in the file is node 4's.
        let new = [1, 2, 4];
        check(
            vec![at(1, status(1, 9, &new)), at(3, status(3, 7, &all)), at(2, gone())],
            &["h:1 member", "h:2 silent", "h:4 silent", "h:3 stranger"],
        );
        check(vec![at(1, status(1, 9, &[1])), at(7, gone())], &["h:1 member", "h:7 nobody"]);
        check(vec![at(1, status(1, 0, &[])), at(2, gone())], &["h:1 unfounded", "h:2 nobody"]);
        // The same node under another name.
        let alias = ("localhost:1".to_owned(), status(1, 9, &[1]));
        check(vec![alias], &["h:1 member"]);
    }
}
