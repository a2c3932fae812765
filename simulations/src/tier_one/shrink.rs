//! Making a failing story short: whatever can be left out while something still differs is.

use super::retell;
use crate::generate::Entry;
use crate::model::Mistake;
use ledger::words::{Moment, RequestId};
use ledger::{Act, Command};

/// Stories told at most in each way of making one shorter, so that it ends soon.
const TELLINGS_MAX: usize = 2_000;

/// The story without the commands it can do without: what is left still shows a difference, be it
/// another one. A command is silenced first: a tick in its place keeps the revisions, by which
/// holders name what is theirs. Then the ticks go that can.
#[must_use]
pub fn shrink(story: &[Entry], mistake: Option<Mistake>) -> Vec<Entry> {
    let silenced = reduce(apart(story), Way::Silence, mistake);
    together(&reduce(silenced, Way::LeaveOut, mistake))
}

/// The commands of a story that do more than let time pass.
#[must_use]
pub fn telling(story: &[Entry]) -> usize {
    let commands = story.iter().flat_map(|entry| &entry.commands);
    commands.filter(|command| !is_silent(command)).count()
}

/// How commands are taken out of a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// A tick takes their place.
    Silence,
    /// Nothing does.
    LeaveOut,
}

/// A command with the entry it was in: those of one entry stay in one.
#[derive(Clone, Debug)]
struct Told {
    entry: usize,
    moment: Moment,
    command: Command,
}

fn reduce(mut told: Vec<Told>, way: Way, mistake: Option<Mistake>) -> Vec<Told> {
    let mut piece = told.len().div_ceil(2).max(1);
    let mut tellings = 0;
    loop {
        let (mut from, mut shorter) = (0, false);
        while from < told.len() && tellings < TELLINGS_MAX {
            let to = told.len().min(from + piece);
            let attempt = without(&told, from..to, way);
            let upto = attempt.and_then(|attempt| {
                tellings += 1;
                failing(&attempt, mistake).map(|upto| attempt[..upto].to_vec())
            });
            match upto {
                Some(left) => {
                    (told, shorter) = (left, true);
                    if way == Way::Silence {
                        from = to;
                    }
                }
                None => from = to,
            }
        }
        if piece == 1 && !shorter || tellings == TELLINGS_MAX {
            return told;
        }
        piece = (piece / 2).max(1);
    }
}

/// The story without these commands; `None` when that is the story as it is.
fn without(told: &[Told], range: std::ops::Range<usize>, way: Way) -> Option<Vec<Told>> {
    if way == Way::LeaveOut {
        return Some(told[..range.start].iter().chain(&told[range.end..]).cloned().collect());
    }
    if told[range.clone()].iter().all(|one| is_silent(&one.command)) {
        return None;
    }
    let mut silenced = told.to_vec();
    silenced[range].iter_mut().for_each(|one| one.command = Command::natural(Act::Tick));
    Some(silenced)
}

fn is_silent(command: &Command) -> bool {
    command.act == Act::Tick && command.request == RequestId::Natural
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
