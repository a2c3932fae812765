//! `cupo snapshot`.

use crate::messages::{Help, say};
use clap::Subcommand;

/// Copies of the state, at every server that `--cluster` names.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Snapshot {
    /// Write one.
    #[command(about = say(Help::SnapshotSave))]
    Save,
    /// Recompute the state's digest from every record.
    #[command(about = say(Help::SnapshotVerify))]
    Verify,
}
