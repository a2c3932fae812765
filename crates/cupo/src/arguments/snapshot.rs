//! `cupo snapshot`.

use crate::messages::{Help, say};
use clap::Subcommand;
use std::path::PathBuf;

/// Copies of the state, at every server that `--cluster` names.
#[derive(Clone, Debug, Subcommand)]
pub enum Snapshot {
    /// Write one.
    #[command(about = say(Help::SnapshotSave))]
    Save {
        /// Where a copy of the newest is kept, apart from any node.
        #[arg(long, value_name = "DIRECTORY", help = say(Help::SnapshotTo))]
        to: Option<PathBuf>,
    },
    /// Recompute the state's digest from every record.
    #[command(about = say(Help::SnapshotVerify))]
    Verify {
        /// Look at the copy in this directory instead; no server is asked.
        #[arg(long, value_name = "DIRECTORY", help = say(Help::SnapshotOf))]
        of: Option<PathBuf>,
    },
}
