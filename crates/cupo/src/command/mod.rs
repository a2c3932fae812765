//! What each command does: one file per verb.
//!
//! Enter at [`run`].

mod booking_change;
mod booking_get;
mod booking_list;
mod cluster_members;
mod cluster_status;
mod completions;
mod config_check;
mod facility_confirm;
mod facility_get;
mod facility_list;
mod failure;
mod place_find;
mod place_take;
mod snapshot;
mod version;
mod watch;

pub use failure::Failure;

use crate::arguments::{
    Arguments, Booking, Cluster, Command, Common, Config, Facility, Hold, Place, Server,
};
use crate::client::Session;
use crate::exit::Exit;
use crate::language::{self, Language};
use crate::output::{Cell, Column, Format, Printer};
use std::io::{self, BufWriter, Stdout};

/// What every command is given.
#[derive(Debug)]
pub struct Context {
    /// The cluster to ask.
    pub session: Session,
    /// The form of the data.
    pub format: Format,
    /// The language of what is said.
    pub language: Language,
}

impl Context {
    /// A context as the command line asks for.
    ///
    /// # Errors
    /// The servers are not named well.
    pub fn new(common: &Common) -> Result<Self, Failure> {
        let session = Session::new(common)?;
        Ok(Self { session, format: common.output, language: language::spoken() })
    }

    /// A printer to stdout.
    #[must_use]
    pub fn printer(&self) -> Printer<BufWriter<Stdout>> {
        Printer::new(BufWriter::new(io::stdout()), self.format, self.language)
    }

    /// Prints a sheet.
    ///
    /// # Errors
    /// stdout's.
    pub fn sheet(&self, columns: &[Column], rows: &[Vec<Cell>]) -> Result<(), Failure> {
        Ok(self.printer().sheet(columns, rows)?)
    }

    /// Prints one thing.
    ///
    /// # Errors
    /// stdout's.
    pub fn thing(&self, columns: &[Column], row: &[Cell]) -> Result<(), Failure> {
        Ok(self.printer().thing(columns, row)?)
    }
}

/// Does what the command line says.
///
/// # Errors
/// Why it was not done.
pub async fn run(arguments: Arguments) -> Result<Exit, Failure> {
    let Arguments { common, command } = arguments;
    let context = || Context::new(&common);
    match command {
        Command::Server(Server::Run(files)) => crate::server::run(&files).await,
        Command::Config(Config::Check(files)) => config_check::run(&common, &files),
        Command::Version => version::run(&common),
        Command::Completions(wanted) => completions::run(wanted),
        Command::Cluster(Cluster::Status) => cluster_status::run(&context()?).await,
        Command::Cluster(Cluster::Change(change)) => {
            cluster_members::run(&context()?, change).await
        },
        Command::Facility(Facility::List(wanted)) => facility_list::run(&context()?, &wanted).await,
        Command::Facility(Facility::Get { clues }) => facility_get::run(&context()?, clues).await,
        Command::Facility(Facility::Watch { clues, after_revision }) => {
            watch::capacity(&context()?, clues, after_revision).await
        }
        Command::Facility(Facility::Confirm { clues, service, beds }) => {
            facility_confirm::run(&context()?, clues, &service, beds).await
        }
        Command::Place(Place::Find(need)) => place_find::run(&context()?, &need).await,
        Command::Hold(Hold::Create(wanted)) => place_take::hold(&context()?, &wanted).await,
        Command::Hold(Hold::Release(hold)) => booking_change::release(&context()?, &hold).await,
        Command::Hold(Hold::Extend { hold, seconds }) => {
            place_take::extend(&context()?, &hold, seconds).await
        }
        Command::Booking(Booking::Create(taking)) => place_take::book(&context()?, &taking).await,
        Command::Booking(Booking::Transfer(to)) => place_take::transfer(&context()?, &to).await,
        Command::Booking(Booking::Get(booked)) => booking_get::run(&context()?, &booked).await,
        Command::Booking(Booking::List(whose)) => booking_list::run(&context()?, &whose).await,
        Command::Booking(Booking::Change(change)) => {
            booking_change::run(&context()?, &change).await
        },
        Command::Watch(wanted) => watch::everything(&context()?, &wanted).await,
        Command::Snapshot(wanted) => snapshot::run(&context()?, wanted).await,
    }
}
