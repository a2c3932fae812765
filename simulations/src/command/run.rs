//! `simulations run`: whole clusters, seed after seed.

use super::{exit, seed, seeds};
use simulations::cluster::{Plan, Verdict, run as live};
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Instant;

/// Violations shown of one seed.
const SHOWN_MAX: usize = 5;

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
    faults: BTreeMap<String, u64>,
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

/// Lives through the seeds; 1 when a promise was broken.
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
    let Sum { asked, revisions, seconds, broken, faults } = sum;
    println!(
        "{} seeds, {broken} broken; {asked} asked, {revisions} agreed, {seconds} s of their time \
         in {took:.1} s: {pace:.0} seeds a minute",
        arguments.seeds
    );
    let faults: Vec<_> = faults.iter().map(|(fault, count)| format!("{fault} {count}")).collect();
    println!("faults: {}", faults.join(", "));
    exit(broken == 0)
}

/// What broke, and how to see it again.
fn explain(plan: &Plan, verdict: &Verdict) {
    let Plan { seed, nodes, seconds, .. } = plan;
    if verdict.violations.is_empty() {
        return;
    }
    println!("seed {seed} ({}):", verdict.hash);
    verdict.violations.iter().take(SHOWN_MAX).for_each(|violation| println!("  {violation}"));
    println!(
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
        let faults = verdict.faults.iter().map(|(fault, count)| (format!("{fault:?}"), *count));
        let messages = [("MessageLost", verdict.messages.lost), ("Twice", verdict.messages.twice)];
        let messages = messages.into_iter().map(|(name, count)| (name.to_owned(), count));
        for (fault, count) in faults.chain(messages) {
            *self.faults.entry(fault).or_default() += count;
        }
    }
}
