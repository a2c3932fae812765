//! The cluster itself.

use crate::admission::Call;
use crate::complaint::Complaint;
use crate::edge::Edge;
use crate::limits::PAGE_SIZE_MAX;
use crate::pages;
use crate::streams::copy::{self, SnapshotCopy};
use crate::streams::watch::{self, Watch};
use ledger::Digest;
use replica::{Member, MemberStatus, MembershipError, NodeId, Role};
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use tonic::{Request, Response, Status};
use v1::cluster_service_server::ClusterService;
use wire::{FieldError, Problem, time, v1};

/// The cluster's service.
pub(crate) struct Cluster(pub Arc<Edge>);

#[tonic::async_trait]
impl ClusterService for Cluster {
    type CopySnapshotStream = SnapshotCopy;
    type WatchStream = Watch;

    async fn get_status(
        &self,
        request: Request<v1::GetStatusRequest>,
    ) -> Result<Response<v1::GetStatusResponse>, Status> {
        let (call, _) = self.0.begin(request)?;
        call.answer(Ok(status(&self.0)))
    }

    async fn list_members(
        &self,
        request: Request<v1::ListMembersRequest>,
    ) -> Result<Response<v1::ListMembersResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        call.answer(list_members(&self.0, &asked))
    }

    async fn initialize(
        &self,
        request: Request<v1::InitializeRequest>,
    ) -> Result<Response<v1::MembershipResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        let read = |(index, member)| {
            read_member(Some(member)).map_err(|error| error.item("members", index))
        };
        let members: Result<Vec<_>, _> = asked.members.iter().enumerate().map(read).collect();
        let change = async { Ok(self.0.replica.initialize(members?).await?) };
        call.answer(self.changed(&call, change).await)
    }

    async fn join(
        &self,
        request: Request<v1::JoinRequest>,
    ) -> Result<Response<v1::MembershipResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        let member = read_member(asked.member.as_ref());
        let change = async { Ok(self.0.replica.join(member?).await?) };
        call.answer(self.changed(&call, change).await)
    }

    async fn replace(
        &self,
        request: Request<v1::ReplaceRequest>,
    ) -> Result<Response<v1::MembershipResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        let member = read_member(asked.member.as_ref());
        let dead = NodeId(asked.dead_id);
        let change = async {
            let member = member?;
            check_replacement(&self.0.replica.status().members, dead, &member)?;
            Ok(self.0.replica.replace(dead, member).await?)
        };
        call.answer(self.changed(&call, change).await)
    }

    async fn remove(
        &self,
        request: Request<v1::RemoveRequest>,
    ) -> Result<Response<v1::MembershipResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        let change = async {
            check_removal(&self.0.replica.status().members, NodeId(asked.id))?;
            Ok(self.0.replica.remove(NodeId(asked.id)).await?)
        };
        call.answer(self.changed(&call, change).await)
    }

    async fn save_snapshot(
        &self,
        request: Request<v1::SaveSnapshotRequest>,
    ) -> Result<Response<v1::SaveSnapshotResponse>, Status> {
        let (call, _) = self.0.begin(request)?;
        let saved = async {
            let view = self.0.replica.view();
            let problem = |problem| Complaint::Snapshot { problem };
            let late = || Complaint::Snapshot { problem: "it goes on".to_owned() };
            let written = tokio::time::timeout_at(call.until, self.0.replica.checkpoint_now());
            written.await.map_err(|_| late())??;
            // What was written may stand further than what was seen when it was asked for. Before
            // anything was agreed there is nothing to write.
            let newest = self.0.replica.newest_checkpoint().map_err(problem)?;
            let (revision, digest) = newest.map_or_else(
                || (view.revision(), view.digest()),
                |newest| (newest.revision(), newest.digest()),
            );
            Ok(v1::SaveSnapshotResponse { revision: revision.0, digest: hexadecimal(digest) })
        };
        call.answer(saved.await)
    }

    async fn copy_snapshot(
        &self,
        request: Request<v1::CopySnapshotRequest>,
    ) -> Result<Response<Self::CopySnapshotStream>, Status> {
        let (call, _) = self.0.begin(request)?;
        call.answer(copy::open(&self.0, &call))
    }

    async fn verify_snapshot(
        &self,
        request: Request<v1::VerifySnapshotRequest>,
    ) -> Result<Response<v1::VerifySnapshotResponse>, Status> {
        let (call, _) = self.0.begin(request)?;
        let replica = self.0.replica.clone();
        let verified = tokio::task::spawn_blocking(move || {
            let found = replica.look_through();
            v1::VerifySnapshotResponse {
                revision: found.revision.0,
                digest: hexadecimal(found.digest),
                recomputed_digest: hexadecimal(found.recomputed),
                equal: found.digest == found.recomputed,
                checkpoint_bytes: found.checkpoint_bytes,
                journal_revision: found.journal_revision.0,
                damage: found.damage.unwrap_or_default(),
            }
        });
        call.answer(verified.await.map_err(|_| Complaint::Stopping))
    }

    async fn watch(
        &self,
        request: Request<v1::WatchRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let (call, asked) = self.0.begin(request)?;
        call.answer(watch::open(&self.0, &call, &asked).await)
    }
}

impl Cluster {
    /// The members after a change; it goes on when its caller no longer waits.
    async fn changed(
        &self,
        call: &Call,
        change: impl Future<Output = Result<(), Complaint>>,
    ) -> Result<v1::MembershipResponse, Complaint> {
        let changed = tokio::time::timeout_at(call.until, change);
        changed.await.map_err(|_| Complaint::OutcomeUnknown)??;
        let members = self.0.replica.status().members;
        Ok(v1::MembershipResponse { members: members.iter().map(member).collect() })
    }
}

/// A number that voted is never used again, and one voter cannot stand for two.
fn check_replacement(
    members: &[MemberStatus],
    dead: NodeId,
    new: &Member,
) -> Result<(), Complaint> {
    if dead == new.id {
        return Err(Complaint::NumberReused { id: dead });
    }
    let votes = |id: NodeId| members.iter().find(|known| known.member.id == id && known.votes);
    match (votes(dead), votes(new.id)) {
        (Some(_), Some(existing)) => {
            let existing = existing.member.clone();
            Err(MembershipError::Duplicate { existing }.into())
        }
        _ => Ok(()),
    }
}

/// Somebody has to be left who decides.
fn check_removal(members: &[MemberStatus], id: NodeId) -> Result<(), Complaint> {
    let mut voters = members.iter().filter(|known| known.votes);
    let last = voters.next().is_some_and(|known| known.member.id == id) && voters.next().is_none();
    if last { Err(Complaint::LastVoter { id }) } else { Ok(()) }
}

fn read_member(given: Option<&v1::Member>) -> Result<Member, FieldError> {
    let missing = |field: &str| FieldError::new(field, Problem::Missing);
    let given = given.ok_or_else(|| missing("member"))?;
    if given.id == 0 {
        return Err(missing("id"));
    }
    if given.address.is_empty() {
        return Err(missing("address"));
    }
    Ok(Member { id: NodeId(given.id), address: given.address.clone() })
}

fn member(known: &MemberStatus) -> v1::Member {
    let Member { id, address } = &known.member;
    v1::Member { id: id.0, address: address.clone(), voter: known.votes }
}

fn list_members(
    edge: &Edge,
    asked: &v1::ListMembersRequest,
) -> Result<v1::ListMembersResponse, Complaint> {
    let status = edge.replica.status();
    // Members are few and change rarely: a page is of the present ones, and says so.
    let token = pages::Token::read(&asked.page_token, 0)?;
    let from = token.map_or(0, |token| usize::try_from(token.position).unwrap_or(usize::MAX));
    let size = pages::size(asked.page_size, PAGE_SIZE_MAX)?;
    let mut rest = status.members.iter().skip(from);
    let members: Vec<_> = rest.by_ref().take(size).map(member).collect();
    let next = rest.next().map(|_| (from + members.len()) as u64);
    let token = next.map(|position| pages::Token::new(status.revision, position, 0).text());
    Ok(v1::ListMembersResponse {
        members,
        next_page_token: token.unwrap_or_default(),
        revision: status.revision.0,
    })
}

fn status(edge: &Edge) -> v1::GetStatusResponse {
    let (status, view) = (edge.replica.status(), edge.replica.view());
    let leader = status.leader.as_ref();
    let age = status.age.map_or_else(|| "never".to_owned(), |age| age.as_millis().to_string());
    let figures = [
        ("log.last", status.log.last.to_string()),
        ("log.applied", status.log.applied.to_string()),
        ("log.covered", status.log.covered.to_string()),
        ("log.purged", status.log.purged.to_string()),
        ("age.millis", age),
        ("commands.waiting", status.waiting.to_string()),
        ("disk.full", status.full.to_string()),
        ("clock.off", status.clock_off.to_string()),
        ("state.diverged", status.diverged.to_string()),
    ];
    let figures: BTreeMap<String, String> =
        figures.map(|(name, figure)| (name.to_owned(), figure)).into();
    v1::GetStatusResponse {
        node_id: status.node.0,
        role: role(status.role).into(),
        leader_id: leader.map(|leader| leader.id.0),
        leader_address: leader.map_or_else(String::new, |leader| leader.address.clone()),
        term: status.term,
        members: status.members.iter().map(member).collect(),
        revision: status.revision.0,
        moment: time::timestamp(status.moment),
        digest: hexadecimal(status.digest),
        incarnation: view.incarnation(),
        ready: edge.is_ready(),
        facility_count: view.facility_count(),
        live_commitment_count: view.live_count(),
        agenda_count: view.agenda_count(),
        figures,
    }
}

fn hexadecimal(digest: Digest) -> String {
    format!("{:016x}", digest.0)
}

const fn role(role: Role) -> v1::NodeRole {
    match role {
        Role::Leader => v1::NodeRole::Leader,
        Role::Follower => v1::NodeRole::Follower,
        Role::Candidate => v1::NodeRole::Candidate,
        Role::Learner => v1::NodeRole::Learner,
        Role::Stopped => v1::NodeRole::Stopping,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(id: u64) -> Member {
        Member { id: NodeId(id), address: format!("h:{id}") }
    }

    fn members(voters: &[u64], learner: u64) -> Vec<MemberStatus> {
        let known = |id: &u64| MemberStatus {
            member: member(*id),
            votes: *id != learner,
            revision: None,
            holds: None,
        };
        voters.iter().chain([&learner]).map(known).collect()
    }

    #[test]
    fn a_replacement_has_a_number_of_its_own() {
        let all = members(&[1, 2, 3], 4);
        let check = |dead, new| check_replacement(&all, NodeId(dead), &member(new));
        assert_eq!(check(2, 2), Err(Complaint::NumberReused { id: NodeId(2) }));
        let existing = member(3);
        assert_eq!(check(2, 3), Err(MembershipError::Duplicate { existing }.into()));
        // A new node, one that is catching up, and a change that was interrupted half-way.
        for (dead, new) in [(2, 5), (2, 4), (9, 3)] {
            assert_eq!(check(dead, new), Ok(()), "{dead} {new}");
        }
    }

    #[test]
    fn the_last_who_votes_stays() {
        let last = Err(Complaint::LastVoter { id: NodeId(1) });
        assert_eq!(check_removal(&members(&[1], 4), NodeId(1)), last);
        assert_eq!(check_removal(&members(&[1], 4), NodeId(4)), Ok(()));
        assert_eq!(check_removal(&members(&[1, 2], 4), NodeId(1)), Ok(()));
    }
}
