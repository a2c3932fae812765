//! `simulations`: runs clusters through faults, repeats a run from its seed, and judges the judges.

mod commands;

use clap::Parser;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    // Nodes that are broken on purpose say so all the time: nobody hears it unless he asks.
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("off"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    commands::Command::parse().carry_out()
}
