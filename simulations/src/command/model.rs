//! `simulations model`: the ledger against the model.

use super::{say, seed, seeds};
use ledger::{Act, Command};
use simulations::tier_one::{self, Coverage, Failure, retell, shrink, telling};
use std::process::ExitCode;
use std::time::Instant;

/// Commands of a failing story that are shown, from its end.
const SHOWN_MAX: usize = 12;
/// Columns of a command that is shown: enough for all but lists of places and services.
const COLUMNS_MAX: usize = 600;

/// How many stories, and how long.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// How many seeds
    #[arg(long, default_value_t = 100, value_parser = seeds)]
    seeds: u64,
    /// The first seed
    #[arg(long, default_value_t = 0, value_parser = seed)]
    seed: u64,
    /// Commands of each seed's story, at least
    #[arg(long, default_value_t = 2_000)]
    commands: u64,
    /// Whether what was never reached is no failure: a few seeds cannot reach everything
    #[arg(long)]
    partial: bool,
}

/// Tells the stories; 1 when ledger and model differ, or when an outcome was never reached.
pub fn run(arguments: &Arguments) -> ExitCode {
    let begun = Instant::now();
    let (mut commands, mut coverage) = (0, Coverage::default());
    for seed in arguments.seed..arguments.seed + arguments.seeds {
        let report = tier_one::run(seed, arguments.commands, None);
        commands += report.commands;
        coverage.add(&report.coverage);
        if let Some(failure) = report.failure {
            explain(&failure);
            return ExitCode::FAILURE;
        }
    }
    say!("{}", coverage.to_string().trim_end());
    let seconds = begun.elapsed().as_secs_f64();
    let (possible, reached) = coverage.summary();
    say!(
        "{} seeds, {commands} commands in {seconds:.1} s ({:.2} million a minute), \
         {reached} of {possible} outcomes reached, no difference",
        arguments.seeds,
        commands as f64 * 60.0 / seconds / 1e6,
    );
    judge_coverage(&coverage, arguments.partial)
}

fn judge_coverage(coverage: &Coverage, partial: bool) -> ExitCode {
    let (missing, unforeseen) = (coverage.missing(), coverage.unforeseen());
    for (act, outcome) in &unforeseen {
        eprintln!("reached, but nothing says that it can be: {act} {outcome}");
    }
    if !partial {
        for (act, outcome) in &missing {
            eprintln!("never reached: {act} {outcome}");
        }
    }
    if unforeseen.is_empty() && (partial || missing.is_empty()) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// What differs, what led to it, how to see it again, and the shortest story that shows one.
fn explain(failure: &Failure) {
    let Failure { seed, commands, mismatch, story } = failure;
    eprintln!("seed {seed}, {mismatch}");
    show("the last of the story", story);
    eprintln!(
        "again: cargo run -p simulations -- model --partial --seeds 1 --seed {seed} \
         --commands {commands}"
    );
    eprintln!("making it shorter …");
    // Each shorter story may stop the ledger again; once told is enough.
    std::panic::set_hook(Box::new(|_| {}));
    let shorter = shrink(story, None);
    if let Some(mismatch) = retell(&shorter, None) {
        eprintln!("{} commands are enough; {mismatch}", telling(&shorter));
    }
    show("of them the last", &shorter);
}

fn show(title: &str, story: &[simulations::generate::Entry]) {
    eprintln!("{title}:");
    let commands: Vec<_> = story
        .iter()
        .flat_map(|entry| entry.commands.iter().map(|command| (entry.moment, command)))
        .filter(|(_, command)| **command != Command::natural(Act::Tick))
        .collect();
    for (moment, command) in commands.iter().skip(commands.len().saturating_sub(SHOWN_MAX)) {
        let line: String = format!("{command:?}").chars().take(COLUMNS_MAX).collect();
        eprintln!("  {moment} {line}");
    }
}
