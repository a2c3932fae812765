//! `cupo cluster`.

use super::values::{self, MemberValue};
use crate::messages::{Help, say};
use clap::{Args, Subcommand};
use std::net::SocketAddr;

/// The members of the cluster.
#[derive(Debug, Subcommand)]
pub enum Cluster {
    /// Show the members.
    #[command(about = say(Help::ClusterStatus))]
    Status,
    /// Change who belongs to it.
    #[command(flatten)]
    Change(ClusterChange),
}

/// A change of who belongs to the cluster.
#[derive(Clone, Debug, Subcommand)]
pub enum ClusterChange {
    /// Form the cluster.
    #[command(about = say(Help::ClusterInit))]
    Init {
        /// The first members; by default the servers are asked who they are.
        #[arg(long = "member", value_parser = values::member, value_name = "N=HOST:PORT",
            help = say(Help::ClusterInitMember))]
        members: Vec<MemberValue>,
    },
    /// Add a node.
    #[command(about = say(Help::ClusterJoin))]
    Join(NewNode),
    /// Put a new node in the place of a lost one.
    #[command(about = say(Help::ClusterReplace))]
    Replace(Replacement),
    /// Take a node out.
    #[command(about = say(Help::ClusterRemove))]
    Remove {
        /// Which.
        #[arg(long, value_name = "N", help = say(Help::NodeNumber),
            value_parser = clap::value_parser!(u64).range(1..))]
        node: u64,
    },
}

/// A node that is to belong to the cluster.
#[derive(Clone, Debug, Args)]
pub struct NewNode {
    /// Its number.
    #[arg(long, value_name = "N", help = say(Help::NodeNumber),
        value_parser = clap::value_parser!(u64).range(1..))]
    pub node: u64,
    /// Its address.
    #[arg(long, value_name = "HOST:PORT", help = say(Help::NodeAddress))]
    pub address: SocketAddr,
}

/// A node in the place of another one.
#[derive(Clone, Debug, Args)]
pub struct Replacement {
    /// The lost one.
    #[arg(long, value_name = "N", help = say(Help::DeadNode),
        value_parser = clap::value_parser!(u64).range(1..))]
    pub dead: u64,
    /// The new one.
    #[command(flatten)]
    pub new: NewNode,
}
