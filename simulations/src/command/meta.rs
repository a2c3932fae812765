//! `simulations meta`: the same seeds twice.

use super::run::nodes_of;
use super::{exit, say, seed, seeds};
use simulations::cluster::{Plan, run as live};
use std::process::ExitCode;

/// Which seeds.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// How many seeds
    #[arg(long, default_value_t = 10, value_parser = seeds)]
    seeds: u64,
    /// The first seed
    #[arg(long, default_value_t = 1, value_parser = seed)]
    from: u64,
}

/// Lives through each seed twice; 1 when one of them had two traces.
pub fn run(arguments: &Arguments) -> ExitCode {
    let mut same = true;
    for seed in arguments.from..arguments.from + arguments.seeds {
        let nodes = nodes_of(seed, 0);
        let once = || live(Plan { seed, nodes, seconds: 20, mutant: None, show: false }).hash;
        let (one, other) = (once(), once());
        same &= one == other;
        say!("seed {seed}: {one} {}", if one == other { "twice" } else { other.as_str() });
    }
    exit(same)
}
