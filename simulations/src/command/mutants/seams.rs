//! Bugs at the seams: switched on in this very program.

use super::super::run::nodes_of;
use super::{End, Row};
use simulations::cluster::{Judge, Mutant, Plan, run as live};
use std::time::Instant;

/// All of them, within how many seeds each must be caught, and by whom.
pub fn all() -> impl Iterator<Item = (Mutant, u64, &'static [Judge])> {
    Mutant::ALL.into_iter()
}

/// How a bug is called, here and by `replay`.
pub fn name(mutant: Mutant) -> String {
    let value = clap::ValueEnum::to_possible_value(&mutant);
    value.map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// What a bug does.
fn breaks(mutant: Mutant) -> String {
    let value = clap::ValueEnum::to_possible_value(&mutant);
    value.and_then(|value| value.get_help().map(ToString::to_string)).unwrap_or_default()
}

/// Whether one of them is called this.
pub fn is_one(called: &str) -> bool {
    all().any(|(mutant, ..)| name(mutant) == called)
}

/// Switches a bug on, seed after seed, until one of its judges sees it.
pub fn look_for((mutant, within, judges): (Mutant, u64, &[Judge])) -> Row {
    let began = Instant::now();
    let seen = (1..=within).find_map(|seed| {
        let nodes = nodes_of(seed, 0);
        let plan = Plan { seed, nodes, seconds: 20, mutant: Some(mutant), show: false };
        let mut violations = live(plan).violations.into_iter();
        let seen = violations.find(|seen| judges.contains(&seen.judge));
        seen.map(|seen| End::Caught(seed, seen.to_string()))
    });
    Row {
        name: name(mutant),
        room: String::from("(seam)"),
        within,
        took: began.elapsed(),
        end: seen.unwrap_or_else(|| End::Missed(breaks(mutant))),
    }
}
