//! `simulations mutants`: the judges judged, by every bug there is.
//!
//! Some bugs sit at the seams, in disk, network and clients, and are switched on ([`seams`]). The
//! others are in the product itself, which has no switch for them: each is a text that replaces
//! another in a copy of the source ([`planted`]), and the copy is built and run ([`workshop`]).

pub mod planted;
mod seams;
mod workshop;

use super::{exit, say};
use planted::{Planted, planted};
use std::fmt;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Which bugs.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The bugs' names; all without one
    names: Vec<String>,
    /// Only those of one kind
    #[arg(long)]
    only: Option<Kind>,
}

/// Where bugs are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// At the seams: disk, network, clients
    Seams,
    /// In the source of the product
    Source,
}

/// What became of one bug.
struct Row {
    name: String,
    /// The room it is in, or the seam.
    room: String,
    /// Within how many seeds it must be caught.
    within: u64,
    took: Duration,
    end: End,
}

/// How the search for a bug ended.
enum End {
    /// So many seeds it took, and this was seen.
    Caught(u64, String),
    /// Nobody saw it, although it breaks this.
    Missed(String),
    /// It could not be looked for.
    Broken(String),
}

/// Columns of what was seen that are shown: enough to know which promise was broken.
const COLUMNS_MAX: usize = 160;

/// A line for each bug; 1 when one was not caught within its seeds.
pub fn run(arguments: &Arguments) -> ExitCode {
    let Arguments { names, only } = arguments;
    let wanted = |name: &str| names.is_empty() || names.iter().any(|named| named == name);
    let bugs = match planted() {
        Ok(bugs) => bugs,
        Err(error) => return fail(&error),
    };
    let unknown =
        names.iter().find(|name| !bugs.iter().any(|b| b.name == **name) && !seams::is_one(name));
    if let Some(unknown) = unknown {
        return fail(&strange(unknown, &bugs));
    }
    let mut sum = Sum { began: Instant::now(), bugs: 0, missed: 0 };
    if *only != Some(Kind::Source) {
        seams::all().filter(|(mutant, ..)| wanted(&seams::name(*mutant))).for_each(|seam| {
            sum.add(&seams::look_for(seam));
        });
    }
    let bugs: Vec<Planted> = bugs.into_iter().filter(|bug| wanted(&bug.name)).collect();
    if *only != Some(Kind::Seams)
        && !bugs.is_empty()
        && let Err(error) = workshop::look_for(&bugs, |row| sum.add(&row))
    {
        return fail(&error);
    }
    let Sum { began, bugs, missed } = sum;
    say!("{bugs} bugs, {missed} not caught, {:.0} s", began.elapsed().as_secs_f64());
    exit(missed == 0)
}

struct Sum {
    began: Instant,
    bugs: u64,
    missed: u64,
}

impl Sum {
    fn add(&mut self, row: &Row) {
        say!("{row}");
        self.bugs += 1;
        self.missed += u64::from(!matches!(row.end, End::Caught(..)));
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, room, within, took, end } = self;
        write!(f, "{name:<44} {room:<8} {:>5.1} s  ", took.as_secs_f64())?;
        match end {
            End::Caught(seeds, by) => {
                let by: String = by.chars().take(COLUMNS_MAX).collect();
                write!(f, "seed {seeds} of {within}  {by}")
            }
            End::Missed(breaks) => write!(f, "NOT CAUGHT in {within} seeds: {breaks}"),
            End::Broken(why) => write!(f, "NOT LOOKED FOR: {why}"),
        }
    }
}

/// That there is no bug of this name, and which there are.
fn strange(name: &str, bugs: &[Planted]) -> String {
    let mut names: Vec<String> = seams::all().map(|(mutant, ..)| seams::name(mutant)).collect();
    names.extend(bugs.iter().map(|bug| bug.name.clone()));
    names.sort_unstable();
    format!("there is no bug {name}; there are:\n  {}", names.join("\n  "))
}

fn fail(error: &str) -> ExitCode {
    eprintln!("{error}");
    ExitCode::FAILURE
}
