//! `simulations`: stories from a seed, told to what is built and to a model of it.
//!
//! Enter at [`command`]: one file for each command.

mod command;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Holds what is built against models, from a seed.
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
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Model(arguments) => command::model::run(&arguments),
        Command::Mistakes(arguments) => command::mistakes::run(&arguments),
    }
}
