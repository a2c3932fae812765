//! The commands of the program, one file each.

pub mod failover;
pub mod hunt;
pub mod meta;
pub mod mistakes;
pub mod model;
pub mod mutants;
pub mod replay;
pub mod run;

use std::process::ExitCode;

/// The greatest seed to begin with, and the most seeds of one run: their sum is a number still.
const SEEDS_MAX: u64 = 1 << 62;

/// The exit code of a command that found what it looked for, or did not.
const fn exit(good: bool) -> ExitCode {
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
