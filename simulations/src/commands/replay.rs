//! One seed.

use super::run::usual_nodes;
use clap::Args;
use simulations::cluster::{Mutant, Plan, run};

/// One seed.
#[derive(Debug, Args)]
pub struct Replay {
    /// Which.
    #[arg(long)]
    seed: u64,
    /// Nodes; 0 takes those that `run` takes.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=7))]
    nodes: u64,
    /// Seconds, in the cluster's time, during which things break.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    seconds: u64,
    /// A bug to switch on.
    #[arg(long)]
    mutant: Option<Mutant>,
    /// Print the trace on stderr.
    #[arg(long)]
    trace: bool,
}

impl Replay {
    /// True when no promise was broken.
    pub fn carry_out(self) -> bool {
        let Self { seed, seconds, mutant, trace: show, .. } = self;
        let nodes = if self.nodes == 0 { usual_nodes(seed) } else { self.nodes };
        let verdict = run(Plan { seed, nodes, seconds, mutant, show });
        println!("seed {seed}: trace {}, {} asked", verdict.hash, verdict.asked);
        verdict.violations.iter().for_each(|violation| println!("  {violation}"));
        verdict.violations.is_empty()
    }
}
