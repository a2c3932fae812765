//! The ledger's records, and the few ways in which acts may change them.

mod catalogue;
mod commitments;
mod deadlines;
mod places;
mod requests;
mod restore;

pub(crate) use deadlines::Due;
pub use requests::{Receipt, Stream};
pub(crate) use requests::{Requests, Seen};
pub use restore::{Meta, RestoreError, Restorer};

use crate::digest::{Digest, stamp};
use crate::event::{Event, Happening};
use crate::shelf::Shelf;
use crate::words::{
    Agenda, Author, Clues, Commitment, CommitmentId, Facility, FacilityId, Institution,
    InstitutionCode, Moment, PolicyVersion, Revision, Service,
};
use alloc::vec::Vec;
use imbl::{OrdMap, OrdSet};

/// Everything that is replicated. A clone costs nothing and never changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub moment: Moment,
    pub revision: Revision,
    pub incarnation: u64,
    pub journal: Journal,
    /// The revision at which institutions, facilities or services last changed.
    pub catalogue_revision: Revision,
    pub institutions: OrdMap<InstitutionCode, Institution>,
    /// Every code, current and former, and the facility it leads to.
    pub directory: OrdMap<Clues, FacilityId>,
    pub facilities: Shelf<Facility>,
    pub services: Shelf<Service, 1>,
    pub agendas: Shelf<Agenda, 1>,
    pub next_agenda: u32,
    pub commitments: Shelf<Commitment>,
    pub next_commitment: u64,
    /// Commitments that have ended and are still remembered, oldest first, by a running number.
    pub ended: Shelf<CommitmentId>,
    pub next_ended: u64,
    pub deadlines: OrdSet<(Moment, Due)>,
    pub requests: Requests,
}

/// Where the journal stands: its head is part of the replicated state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Journal {
    /// Events written since the beginning.
    pub events: u64,
    /// The hash that chains them all.
    pub head: [u8; 32],
}

/// One command being carried out.
pub(crate) struct Step<'a> {
    pub state: &'a mut State,
    pub events: &'a mut Vec<Event>,
    pub revision: Revision,
    pub moment: Moment,
    pub author: Option<Author>,
    pub policy: Option<PolicyVersion>,
}

impl Step<'_> {
    /// Records that something happened.
    pub fn happened(&mut self, facility: Option<FacilityId>, happening: Happening) {
        self.events.push(Event {
            revision: self.revision,
            moment: self.moment,
            facility,
            author: self.author,
            policy: self.policy,
            happening,
        });
    }
}

impl State {
    pub fn digest(&self) -> Digest {
        self.sum([
            self.facilities.digest(),
            self.services.digest(),
            self.agendas.digest(),
            self.commitments.digest(),
            self.ended.digest(),
            self.requests.digest(),
        ])
    }

    /// The digest computed afresh from every record.
    pub fn recomputed_digest(&self) -> Digest {
        self.sum([
            self.facilities.recomputed_digest(),
            self.services.recomputed_digest(),
            self.agendas.recomputed_digest(),
            self.commitments.recomputed_digest(),
            self.ended.recomputed_digest(),
            self.requests.recomputed_digest(),
        ])
    }

    fn sum(&self, tables: [Digest; 6]) -> Digest {
        let numbers = (
            (self.moment, self.revision, self.incarnation, self.journal),
            (self.catalogue_revision, self.next_agenda, self.next_commitment, self.next_ended),
        );
        let mut sum = Digest(stamp(0, &numbers));
        for (code, institution) in &self.institutions {
            sum = sum.plus(stamp(1, &(code, institution)));
        }
        for (number, table) in (2..).zip(tables) {
            sum = sum.plus(stamp(number, &table));
        }
        sum
    }
}
