//! `simulations failover`: how long nobody is booked after a leader lost its power.

use super::{exit, say, seed, seeds};
use replica::Election;
use simulations::cluster::{Loss, lose_a_leader};
use std::process::ExitCode;
use std::time::Duration;

/// How many losses, and under which election times; without any, a table of them.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Leaders lost for each row of the table
    #[arg(long, default_value_t = 1_000, value_parser = seeds)]
    losses: u64,
    /// The first seed
    #[arg(long, default_value_t = 1, value_parser = seed)]
    from: u64,
    /// Heartbeat, shortest and longest wait before an election, in milliseconds; the longest is
    /// the lease as well
    #[arg(long, num_args = 3, value_names = ["HEARTBEAT", "SHORTEST", "LONGEST"],
          value_parser = clap::value_parser!(u64).range(10..=60_000))]
    election: Option<Vec<u64>>,
    /// How long a stalling sync takes, in milliseconds
    #[arg(long, default_value_t = 400, value_parser = clap::value_parser!(u64).range(0..=60_000))]
    stall: u64,
    /// Of a thousand syncs, how many stall in the rows with stalls
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(0..=1_000))]
    stalls: u32,
}

/// Heartbeat, shortest and longest wait, in milliseconds.
const CURVE: [[u64; 3]; 7] = [
    [30, 100, 150],
    [50, 150, 250],
    [50, 200, 400],
    [100, 300, 500],
    [100, 500, 1_000],
    [200, 600, 1_000],
    [250, 1_000, 2_000],
];

/// Prints the table; 1 when a loss was not healed.
pub fn run(arguments: &Arguments) -> ExitCode {
    let asked = arguments.election.as_ref().map(|times| vec![[times[0], times[1], times[2]]]);
    let rows = asked.unwrap_or_else(|| CURVE.to_vec());
    if rows
        .iter()
        .any(|[heartbeat, shortest, longest]| heartbeat >= shortest || shortest >= longest)
    {
        eprintln!(
            "--election: a heartbeat must be shorter than the shortest wait, and that shorter than \
             the longest, such as 100 300 400"
        );
        return ExitCode::from(2);
    }
    say!("heartbeat   election    stalls |    p50     p90     p99     max ms | needless an hour");
    let mut healed = true;
    for [heartbeat, shortest, longest] in rows {
        let election = Election {
            heartbeat: Duration::from_millis(heartbeat),
            wait_min: Duration::from_millis(shortest),
            wait_max: Duration::from_millis(longest),
        };
        for stalls in [0, arguments.stalls] {
            let heading = format!("{heartbeat:6} ms {shortest:5}..{longest:<5} {stalls:6} ‰ |");
            healed &= row(&heading, arguments, election, stalls);
        }
    }
    exit(healed)
}

fn row(heading: &str, arguments: &Arguments, election: Election, stalls: u32) -> bool {
    let stall = Duration::from_millis(arguments.stall);
    let mut gaps = Vec::new();
    let (mut needless, mut quiet) = (0, Duration::ZERO);
    for seed in arguments.from..arguments.from + arguments.losses {
        let lost = lose_a_leader(Loss { seed, election, stalls, stall });
        gaps.push(lost.gap);
        needless += lost.needless;
        quiet += lost.quiet;
    }
    let unhealed = gaps.iter().filter(|gap| gap.is_none()).count();
    let mut gaps: Vec<_> = gaps.into_iter().flatten().map(|gap| gap.as_millis()).collect();
    gaps.sort_unstable();
    let at = |percent: usize| match gaps.len() {
        0 => String::from("-"),
        count => gaps[(count * percent / 100).min(count - 1)].to_string(),
    };
    let hourly = needless as f64 * 3_600.0 / quiet.as_secs_f64();
    let (p50, p90, p99, max) = (at(50), at(90), at(99), at(100));
    say!("{heading} {p50:>6}  {p90:>6}  {p99:>6}  {max:>6}    | {hourly:.1}");
    if unhealed > 0 {
        say!("  {unhealed} were not healed in {:?}", simulations::cluster::PATIENCE);
    }
    unhealed == 0
}
