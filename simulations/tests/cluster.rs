//! Whole clusters: the same seed is the same run, seeds are clean, and every bug is caught.

use simulations::cluster::{Mutant, Plan, Verdict, run};

fn live(seed: u64, nodes: u64, seconds: u64, mutant: Option<Mutant>) -> Verdict {
    run(Plan { seed, nodes, seconds, mutant, show: false })
}

fn assert_clean(verdict: &Verdict, what: &str) {
    assert!(verdict.violations.is_empty(), "{what}: {:#?}", verdict.violations);
}

/// First of all: without this no other finding could be repeated.
#[test]
fn the_same_seed_is_the_same_run() {
    for (seed, nodes) in [(1, 3), (2, 5)] {
        let (one, other) = (live(seed, nodes, 20, None), live(seed, nodes, 20, None));
        println!("seed {seed}: trace {}", one.hash);
        assert_eq!(one.hash, other.hash, "seed {seed}");
        assert_ne!(one.hash, live(seed + 100, nodes, 20, None).hash);
        assert!(one.revisions > 100, "a run in which nothing happens proves nothing: {one:?}");
    }
}

#[test]
fn seeds_that_showed_something_name_where_and_what_and_are_clean() {
    let seeds = include_str!("../seeds.txt");
    for line in seeds.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.splitn(4, ' ');
        let mut word = || words.next().unwrap_or_default();
        let (commit, seed, nodes, found) = (word(), word(), word(), word());
        assert!(commit.len() == 7 && u32::from_str_radix(commit, 16).is_ok(), "{line}");
        assert!(found.ends_with('.') && found.split(' ').count() > 4, "{line}");
        let (Ok(seed), Ok(nodes @ (3 | 5))) = (seed.parse(), nodes.parse()) else {
            panic!("{line}");
        };
        assert_clean(&live(seed, nodes, 20, None), line);
    }
}

/// `CUPO_SEEDS=N` for a longer run, `CUPO_SEED=S` for where it begins.
#[test]
fn no_promise_is_broken() {
    let number = |name, usual| {
        std::env::var(name).ok().and_then(|given| given.parse().ok()).unwrap_or(usual)
    };
    let (first, count) = (number("CUPO_SEED", 1_000), number("CUPO_SEEDS", 20));
    for seed in first..first + count {
        let nodes = if seed % 4 == 0 { 5 } else { 3 };
        assert_clean(&live(seed, nodes, 20, None), &format!("seed {seed}"));
    }
}

#[test]
fn every_bug_is_caught() {
    for (mutant, within, judges) in Mutant::ALL {
        let sees = |seed: &u64| {
            let verdict = live(*seed, 3, 20, Some(mutant));
            verdict.violations.iter().any(|seen| judges.contains(&seen.judge))
        };
        let caught = (1..=within).find(sees);
        println!("{mutant:?}: caught by seed {caught:?} of {within}");
        assert!(caught.is_some(), "{mutant:?} was not caught in {within} seeds");
    }
}
