//! What each command does: one file per verb.
//!
//! Enter at [`run`].

mod booking_change;
mod booking_get;
mod booking_history;
mod booking_list;
mod cluster_members;
mod cluster_status;
mod completions;
mod config_check;
mod facility_confirm;
mod facility_get;
mod facility_import;
mod facility_list;
mod failure;
mod place_find;
mod place_instead;
mod place_take;
mod snapshot;
mod snapshot_copy;
mod version;
mod watch;

pub use failure::Failure;

use crate::arguments::{
    Arguments, Booking, Cluster, Command, Common, Config, Facility, Hold, Place, Question, Server,
};
use crate::client::Session;
use crate::configuration::{self, UnknownVariable};
use crate::exit::Exit;
use crate::language::{self, Language};
use crate::messages::Notice;
use crate::output::{Cell, Column, Format, Printer};
use ledger::words::Moment;
use std::io::{self, BufWriter, Stdout};
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::Uuid;

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
        let request = common.request_id.unwrap_or_else(Uuid::now_v7);
        let session = Session::new(&common.cluster, common.timeout, request, common.author)?;
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
pub fn run(arguments: Arguments) -> Result<Exit, Failure> {
    let Arguments { common, command, version: _ } = arguments;
    if !matches!(command, Command::Server(_) | Command::Config(_)) {
        // A node that is not what its operator meant it to be does harm: those two refuse it.
        for UnknownVariable { name, nearest } in configuration::unknown_here() {
            Notice::UnknownVariable { name, nearest }.tell(language::spoken());
        }
    }
    match command {
        Command::Demo(wanted) => {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
            let ended = crate::demo::run(&wanted, language::spoken(), now());
            Ok(runtime.block_on(ended)?)
        }
        Command::Bench(wanted) => {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
            Ok(runtime.block_on(crate::bench::run(&wanted, now()))?)
        }
        Command::Server(Server::Run(files)) => {
            Ok(crate::server::run(&config_check::read(&files)?)?)
        }
        Command::Config(Config::Check(files)) => config_check::run(&common, &files),
        Command::Version => version::run(&common),
        Command::Completions(wanted) => completions::run(wanted),
        // The reader of the command line answers it.
        Command::Help { .. } => Ok(Exit::Done),
        Command::Online(question) => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async { ask(&Context::new(&common)?, question).await })
        }
    }
}

/// Asks a cluster.
async fn ask(context: &Context, question: Question) -> Result<Exit, Failure> {
    match question {
        Question::Cluster(Cluster::Status) => cluster_status::run(context).await,
        Question::Cluster(Cluster::Change(change)) => cluster_members::run(context, change).await,
        Question::Facility(about) => facility(context, about).await,
        Question::Place(Place::Find(need)) => place_find::run(context, &need).await,
        Question::Hold(Hold::Create(wanted)) => place_take::hold(context, &wanted).await,
        Question::Hold(Hold::Release(hold)) => booking_change::release(context, &hold).await,
        Question::Hold(Hold::Extend { hold, seconds }) => {
            place_take::extend(context, &hold, seconds).await
        }
        Question::Booking(about) => booking(context, about).await,
        Question::Watch(wanted) => watch::everything(context, &wanted).await,
        Question::Snapshot(wanted) => snapshot::run(context, wanted).await,
    }
}

/// The moment, by this machine's clock.
fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment::from_micros(u64::try_from(since.as_micros()).unwrap_or(u64::MAX))
}

async fn facility(context: &Context, about: Facility) -> Result<Exit, Failure> {
    match about {
        Facility::Import(wanted) => facility_import::run(context, &wanted, now()).await,
        Facility::List(wanted) => facility_list::run(context, &wanted).await,
        Facility::Get { clues } => facility_get::run(context, clues).await,
        Facility::Watch { clues, after_revision } => {
            watch::capacity(context, clues, after_revision).await
        }
        Facility::Confirm { clues, service, beds } => {
            facility_confirm::run(context, clues, &service, beds).await
        }
    }
}

async fn booking(context: &Context, about: Booking) -> Result<Exit, Failure> {
    match about {
        Booking::Create(taking) => place_take::book(context, &taking).await,
        Booking::Transfer(to) => place_take::transfer(context, &to).await,
        Booking::Get(booked) => booking_get::run(context, &booked).await,
        Booking::History(booked) => booking_history::of_one(context, &booked).await,
        Booking::List(whose) => booking_list::run(context, &whose).await,
        Booking::Change(change) => booking_change::run(context, &change).await,
    }
}
