//! `cupo completions`.

use super::Failure;
use crate::arguments::{Arguments, Completions, translated};
use crate::exit::Exit;
use clap::CommandFactory;
use std::io::{self, Write};

/// Writes a shell's completions.
///
/// # Errors
/// stdout's.
pub fn run(wanted: Completions) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    let mut grammar = translated(Arguments::command());
    clap_complete::generate(wanted.shell, &mut grammar, "cupo", &mut script);
    io::stdout().write_all(&script)?;
    Ok(Exit::Done)
}
