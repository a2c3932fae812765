//! `cupo`: one program for the server, everything that asks one, the demo and the measurements.
//!
//! Enter at [`arguments::parse`] for the grammar, at [`command::run`] for what each command does,
//! at [`server::run`] for a node.
//!
//! Invariants: data go to stdout and all else to stderr; every text exists in every language; every
//! error says what happened, why, and what to do; exit codes are those of [`exit::Exit`].
//!
//! Absent: rules about places. Nothing depends on this crate.

mod arguments;
mod bench;
mod client;
mod command;
mod configuration;
mod demo;
mod exit;
mod import;
mod language;
mod limits;
mod messages;
mod nation;
mod output;
mod server;
mod sheets;
mod transport;

use arguments::{Mistake, translated_help};
use clap::error::ErrorKind;
use exit::Exit;
use language::Language;
use messages::Explain;
use std::io::{self, Write};
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments: Vec<String> =
        std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let language = language::settle(&arguments);
    let explanation = match arguments::parse(&arguments) {
        Ok(arguments) => match command::run(arguments) {
            Ok(exit) => return exit.into(),
            Err(failure) if failure.is_closed_pipe() => return Exit::Done.into(),
            Err(failure) => failure.explain(),
        },
        Err(Mistake::Grammar(error)) if asks_for_help(&error) => {
            return show_help(&error, language).into();
        }
        Err(mistake) => mistake.explain(),
    };
    // A closed stderr is nobody who could be told.
    let _ = explanation.print(io::stderr(), language);
    explanation.exit.into()
}

fn asks_for_help(error: &clap::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    )
}

/// Help that was asked for is data; help for want of a command is not.
fn show_help(error: &clap::Error, language: Language) -> Exit {
    let text = translated_help(&error.render().to_string(), language);
    // A closed stream is nobody who could be told.
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let _ = io::stdout().write_all(text.as_bytes());
        Exit::Done
    } else {
        let _ = io::stderr().write_all(text.as_bytes());
        Exit::Usage
    }
}
