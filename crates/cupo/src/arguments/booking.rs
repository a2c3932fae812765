//! `cupo booking`.

use super::hold::{Fenced, arrival_seconds};
use super::{Page, Taking, values};
use crate::messages::{Help, say};
use calendar::LocalDate;
use clap::{Args, Subcommand};
use ledger::words::Clues;
use uuid::Uuid;

/// Bookings.
#[derive(Debug, Subcommand)]
pub enum Booking {
    /// Book at once.
    #[command(about = say(Help::BookingCreate))]
    Create(Taking),
    /// Show one.
    #[command(about = say(Help::BookingGet))]
    Get(Booked),
    /// List some.
    #[command(about = say(Help::BookingList))]
    List(BookingList),
    /// Tell what happened to one.
    #[command(about = say(Help::BookingHistory))]
    History(Booked),
    /// Move one.
    #[command(about = say(Help::BookingTransfer))]
    Transfer(BookingPlaces),
    /// Change one.
    #[command(flatten)]
    Change(BookingChange),
}

/// What becomes of a booking; none of it has more to say than that it was done.
#[derive(Clone, Debug, Subcommand)]
pub enum BookingChange {
    /// Confirm a hold.
    #[command(about = say(Help::BookingConfirm))]
    Confirm(Fenced),
    /// Cancel one.
    #[command(about = say(Help::BookingCancel))]
    Cancel(Booked),
    /// The patient arrived.
    #[command(about = say(Help::BookingArrive))]
    Arrive(Booked),
    /// The patient left.
    #[command(about = say(Help::BookingDischarge))]
    Discharge(Booked),
    /// The visit took place.
    #[command(about = say(Help::BookingFulfil))]
    Fulfil(Booked),
    /// The patient did not come.
    #[command(about = say(Help::BookingNoShow))]
    NoShow(Booked),
    /// Dispute one.
    #[command(about = say(Help::BookingDispute))]
    Dispute {
        /// Which.
        #[command(flatten)]
        booking: Booked,
        /// Why.
        #[arg(long, value_name = "TEXT", help = say(Help::DisputeReason))]
        reason: String,
    },
}

/// One booking.
#[derive(Clone, Debug, Args)]
pub struct Booked {
    /// Its number.
    #[arg(value_parser = values::commitment, value_name = "BOOKING", help = say(Help::BookingId))]
    pub booking: u64,
}

/// A booking and where it is to go.
#[derive(Clone, Debug, Args)]
pub struct BookingPlaces {
    /// Which.
    #[command(flatten)]
    pub booking: Booked,
    /// Where to, best first.
    #[arg(required = true, value_name = "PLACE", help = say(Help::Places))]
    pub places: Vec<String>,
    /// How long a bed waits there; 0 for the cluster's own measure.
    #[arg(long, default_value_t = 0, hide_default_value = true, value_name = "N",
        value_parser = arrival_seconds(), help = say(Help::Arrival))]
    pub arrival_seconds: u32,
}

/// Whose bookings.
#[derive(Clone, Debug, Args)]
#[group(id = "whose", required = true, multiple = true, args = ["facility", "person"])]
pub struct BookingList {
    /// The live ones of this facility, or on `--day` what happened to that day's.
    #[arg(long, value_parser = values::clues, value_name = "CLUES", help = say(Help::OfFacility),
        conflicts_with = "person")]
    pub facility: Option<Clues>,
    /// What happened to this person's.
    #[arg(long, value_parser = values::person, value_name = "UUID", help = say(Help::OfPerson))]
    pub person: Option<Uuid>,
    /// On this day, where the facility is.
    #[arg(long, value_parser = values::day, value_name = "YYYY-MM-DD", help = say(Help::OnDay),
        requires = "facility")]
    pub day: Option<LocalDate>,
    /// Which page.
    #[command(flatten)]
    pub page: Page,
}
