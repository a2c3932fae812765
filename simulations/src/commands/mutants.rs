//! The judges judged.

use super::run::usual_nodes;
use clap::Args;
use simulations::cluster::{Mutant, Plan, run};

/// The judges judged.
#[derive(Debug, Args)]
pub struct Mutants {
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    from: u64,
}

impl Mutants {
    /// True when every bug was caught within its seeds.
    pub fn carry_out(self) -> bool {
        let mut all = true;
        for (mutant, within) in Mutant::ALL {
            let caught = (0..within).find_map(|number| {
                let seed = self.from + number;
                let nodes = usual_nodes(seed);
                let plan = Plan { seed, nodes, seconds: 20, mutant: Some(mutant), show: false };
                let violations = run(plan).violations;
                violations.first().map(|first| (number + 1, first.clone()))
            });
            match caught {
                Some((seeds, first)) => {
                    println!("{mutant:?}: caught by seed {seeds} of {within}: {first}")
                }
                None => {
                    all = false;
                    println!("{mutant:?}: NOT CAUGHT in {within} seeds");
                }
            }
        }
        all
    }
}
