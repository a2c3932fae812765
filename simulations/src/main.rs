//! `simulations`: stories and whole clusters from a seed, held against models and judges.
//!
//! Enter at [`command`]: one file for each command.

mod command;

use clap::{Parser, Subcommand};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// Holds what is built against models and judges, from a seed.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Tier one: the ledger against an independent, slow, obvious model
    Model(command::model::Arguments),
    /// The judge of tier one judged: each wrong model and the seed that found it out
    Mistakes(command::mistakes::Arguments),
    /// Tier two: whole clusters through crashes, partitions, torn disks and wrong clocks
    Run(command::run::Arguments),
    /// One seed of `run`, and its trace if asked for
    Replay(command::replay::Arguments),
    /// How long nobody is booked after a leader lost its power, by election times and by disk
    Failover(command::failover::Arguments),
    /// The same seeds twice: their traces must be equal, bit for bit
    Meta(command::meta::Arguments),
    /// Every bug, at the seams and in the source: each must be caught
    Mutants(command::mutants::Arguments),
    /// How long a bug stays unseen that was planted where this was built
    Hunt(command::hunt::Arguments),
}

fn main() -> ExitCode {
    // Nodes that are broken on purpose say so all the time: nobody hears it unless they ask.
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("off"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match Arguments::parse().command {
        Command::Model(arguments) => command::model::run(&arguments),
        Command::Mistakes(arguments) => command::mistakes::run(&arguments),
        Command::Run(arguments) => command::run::run(&arguments),
        Command::Replay(arguments) => command::replay::run(&arguments),
        Command::Failover(arguments) => command::failover::run(&arguments),
        Command::Meta(arguments) => command::meta::run(&arguments),
        Command::Mutants(arguments) => command::mutants::run(&arguments),
        Command::Hunt(arguments) => command::hunt::run(&arguments),
    }
}
