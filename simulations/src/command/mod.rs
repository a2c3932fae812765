//! The commands of the program, one file each.

pub mod failover;
pub mod hunt;
pub mod meta;
pub mod mistakes;
pub mod model;
pub mod mutants;
pub mod replay;
pub mod run;

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

/// The greatest seed to begin with, and the most seeds of one run: their sum is a number still.
const SEEDS_MAX: u64 = 1 << 62;

/// A seed to begin with.
fn seed(text: &str) -> Result<u64, String> {
    let within = text.parse().ok().filter(|seed| *seed <= SEEDS_MAX);
    within.ok_or_else(|| format!("a seed is a number of at most {SEEDS_MAX}"))
}

/// How many seeds.
fn seeds(text: &str) -> Result<u64, String> {
    seed(text).ok().filter(|seeds| *seeds > 0).ok_or_else(|| {
        format!("it is a number from 1 to {SEEDS_MAX}: without a seed nothing would be shown")
    })
}

/// Prints a line. Whoever read what was printed may have gone, as `head` does: then there is nobody
/// to go on for.
fn tell(line: fmt::Arguments<'_>) {
    if writeln!(io::stdout(), "{line}").is_err() {
        std::process::exit(1);
    }
}

/// Prints a line, as `println` does, and ends the program quietly when nobody reads any more.
macro_rules! say {
    ($($line:tt)*) => { $crate::command::tell(format_args!($($line)*)) };
}
use say;

/// The exit code of a command that found what it looked for, or did not.
const fn exit(good: bool) -> ExitCode {
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
