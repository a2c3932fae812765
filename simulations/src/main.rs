//! `simulations`: runs clusters through faults, repeats a run from its seed, and judges the judges.

mod commands;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::OFF)
        .with_writer(std::io::stderr)
        .init();
    commands::Command::parse().carry_out()
}
