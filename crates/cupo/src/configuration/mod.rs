//! Configuration: what must be equal everywhere is parted from what may differ.
//!
//! Enter at [`read`]. `cluster.toml` holds what a node of the cluster must have in common with
//! every other one, and only a file can say it; its fingerprint is compared before two nodes talk.
//! `node-N.toml` holds what is the node's own; the environment and flags go before it.

mod cluster;
mod error;
mod node;
mod origin;
mod variables;

pub use cluster::{Cluster, check_addresses};
pub use error::ConfigurationError;
pub use node::{Node, NodeFlags};
pub use origin::Located;
pub use variables::{UnknownVariable, known_variables};

use std::path::{Path, PathBuf};

/// The whole configuration of one node, and where each value comes from.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// Equal everywhere.
    pub cluster: Cluster,
    /// This node's own.
    pub node: Node,
    /// Every value with its origin, in the order of the keys; the cluster's first.
    pub values: Vec<Located>,
}

/// The name of the file that is equal everywhere, expected beside the node's file.
pub const CLUSTER_FILE: &str = "cluster.toml";

/// Reads a node's configuration: its file, the cluster's file beside it (or where `cluster_file`
/// says), the environment and the flags.
pub fn read(
    node_file: &Path,
    cluster_file: Option<&Path>,
    flags: &NodeFlags,
) -> Result<Configuration, ConfigurationError> {
    let beside = || node_file.parent().map_or_else(PathBuf::new, PathBuf::from).join(CLUSTER_FILE);
    let cluster_file = cluster_file.map_or_else(beside, Path::to_path_buf);
    let (node, own) = node::read(node_file, flags, variables::environment())?;
    let (cluster, mut values) = cluster::read(&cluster_file)?;
    values.extend(own);
    let known = cluster.members.iter().find(|member| member.node == node.node);
    if let Some(member) = known.filter(|member| member.address != node.listen) {
        return Err(ConfigurationError::OtherListen {
            node: node.node,
            listen: node.listen.to_string(),
            member: member.address.to_string(),
        });
    }
    Ok(Configuration { cluster, node, values })
}

/// The variables of this process that look like this program's and mean nothing.
#[must_use]
pub fn unknown_here() -> Vec<UnknownVariable> {
    variables::unknown_variables(variables::environment().map(|(name, _)| name))
}

/// Refuses to go on with such a variable.
///
/// # Errors
/// The first of them.
pub fn refuse_unknown() -> Result<(), ConfigurationError> {
    unknown_here().into_iter().next().map_or(Ok(()), |unknown| Err(unknown.into()))
}

/// Reads a cluster's file alone, as a client does that wants to know where the nodes are.
pub fn read_cluster(file: &Path) -> Result<Cluster, ConfigurationError> {
    cluster::read(file).map(|(cluster, _)| cluster)
}

/// Bytes in hexadecimal.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod configuration_test;
