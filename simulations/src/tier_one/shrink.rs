//! Making a failing story short: whatever can be left out while something still differs is.

use super::retell;
use crate::generate::Entry;
use crate::model::Mistake;

/// Stories told at most while one is made shorter, so that it ends soon.
const TELLINGS_MAX: usize = 2_000;

/// The story without the commands it can do without: what is left still shows a difference, be it
/// another one.
#[must_use]
pub fn shrink(story: &[Entry], mistake: Option<Mistake>) -> Vec<Entry> {
    let mut commands = apart(story);
    let mut tellings = 0;
    let mut piece = commands.len().div_ceil(2);
    while piece > 0 && tellings < TELLINGS_MAX {
        let mut from = 0;
        let before = commands.len();
        while from < commands.len() && tellings < TELLINGS_MAX {
            let to = commands.len().min(from + piece);
            let left: Vec<_> = commands[..from].iter().chain(&commands[to..]).cloned().collect();
            tellings += 1;
            match failing(&left, mistake) {
                Some(upto) => commands = left[..upto].to_vec(),
                None => from = to,
            }
        }
        let again = piece == 1 && commands.len() < before;
        piece = if again { 1 } else { piece / 2 };
    }
    together(&commands)
}

/// A command with the entry it was in: those of one entry stay in one.
#[derive(Clone, Debug)]
struct Told {
    entry: usize,
    moment: ledger::words::Moment,
    command: ledger::Command,
}

fn apart(story: &[Entry]) -> Vec<Told> {
    let entries = story.iter().enumerate();
    let told = entries.flat_map(|(number, entry)| {
        let commands = entry.commands.iter().cloned();
        commands.map(move |command| Told { entry: number, moment: entry.moment, command })
    });
    told.collect()
}

fn together(told: &[Told]) -> Vec<Entry> {
    let entries = told.chunk_by(|one, next| one.entry == next.entry);
    let entry = |told: &[Told]| Entry {
        moment: told[0].moment,
        commands: told.iter().map(|one| one.command.clone()).collect(),
    };
    entries.map(entry).collect()
}

/// How many commands it takes until something differs, if it does.
fn failing(told: &[Told], mistake: Option<Mistake>) -> Option<usize> {
    let story = together(told);
    let mismatch = retell(&story, mistake)?;
    let entries = usize::try_from(mismatch.entry + 1).unwrap_or(usize::MAX);
    Some(story.iter().take(entries).map(|entry| entry.commands.len()).sum())
}
