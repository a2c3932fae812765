//! `cupo demo`.

use super::values;
use crate::messages::{Help, say};
use std::path::PathBuf;
use std::time::Duration;

/// Three servers and a synthetic nation.
#[derive(Clone, Debug, clap::Args)]
pub struct Demo {
    /// How many facilities.
    #[arg(long, default_value_t = 3_000, value_name = "N",
        value_parser = clap::value_parser!(u32).range(32..=99_999),
        help = say(Help::DemoFacilities))]
    pub facilities: u32,
    /// The nation's seed.
    #[arg(long, default_value_t = 1, value_name = "N", help = say(Help::DemoSeed))]
    pub seed: u64,
    /// Bookings per second.
    #[arg(long, default_value_t = 100, value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..=100_000), help = say(Help::DemoRate))]
    pub rate: u32,
    /// Where the data go; by default a temporary directory.
    #[arg(long, value_name = "DIR", help = say(Help::DemoData))]
    pub data: Option<PathBuf>,
    /// Keep the data.
    #[arg(long, help = say(Help::DemoKeep))]
    pub keep: bool,
    /// End after this long.
    #[arg(long = "for", value_parser = values::duration, value_name = "60s",
        help = say(Help::DemoFor))]
    pub duration: Option<Duration>,
    /// Kill, restart, and prove.
    #[arg(long, help = say(Help::DemoCheck))]
    pub check: bool,
}
