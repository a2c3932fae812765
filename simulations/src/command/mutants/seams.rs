//! Bugs at the seams: switched on in this very program.

use super::super::run::nodes_of;
use super::{End, Row};
use simulations::cluster::{Mutant, Plan, run as live};
use std::time::Instant;

/// All of them, and within how many seeds each must be caught.
pub fn all() -> impl Iterator<Item = (Mutant, u64)> {
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
    all().any(|(mutant, _)| name(mutant) == called)
}

/// Switches a bug on, seed after seed, until it is seen.
pub fn look_for((mutant, within): (Mutant, u64)) -> Row {
    let began = Instant::now();
    let seen = (1..=within).find_map(|seed| {
        let nodes = nodes_of(seed, 0);
        let plan = Plan { seed, nodes, seconds: 20, mutant: Some(mutant), show: false };
        live(plan).violations.into_iter().next().map(|first| End::Caught(seed, first.to_string()))
    });
    Row {
        name: name(mutant),
        room: String::from("(seam)"),
        within,
        took: began.elapsed(),
        end: seen.unwrap_or_else(|| End::Missed(breaks(mutant))),
    }
}
