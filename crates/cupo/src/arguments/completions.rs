//! `cupo completions`.

use crate::messages::{Help, say};
use clap::Args;
use clap_complete::Shell;

/// A shell's completions.
#[derive(Clone, Copy, Debug, Args)]
pub struct Completions {
    /// Which shell.
    #[arg(value_enum, help = say(Help::Shell), hide_possible_values = true,
        value_name = "bash|zsh|fish|powershell|elvish")]
    pub shell: Shell,
}
