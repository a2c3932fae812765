//! Changing who takes part. Every change can be asked again, and goes on where it is.

use crate::core::Core;
use crate::error::MembershipError;
use crate::hello;
use crate::limits::{ADDRESS_BYTES_MAX, CAUGHT_UP_ENTRIES, MEMBERS_MAX, NO_QUORUM_RETRY};
use crate::member::{Member, NodeId};
use crate::parts::PeerCall;
use crate::raft::config::Node;
use crate::raft::members;
use crate::raft::words::MemberWord;
use crate::runtime::Instant;
use openraft::ChangeMembers;
use openraft::error::{ChangeMembershipError, ClientWriteError, InitializeError, RaftError};
use prost::Message;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Changes the membership.
#[derive(Clone)]
pub(crate) struct Registrar {
    pub core: Core,
}

/// A change of the membership, as a leader is asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Let a node in.
    Join(Member),
    /// Let a node in, in the place of one that is gone.
    Replace(NodeId, Member),
    /// Let a node go.
    Remove(NodeId),
}

/// How long a cluster may take to begin.
const BEGIN: Duration = Duration::from_secs(10);
/// How long a node that joins may take until it has caught up.
const CATCH_UP: Duration = Duration::from_secs(600);
/// How long a leader may take for a change that another node asked for.
const CHANGE: Duration = Duration::from_secs(610);

impl Registrar {
    /// Founds a cluster of these members.
    ///
    /// # Errors
    /// When one of them cannot be in it, or it has begun already.
    pub async fn initialize(&self, members: Vec<Member>) -> Result<(), MembershipError> {
        check_members(&members, self.core.node)?;
        let mut nodes = BTreeMap::new();
        for member in members {
            let mut store = self.core.store;
            if member.id != self.core.node {
                let hello = hello::ask(&self.core.peers, &member, &self.core.pact).await?;
                if hello.begun {
                    return Err(MembershipError::Initialized);
                }
                store = hello.store();
            }
            nodes.insert(member.id.0, Node { address: member.address, store });
        }
        match self.core.raft.initialize(nodes).await {
            Ok(()) => {}
            Err(RaftError::APIError(InitializeError::NotAllowed(_))) => {
                return Err(MembershipError::Initialized);
            }
            Err(RaftError::APIError(InitializeError::NotInMembers(error))) => {
                return Err(MembershipError::Members { reason: error.to_string() });
            }
            Err(RaftError::Fatal(_)) => return Err(MembershipError::Stopping),
        }
        // openraft returns before the membership is committed.
        let mut positions = self.core.published.positions();
        let begun = positions.wait_for(|position| position.index > 0);
        match tokio::time::timeout(BEGIN, begun).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) => Err(MembershipError::Stopping),
            Err(_) => {
                let reason = String::from("the members have not elected a leader yet");
                Err(MembershipError::Incomplete { reason })
            }
        }
    }

    /// Carries out a change: here if this node leads, else on its leader.
    ///
    /// # Errors
    /// Why the membership is not as asked for.
    pub async fn change(&self, change: Change) -> Result<(), MembershipError> {
        let leader = self.leader()?;
        if leader.id == self.core.node {
            return self.carry_out(change).await;
        }
        let ask = ChangeWord::from(change);
        let answer = self.core.peers.call(&leader, PeerCall::Membership, &ask, CHANGE).await;
        let answer: ChangedWord = answer.map_err(|error| {
            let reason = error.to_string();
            MembershipError::Unreachable { id: leader.id, reason }
        })?;
        answer.result()
    }

    /// Carries out a change on the leader.
    ///
    /// # Errors
    /// Why the membership is not as asked for.
    pub async fn carry_out(&self, change: Change) -> Result<(), MembershipError> {
        match change {
            Change::Join(member) => {
                self.catch_up(&member).await?;
                let ids = BTreeSet::from([member.id.0]);
                self.alter(ChangeMembers::AddVoterIds(ids), true).await
            }
            Change::Replace(dead, new) => {
                let known = members::members(&self.core.metrics.borrow());
                if !known.iter().any(|m| m.id == dead) && !known.contains(&new) {
                    return Err(MembershipError::Unknown { id: dead });
                }
                self.catch_up(&new).await?;
                let voters = members::voters(&self.core.metrics.borrow()).into_iter();
                let mut voters: BTreeSet<u64> = voters.map(|id| id.0).collect();
                voters.remove(&dead.0);
                voters.insert(new.id.0);
                self.alter(ChangeMembers::ReplaceAllVoters(voters), false).await?;
                self.forget(dead).await
            }
            Change::Remove(id) => {
                if !members::members(&self.core.metrics.borrow()).iter().any(|m| m.id == id) {
                    return Err(MembershipError::Unknown { id });
                }
                if members::voters(&self.core.metrics.borrow()).contains(&id) {
                    let ids = BTreeSet::from([id.0]);
                    self.alter(ChangeMembers::RemoveVoters(ids), false).await?;
                }
                self.forget(id).await
            }
        }
    }

    fn leader(&self) -> Result<Member, MembershipError> {
        let metrics = self.core.metrics.borrow();
        let leader = metrics.current_leader.and_then(|id| members::member(&metrics, id));
        leader.ok_or(MembershipError::NoQuorum { retry_after: NO_QUORUM_RETRY })
    }

    /// Lets a node in as a learner, and waits until it has what the others have.
    async fn catch_up(&self, member: &Member) -> Result<(), MembershipError> {
        let store = hello::ask(&self.core.peers, member, &self.core.pact).await?.store();
        let (members, recorded) = {
            let metrics = self.core.metrics.borrow();
            let recorded = metrics.membership_config.membership().get_node(&member.id.0);
            (members::members(&metrics), recorded.map(|node| node.store))
        };
        if let Some(existing) =
            members.iter().find(|m| (m.id == member.id) != (m.address == member.address))
        {
            return Err(MembershipError::Duplicate { existing: existing.clone() });
        }
        // A member with other data has lost its own, and its votes with them: it needs a new id.
        if recorded.is_some_and(|recorded| recorded != store) {
            return Err(MembershipError::Duplicate { existing: member.clone() });
        }
        if members.len() >= MEMBERS_MAX && !members.contains(member) {
            let reason = format!("there are {MEMBERS_MAX} members");
            return Err(MembershipError::Members { reason });
        }
        if !members.contains(member) {
            let node = Node { address: member.address.clone(), store };
            let nodes = BTreeMap::from([(member.id.0, node)]);
            self.alter(ChangeMembers::AddNodes(nodes), true).await?;
        }
        self.wait_for(member.id).await
    }

    /// Waits until a learner has nearly all of the log.
    async fn wait_for(&self, id: NodeId) -> Result<(), MembershipError> {
        let mut metrics = self.core.metrics.clone();
        let until = Instant::now() + CATCH_UP;
        loop {
            {
                let metrics = metrics.borrow_and_update();
                let Some(replication) = &metrics.replication else {
                    return Err(MembershipError::NoQuorum { retry_after: NO_QUORUM_RETRY });
                };
                let has = replication.get(&id.0).copied().flatten().map_or(0, |log| log.index);
                let last = metrics.last_log_index.unwrap_or(0);
                if has > 0 && has + CAUGHT_UP_ENTRIES >= last {
                    return Ok(());
                }
            }
            match tokio::time::timeout_at(until, metrics.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return Err(MembershipError::Stopping),
                Err(_) => {
                    let reason = format!("node {id} has not caught up yet");
                    return Err(MembershipError::Incomplete { reason });
                }
            }
        }
    }

    /// Takes a node that votes no more off the list.
    async fn forget(&self, id: NodeId) -> Result<(), MembershipError> {
        if members::members(&self.core.metrics.borrow()).iter().any(|m| m.id == id) {
            let ids = BTreeSet::from([id.0]);
            return self.alter(ChangeMembers::RemoveNodes(ids), false).await;
        }
        Ok(())
    }

    async fn alter(
        &self,
        change: ChangeMembers<u64, Node>,
        retain: bool,
    ) -> Result<(), MembershipError> {
        match self.core.raft.change_membership(change, retain).await {
            Ok(response) => {
                // What comes after reads the metrics, which follow a moment later.
                let index = response.log_id.index;
                let mut metrics = self.core.metrics.clone();
                let seen = metrics.wait_for(|metrics| {
                    metrics.membership_config.log_id().is_some_and(|id| id.index >= index)
                });
                seen.await.map(drop).map_err(|_| MembershipError::Stopping)
            }
            Err(RaftError::Fatal(_)) => Err(MembershipError::Stopping),
            Err(RaftError::APIError(error)) => Err(refused(error)),
        }
    }
}

fn refused(error: ClientWriteError<u64, Node>) -> MembershipError {
    match error {
        ClientWriteError::ForwardToLeader(_) => {
            MembershipError::NoQuorum { retry_after: NO_QUORUM_RETRY }
        }
        ClientWriteError::ChangeMembershipError(ChangeMembershipError::LearnerNotFound(error)) => {
            MembershipError::Unknown { id: NodeId(error.node_id) }
        }
        ClientWriteError::ChangeMembershipError(ChangeMembershipError::InProgress(_)) => {
            let reason = String::from("another change is under way");
            MembershipError::Incomplete { reason }
        }
        ClientWriteError::ChangeMembershipError(error) => {
            MembershipError::Members { reason: error.to_string() }
        }
    }
}

fn check_members(members: &[Member], own: NodeId) -> Result<(), MembershipError> {
    let ids: BTreeSet<NodeId> = members.iter().map(|m| m.id).collect();
    let addresses: BTreeSet<&str> = members.iter().map(|m| m.address.as_str()).collect();
    let reason = if members.is_empty() || members.len() > MEMBERS_MAX {
        format!("{} of them, 1 to {MEMBERS_MAX} are possible", members.len())
    } else if ids.len() < members.len() || addresses.len() < members.len() {
        String::from("an id or an address comes twice")
    } else if !ids.contains(&own) {
        String::from("the node that is asked is not among them")
    } else if members.iter().any(|m| m.address.len() > ADDRESS_BYTES_MAX) {
        format!("an address is longer than {ADDRESS_BYTES_MAX} bytes")
    } else {
        return Ok(());
    };
    Err(MembershipError::Members { reason })
}

/// A change, for the leader.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ChangeWord {
    /// The node to let in.
    #[prost(message, optional, tag = "1")]
    pub join: Option<MemberWord>,
    /// The node to let go.
    #[prost(uint64, optional, tag = "2")]
    pub remove: Option<u64>,
}

impl From<Change> for ChangeWord {
    fn from(change: Change) -> Self {
        let word = |member: Member| MemberWord { id: member.id.0, address: member.address };
        match change {
            Change::Join(member) => Self { join: Some(word(member)), remove: None },
            Change::Replace(dead, new) => Self { join: Some(word(new)), remove: Some(dead.0) },
            Change::Remove(id) => Self { join: None, remove: Some(id.0) },
        }
    }
}

impl ChangeWord {
    /// The change; none when the word asks for nothing.
    pub fn change(self) -> Option<Change> {
        let member = |word: MemberWord| Member { id: NodeId(word.id), address: word.address };
        match (self.join, self.remove) {
            (Some(join), None) => Some(Change::Join(member(join))),
            (Some(join), Some(dead)) => Some(Change::Replace(NodeId(dead), member(join))),
            (None, Some(id)) => Some(Change::Remove(NodeId(id))),
            (None, None) => None,
        }
    }
}

/// What became of a change.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ChangedWord {
    /// 0 done; else the number of the error.
    #[prost(uint32, tag = "1")]
    pub kind: u32,
    /// The node it speaks of.
    #[prost(message, optional, tag = "2")]
    pub member: Option<MemberWord>,
    /// A second node.
    #[prost(uint64, tag = "3")]
    pub other: u64,
    /// What it says.
    #[prost(string, tag = "4")]
    pub reason: String,
}

impl From<Result<(), MembershipError>> for ChangedWord {
    fn from(result: Result<(), MembershipError>) -> Self {
        use MembershipError as Error;
        let node = |id: NodeId| Some(MemberWord { id: id.0, address: String::new() });
        let word = |kind| Self { kind, ..Self::default() };
        match result {
            Ok(()) => word(0),
            Err(Error::Initialized) => word(1),
            Err(Error::NoQuorum { .. }) => word(2),
            Err(Error::Duplicate { existing }) => {
                let member = MemberWord { id: existing.id.0, address: existing.address };
                Self { member: Some(member), ..word(3) }
            }
            Err(Error::Unknown { id }) => Self { member: node(id), ..word(4) },
            Err(Error::Unreachable { id, reason }) => Self { member: node(id), reason, ..word(5) },
            Err(Error::OtherNode { expected, found }) => {
                Self { member: node(expected), other: found.0, ..word(6) }
            }
            Err(Error::OtherCluster { id }) => Self { member: node(id), ..word(7) },
            Err(Error::OtherFingerprint { id }) => Self { member: node(id), ..word(8) },
            Err(Error::Members { reason }) => Self { reason, ..word(9) },
            Err(Error::Incomplete { reason }) => Self { reason, ..word(10) },
            Err(Error::Stopping) => word(11),
        }
    }
}

impl ChangedWord {
    /// What became of it.
    ///
    /// # Errors
    /// Why the membership is not as asked for.
    pub fn result(self) -> Result<(), MembershipError> {
        use MembershipError as Error;
        let member = self.member.unwrap_or_default();
        let id = NodeId(member.id);
        Err(match self.kind {
            0 => return Ok(()),
            1 => Error::Initialized,
            2 => Error::NoQuorum { retry_after: NO_QUORUM_RETRY },
            3 => Error::Duplicate { existing: Member { id, address: member.address } },
            4 => Error::Unknown { id },
            5 => Error::Unreachable { id, reason: self.reason },
            6 => Error::OtherNode { expected: id, found: NodeId(self.other) },
            7 => Error::OtherCluster { id },
            8 => Error::OtherFingerprint { id },
            9 => Error::Members { reason: self.reason },
            11 => Error::Stopping,
            _ => Error::Incomplete { reason: self.reason },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_cross_the_network_unchanged() {
        use MembershipError as Error;
        let id = NodeId(4);
        let reason = String::from("so");
        let existing = Member { id, address: String::from("there") };
        let rows = [
            Ok(()),
            Err(Error::Initialized),
            Err(Error::NoQuorum { retry_after: NO_QUORUM_RETRY }),
            Err(Error::Duplicate { existing }),
            Err(Error::Unknown { id }),
            Err(Error::Unreachable { id, reason: reason.clone() }),
            Err(Error::OtherNode { expected: id, found: NodeId(5) }),
            Err(Error::OtherCluster { id }),
            Err(Error::OtherFingerprint { id }),
            Err(Error::Members { reason: reason.clone() }),
            Err(Error::Incomplete { reason }),
            Err(Error::Stopping),
        ];
        for row in rows {
            let bytes = ChangedWord::from(row.clone()).encode_to_vec();
            assert_eq!(ChangedWord::decode(&bytes[..]).unwrap().result(), row);
        }
    }

    #[test]
    fn impossible_members_are_refused() {
        let member = |id, address: &str| Member { id: NodeId(id), address: address.to_owned() };
        let long = "x".repeat(ADDRESS_BYTES_MAX + 1);
        let rows = [
            (vec![member(1, "a"), member(2, "b")], ""),
            (vec![], "0 of them"),
            (vec![member(1, "a"), member(1, "b")], "twice"),
            (vec![member(1, "a"), member(2, "a")], "twice"),
            (vec![member(2, "a")], "not among them"),
            (vec![member(1, &long)], "longer"),
        ];
        for (members, expected) in rows {
            let text = match check_members(&members, NodeId(1)) {
                Ok(()) => String::new(),
                Err(error) => error.to_string(),
            };
            assert!(text.contains(expected) && text.is_empty() == expected.is_empty(), "{text}");
        }
    }
}
