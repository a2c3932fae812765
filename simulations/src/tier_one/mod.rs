//! Tier one: the ledger against the model, command by command, from a seed.
//!
//! Enter at [`run`].

mod checkpoint;
mod compare;
mod coverage;
mod possible;
mod shrink;
mod story;

pub use coverage::{Coverage, Ending, Name};
pub use shrink::{shrink, telling};
pub use story::{Judge, Mismatch};

use crate::generate::{Entry, Generator};
use crate::model::{Mistake, Model};

/// What one seed's story came to.
#[derive(Clone, Debug)]
pub struct Report {
    /// Commands carried out.
    pub commands: u64,
    /// What they reached.
    pub coverage: Coverage,
    /// The first difference, with the story that led to it.
    pub failure: Option<Failure>,
}

/// A difference between ledger and model, and what led to it.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The seed.
    pub seed: u64,
    /// How many commands the run asked for.
    pub commands: u64,
    /// What differs, and where.
    pub mismatch: Mismatch,
    /// All entries up to it.
    pub story: Vec<Entry>,
}

/// Tells the story of a seed, this many commands long and its crowd, to ledger and model alike. A
/// mistake makes the model wrong, to judge the judge.
#[must_use]
pub fn run(seed: u64, commands: u64, mistake: Option<Mistake>) -> Report {
    let mut generator = Generator::new(seed);
    let mut judge = Judge::new(mistake);
    let mut story = Vec::new();
    while judge.commands() < commands + generator.crowd_commands() {
        let entry = generator.entry(judge.model());
        let judged = judge.judge(&entry);
        story.push(entry);
        if let Err(mismatch) = judged {
            let failure = Some(Failure { seed, commands, mismatch, story });
            return Report { commands: judge.commands(), coverage: judge.coverage(), failure };
        }
    }
    let failure = judge.last_look().err();
    let failure = failure.map(|mismatch| Failure { seed, commands, mismatch, story });
    Report { commands: judge.commands(), coverage: judge.coverage(), failure }
}

/// Where the same story goes wrong when it is told again, if it does.
#[must_use]
pub fn retell(story: &[Entry], mistake: Option<Mistake>) -> Option<Mismatch> {
    let mut judge = Judge::new(mistake);
    let told = story.iter().find_map(|entry| judge.judge(entry).err());
    told.or_else(|| judge.last_look().err())
}

impl Model {
    /// The model with which every story begins.
    #[must_use]
    pub fn at_the_beginning(mistake: Option<Mistake>) -> Self {
        Self::new(crate::generate::INCARNATION, mistake)
    }
}
