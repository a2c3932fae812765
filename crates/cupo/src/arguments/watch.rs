//! `cupo watch`.

use super::values;
use crate::messages::{Help, say};
use clap::Args;
use ledger::words::Clues;

/// Everything that happens.
#[derive(Clone, Debug, Args)]
pub struct Watch {
    /// After which revision; by default from now on.
    #[arg(long, value_name = "N", help = say(Help::AfterRevision))]
    pub after_revision: Option<u64>,
    /// Only at this facility.
    #[arg(long, value_parser = values::clues, value_name = "CLUES", help = say(Help::OfFacility))]
    pub facility: Option<Clues>,
}
