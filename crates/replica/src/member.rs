//! Who takes part in a cluster.

use std::fmt;

/// A node's number. A node that lost its disk comes back under another one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u64);

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A node and where its peers reach it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its number.
    pub id: NodeId,
    /// Where its peers reach it; only the network knows what it means.
    pub address: String,
}

/// What must be equal on all nodes before one talks to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pact {
    /// The cluster: 128 random bits given when it was founded.
    pub cluster: u128,
    /// SHA-256 of the configuration that is equal on all nodes.
    pub fingerprint: [u8; 32],
}
