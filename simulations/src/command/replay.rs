//! `simulations replay`: one seed again.

use super::run::{nodes, nodes_of};
use super::{exit, say};
use simulations::cluster::{Mutant, Plan, run as live};
use std::process::ExitCode;

/// Which seed, and what of it.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The seed
    #[arg(long)]
    seed: u64,
    /// Nodes; 0 takes as many as `run` takes
    #[arg(long, default_value_t = 0, value_parser = nodes)]
    nodes: u64,
    /// Seconds, in the cluster's time, during which things break
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    seconds: u64,
    /// A bug to switch on
    #[arg(long)]
    mutant: Option<Mutant>,
    /// Print the trace on stderr
    #[arg(long)]
    trace: bool,
}

/// Lives through the seed; 1 when a promise was broken.
pub fn run(arguments: &Arguments) -> ExitCode {
    let Arguments { seed, seconds, mutant, trace: show, .. } = *arguments;
    let nodes = nodes_of(seed, arguments.nodes);
    let verdict = live(Plan { seed, nodes, seconds, mutant, show });
    say!("seed {seed}: trace {}, {} asked", verdict.hash, verdict.asked);
    verdict.violations.iter().for_each(|violation| say!("  {violation}"));
    exit(verdict.violations.is_empty())
}
