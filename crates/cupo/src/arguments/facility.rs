//! `cupo facility`.

use super::{Kind, Page, values};
use crate::messages::{Help, say};
use clap::{Args, Subcommand};
use ledger::limits::BEDS_PER_SERVICE_MAX;
use ledger::words::Clues;
use std::path::PathBuf;

/// The facilities.
#[derive(Debug, Subcommand)]
pub enum Facility {
    /// Read the published catalogue.
    #[command(about = say(Help::FacilityImport))]
    Import(Import),
    /// List them.
    #[command(about = say(Help::FacilityList))]
    List(FacilityList),
    /// Show one.
    #[command(about = say(Help::FacilityGet))]
    Get {
        /// Which.
        #[arg(value_parser = values::clues, value_name = "CLUES", help = say(Help::Clues))]
        clues: Clues,
    },
    /// Watch one.
    #[command(about = say(Help::FacilityWatch))]
    Watch {
        /// Which.
        #[arg(value_parser = values::clues, value_name = "CLUES", help = say(Help::Clues))]
        clues: Clues,
        /// After which revision.
        #[arg(long, value_name = "N", help = say(Help::AfterRevision))]
        after_revision: Option<u64>,
    },
    /// Vouch for a number of beds.
    #[command(about = say(Help::FacilityConfirm))]
    Confirm {
        /// Of which.
        #[arg(value_parser = values::clues, value_name = "CLUES", help = say(Help::Clues))]
        clues: Clues,
        /// Of which service.
        #[arg(value_name = "CODE", help = say(Help::ServiceCode))]
        service: String,
        /// How many.
        #[arg(long, value_name = "N", help = say(Help::Beds),
            value_parser = clap::value_parser!(u32).range(0..=i64::from(BEDS_PER_SERVICE_MAX)))]
        beds: u32,
    },
}

/// A catalogue to read.
#[derive(Clone, Debug, Args)]
pub struct Import {
    /// The file; `-` for stdin.
    #[arg(value_name = "CSV", help = say(Help::ImportFile))]
    pub file: PathBuf,
    /// Only check.
    #[arg(long, help = say(Help::ImportDryRun))]
    pub dry_run: bool,
}

/// Which facilities to list.
#[derive(Clone, Debug, Args)]
pub struct FacilityList {
    /// Of one state.
    #[arg(long, default_value = "", hide_default_value = true, value_name = "OC",
        help = say(Help::StateFilter))]
    pub state: String,
    /// Of one institution.
    #[arg(long, default_value = "", hide_default_value = true, value_name = "IMB",
        help = say(Help::InstitutionFilter))]
    pub institution: String,
    /// That offer this.
    #[arg(long, value_enum, help = say(Help::Kind), hide_possible_values = true,
        value_name = "bed|outpatient|teleconsultation")]
    pub kind: Option<Kind>,
    /// Which page.
    #[command(flatten)]
    pub page: Page,
}
