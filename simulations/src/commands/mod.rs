//! The commands, one file each.

mod meta;
mod mutants;
mod replay;
mod run;

use clap::Parser;
use std::process::ExitCode;

/// Runs whole clusters through crashes, partitions, torn disks and wrong clocks, from a seed.
#[derive(Debug, Parser)]
#[command(name = "simulations")]
pub enum Command {
    /// Many seeds; what breaks a promise is told with the command that repeats it.
    Run(run::Run),
    /// One seed, with its trace.
    Replay(replay::Replay),
    /// The same seeds twice: their traces must be equal, bit for bit.
    Meta(meta::Meta),
    /// Every bug that can be switched on: each must be caught.
    Mutants(mutants::Mutants),
}

impl Command {
    /// Carries it out.
    pub fn carry_out(self) -> ExitCode {
        let good = match self {
            Self::Run(run) => run.carry_out(),
            Self::Replay(replay) => replay.carry_out(),
            Self::Meta(meta) => meta.carry_out(),
            Self::Mutants(mutants) => mutants.carry_out(),
        };
        if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
