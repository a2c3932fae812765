//! What happened, for those who watch and for the journal.

use crate::words::{
    AgendaId, AgendaShape, Author, Basis, Clues, CommitmentId, Ending, FacilityId, Institution,
    InstitutionCode, Joint, Moment, PersonId, Place, PolicyVersion, Revision, ServiceId,
};

/// One thing that happened. Refused commands leave no event; they leave an outcome.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Event {
    /// The command that caused it; what fell due happens with the first command of its entry.
    pub revision: Revision,
    /// When.
    pub moment: Moment,
    /// The facility it concerns, if one.
    pub facility: Option<FacilityId>,
    /// Who asked for it; nobody for what happened by itself.
    pub author: Option<Author>,
    /// The version of the policy it was decided under, if one was named.
    pub policy: Option<PolicyVersion>,
    /// What happened.
    pub happening: Happening,
}

/// What happened. Numbers are part of the journal's format and are never used again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum Happening {
    /// An institution was registered or renamed.
    InstitutionPut {
        /// Its code.
        code: InstitutionCode,
        /// What it is now.
        institution: Institution,
    } = 1,
    /// A facility was registered or its record changed.
    FacilityPut {
        /// Its code now.
        clues: Clues,
    } = 2,
    /// A facility was closed.
    FacilityClosed {
        /// Its code.
        clues: Clues,
    } = 3,
    /// A facility was found to be another's duplicate.
    FacilityMerged {
        /// Its code.
        clues: Clues,
        /// The one it leads to.
        into: FacilityId,
    } = 4,
    /// A service was closed.
    ServiceClosed {
        /// Which.
        service: ServiceId,
    } = 5,
    /// A number of beds was proposed by an import or a first report.
    CapacityProposed {
        /// Of which service.
        service: ServiceId,
        /// Beds.
        beds: u32,
    } = 6,
    /// A number of beds was confirmed by an operator.
    CapacityConfirmed {
        /// Of which service.
        service: ServiceId,
        /// Beds.
        beds: u32,
    } = 7,
    /// A report claimed more beds than are registered and was not believed.
    ClaimHeld {
        /// Of which service.
        service: ServiceId,
        /// Beds claimed.
        beds: u32,
        /// Beds registered.
        registered: u32,
    } = 8,
    /// The places of a service of beds changed: a report, or a place given back.
    BedsChanged {
        /// Of which service.
        service: ServiceId,
        /// Places that may be granted now.
        available: u32,
        /// Commitments without room.
        overcommitted: u32,
        /// The report that said so.
        sequence: u64,
    } = 9,
    /// Slots were published.
    AgendaPublished {
        /// Of which service.
        service: ServiceId,
        /// Under this number.
        agenda: AgendaId,
        /// When they are.
        shape: AgendaShape,
    } = 20,
    /// Slots were taken out of use, or back into it.
    SlotsBlocked {
        /// Of which agenda.
        agenda: AgendaId,
        /// The first.
        first: u16,
        /// How many.
        count: u16,
        /// Out of use, or back.
        blocked: bool,
    } = 21,
    /// An agenda was withdrawn.
    AgendaWithdrawn {
        /// Which.
        agenda: AgendaId,
    } = 22,
    /// A place was taken.
    Granted {
        /// The commitment.
        commitment: CommitmentId,
        /// Where.
        place: Place,
        /// The service it belongs to.
        service: ServiceId,
        /// Its number among its ward's; 0 for a slot.
        number: u64,
        /// When a slot begins; [`Moment::ZERO`] for a bed.
        start: Moment,
        /// Those granted with it.
        joint: Joint,
        /// Whether it is a booking at once.
        booked: bool,
        /// Its deadline.
        deadline: Moment,
        /// For whom.
        person: Option<PersonId>,
        /// By what right.
        basis: Option<Basis>,
        /// The commitment it was transferred from.
        transferred_from: Option<CommitmentId>,
        /// Whether it was granted beyond the room there was.
        overcapacity: bool,
    } = 30,
    /// A hold became a booking.
    Booked {
        /// Which.
        commitment: CommitmentId,
        /// Its new deadline.
        deadline: Moment,
    } = 31,
    /// A hold is kept longer.
    Extended {
        /// Which.
        commitment: CommitmentId,
        /// Its new deadline.
        deadline: Moment,
    } = 32,
    /// The patient arrived.
    Arrived {
        /// Which.
        commitment: CommitmentId,
    } = 33,
    /// The patient should have arrived by now.
    Overdue {
        /// Which.
        commitment: CommitmentId,
    } = 34,
    /// A facility disputes it.
    Disputed {
        /// Which.
        commitment: CommitmentId,
    } = 35,
    /// It is over.
    Ended {
        /// Which.
        commitment: CommitmentId,
        /// Where it took room.
        place: Place,
        /// Its number among its ward's; 0 for a slot.
        number: u64,
        /// How it ended.
        ending: Ending,
        /// For whom it was, so that a history by person needs no second look-up.
        person: Option<PersonId>,
        /// When its slot begins; [`Moment::ZERO`] for a bed.
        start: Moment,
    } = 36,
    /// A ward said that an ended commitment's bed is free again.
    Returned {
        /// Of which service.
        service: ServiceId,
        /// The commitment's number there.
        number: u64,
    } = 37,
}
