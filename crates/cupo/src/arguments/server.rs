//! `cupo server`.

use crate::configuration::{NodeFlags, known_variables};
use crate::messages::{Help, say};
use clap::{Args, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// One server.
#[derive(Debug, Subcommand)]
pub enum Server {
    /// Serve until asked to stop.
    #[command(about = say(Help::ServerRun), after_help = variables())]
    Run(NodeFiles),
}

/// The variables that a node reads, for its help.
pub(super) fn variables() -> String {
    let lines = known_variables().into_iter().map(|name| format!("  {name}\n"));
    format!("{}:\n{}", say(Help::Variables), lines.collect::<String>().trim_end())
}

impl NodeFiles {
    /// What the command line says instead of the files.
    #[must_use]
    pub fn flags(&self) -> NodeFlags {
        NodeFlags { listen: self.listen, data: self.data.clone() }
    }
}

/// Where a node's configuration is, and what the command line says instead.
#[derive(Clone, Debug, Args)]
pub struct NodeFiles {
    /// The node's file.
    #[arg(long, value_name = "FILE", help = say(Help::NodeFile))]
    pub config: PathBuf,
    /// The cluster's file.
    #[arg(long, value_name = "FILE", help = say(Help::ClusterFile))]
    pub cluster_file: Option<PathBuf>,
    /// Where to listen.
    #[arg(long, value_name = "HOST:PORT", help = say(Help::Listen))]
    pub listen: Option<SocketAddr>,
    /// Where its data are.
    #[arg(long, value_name = "DIR", help = say(Help::Data))]
    pub data: Option<PathBuf>,
}
