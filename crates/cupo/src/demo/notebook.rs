//! What an outside observer wrote down: every request sent, and every answer that came.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// A person in a request: 16 random bytes, another one for each request, so that a booking found
/// later names the request it came from.
pub type Person = [u8; 16];

/// What became of one request, as far as the observer was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Nothing yet.
    Nothing,
    /// The booking was acknowledged: its id and its place by number.
    Booked {
        /// The booking's id.
        id: u64,
        /// The place's number.
        place: u64,
    },
    /// It was refused: nothing may come of it.
    Refused,
    /// The booking was acknowledged and a cancellation was sent; whether it was acknowledged too.
    Cancelled {
        /// The booking's id.
        id: u64,
        /// Whether the cancellation was acknowledged; otherwise both are possible.
        surely: bool,
    },
}

/// The observer's notes.
#[derive(Debug, Default)]
pub struct Notebook(Mutex<BTreeMap<Person, Told>>);

impl Notebook {
    /// A request is about to be sent.
    pub fn asking(&self, person: Person) {
        self.note(person, Told::Nothing);
    }

    /// What was answered.
    pub fn told(&self, person: Person, told: Told) {
        self.note(person, told);
    }

    /// A copy of the notes.
    #[must_use]
    pub fn pages(&self) -> BTreeMap<Person, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, person: Person, told: Told) {
        // A map is whole after each insertion, so a panic elsewhere leaves it usable.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(person, told);
    }
}
