//! `cupo hold`.

use super::values;
use crate::messages::{Help, say};
use clap::builder::RangedI64ValueParser;
use clap::{Args, Subcommand};
use ledger::limits::{ARRIVAL_SECONDS_MAX, HOLD_SECONDS_MAX, HOLD_SECONDS_MIN};
use uuid::Uuid;

/// Holds.
#[derive(Debug, Subcommand)]
pub enum Hold {
    /// Hold the first place that has room.
    #[command(about = say(Help::HoldCreate))]
    Create(HoldCreate),
    /// Give one back.
    #[command(about = say(Help::HoldRelease))]
    Release(Fenced),
    /// Keep one longer.
    #[command(about = say(Help::HoldExtend))]
    Extend {
        /// Which.
        #[command(flatten)]
        hold: Fenced,
        /// For how long.
        #[arg(long, default_value_t = 300, value_name = "N", help = say(Help::HoldSeconds),
            value_parser = hold_seconds())]
        seconds: u32,
    },
}

/// How long a hold may be kept.
fn hold_seconds() -> RangedI64ValueParser<u32> {
    RangedI64ValueParser::new().range(i64::from(HOLD_SECONDS_MIN)..=i64::from(HOLD_SECONDS_MAX))
}

/// How long a bed may wait for its patient.
pub(super) fn arrival_seconds() -> RangedI64ValueParser<u32> {
    RangedI64ValueParser::new().range(0..=i64::from(ARRIVAL_SECONDS_MAX))
}

/// Where a place is to be taken, and for whom.
#[derive(Clone, Debug, Args)]
pub struct Taking {
    /// Places, best first.
    #[arg(required = true, value_name = "PLACE", help = say(Help::Places))]
    pub places: Vec<String>,
    /// Places of the further legs, all or none with the first.
    #[arg(long, value_name = "PLACE,…", help = say(Help::Also))]
    pub also: Vec<String>,
    /// For whom.
    #[arg(long, value_parser = values::person, value_name = "UUID", help = say(Help::Person))]
    pub person: Option<Uuid>,
    /// How long a bed waits; 0 for the cluster's own measure.
    #[arg(long, default_value_t = 0, hide_default_value = true, value_name = "N",
        value_parser = arrival_seconds(), help = say(Help::Arrival))]
    pub arrival_seconds: u32,
}

/// A hold to be created.
#[derive(Clone, Debug, Args)]
pub struct HoldCreate {
    /// Where and for whom.
    #[command(flatten)]
    pub taking: Taking,
    /// For how long.
    #[arg(long, default_value_t = 300, value_name = "N", help = say(Help::HoldSeconds),
        value_parser = hold_seconds())]
    pub seconds: u32,
}

/// A hold and the number that proves it was granted.
#[derive(Clone, Debug, Args)]
pub struct Fenced {
    /// Which.
    #[arg(value_parser = values::commitment, value_name = "HOLD", help = say(Help::HoldId))]
    pub hold: u64,
    /// Its fencing number.
    #[arg(long, value_name = "N", help = say(Help::Fencing))]
    pub fencing: u64,
}
