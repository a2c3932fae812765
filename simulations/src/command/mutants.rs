//! `simulations mutants`: the judges judged.

use super::exit;
use super::run::nodes_of;
use simulations::cluster::{Mutant, Plan, run as live};
use std::process::ExitCode;

/// Where to begin.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The first seed
    #[arg(long, default_value_t = 1)]
    from: u64,
}

/// Switches on one bug after the other; 1 when one was not caught within its seeds.
pub fn run(arguments: &Arguments) -> ExitCode {
    let mut all = true;
    for (mutant, within) in Mutant::ALL {
        let caught = catch(mutant, arguments.from, within);
        all &= caught.is_some();
        match caught {
            Some((seeds, by)) => println!("{mutant:?}: caught by seed {seeds} of {within}: {by}"),
            None => println!("{mutant:?}: NOT CAUGHT in {within} seeds"),
        }
    }
    exit(all)
}

/// How many seeds it took, and by what it was seen.
fn catch(mutant: Mutant, from: u64, within: u64) -> Option<(u64, String)> {
    (0..within).find_map(|number| {
        let seed = from + number;
        let nodes = nodes_of(seed, 0);
        let plan = Plan { seed, nodes, seconds: 20, mutant: Some(mutant), show: false };
        live(plan).violations.into_iter().next().map(|first| (number + 1, first))
    })
}
