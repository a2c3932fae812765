//! openraft's words as messages, for the log, for checkpoints and for peers. Unknown fields are
//! skipped; numbers of fields are never used again.

use crate::raft::config::{Entry, LogId, Node, Proposal, StoredMembership, Types, Vote};
use bytes::Bytes;
use openraft::raft::{AppendEntriesRequest, AppendEntriesResponse, VoteRequest, VoteResponse};
use openraft::{CommittedLeaderId, EntryPayload, Membership, SnapshotMeta};
use prost::{Message, Oneof};
use std::collections::{BTreeMap, BTreeSet};

/// Where an entry stands: index, and the leader that put it there.
#[derive(Clone, Copy, PartialEq, Message)]
pub(crate) struct LogIdWord {
    #[prost(uint64, tag = "1")]
    pub term: u64,
    #[prost(uint64, tag = "2")]
    pub node: u64,
    #[prost(uint64, tag = "3")]
    pub index: u64,
}

/// A vote.
#[derive(Clone, Copy, PartialEq, Message)]
pub(crate) struct VoteWord {
    #[prost(uint64, tag = "1")]
    pub term: u64,
    #[prost(uint64, tag = "2")]
    pub node: u64,
    #[prost(bool, tag = "3")]
    pub committed: bool,
}

/// A node.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct MemberWord {
    #[prost(uint64, tag = "1")]
    pub id: u64,
    #[prost(string, tag = "2")]
    pub address: String,
}

/// A node, and the data it was let in with.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct RecordWord {
    #[prost(uint64, tag = "1")]
    pub id: u64,
    #[prost(string, tag = "2")]
    pub address: String,
    /// 16 bytes.
    #[prost(bytes = "bytes", tag = "3")]
    pub store: Bytes,
}

/// One set of voters.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct VotersWord {
    #[prost(uint64, repeated, tag = "1")]
    pub ids: Vec<u64>,
}

/// The members: one set of voters, or two while it changes.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct MembershipWord {
    #[prost(message, repeated, tag = "1")]
    pub voters: Vec<VotersWord>,
    #[prost(message, repeated, tag = "2")]
    pub members: Vec<RecordWord>,
}

/// An entry.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct EntryWord {
    #[prost(message, optional, tag = "1")]
    pub log_id: Option<LogIdWord>,
    #[prost(oneof = "ContentWord", tags = "2, 3")]
    pub content: Option<ContentWord>,
}

/// What an entry carries; nothing when it only begins a leader's term.
#[derive(Clone, PartialEq, Oneof)]
pub(crate) enum ContentWord {
    #[prost(bytes = "bytes", tag = "2")]
    Commands(Bytes),
    #[prost(message, tag = "3")]
    Membership(MembershipWord),
}

/// Entries or a heartbeat.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct AppendWord {
    #[prost(message, optional, tag = "1")]
    pub vote: Option<VoteWord>,
    #[prost(message, optional, tag = "2")]
    pub previous: Option<LogIdWord>,
    #[prost(message, optional, tag = "3")]
    pub committed: Option<LogIdWord>,
    #[prost(message, repeated, tag = "4")]
    pub entries: Vec<EntryWord>,
}

/// What a follower answers to them.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct AppendedWord {
    /// 1 all, 2 a part, 3 conflict, 4 a higher vote is known.
    #[prost(uint32, tag = "1")]
    pub kind: u32,
    #[prost(message, optional, tag = "2")]
    pub matching: Option<LogIdWord>,
    #[prost(message, optional, tag = "3")]
    pub vote: Option<VoteWord>,
    /// The follower's clock, in microseconds since 1970.
    #[prost(uint64, tag = "4")]
    pub clock: u64,
}

/// A candidate's call.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct AskVoteWord {
    #[prost(message, optional, tag = "1")]
    pub vote: Option<VoteWord>,
    #[prost(message, optional, tag = "2")]
    pub last: Option<LogIdWord>,
}

/// What it is answered.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct VotedWord {
    #[prost(message, optional, tag = "1")]
    pub vote: Option<VoteWord>,
    #[prost(message, optional, tag = "2")]
    pub last: Option<LogIdWord>,
    #[prost(bool, tag = "3")]
    pub granted: bool,
}

/// Where a checkpoint stands in the log, and who took part there.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct PlaceWord {
    #[prost(message, optional, tag = "1")]
    pub last: Option<LogIdWord>,
    #[prost(message, optional, tag = "2")]
    pub membership_at: Option<LogIdWord>,
    #[prost(message, optional, tag = "3")]
    pub membership: Option<MembershipWord>,
    #[prost(string, tag = "4")]
    pub id: String,
}

impl From<LogId> for LogIdWord {
    fn from(id: LogId) -> Self {
        Self { term: id.leader_id.term, node: id.leader_id.node_id, index: id.index }
    }
}

impl From<LogIdWord> for LogId {
    fn from(word: LogIdWord) -> Self {
        Self::new(CommittedLeaderId::new(word.term, word.node), word.index)
    }
}

impl From<Vote> for VoteWord {
    fn from(vote: Vote) -> Self {
        let leader = vote.leader_id();
        Self { term: leader.term, node: leader.node_id, committed: vote.is_committed() }
    }
}

impl From<VoteWord> for Vote {
    fn from(word: VoteWord) -> Self {
        if word.committed {
            Self::new_committed(word.term, word.node)
        } else {
            Self::new(word.term, word.node)
        }
    }
}

impl From<&Membership<u64, Node>> for MembershipWord {
    fn from(membership: &Membership<u64, Node>) -> Self {
        let voters = membership.get_joint_config().iter();
        let voters = voters.map(|ids| VotersWord { ids: ids.iter().copied().collect() });
        let members = membership.nodes();
        let members = members.map(|(id, node)| RecordWord {
            id: *id,
            address: node.address.clone(),
            store: store_bytes(node.store),
        });
        Self { voters: voters.collect(), members: members.collect() }
    }
}

impl From<RecordWord> for Node {
    fn from(word: RecordWord) -> Self {
        Self { address: word.address, store: store_number(&word.store) }
    }
}

/// The number of a node's data on the wire.
pub(crate) fn store_bytes(store: u128) -> Bytes {
    Bytes::copy_from_slice(&store.to_be_bytes())
}

/// The number of a node's data from the wire; 0, which nobody's data have, when it is none.
pub(crate) fn store_number(bytes: &[u8]) -> u128 {
    bytes.try_into().map_or(0, u128::from_be_bytes)
}

impl From<MembershipWord> for Membership<u64, Node> {
    fn from(word: MembershipWord) -> Self {
        let voters: Vec<BTreeSet<u64>> =
            word.voters.into_iter().map(|set| set.ids.into_iter().collect()).collect();
        let nodes: BTreeMap<u64, Node> =
            word.members.into_iter().map(|m| (m.id, m.into())).collect();
        Self::new(voters, nodes)
    }
}

impl From<&Entry> for EntryWord {
    fn from(entry: &Entry) -> Self {
        let content = match &entry.payload {
            EntryPayload::Blank => None,
            EntryPayload::Normal(proposal) => Some(ContentWord::Commands(proposal.entry.clone())),
            EntryPayload::Membership(members) => Some(ContentWord::Membership(members.into())),
        };
        Self { log_id: Some(entry.log_id.into()), content }
    }
}

impl EntryWord {
    /// The entry; none when it does not say where it stands.
    pub fn entry(self) -> Option<Entry> {
        let payload = match self.content {
            None => EntryPayload::Blank,
            Some(ContentWord::Commands(entry)) => {
                EntryPayload::Normal(Proposal { entry, ticket: 0 })
            }
            Some(ContentWord::Membership(members)) => EntryPayload::Membership(members.into()),
        };
        Some(Entry { log_id: self.log_id?.into(), payload })
    }
}

impl From<AppendEntriesRequest<Types>> for AppendWord {
    fn from(request: AppendEntriesRequest<Types>) -> Self {
        Self {
            vote: Some(request.vote.into()),
            previous: request.prev_log_id.map(Into::into),
            committed: request.leader_commit.map(Into::into),
            entries: request.entries.iter().map(Into::into).collect(),
        }
    }
}

impl AppendWord {
    /// The request; none when a part of it is missing.
    pub fn request(self) -> Option<AppendEntriesRequest<Types>> {
        Some(AppendEntriesRequest {
            vote: self.vote?.into(),
            prev_log_id: self.previous.map(Into::into),
            leader_commit: self.committed.map(Into::into),
            entries: self.entries.into_iter().map(EntryWord::entry).collect::<Option<_>>()?,
        })
    }
}

impl AppendedWord {
    /// An answer, and the answering node's clock.
    pub fn new(response: &AppendEntriesResponse<u64>, clock: u64) -> Self {
        let (kind, matching, vote) = match response {
            AppendEntriesResponse::Success => (1, None, None),
            AppendEntriesResponse::PartialSuccess(matching) => (2, *matching, None),
            AppendEntriesResponse::Conflict => (3, None, None),
            AppendEntriesResponse::HigherVote(vote) => (4, None, Some(*vote)),
        };
        Self { kind, matching: matching.map(Into::into), vote: vote.map(Into::into), clock }
    }

    /// The response; none when it makes no sense.
    pub fn response(self) -> Option<AppendEntriesResponse<u64>> {
        match (self.kind, self.vote) {
            (1, _) => Some(AppendEntriesResponse::Success),
            (2, _) => Some(AppendEntriesResponse::PartialSuccess(self.matching.map(Into::into))),
            (3, _) => Some(AppendEntriesResponse::Conflict),
            (4, Some(vote)) => Some(AppendEntriesResponse::HigherVote(vote.into())),
            _ => None,
        }
    }
}

impl From<VoteRequest<u64>> for AskVoteWord {
    fn from(request: VoteRequest<u64>) -> Self {
        Self { vote: Some(request.vote.into()), last: request.last_log_id.map(Into::into) }
    }
}

impl AskVoteWord {
    /// The request; none without a vote.
    pub fn request(self) -> Option<VoteRequest<u64>> {
        Some(VoteRequest::new(self.vote?.into(), self.last.map(Into::into)))
    }
}

impl From<VoteResponse<u64>> for VotedWord {
    fn from(response: VoteResponse<u64>) -> Self {
        Self {
            vote: Some(response.vote.into()),
            last: response.last_log_id.map(Into::into),
            granted: response.vote_granted,
        }
    }
}

impl VotedWord {
    /// The response; none without a vote.
    pub fn response(self) -> Option<VoteResponse<u64>> {
        let vote: Vote = self.vote?.into();
        Some(VoteResponse::new(vote, self.last.map(Into::into), self.granted))
    }
}

impl From<&SnapshotMeta<u64, Node>> for PlaceWord {
    fn from(meta: &SnapshotMeta<u64, Node>) -> Self {
        Self {
            last: meta.last_log_id.map(Into::into),
            membership_at: meta.last_membership.log_id().map(Into::into),
            membership: Some(meta.last_membership.membership().into()),
            id: meta.snapshot_id.clone(),
        }
    }
}

impl From<PlaceWord> for SnapshotMeta<u64, Node> {
    fn from(word: PlaceWord) -> Self {
        let membership = word.membership.unwrap_or_default().into();
        let at = word.membership_at.map(Into::into);
        Self {
            last_log_id: word.last.map(Into::into),
            last_membership: StoredMembership::new(at, membership),
            snapshot_id: word.id,
        }
    }
}
