//! Who a node is: asked before it is let in.

use crate::error::MembershipError;
use crate::member::{Member, NodeId, Pact};
use crate::parts::PeerCall;
use crate::peers::Peers;
use crate::raft::words::{store_bytes, store_number};
use bytes::Bytes;
use prost::Message;
use std::time::Duration;

/// A node asks who another is.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct AskHelloWord {}

/// Who a node is.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct HelloWord {
    #[prost(uint64, tag = "1")]
    pub node: u64,
    /// Its cluster, 16 bytes.
    #[prost(bytes = "bytes", tag = "2")]
    pub cluster: Bytes,
    /// The fingerprint of its configuration, 32 bytes.
    #[prost(bytes = "bytes", tag = "3")]
    pub fingerprint: Bytes,
    /// Whether it has ever voted or holds any entry.
    #[prost(bool, tag = "4")]
    pub begun: bool,
    /// Its data, 16 bytes: another number once they were lost.
    #[prost(bytes = "bytes", tag = "5")]
    pub store: Bytes,
}

/// How long a node may take to say who it is.
const WAIT: Duration = Duration::from_secs(2);

impl HelloWord {
    pub fn new(node: NodeId, pact: &Pact, store: u128, begun: bool) -> Self {
        Self {
            node: node.0,
            cluster: Bytes::copy_from_slice(&pact.cluster.to_be_bytes()),
            fingerprint: Bytes::copy_from_slice(&pact.fingerprint),
            begun,
            store: store_bytes(store),
        }
    }

    /// The number of its data.
    pub fn store(&self) -> u128 {
        store_number(&self.store)
    }

    /// Whether this is the member, of this cluster and with this configuration.
    fn check(&self, member: &Member, pact: &Pact) -> Result<(), MembershipError> {
        let id = member.id;
        if self.cluster[..] != pact.cluster.to_be_bytes() {
            return Err(MembershipError::OtherCluster { id });
        }
        if self.fingerprint[..] != pact.fingerprint {
            return Err(MembershipError::OtherFingerprint { id });
        }
        if self.node != id.0 {
            return Err(MembershipError::OtherNode { expected: id, found: NodeId(self.node) });
        }
        Ok(())
    }
}

/// Asks a member who it is.
///
/// # Errors
/// When it is not who it should be.
pub(crate) async fn ask(
    peers: &Peers,
    member: &Member,
    pact: &Pact,
) -> Result<HelloWord, MembershipError> {
    let answer = peers.call(member, PeerCall::Hello, &AskHelloWord {}, WAIT).await;
    let answer: HelloWord = answer.map_err(|error| {
        let reason = error.to_string();
        MembershipError::Unreachable { id: member.id, reason }
    })?;
    answer.check(member, pact)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_is_told_apart() {
        let pact = Pact { cluster: 1, fingerprint: [2; 32] };
        let member = Member { id: NodeId(4), address: String::from("here") };
        let rows = [
            (4, pact, ""),
            (5, pact, "is 5, not 4"),
            (4, Pact { cluster: 9, ..pact }, "another cluster"),
            (4, Pact { fingerprint: [3; 32], ..pact }, "another cluster configuration"),
        ];
        for (node, theirs, expected) in rows {
            let hello = HelloWord::new(NodeId(node), &theirs, 6, false);
            let text = hello.check(&member, &pact).map_or_else(|e| e.to_string(), |()| "".into());
            assert!(text.contains(expected) && text.is_empty() == expected.is_empty(), "{text}");
        }
    }
}
