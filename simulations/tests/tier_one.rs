//! Tier one in short: a slice of the stories, everything reached; and the judge judged.

use simulations::generate::KINDS;
use simulations::model::Mistake;
use simulations::tier_one::{Coverage, retell, run, shrink, telling};

/// Seeds of the slice: each kind of crowd three times.
const SEEDS: u64 = 3 * KINDS;
/// Commands of each seed's story.
const COMMANDS: u64 = 2_500;

/// Seeds within which every mistake is found.
const SEEDS_TO_FIND: u64 = 8;
/// Commands of a story that is told to a wrong model.
const COMMANDS_TO_FIND: u64 = 1_500;

#[test]
fn the_ledger_is_as_the_model_says_and_everything_is_reached() {
    let mut coverage = Coverage::default();
    for seed in 0..SEEDS {
        let report = run(seed, COMMANDS, None);
        assert!(report.failure.is_none(), "seed {seed}: {}", told(report.failure));
        coverage.add(&report.coverage);
    }
    assert!(coverage.missing().is_empty(), "never reached: {:?}", coverage.missing());
    assert!(coverage.unforeseen().is_empty(), "not foreseen: {:?}", coverage.unforeseen());
}

#[test]
fn every_mistake_is_found() {
    for mistake in Mistake::ALL {
        let found = (0..SEEDS_TO_FIND)
            .find(|seed| run(*seed, COMMANDS_TO_FIND, Some(mistake)).failure.is_some());
        println!("{mistake:?}: seed {found:?}");
        assert!(found.is_some(), "{mistake:?} is not found within {SEEDS_TO_FIND} seeds");
    }
}

#[test]
fn the_same_seed_tells_the_same_story() {
    let mistake = Some(Mistake::FencingStays);
    let [one, other] = [(); 2].map(|()| run(3, COMMANDS_TO_FIND, mistake).failure);
    let (one, other) = (one.expect("it is found"), other.expect("it is found"));
    assert_eq!(one.mismatch, other.mismatch);
    assert_eq!(format!("{:?}", one.story), format!("{:?}", other.story));
}

#[test]
fn a_failing_story_is_made_short_and_still_fails() {
    let mistake = Some(Mistake::FencingStays);
    let failure = run(0, COMMANDS_TO_FIND, mistake).failure.expect("it is found");
    let shorter = shrink(&failure.story, mistake);
    assert!(retell(&shorter, mistake).is_some());
    assert!(retell(&shorter, None).is_none(), "the ledger is not at fault");
    // What numbers the records that the last commands name must stay.
    let (told, before) = (telling(&shorter), telling(&failure.story));
    assert!(told * 2 <= before, "{told} of {before}");
}

fn told(failure: Option<simulations::tier_one::Failure>) -> String {
    failure.map_or_else(String::new, |failure| failure.mismatch.to_string())
}
