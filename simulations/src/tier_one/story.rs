//! One story being told to ledger and model, and everything that is compared on the way.

use super::checkpoint::restored;
use super::compare;
use super::coverage::Coverage;
use crate::generate::{Entry, INCARNATION};
use crate::model::{Mistake, Model};
use ledger::{Applied, Event, Happening, Ledger};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Entries from one comparison of every record to the next.
const WHOLE_EVERY: u64 = 64;
/// Entries from one checkpoint to the next; from each the story goes on with the restored ledger.
const CHECKPOINT_EVERY: u64 = 256;

/// A difference between ledger and model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The entry at which it showed, from 0.
    pub entry: u64,
    /// What differs.
    pub what: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry {}: {}", self.entry, self.what)
    }
}

/// Tells one story to ledger and model, and compares.
#[derive(Debug)]
pub struct Judge {
    ledger: Ledger,
    model: Model,
    coverage: Coverage,
    entries: u64,
    commands: u64,
    events: Vec<Event>,
    live: i64,
}

impl Judge {
    /// A judge before the first entry.
    #[must_use]
    pub fn new(mistake: Option<Mistake>) -> Self {
        Self {
            ledger: Ledger::new(INCARNATION),
            model: Model::at_the_beginning(mistake),
            coverage: Coverage::default(),
            entries: 0,
            commands: 0,
            events: Vec::new(),
            live: 0,
        }
    }

    /// The model as it stands.
    #[must_use]
    pub const fn model(&self) -> &Model {
        &self.model
    }

    /// Commands carried out so far.
    #[must_use]
    pub const fn commands(&self) -> u64 {
        self.commands
    }

    /// What was reached so far.
    #[must_use]
    pub fn coverage(self) -> Coverage {
        self.coverage
    }

    /// Tells one entry to both and compares what they say: outcomes and free places always, every
    /// record now and then.
    ///
    /// # Errors
    /// The first difference.
    pub fn judge(&mut self, entry: &Entry) -> Result<(), Mismatch> {
        let at = self.entries;
        self.entries += 1;
        let judged = self.tell(entry).and_then(|()| {
            compare::free_places(&self.ledger, &self.model)?;
            if self.entries.is_multiple_of(WHOLE_EVERY) { self.look() } else { Ok(()) }
        });
        judged.map_err(|what| Mismatch { entry: at, what })
    }

    /// Compares every record at the end of a story.
    ///
    /// # Errors
    /// The first difference.
    pub fn last_look(&mut self) -> Result<(), Mismatch> {
        let at = self.entries;
        self.look().and_then(|()| self.restore()).map_err(|what| Mismatch { entry: at, what })
    }

    fn tell(&mut self, entry: &Entry) -> Result<(), String> {
        let first = self.model.revision.next();
        let expected = self.model.apply(entry.moment, &entry.commands);
        let (ledger, events) = (&mut self.ledger, &mut self.events);
        events.clear();
        let apply = || ledger.apply(entry.moment, &entry.commands, events);
        let found = catch_unwind(AssertUnwindSafe(apply)).map_err(|payload| {
            let text = payload.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
            format!("the ledger stopped: {}", text.unwrap_or("for a reason that is no text"))
        })?;
        for (at, (found, expected)) in found.iter().zip(&expected).enumerate() {
            if found != expected {
                return Err(answers_differ(at, found, expected));
            }
            let repeated = found.revision.0 < first.0 + at as u64;
            self.coverage.count(&entry.commands[at].act, &found.outcome, repeated);
        }
        self.commands += found.len() as u64;
        self.count_events()
    }

    /// Every grant and every end is told once.
    fn count_events(&mut self) -> Result<(), String> {
        for event in &self.events {
            match event.happening {
                Happening::Granted { .. } => self.live += 1,
                Happening::Ended { .. } => self.live -= 1,
                _ => {}
            }
        }
        if i64::try_from(self.ledger.live_count()) == Ok(self.live) {
            return Ok(());
        }
        Err(format!("events tell of {} live, not {}", self.live, self.ledger.live_count()))
    }

    fn look(&mut self) -> Result<(), String> {
        if let Some(violation) = self.ledger.violation() {
            return Err(format!("a promise is broken: {violation}"));
        }
        compare::whole(&self.ledger, &self.model)?;
        if self.entries.is_multiple_of(CHECKPOINT_EVERY) { self.restore() } else { Ok(()) }
    }

    fn restore(&mut self) -> Result<(), String> {
        let restored = restored(&self.ledger).map_err(|error| format!("a checkpoint: {error}"))?;
        if restored.digest() != self.ledger.digest() {
            return Err("a restored ledger has another digest".to_string());
        }
        self.ledger = restored;
        match self.ledger.violation() {
            Some(violation) => Err(format!("a promise is broken once restored: {violation}")),
            None => compare::whole(&self.ledger, &self.model),
        }
    }
}

fn answers_differ(at: usize, found: &Applied, expected: &Applied) -> String {
    format!(
        "command {at} of the entry: the ledger answers {:?} at {}, the model {:?} at {}",
        found.outcome, found.revision, expected.outcome, expected.revision
    )
}
