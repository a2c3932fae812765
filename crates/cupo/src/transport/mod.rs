//! How nodes reach each other: gRPC over connections that stay open, each call with its deadline
//! and with the names of the cluster, its configuration, the caller and whom it means.
//!
//! Enter at [`Roads`], which carries calls out, and [`Door`], which takes them in. What is said is
//! the replica's own; here it is only bytes.

mod door;
mod lane;
mod roads;

pub use door::Door;
pub use roads::Roads;

use crate::configuration::{Cluster, hexadecimal};

/// By what a node is known to its peers; equal parts are compared before a call is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passport {
    /// The cluster, in hexadecimal.
    pub cluster: String,
    /// The fingerprint of its configuration, in hexadecimal.
    pub fingerprint: String,
    /// The node.
    pub node: u64,
}

impl Passport {
    /// The passport of a node of this cluster.
    #[must_use]
    pub fn new(cluster: &Cluster, node: u64) -> Self {
        let fingerprint = hexadecimal(&cluster.fingerprint());
        Self { cluster: format!("{:032x}", cluster.id()), fingerprint, node }
    }
}

#[cfg(test)]
mod transport_test;
