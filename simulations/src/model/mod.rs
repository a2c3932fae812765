//! The model: what the ledger's contract says, in the most obvious way. Everything is counted by
//! going through everything, every time; nothing is shared with the ledger but its words.
//!
//! Enter at [`Model::apply`].

mod agendas;
mod bookings;
mod catalogue;
mod commitments;
mod facilities;
mod mistake;
mod places;
mod records;
mod requests;
mod time;
mod wards;

pub use ledger::Applied;
pub use mistake::Mistake;
pub use places::FreePlaces;
pub use records::{Agenda, Commitment, Facility, Service, Statement, Ward};
pub use requests::{Remembered, Requests, Stream};

use ledger::words::Institution;
use ledger::words::{
    AgendaId, Author, Clues, CommitmentId, FacilityId, InstitutionCode, Moment, Revision, ServiceId,
};
use ledger::{Act, Command, Done, Outcome, Refusal};
use std::collections::BTreeMap;

/// The whole state, as plain maps.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// The moment of the last entry.
    pub moment: Moment,
    /// The revision of the last command.
    pub revision: Revision,
    /// The cluster's incarnation.
    pub incarnation: u64,
    /// The revision at which the catalogue last changed.
    pub catalogue_revision: Revision,
    /// Institutions by code.
    pub institutions: BTreeMap<InstitutionCode, Institution>,
    /// Where each code leads.
    pub directory: BTreeMap<Clues, FacilityId>,
    /// Facilities by number.
    pub facilities: BTreeMap<FacilityId, Facility>,
    /// Services by number.
    pub services: BTreeMap<ServiceId, Service>,
    /// Agendas by number.
    pub agendas: BTreeMap<AgendaId, Agenda>,
    /// The next agenda's number.
    pub next_agenda: u32,
    /// Commitments by number: live ones, and those that ended not long ago.
    pub commitments: BTreeMap<CommitmentId, Commitment>,
    /// The next commitment's number.
    pub next_commitment: u64,
    /// Ended commitments that are remembered, in the order in which they ended.
    pub ended: Vec<CommitmentId>,
    /// How many have ended since the beginning.
    pub ended_count: u64,
    /// What was asked before.
    pub requests: Requests,
    /// Who asks the command that is being carried out.
    author: Option<Author>,
    mistake: Option<Mistake>,
}

impl Model {
    /// A model of an empty ledger, which errs in one point if it is told to.
    #[must_use]
    pub fn new(incarnation: u64, mistake: Option<Mistake>) -> Self {
        Self { incarnation, mistake, ..Self::default() }
    }

    /// Applies one entry: what is due happens first, then each command in order.
    pub fn apply(&mut self, moment: Moment, commands: &[Command]) -> Vec<Applied> {
        self.moment = moment;
        self.forget_requests(commands.len());
        self.time_passes(commands.len());
        commands.iter().map(|command| self.carry_out(command)).collect()
    }

    fn carry_out(&mut self, command: &Command) -> Applied {
        self.revision = self.revision.next();
        let revision = self.revision;
        match self.answered(command) {
            Ok(Some(answer)) => return answer,
            Ok(None) => {}
            Err(refusal) => return Applied { revision, outcome: refusal.into() },
        }
        self.author = command.author;
        let outcome = if self.is_late(command) {
            Refusal::TooLate.into()
        } else {
            self.ask(&command.act).map_or_else(Outcome::from, Outcome::from)
        };
        let answer = Applied { revision, outcome };
        self.remember(command, answer.clone());
        answer
    }

    fn is_late(&self, command: &Command) -> bool {
        let late = self.moment > command.not_after
            || self.moment == command.not_after && self.errs(Mistake::TooLateTooEarly);
        command.not_after != Moment::ZERO && late
    }

    fn ask(&mut self, act: &Act) -> Result<Done, Refusal> {
        match act {
            Act::Tick => Ok(Done::Plain),
            Act::PutInstitution(act) => self.put_institution(act),
            Act::PutFacility(act) => self.put_facility(act),
            Act::CloseFacility(act) => self.close_facility(act),
            Act::MergeFacility(act) => self.merge_facility(act),
            Act::CloseService(act) => self.close_service(act),
            Act::ConfirmCapacity(act) => self.confirm_capacity(act),
            Act::Report(act) => self.report(act),
            Act::Heartbeat(act) => self.heartbeat(act),
            Act::Acknowledge(act) => self.acknowledge(act),
            Act::PublishAgenda(act) => self.publish_agenda(act),
            Act::BlockSlots(act) => self.block_slots(act),
            Act::WithdrawAgenda(act) => self.withdraw_agenda(act),
            Act::Hold(act) => self.hold(act),
            Act::Confirm(act) => self.confirm(act),
            Act::Release(act) => self.release(act),
            Act::Extend(act) => self.extend(act),
            Act::Cancel(act) => self.cancel(act),
            Act::Arrive(act) => self.arrive(act),
            Act::Discharge(act) => self.discharge(act),
            Act::Fulfil(act) => self.fulfil(act),
            Act::NoShow(act) => self.no_show(act),
            Act::Transfer(act) => self.transfer(act),
            Act::Dispute(act) => self.dispute(act),
        }
    }

    const fn errs(&self, mistake: Mistake) -> bool {
        matches!(self.mistake, Some(made) if made as u8 == mistake as u8)
    }
}
