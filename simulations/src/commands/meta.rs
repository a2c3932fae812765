//! The same seeds twice.

use super::run::usual_nodes;
use clap::Args;
use simulations::cluster::{Plan, run};

/// The same seeds twice.
#[derive(Debug, Args)]
pub struct Meta {
    /// How many.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    seeds: u64,
    /// The first.
    #[arg(long, default_value_t = 1)]
    from: u64,
}

impl Meta {
    /// True when every seed gave one trace.
    pub fn carry_out(self) -> bool {
        let mut same = true;
        for seed in self.from..self.from.saturating_add(self.seeds) {
            let nodes = usual_nodes(seed);
            let once = || run(Plan { seed, nodes, seconds: 20, mutant: None, show: false }).hash;
            let (one, other) = (once(), once());
            same &= one == other;
            println!("seed {seed}: {one} {}", if one == other { "twice" } else { other.as_str() });
        }
        same
    }
}
