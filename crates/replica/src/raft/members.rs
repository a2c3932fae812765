//! Who belongs to the cluster, in this crate's words.

use super::config::Metrics;
use crate::member::{Member, NodeId};

/// A member by its number.
pub(crate) fn member(metrics: &Metrics, id: u64) -> Option<Member> {
    let node = metrics.membership_config.membership().get_node(&id)?;
    Some(Member { id: NodeId(id), address: node.address.clone() })
}

/// All members, voters and learners.
pub(crate) fn members(metrics: &Metrics) -> Vec<Member> {
    let nodes = metrics.membership_config.membership().nodes();
    nodes.map(|(id, node)| Member { id: NodeId(*id), address: node.address.clone() }).collect()
}

/// The voters.
pub(crate) fn voters(metrics: &Metrics) -> Vec<NodeId> {
    metrics.membership_config.membership().voter_ids().map(NodeId).collect()
}
