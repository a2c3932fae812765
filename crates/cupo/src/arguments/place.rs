//! `cupo place`.

use super::values::{self, Near};
use crate::messages::{Help, say};
use clap::{Args, Subcommand, ValueEnum};
use ledger::words::Moment;

/// Free places.
#[derive(Debug, Subcommand)]
pub enum Place {
    /// Find some.
    #[command(about = say(Help::PlaceFind))]
    Find(Box<PlaceFind>),
}

/// What kind of place is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// A bed.
    Bed,
    /// A visit.
    Outpatient,
    /// A teleconsultation.
    Teleconsultation,
}

/// What is needed, and where.
#[derive(Clone, Debug, Args)]
pub struct PlaceFind {
    /// What kind.
    #[arg(long, value_enum, hide_possible_values = true, help = say(Help::Kind),
        value_name = "bed|outpatient|teleconsultation")]
    pub kind: Kind,
    /// A bed's area, by the name in the public messages; the general ward unless said.
    #[arg(long, value_name = "general|intensive|emergency|…", value_parser = values::area,
        help = say(Help::Area))]
    pub area: Option<i32>,
    /// Whom a bed is for.
    #[arg(long, value_name = "adult|paediatric", value_parser = values::age_group,
        help = say(Help::Age))]
    pub age: Option<i32>,
    /// In isolation.
    #[arg(long, help = say(Help::Isolation))]
    pub isolation: bool,
    /// With a ventilator.
    #[arg(long, help = say(Help::Ventilator))]
    pub ventilator: bool,
    /// A visit's specialty, by name or number; general practice unless said.
    #[arg(long, value_name = "general-practice|cardiology|8|…", value_parser = values::specialty,
        help = say(Help::SpecialtyCode))]
    pub specialty: Option<i32>,
    /// Where distances count from.
    #[arg(long, value_name = "LAT,LON", value_parser = values::near, help = say(Help::Near),
        allow_hyphen_values = true)]
    pub near: Option<Near>,
    /// How far at most, in metres.
    #[arg(long, value_name = "KM", value_parser = values::kilometres, requires = "near",
        help = say(Help::Within))]
    pub within: Option<u32>,
    /// From when.
    #[arg(long, value_name = "TIME", value_parser = values::time, help = say(Help::From))]
    pub from: Option<Moment>,
    /// Until when.
    #[arg(long, value_name = "TIME", value_parser = values::time, help = say(Help::Until))]
    pub until: Option<Moment>,
    /// Of which institutions.
    #[arg(long = "institution", value_name = "IMB", help = say(Help::InstitutionFilter))]
    pub institutions: Vec<String>,
    /// How many.
    #[arg(long, default_value_t = 10, value_name = "N", help = say(Help::Limit),
        value_parser = clap::value_parser!(i32).range(1..=64))]
    pub limit: i32,
}
