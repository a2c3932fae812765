//! Building a ledger from the records of a checkpoint.

use super::{Due, Journal, Receipt, Requests, State};
use crate::digest::Digest;
use crate::words::{
    Agenda, AgendaId, Clues, Commitment, CommitmentId, Facility, FacilityId, Institution,
    InstitutionCode, Moment, Place, Revision, Service, Status,
};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

/// The numbers of a checkpoint that belong to no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meta {
    /// The moment of the last entry.
    pub moment: Moment,
    /// The revision of the last command.
    pub revision: Revision,
    /// The cluster's incarnation.
    pub incarnation: u64,
    /// Where the journal stood.
    pub journal: Journal,
    /// When the catalogue last changed.
    pub catalogue_revision: Revision,
    /// The next agenda's number.
    pub next_agenda: u32,
    /// The next commitment's number.
    pub next_commitment: u64,
    /// The number of the next ended commitment in the order of ending.
    pub next_ended: u64,
    /// Unique requests made before this many milliseconds since 1970 are refused.
    pub request_floor_millis: u64,
    /// Streams made before this many milliseconds since 1970 are refused.
    pub stream_floor_millis: u64,
    /// The digest of the whole.
    pub digest: Digest,
}

/// Why the records make no ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestoreError {
    /// A record came twice, or one that it belongs to did not come before it.
    Misplaced {
        /// The table it belongs to.
        table: &'static str,
        /// Its number.
        number: u64,
    },
    /// The records' digest is not the checkpoint's.
    DigestDiffers {
        /// The checkpoint's.
        expected: Digest,
        /// The records'.
        found: Digest,
    },
}

impl fmt::Display for RestoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Misplaced { table, number } => {
                write!(f, "record {number} of {table} comes twice or belongs to nothing")
            }
            Self::DigestDiffers { expected, found } => {
                write!(f, "the records' digest is {:x}, not {:x}", found.0, expected.0)
            }
        }
    }
}

impl core::error::Error for RestoreError {}

/// Takes a checkpoint's records, table by table in the order of its methods, and rebuilds what is
/// derived from them.
#[derive(Debug)]
pub struct Restorer {
    state: State,
    expected: Digest,
}

impl Restorer {
    /// Begins with a checkpoint's numbers.
    #[must_use]
    pub fn new(meta: &Meta) -> Self {
        let state = State {
            moment: meta.moment,
            revision: meta.revision,
            incarnation: meta.incarnation,
            journal: meta.journal,
            catalogue_revision: meta.catalogue_revision,
            next_agenda: meta.next_agenda,
            next_commitment: meta.next_commitment,
            next_ended: meta.next_ended,
            requests: Requests::restored(meta.request_floor_millis, meta.stream_floor_millis),
            ..State::default()
        };
        Self { state, expected: meta.digest }
    }

    /// An institution.
    pub fn institution(&mut self, code: InstitutionCode, institution: Institution) {
        self.state.institutions.insert(code, institution);
    }

    /// A facility; its codes enter the directory.
    ///
    /// # Errors
    /// When its number came before.
    pub fn facility(&mut self, id: FacilityId, facility: Facility) -> Result<(), RestoreError> {
        let number = u64::from(id.0);
        fresh("facilities", number, self.state.facilities.get(number).is_none())?;
        let former: Vec<Clues> = facility.aliases.iter().map(|alias| alias.clues).collect();
        for clues in former.into_iter().chain([facility.clues]) {
            // A merged facility keeps its own code as its name, but the code leads to the other.
            if facility.status != crate::words::FacilityStatus::Merged {
                self.state.directory.insert(clues, id);
            }
        }
        self.state.facilities.insert(number, facility);
        Ok(())
    }

    /// A service, without what is derived.
    ///
    /// # Errors
    /// When its number came before.
    pub fn service(
        &mut self,
        id: crate::words::ServiceId,
        mut service: Service,
    ) -> Result<(), RestoreError> {
        let number = u64::from(id.0);
        fresh("services", number, self.state.services.get(number).is_none())?;
        service.agendas.0 = Arc::new(BTreeSet::new());
        if let Some(ward) = &mut service.ward {
            ward.live.0 = Arc::new(BTreeMap::new());
            ward.unaccounted.0 = 0;
        }
        self.state.services.insert(number, service);
        Ok(())
    }

    /// An agenda, without what is derived.
    ///
    /// # Errors
    /// When its number came before or its service did not.
    pub fn agenda(&mut self, id: AgendaId, mut agenda: Agenda) -> Result<(), RestoreError> {
        let number = u64::from(id.0);
        fresh("agendas", number, self.state.agendas.get(number).is_none())?;
        let slots = usize::try_from(agenda.shape.slots()).unwrap_or_default();
        agenda.taken.0 = vec![0; slots];
        agenda.live.0 = Vec::new();
        let service = u64::from(agenda.service.0);
        let known = self.state.services.derive(service, |service| {
            Arc::make_mut(&mut service.agendas).insert(id);
        });
        fresh("agendas", number, known.is_some())?;
        self.state.deadlines.insert((agenda.shape.forgotten(), Due::Agenda(id)));
        self.state.agendas.insert(number, agenda);
        Ok(())
    }

    /// A commitment; its place counts it again if it is live. Commitments come in order.
    ///
    /// # Errors
    /// When its number came before or its place did not.
    pub fn commitment(
        &mut self,
        id: CommitmentId,
        commitment: Commitment,
    ) -> Result<(), RestoreError> {
        fresh("commitments", id.0, self.state.commitments.get(id.0).is_none())?;
        if commitment.status.is_live() {
            fresh("commitments", id.0, self.count(id, &commitment).is_some())?;
            if commitment.deadline < Moment::MAX {
                self.state.deadlines.insert((commitment.deadline, Due::Commitment(id)));
            }
        }
        self.state.commitments.insert(id.0, commitment);
        Ok(())
    }

    fn count(&mut self, id: CommitmentId, commitment: &Commitment) -> Option<()> {
        let number = commitment.number;
        match commitment.place {
            Place::Bed(service) => self.state.services.derive(u64::from(service.0), |service| {
                let ward = service.ward.as_mut()?;
                ward.unaccounted.0 += u32::from(!ward.accounts_for(number));
                Arc::make_mut(&mut ward.live).insert(number, id).is_none().then_some(())
            })?,
            Place::Slot(slot) => self.state.agendas.derive(u64::from(slot.agenda.0), |agenda| {
                agenda.live.push(id);
                let taken = &mut agenda.taken;
                let taken = taken.get_mut(usize::from(slot.index))?;
                *taken = taken.checked_add(1)?;
                Some(())
            })?,
        }
    }

    /// An ended commitment's place in the order of ending.
    ///
    /// # Errors
    /// When the number came before, or the commitment did not come or has not ended.
    pub fn ended(&mut self, number: u64, id: CommitmentId) -> Result<(), RestoreError> {
        let ended = self.state.commitments.get(id.0);
        let ended = ended.is_some_and(|c| matches!(c.status, Status::Ended(_)));
        fresh("ended", number, ended && self.state.ended.get(number).is_none())?;
        self.state.ended.insert(number, id);
        Ok(())
    }

    /// What a unique request answered.
    ///
    /// # Errors
    /// When it came before.
    pub fn unique(&mut self, uuid: u128, receipt: Receipt) -> Result<(), RestoreError> {
        fresh("requests", uuid as u64, self.state.requests.restore_unique(uuid, receipt))
    }

    /// A bulk stream.
    ///
    /// # Errors
    /// When it came before.
    pub fn stream(&mut self, id: u128, first: u64, used: Moment) -> Result<(), RestoreError> {
        fresh("streams", id as u64, self.state.requests.restore_stream(id, first, used))
    }

    /// What a command of a stream answered.
    ///
    /// # Errors
    /// When it came before or its stream did not.
    pub fn stream_receipt(
        &mut self,
        id: u128,
        sequence: u64,
        receipt: Receipt,
    ) -> Result<(), RestoreError> {
        let fits = self.state.requests.restore_receipt(id, sequence, receipt);
        fresh("stream receipts", sequence, fits)
    }

    /// The ledger.
    ///
    /// # Errors
    /// When the records' digest is not the checkpoint's.
    pub(crate) fn finish(self) -> Result<State, RestoreError> {
        let found = self.state.digest();
        if found == self.expected {
            Ok(self.state)
        } else {
            Err(RestoreError::DigestDiffers { expected: self.expected, found })
        }
    }
}

const fn fresh(table: &'static str, number: u64, fits: bool) -> Result<(), RestoreError> {
    if fits { Ok(()) } else { Err(RestoreError::Misplaced { table, number }) }
}
