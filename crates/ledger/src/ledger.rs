//! The ledger: commands and a moment in, outcomes and events out.

use crate::command::{Act, Command};
use crate::digest::{Digest, stamp};
use crate::event::Event;
use crate::invariants::{self, Violation};
use crate::limits::COMMANDS_PER_ENTRY_MAX;
use crate::outcome::{Done, Outcome, Refusal};
use crate::state::{Journal, Meta, Receipt, RestoreError, Restorer, Seen, State, Step, Stream};
use crate::words::{
    Agenda, AgendaId, Clues, Commitment, CommitmentId, Facility, FacilityId, Institution,
    InstitutionCode, Moment, Place, RequestId, Revision, Service, ServiceId,
};
use alloc::vec::Vec;

/// Requests forgotten with each entry at least, so that old ones go even when little is asked.
const REQUESTS_FORGOTTEN_MIN: usize = 64;

/// The replicated state. A clone costs nothing, never changes and serves every reader: it *is* the
/// view at its revision.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    state: State,
}

/// An immutable picture of the ledger at a revision.
pub type View = Ledger;

/// What became of one command, and where in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The revision at which it took effect: its own, or for a retry the first one's.
    pub revision: Revision,
    /// What became of it.
    pub outcome: Outcome,
}

impl Ledger {
    /// An empty ledger of a cluster's incarnation.
    #[must_use]
    pub fn new(incarnation: u64) -> Self {
        Self { state: State { incarnation, ..State::default() } }
    }

    /// Applies one entry: the moment its leader stamped, and its commands in order.
    ///
    /// Total and deterministic: every command gets an outcome, refused ones change nothing, and
    /// whatever is due at the moment happens first. Events are appended to `events`.
    ///
    /// # Panics
    /// When the entry breaks what the log promises (moments that go back, an entry without
    /// commands or with too many), or when an assertion after a write fails: the node must stop
    /// rather than drift away from the others.
    pub fn apply(
        &mut self,
        moment: Moment,
        commands: &[Command],
        events: &mut Vec<Event>,
    ) -> Vec<Applied> {
        assert!(moment >= self.state.moment, "moments never go back");
        assert!(!commands.is_empty(), "an entry has at least one command");
        assert!(commands.len() <= COMMANDS_PER_ENTRY_MAX, "an entry has a bounded size");
        self.state.moment = moment;
        self.state.requests.forget(moment, REQUESTS_FORGOTTEN_MIN.max(2 * commands.len()));
        let mut outcomes = Vec::with_capacity(commands.len());
        for (index, command) in commands.iter().enumerate() {
            let revision = self.state.revision.next();
            let mut step = Step {
                state: &mut self.state,
                events,
                revision,
                moment,
                author: command.author,
                policy: command.policy,
            };
            if index == 0 {
                step.time_passes(commands.len());
            }
            outcomes.push(step.carry_out(command));
            self.state.revision = revision;
        }
        outcomes
    }

    /// Takes the journal's new place, after the events of an entry were chained.
    ///
    /// # Panics
    /// When the journal became shorter.
    pub fn seal(&mut self, journal: Journal) {
        assert!(journal.events >= self.state.journal.events, "the journal only grows");
        self.state.journal = journal;
    }

    /// The moment of the last entry.
    #[must_use]
    pub const fn moment(&self) -> Moment {
        self.state.moment
    }

    /// The revision of the last command.
    #[must_use]
    pub const fn revision(&self) -> Revision {
        self.state.revision
    }

    /// The cluster's incarnation: a restored cluster has another.
    #[must_use]
    pub const fn incarnation(&self) -> u64 {
        self.state.incarnation
    }

    /// Where the journal stands.
    #[must_use]
    pub const fn journal(&self) -> Journal {
        self.state.journal
    }

    /// The revision at which institutions, facilities or services last changed.
    #[must_use]
    pub const fn catalogue_revision(&self) -> Revision {
        self.state.catalogue_revision
    }

    /// When something falls due next; the leader proposes a [`Act::Tick`] then.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        self.state.next_due()
    }

    /// The digest of the state: equal revision, equal digest.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.state.digest()
    }

    /// The digest computed afresh from every record.
    #[must_use]
    pub fn recomputed_digest(&self) -> Digest {
        self.state.recomputed_digest()
    }

    /// The first of the ledger's own promises that does not hold, checked over every record.
    /// Slow: for tests, simulations and a patrol beside the work.
    #[must_use]
    pub fn violation(&self) -> Option<Violation> {
        invariants::first_violation(&self.state)
    }

    /// The facility to which a code leads, be it current or former.
    #[must_use]
    pub fn resolve(&self, clues: &Clues) -> Option<FacilityId> {
        self.state.directory.get(clues).copied()
    }

    /// All institutions by code.
    pub fn institutions(&self) -> impl Iterator<Item = (InstitutionCode, &Institution)> {
        self.state.institutions.iter().map(|(code, institution)| (*code, institution))
    }

    /// A facility.
    #[must_use]
    pub fn facility(&self, id: FacilityId) -> Option<&Facility> {
        self.state.facilities.get(u64::from(id.0))
    }

    /// Facilities from this number on, in order.
    pub fn facilities_from(&self, id: FacilityId) -> impl Iterator<Item = (FacilityId, &Facility)> {
        numbered(self.state.facilities.iter_from(u64::from(id.0)), FacilityId)
    }

    /// A service.
    #[must_use]
    pub fn service(&self, id: ServiceId) -> Option<&Service> {
        self.state.services.get(u64::from(id.0))
    }

    /// Services from this number on, in order.
    pub fn services_from(&self, id: ServiceId) -> impl Iterator<Item = (ServiceId, &Service)> {
        numbered(self.state.services.iter_from(u64::from(id.0)), ServiceId)
    }

    /// An agenda.
    #[must_use]
    pub fn agenda(&self, id: AgendaId) -> Option<&Agenda> {
        self.state.agendas.get(u64::from(id.0))
    }

    /// Agendas from this number on, in order.
    pub fn agendas_from(&self, id: AgendaId) -> impl Iterator<Item = (AgendaId, &Agenda)> {
        numbered(self.state.agendas.iter_from(u64::from(id.0)), AgendaId)
    }

    /// A commitment that is live, or ended not long ago.
    #[must_use]
    pub fn commitment(&self, id: CommitmentId) -> Option<&Commitment> {
        self.state.commitments.get(id.0)
    }

    /// Commitments from this number on, in order.
    pub fn commitments_from(
        &self,
        id: CommitmentId,
    ) -> impl Iterator<Item = (CommitmentId, &Commitment)> {
        self.state.commitments.iter_from(id.0).map(|(number, c)| (CommitmentId(number), c))
    }

    /// The live commitments of a service.
    pub fn live_of<'a>(&'a self, service: &Service) -> impl Iterator<Item = CommitmentId> + 'a {
        self.state.live_of(service)
    }

    /// The number of commitments kept: live ones, and those that ended not long ago.
    #[must_use]
    pub const fn commitment_count(&self) -> u64 {
        self.state.commitments.len()
    }

    /// The number of live commitments.
    #[must_use]
    pub const fn live_count(&self) -> u64 {
        self.state.commitments.len() - self.state.ended.len()
    }

    /// The number of facilities ever registered.
    #[must_use]
    pub const fn facility_count(&self) -> u64 {
        self.state.facilities.len()
    }

    /// The number of services ever registered.
    #[must_use]
    pub const fn service_count(&self) -> u64 {
        self.state.services.len()
    }

    /// The number of agendas that are not over.
    #[must_use]
    pub const fn agenda_count(&self) -> u64 {
        self.state.agendas.len()
    }

    /// When a slot begins; [`Moment::ZERO`] for a bed.
    #[must_use]
    pub fn start_of(&self, place: Place) -> Moment {
        self.state.start_of(place)
    }

    /// The service a place belongs to.
    #[must_use]
    pub fn service_of(&self, place: Place) -> Option<(ServiceId, &Service)> {
        self.state.service_of(place).ok()
    }

    /// Whether a commitment could be granted here at this moment, and why not.
    ///
    /// # Errors
    /// The refusal a hold of this place alone would meet.
    pub fn room(&self, place: Place, now: Moment) -> Result<(), Refusal> {
        self.state.room(place, now, 0, false)
    }

    /// What a request answered, as far as it is remembered.
    #[must_use]
    pub fn receipt(&self, request: &RequestId) -> Option<&Receipt> {
        self.state.requests.receipt(request)
    }

    /// How many unique requests and how many bulk streams are remembered.
    #[must_use]
    pub fn request_counts(&self) -> (usize, usize) {
        self.state.requests.len()
    }

    /// Unique requests from this id on, for a checkpoint.
    pub fn unique_from(&self, uuid: u128) -> impl Iterator<Item = (u128, &Receipt)> {
        self.state.requests.unique_from(uuid)
    }

    /// All bulk streams, for a checkpoint.
    pub fn streams(&self) -> impl Iterator<Item = (u128, &Stream)> {
        self.state.requests.streams()
    }

    /// Ended commitments that are remembered, in the order of ending, for a checkpoint.
    pub fn ended_from(&self, number: u64) -> impl Iterator<Item = (u64, CommitmentId)> {
        self.state.ended.iter_from(number).map(|(number, id)| (number, *id))
    }

    /// The numbers of a checkpoint that belong to no record.
    #[must_use]
    pub fn meta(&self) -> Meta {
        let (request_floor_millis, stream_floor_millis) = self.state.requests.floors();
        Meta {
            moment: self.state.moment,
            revision: self.state.revision,
            incarnation: self.state.incarnation,
            journal: self.state.journal,
            catalogue_revision: self.state.catalogue_revision,
            next_agenda: self.state.next_agenda,
            next_commitment: self.state.next_commitment,
            next_ended: self.state.next_ended,
            request_floor_millis,
            stream_floor_millis,
            digest: self.digest(),
        }
    }

    /// The ledger of a checkpoint whose records are all in.
    ///
    /// # Errors
    /// When the records' digest is not the checkpoint's.
    pub fn restored(records: Restorer) -> Result<Self, RestoreError> {
        records.finish().map(|state| Self { state })
    }
}

fn numbered<'a, T: 'a, N>(
    records: impl Iterator<Item = (u64, &'a T)>,
    name: fn(u32) -> N,
) -> impl Iterator<Item = (N, &'a T)> {
    records.map(move |(number, record)| (name(u32::try_from(number).unwrap_or(u32::MAX)), record))
}

impl Step<'_> {
    /// What fell due happens by itself: nobody asked for it, under no policy version.
    fn time_passes(&mut self, commands: usize) {
        let (author, policy) = (self.author.take(), self.policy.take());
        self.expire(commands);
        (self.author, self.policy) = (author, policy);
    }

    /// One command: a retry has the first one's answer, an expired one is refused, and only then
    /// is the act asked.
    fn carry_out(&mut self, command: &Command) -> Applied {
        let revision = self.revision;
        let fingerprint = match command.request {
            RequestId::Natural => 0,
            _ => stamp(0, &(&command.act, command.author)),
        };
        match self.state.requests.look(&command.request, fingerprint, self.moment) {
            Ok(Seen::Before(Receipt { revision, outcome, .. })) => {
                return Applied { revision, outcome };
            }
            Ok(Seen::Never) => {}
            Err(refusal) => {
                return Applied { revision, outcome: refusal.into() };
            }
        }
        let late = command.not_after > Moment::ZERO && self.moment > command.not_after;
        let outcome = if late {
            Refusal::TooLate.into()
        } else {
            self.ask(&command.act).map_or_else(Outcome::from, Outcome::from)
        };
        let receipt = Receipt { fingerprint, revision, outcome: outcome.clone() };
        self.state.requests.remember(&command.request, receipt, self.moment);
        Applied { revision, outcome }
    }

    fn ask(&mut self, act: &Act) -> Result<Done, Refusal> {
        match act {
            Act::Tick => Ok(Done::Plain),
            Act::PutInstitution(act) => act.apply(self),
            Act::PutFacility(act) => act.apply(self),
            Act::CloseFacility(act) => act.apply(self),
            Act::MergeFacility(act) => act.apply(self),
            Act::CloseService(act) => act.apply(self),
            Act::ConfirmCapacity(act) => act.apply(self),
            Act::Report(act) => act.apply(self),
            Act::Heartbeat(act) => act.apply(self),
            Act::Acknowledge(act) => act.apply(self),
            Act::PublishAgenda(act) => act.apply(self),
            Act::BlockSlots(act) => act.apply(self),
            Act::WithdrawAgenda(act) => act.apply(self),
            Act::Hold(act) => act.apply(self),
            Act::Confirm(act) => act.apply(self),
            Act::Release(act) => act.apply(self),
            Act::Extend(act) => act.apply(self),
            Act::Cancel(act) => act.apply(self),
            Act::Arrive(act) => act.apply(self),
            Act::Discharge(act) => act.apply(self),
            Act::Fulfil(act) => act.apply(self),
            Act::NoShow(act) => act.apply(self),
            Act::Transfer(act) => act.apply(self),
            Act::Dispute(act) => act.apply(self),
        }
    }
}
