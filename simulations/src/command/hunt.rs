//! `simulations hunt`: how long a bug that was planted in this program stays unseen.

use super::mutants::planted::{Tier, planted};
use super::run::nodes_of;
use super::{exit, say};
use simulations::cluster::{Judge, Plan, run as live};
use simulations::tier_one;
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Which bug.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Its name in `simulations/mutants`, where it says who must find it, and within how many seeds
    name: String,
}

/// How long one run may take: a hundred times what it takes on a machine with nothing else to do.
const PATIENCE: Duration = Duration::from_secs(30);
/// Commands of each story that is told to the ledger.
const COMMANDS: u64 = 1_500;

/// Prints how many seeds it took and what was seen, or that nothing was; 1 when nothing was.
pub fn run(arguments: &Arguments) -> ExitCode {
    let bugs = match planted() {
        Ok(bugs) => bugs,
        Err(error) => {
            eprintln!("{error}");
            return exit(false);
        }
    };
    let names: Vec<_> = bugs.iter().map(|bug| bug.name.clone()).collect();
    let Some(bug) = bugs.into_iter().find(|bug| bug.name == arguments.name) else {
        let Arguments { name } = arguments;
        eprintln!("there is no bug {name} in the source; there are:\n  {}", names.join("\n  "));
        return exit(false);
    };
    let mut seeds = bug.from..bug.from + bug.within;
    let seen = match &bug.tier {
        Tier::Model => seeds.find_map(|seed| Some((seed, told(seed - 1)?))),
        Tier::Cluster(judges) => seeds.find_map(|seed| Some((seed, lived(seed, judges)?))),
    };
    match &seen {
        Some((seed, seen)) => {
            say!("{} {}", seed - bug.from + 1, seen.replace('\n', " "));
        }
        None => say!("nothing"),
    }
    exit(seen.is_some())
}

/// What differs from the model in the story of this seed.
fn told(seed: u64) -> Option<String> {
    let failure = tier_one::run(seed, COMMANDS, None).failure?;
    Some(format!("model: {}", failure.mismatch))
}

/// What one of these judges sees in the cluster of this seed. With a bug in it a run may stand
/// still for ever: then it is left alone, and the next seed may tell more.
fn lived(seed: u64, judges: &[Judge]) -> Option<String> {
    let plan = Plan { seed, nodes: nodes_of(seed, 0), seconds: 20, mutant: None, show: false };
    let (verdicts, verdict) = mpsc::channel();
    thread::spawn(move || drop(verdicts.send(live(plan))));
    let violations = verdict.recv_timeout(PATIENCE).ok()?.violations;
    let seen = violations.into_iter().find(|seen| judges.contains(&seen.judge));
    seen.map(|seen| seen.to_string())
}
