//! The grammar of the command line: one file per noun, every text from the catalogue.
//!
//! Enter at [`Arguments`]. Texts are made in the language that `language::settle` found.

mod bench;
mod booking;
mod cluster;
mod completions;
mod config;
mod demo;
mod facility;
mod hold;
mod mistake;
mod place;
mod server;
mod snapshot;
mod usage;
pub mod values;
mod watch;

pub use bench::{Bench, BenchBulk, BenchFailover, BenchScale, BenchUnary};
pub use booking::{Booked, Booking, BookingChange, BookingList, BookingPlaces};
pub use cluster::{Cluster, ClusterChange, NewNode, Replacement};
pub use completions::Completions;
pub use config::Config;
pub use demo::Demo;
pub use facility::{Facility, FacilityList, Import};
pub use hold::{Fenced, Hold, HoldCreate, Taking};
pub use mistake::Mistake;
pub use place::{Kind, Place, PlaceFind};
pub use server::{NodeFiles, Server};
pub use snapshot::Snapshot;
pub use usage::translated_help;
pub use watch::Watch;

use crate::language::Language;
use crate::limits::PAGE_SIZE_MAX;
use crate::messages::{Help, say};
use crate::output::Format;
use clap::{ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::time::Duration;
use uuid::Uuid;
use wire::v1::Author;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "cupo",
    about = say(Help::About),
    after_help = say(Help::ExitCodes),
    disable_help_flag = true,
    disable_help_subcommand = true,
    disable_version_flag = true,
    version,
    arg_required_else_help = true,
)]
pub struct Arguments {
    /// What every command takes.
    #[command(flatten)]
    pub common: Common,
    /// The version, as other programs say it.
    #[arg(short = 'V', long, action = ArgAction::Version, help = say(Help::VersionFlag))]
    pub version: Option<bool>,
    /// What is to be done.
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Clone, Debug, Args)]
pub struct Common {
    /// Form of the data.
    #[arg(short, long, global = true, value_enum, default_value_t, hide_default_value = true,
        help = say(Help::Output), hide_possible_values = true,
        value_name = "table|json|ndjson|csv")]
    pub output: Format,
    /// Language, settled before the grammar is made.
    #[arg(long, global = true, value_enum, hide_possible_values = true, value_name = "es|en",
        help = say(Help::Lang))]
    pub lang: Option<Language>,
    /// Deadline of a request.
    #[arg(long, global = true, value_parser = values::duration, default_value = "10s",
        hide_default_value = true, value_name = "10s", help = say(Help::Timeout))]
    pub timeout: Duration,
    /// Identity of the request.
    #[arg(long, global = true, value_parser = values::request_id, value_name = "UUID",
        help = say(Help::RequestId))]
    pub request_id: Option<Uuid>,
    /// Servers, or the file that names them.
    #[arg(long, global = true, env = "CUPO_CLUSTER", hide_env = true, hide_default_value = true,
        default_value = crate::client::DEFAULT_ENDPOINTS, value_name = "HOST:PORT,…|FILE",
        help = say(Help::Cluster))]
    pub cluster: String,
    /// Who asks.
    #[arg(long, global = true, env = "CUPO_AUTHOR", hide_env = true, value_parser = values::author,
        value_name = "ROLE:N", help = say(Help::Author))]
    pub author: Option<Author>,
    /// Help.
    #[arg(short, long, global = true, action = ArgAction::Help, help = say(Help::AskedFor))]
    pub help: Option<bool>,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Three servers and a synthetic nation.
    #[command(about = say(Help::Demo))]
    Demo(Demo),
    /// Measurements.
    #[command(subcommand, about = say(Help::Bench))]
    Bench(Bench),
    /// One server.
    #[command(subcommand, about = say(Help::Server))]
    Server(Server),
    /// What is asked of a cluster.
    #[command(flatten)]
    Online(Question),
    /// Configuration.
    #[command(subcommand, about = say(Help::Config))]
    Config(Config),
    /// Version.
    #[command(about = say(Help::Version))]
    Version,
    /// Completions.
    #[command(about = say(Help::Completions))]
    Completions(Completions),
    /// Help.
    #[command(about = say(Help::OfCommand))]
    Help {
        /// On which command, word by word.
        #[arg(value_name = "COMMAND", help = say(Help::OfWhat))]
        words: Vec<String>,
    },
}

/// What is asked of a cluster.
#[derive(Debug, Subcommand)]
pub enum Question {
    /// The members.
    #[command(subcommand, about = say(Help::ClusterGroup))]
    Cluster(Cluster),
    /// Facilities.
    #[command(subcommand, about = say(Help::Facility))]
    Facility(Facility),
    /// Free places.
    #[command(subcommand, about = say(Help::Place))]
    Place(Place),
    /// Holds.
    #[command(subcommand, about = say(Help::Hold))]
    Hold(Hold),
    /// Bookings.
    #[command(subcommand, about = say(Help::Booking))]
    Booking(Booking),
    /// Everything that happens.
    #[command(about = say(Help::Watch))]
    Watch(Watch),
    /// Copies of the state.
    #[command(subcommand, about = say(Help::Snapshot))]
    Snapshot(Snapshot),
}

/// One page of a list.
#[derive(Clone, Debug, Args)]
pub struct Page {
    /// How many.
    #[arg(long, default_value_t = 100, hide_default_value = true, value_name = "N",
        value_parser = clap::value_parser!(i32).range(1..=i64::from(PAGE_SIZE_MAX)),
        help = say(Help::PageSize))]
    pub page_size: i32,
    /// Where to go on.
    #[arg(long, default_value = "", hide_default_value = true, value_name = "TOKEN",
        help = say(Help::PageToken))]
    pub page_token: String,
}

/// Reads the command line.
///
/// # Errors
/// What is wrong with it, or the help that was asked for.
pub fn parse(arguments: &[String]) -> Result<Arguments, Mistake> {
    let mut command = translated(Arguments::command());
    let matches = command.try_get_matches_from_mut(arguments).map_err(Mistake::Grammar)?;
    let read = Arguments::from_arg_matches(&matches)
        .map_err(|error| Mistake::Grammar(error.format(&mut command)))?;
    if let Command::Help { words } = read.command {
        // `cupo help place find` is `cupo place find --help`.
        let program = arguments.first().cloned().unwrap_or_default();
        let asked: Vec<String> =
            [program].into_iter().chain(words).chain(["--help".to_owned()]).collect();
        return parse(&asked);
    }
    mistake::check(&read)?;
    Ok(read)
}

/// The grammar with its headings in the language of the process.
#[must_use]
pub fn translated(command: clap::Command) -> clap::Command {
    let template = format!(
        "{{about-with-newline}}\n{}: {{usage}}\n\n{{all-args}}{{after-help}}",
        say(Help::Usage)
    );
    let command = command
        .help_template(template)
        .subcommand_help_heading(say(Help::Commands))
        .max_term_width(100)
        .disable_help_subcommand(true)
        .mut_args(|argument| {
            let heading = match (argument.is_positional(), argument.is_global_set()) {
                (true, _) => Help::Arguments,
                (false, false) => Help::Options,
                (false, true) => Help::CommonOptions,
            };
            // `--beds -1` is a number out of its bounds, not an option nobody knows.
            let takes_values = argument.get_action().takes_values();
            argument.help_heading(say(heading)).allow_negative_numbers(takes_values)
        });
    let command = if command.has_subcommands() {
        command.subcommand_value_name(say(Help::CommandName))
    } else {
        command
    };
    command.mut_subcommands(translated)
}

#[cfg(test)]
mod arguments_test;
