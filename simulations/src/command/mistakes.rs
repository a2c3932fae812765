//! `simulations mistakes`: the judge judged. Each wrong model, and the seed that found it out.

use super::{say, seeds};
use simulations::model::Mistake;
use simulations::tier_one;
use std::process::ExitCode;

/// How far each mistake is looked for.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Within how many seeds each must be found
    #[arg(long, default_value_t = 8, value_parser = seeds)]
    seeds: u64,
    /// Commands of each seed's story
    #[arg(long, default_value_t = 1_500)]
    commands: u64,
}

/// Prints a line for each mistake; 1 when one is not found.
pub fn run(arguments: &Arguments) -> ExitCode {
    let mut all_found = true;
    for mistake in Mistake::ALL {
        let failure = (0..arguments.seeds)
            .find_map(|seed| tier_one::run(seed, arguments.commands, Some(mistake)).failure);
        let name = format!("{mistake:?}");
        all_found &= failure.is_some();
        match failure {
            Some(failure) => say!("{name:<24} seed {}, {}", failure.seed, failure.mismatch),
            None => say!("{name:<24} not found within {} seeds", arguments.seeds),
        }
    }
    if all_found { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
