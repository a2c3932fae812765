//! `simulations run`: whole clusters, seed after seed.

use super::{exit, say, seed, seeds};
use simulations::cluster::{Deed, Fault, Plan, Struck, Verdict, run as live};
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Instant;

/// Violations shown of one seed.
const SHOWN_MAX: usize = 5;
/// From so many seeds on everything must have happened that can: what never does is not judged.
const EVERYTHING: u64 = 100;

/// How many seeds, and of what.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// How many seeds
    #[arg(long, default_value_t = 100, value_parser = seeds)]
    seeds: u64,
    /// The first seed
    #[arg(long, default_value_t = 1, value_parser = seed)]
    from: u64,
    /// Nodes of each cluster; 0 takes three, and five for every fourth seed
    #[arg(long, default_value_t = 0, value_parser = nodes)]
    nodes: u64,
    /// Seconds, in the cluster's time, during which things break
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    seconds: u64,
}

/// What all seeds showed together.
#[derive(Default)]
struct Sum {
    asked: usize,
    revisions: u64,
    seconds: u64,
    broken: u64,
    faults: BTreeMap<Fault, Struck>,
    deeds: BTreeMap<Deed, u64>,
}

/// Nodes that `--nodes` may name. Below three no machine may be lost, and losing some is the point.
pub fn nodes(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(nodes @ (0 | 3..=7)) => Ok(nodes),
        _ => Err(String::from("it is 3 to 7, or 0 for the usual number")),
    }
}

/// The nodes of a seed's cluster: as many as asked for, or for 0 the usual number.
pub const fn nodes_of(seed: u64, asked: u64) -> u64 {
    match (asked, seed % 4) {
        (0, 0) => 5,
        (0, _) => 3,
        _ => asked,
    }
}

/// Lives through the seeds; 1 when a promise was broken, or when of many seeds none showed
/// something that must happen.
pub fn run(arguments: &Arguments) -> ExitCode {
    let began = Instant::now();
    let mut sum = Sum::default();
    for seed in arguments.from..arguments.from + arguments.seeds {
        let nodes = nodes_of(seed, arguments.nodes);
        let plan = Plan { seed, nodes, seconds: arguments.seconds, mutant: None, show: false };
        let verdict = live(plan);
        sum.add(&verdict);
        explain(&plan, &verdict);
    }
    let took = began.elapsed().as_secs_f64();
    let pace = 60.0 * arguments.seeds as f64 / took;
    let Sum { asked, revisions, seconds, broken, .. } = sum;
    say!(
        "{} seeds, {broken} broken; {asked} asked, {revisions} agreed, {seconds} s of their time \
         in {took:.1} s: {pace:.0} seeds a minute",
        arguments.seeds
    );
    sum.show();
    let missing = if arguments.seeds < EVERYTHING { Vec::new() } else { sum.missing() };
    missing.iter().for_each(|what| say!("never happened: {what}"));
    exit(broken == 0 && missing.is_empty())
}

/// What broke, and how to see it again.
fn explain(plan: &Plan, verdict: &Verdict) {
    let Plan { seed, nodes, seconds, .. } = plan;
    if verdict.violations.is_empty() {
        return;
    }
    say!("seed {seed} ({}):", verdict.hash);
    verdict.violations.iter().take(SHOWN_MAX).for_each(|violation| say!("  {violation}"));
    say!(
        "  {} in all; repeat: cargo run -p simulations -- replay --seed {seed} --nodes {nodes} \
         --seconds {seconds}",
        verdict.violations.len()
    );
}

impl Sum {
    fn add(&mut self, verdict: &Verdict) {
        self.asked += verdict.asked;
        self.revisions += verdict.revisions;
        self.seconds += verdict.seconds;
        self.broken += u64::from(!verdict.violations.is_empty());
        for (fault, struck) in &verdict.faults {
            let sum = self.faults.entry(*fault).or_default();
            sum.planned += struck.planned;
            sum.met += struck.met;
        }
        for (deed, count) in &verdict.deeds {
            *self.deeds.entry(*deed).or_default() += count;
        }
    }

    /// What happened, and how often.
    fn show(&self) {
        for (deed, count) in &self.deeds {
            say!("{deed:<32} {count:>9}");
        }
        say!("{:<32} {:>9} {:>9}", "fault", "planned", "met");
        for (fault, Struck { planned, met }) in &self.faults {
            say!("{:<32} {planned:>9} {met:>9}", format!("{fault:?}").to_lowercase());
        }
    }

    /// What must happen in many seeds, and did not.
    fn missing(&self) -> Vec<String> {
        let deeds = Deed::expected().into_iter().filter(|deed| !self.deeds.contains_key(deed));
        let met = |fault: &Fault| self.faults.get(fault).is_some_and(|struck| struck.met > 0);
        let faults = Fault::all().filter(|fault| !met(fault));
        let faults = faults.map(|fault| format!("a fault that met something: {fault:?}"));
        deeds.map(|deed| deed.to_string()).chain(faults).collect()
    }
}
