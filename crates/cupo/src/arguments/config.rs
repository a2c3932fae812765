//! `cupo config`.

use super::NodeFiles;
use super::server::variables;
use crate::messages::{Help, say};
use clap::Subcommand;

/// A node's configuration.
#[derive(Debug, Subcommand)]
pub enum Config {
    /// Check it.
    #[command(about = say(Help::ConfigCheck), after_help = variables())]
    Check(NodeFiles),
}
