//! What must be equal on every node of a cluster.

use super::error::ConfigurationError;
use super::origin::{Located, layered};
use crate::limits;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;

/// What must be equal on every node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cluster {
    /// What the cluster is called: 1 to 32 lower-case letters, digits and hyphens.
    pub name: String,
    /// Which cluster of that name, from 1.
    pub incarnation: u64,
    /// Peers talk on each node's port plus this.
    pub peer_port_offset: u16,
    /// How the members agree.
    pub consensus: Consensus,
    /// The first members, for whoever initializes the cluster and for clients. No part of the
    /// fingerprint: afterwards the cluster itself knows who belongs to it.
    pub members: Vec<FirstMember>,
}

/// The times of agreement. Nodes that disagree about them unseat each other's leaders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Consensus {
    /// How often a leader without news says that it lives.
    pub heartbeat_milliseconds: u64,
    /// The shortest time a follower waits after the lease before it stands for election.
    pub election_minimum_milliseconds: u64,
    /// The longest one, which is also the lease: silence that a follower bears.
    pub election_maximum_milliseconds: u64,
}

/// A member from the beginning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstMember {
    /// Its number, from 1.
    pub node: u64,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Default for Cluster {
    fn default() -> Self {
        Self {
            name: String::new(),
            incarnation: 1,
            peer_port_offset: 100,
            consensus: Consensus::default(),
            members: Vec::new(),
        }
    }
}

impl Default for Consensus {
    fn default() -> Self {
        Self {
            heartbeat_milliseconds: 100,
            election_minimum_milliseconds: 300,
            election_maximum_milliseconds: 400,
        }
    }
}

impl Cluster {
    /// SHA-256 over every effective value that must be equal, in the order of the keys: comments,
    /// order and values left at their default make no difference.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        let Self { name, incarnation, peer_port_offset, consensus, members: _ } = self;
        let Consensus {
            heartbeat_milliseconds,
            election_minimum_milliseconds,
            election_maximum_milliseconds,
        } = consensus;
        let equal = [
            ("consensus.election_maximum_milliseconds", election_maximum_milliseconds.to_string()),
            ("consensus.election_minimum_milliseconds", election_minimum_milliseconds.to_string()),
            ("consensus.heartbeat_milliseconds", heartbeat_milliseconds.to_string()),
            ("incarnation", incarnation.to_string()),
            ("name", name.clone()),
            ("peer_port_offset", peer_port_offset.to_string()),
        ];
        let mut hash = Sha256::new();
        for (key, value) in equal {
            hash.update(format!("{key} = {value}\n"));
        }
        hash.finalize().into()
    }

    /// The number that stands for the cluster's name wherever a number is wanted.
    #[must_use]
    pub fn id(&self) -> u128 {
        let digest = Sha256::digest(format!("{}\n{}", self.name, self.incarnation));
        digest.iter().take(16).fold(0, |number, byte| number << 8 | u128::from(*byte))
    }

    fn check(&self) -> Result<(), ConfigurationError> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let named = (1..=limits::CLUSTER_NAME_BYTES_MAX).contains(&self.name.len());
        if !named || !self.name.chars().all(fits) {
            return Err(ConfigurationError::OutOfBounds {
                key: "name",
                value: format!("{:?}", self.name),
                bound: format!("1..={} a-z 0-9 -", limits::CLUSTER_NAME_BYTES_MAX),
            });
        }
        let Consensus { heartbeat_milliseconds: heartbeat, .. } = self.consensus;
        let (shortest, longest) = (
            self.consensus.election_minimum_milliseconds,
            self.consensus.election_maximum_milliseconds,
        );
        bounded("incarnation", self.incarnation, 1, u64::MAX, "")?;
        bounded("peer_port_offset", self.peer_port_offset.into(), 1, 10_000, "")?;
        bounded("consensus.heartbeat_milliseconds", heartbeat, 10, 10_000, "ms")?;
        bounded("consensus.election_minimum_milliseconds", shortest, 3 * heartbeat, 60_000, "ms")?;
        bounded("consensus.election_maximum_milliseconds", longest, shortest + 1, 120_000, "ms")?;
        let mut numbers: Vec<u64> = self.members.iter().map(|member| member.node).collect();
        numbers.sort_unstable();
        let count = numbers.len();
        numbers.dedup();
        if numbers.len() != count || numbers.first() == Some(&0) {
            return Err(ConfigurationError::OutOfBounds {
                key: "members",
                value: format!("{numbers:?}"),
                bound: "node ≥ 1, each once".to_owned(),
            });
        }
        bounded("members", count as u64, 0, limits::MEMBERS_MAX as u64, "")?;
        let members = self.members.iter().map(|member| (member.node, member.address));
        check_addresses(&members.collect::<Vec<_>>(), self.peer_port_offset)
    }
}

/// Refuses addresses of members that are not this machine's, or in each other's way: each needs its
/// port for callers and, an offset above it, one for its peers (0 where the offset is not known).
///
/// # Errors
/// The first that cannot be.
pub fn check_addresses(
    members: &[(u64, SocketAddr)],
    peer_port_offset: u16,
) -> Result<(), ConfigurationError> {
    let mut taken: BTreeMap<(IpAddr, u32), u64> = BTreeMap::new();
    for (node, address) in members {
        if !address.ip().is_loopback() {
            return Err(ConfigurationError::NotLoopback { address: address.to_string() });
        }
        let port = u32::from(address.port());
        let ports = [port, port + u32::from(peer_port_offset)];
        for port in ports.into_iter().take(if peer_port_offset == 0 { 1 } else { 2 }) {
            if let Some(one) = taken.insert((address.ip(), port), *node) {
                let address = format!("{}:{port}", address.ip());
                return Err(ConfigurationError::SharedAddress { one, other: *node, address });
            }
        }
    }
    Ok(())
}

/// Refuses a value out of its bounds.
pub(super) fn bounded(
    key: &'static str,
    value: u64,
    least: u64,
    most: u64,
    unit: &str,
) -> Result<(), ConfigurationError> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    let bound = format!("{least}..={most} {unit}").trim_end().to_owned();
    Err(ConfigurationError::OutOfBounds { key, value: value.to_string(), bound })
}

/// Reads and checks the file.
pub(super) fn read(file: &Path) -> Result<(Cluster, Vec<Located>), ConfigurationError> {
    let (cluster, values): (Cluster, _) = layered(file, Vec::new())?;
    cluster.check()?;
    Ok((cluster, values))
}
