//! Many seeds.

use clap::Args;
use simulations::cluster::{Plan, run};
use std::collections::BTreeMap;
use std::time::Instant;

/// Many seeds.
#[derive(Debug, Args)]
pub struct Run {
    /// How many.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    seeds: u64,
    /// The first.
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// Nodes of each cluster; 0 takes three and five in turn.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=7))]
    nodes: u64,
    /// Seconds, in the cluster's time, during which things break.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    seconds: u64,
}

/// The nodes of a seed's cluster when nothing else is asked for.
pub const fn usual_nodes(seed: u64) -> u64 {
    if seed % 4 == 0 { 5 } else { 3 }
}

impl Run {
    /// True when no promise was broken.
    pub fn carry_out(self) -> bool {
        let began = Instant::now();
        let (mut asked, mut revisions, mut seconds, mut broken) = (0, 0, 0, 0);
        let mut faults: BTreeMap<String, u64> = BTreeMap::new();
        for seed in self.from..self.from.saturating_add(self.seeds) {
            let nodes = if self.nodes == 0 { usual_nodes(seed) } else { self.nodes };
            let plan = Plan { seed, nodes, seconds: self.seconds, mutant: None, show: false };
            let verdict = run(plan);
            asked += verdict.asked;
            revisions += verdict.revisions;
            seconds += verdict.seconds;
            for (fault, count) in &verdict.faults {
                *faults.entry(format!("{fault:?}")).or_default() += count;
            }
            *faults.entry(String::from("message lost")).or_default() += verdict.messages.lost;
            *faults.entry(String::from("message twice")).or_default() += verdict.messages.twice;
            if !verdict.violations.is_empty() {
                broken += 1;
                println!("seed {seed} ({}):", verdict.hash);
                verdict.violations.iter().take(5).for_each(|violation| println!("  {violation}"));
                let (length, seconds) = (verdict.violations.len(), self.seconds);
                println!("  {length} in all; repeat: cargo run -p simulations -- replay \\");
                println!("    --seed {seed} --nodes {nodes} --seconds {seconds}");
            }
        }
        let took = began.elapsed().as_secs_f64();
        let pace = 60.0 * self.seeds as f64 / took;
        println!(
            "{} seeds, {broken} broken; {asked} asked, {revisions} agreed, {seconds} s of their time \
             in {took:.1} s: {pace:.0} seeds a minute",
            self.seeds
        );
        let faults: Vec<_> =
            faults.iter().map(|(fault, count)| format!("{fault} {count}")).collect();
        println!("faults: {}", faults.join(", "));
        broken == 0
    }
}
