//! One thing a facility says, as a command.

use super::Speaker;
use ledger::acts::{
    Arrive, Discharge, Dispute, Fulfil, Heartbeat, NoShow, PublishAgenda, WithdrawAgenda,
};
use ledger::words::{AgendaId, CommitmentId, FacilityId, Moment, RequestId, ServiceId};
use ledger::{Act, Command, View};
use v1::capacity_item::Item;
use wire::{FieldError, InputError, Problem, agenda, booking, capacity, names, v1};

impl Speaker {
    /// The command an item stands for. Reports, heartbeats and acknowledgements are known again by
    /// their own numbers, everything else by the item's.
    pub(super) fn command(
        &self,
        view: &View,
        item: &v1::CapacityItem,
        not_after: Moment,
    ) -> Result<Command, InputError> {
        let said = item.item.as_ref().ok_or_else(|| FieldError::new("item", Problem::Missing))?;
        let act = self.act(view, said)?;
        let request = match said {
            Item::Report(_) | Item::Heartbeat(_) | Item::Acknowledgement(_) => RequestId::Natural,
            _ => RequestId::Stream { stream: self.stream, sequence: item.sequence },
        };
        Ok(Command { request, not_after, author: self.author, policy: self.policy, act })
    }

    fn act(&self, view: &View, said: &Item) -> Result<Act, InputError> {
        Ok(match said {
            Item::Report(report) => {
                let report = capacity::report(view, report)?;
                self.own_service(view, "report.service", report.service)?;
                Act::Report(report)
            }
            Item::Heartbeat(heartbeat) => Act::Heartbeat(self.heartbeat(view, heartbeat)?),
            Item::Acknowledgement(said) => {
                let acknowledge = capacity::acknowledge(view, said)?;
                self.own_service(view, "acknowledgement.service", acknowledge.service)?;
                Act::Acknowledge(acknowledge)
            }
            Item::Arrived(id) => {
                Act::Arrive(Arrive { commitment: self.own(view, "arrived", *id)? })
            }
            Item::Discharged(id) => {
                Act::Discharge(Discharge { commitment: self.own(view, "discharged", *id)? })
            }
            Item::Fulfilled(id) => {
                Act::Fulfil(Fulfil { commitment: self.own(view, "fulfilled", *id)? })
            }
            Item::NoShow(id) => Act::NoShow(NoShow { commitment: self.own(view, "no_show", *id)? }),
            Item::Dispute(dispute) => Act::Dispute(Dispute {
                commitment: self.own(view, "dispute.commitment", dispute.commitment)?,
                reason: booking::reason("dispute.reason", &dispute.reason)?,
            }),
            Item::Publication(publication) => {
                let field = "publication.service";
                let service = names::service(view, field, &publication.service)?;
                self.own_service(view, field, service)?;
                let shape = agenda::shape("publication.shape", publication.shape.as_ref())?;
                Act::PublishAgenda(PublishAgenda { service, shape })
            }
            Item::Block(block) => {
                self.own_agenda(view, "block.agenda", block.agenda)?;
                Act::BlockSlots(agenda::block("block", Some(block))?)
            }
            Item::WithdrawnAgenda(agenda) => {
                let agenda = self.own_agenda(view, "withdrawn_agenda", *agenda)?;
                Act::WithdrawAgenda(WithdrawAgenda { agenda })
            }
        })
    }

    fn heartbeat(&self, view: &View, given: &v1::Heartbeat) -> Result<Heartbeat, InputError> {
        const FIELD: &str = "heartbeat.facility";
        let facility = match self.facility {
            Some(facility) if given.facility.is_empty() => facility,
            _ => names::facility(view, FIELD, &given.facility)?,
        };
        self.own_facility(FIELD, facility)?;
        Ok(Heartbeat { facility, incarnation: given.incarnation })
    }

    /// A stream of one facility speaks of nobody else. What is not known here yet passes: the
    /// ledger will say.
    fn own_facility(&self, field: &str, facility: FacilityId) -> Result<(), FieldError> {
        if self.facility.is_none_or(|own| own == facility) {
            return Ok(());
        }
        Err(FieldError::new(field, Problem::OtherFacility))
    }

    fn own_service(&self, view: &View, field: &str, id: ServiceId) -> Result<(), FieldError> {
        let facility = view.service(id).map(|service| service.facility);
        facility.map_or(Ok(()), |facility| self.own_facility(field, facility))
    }

    fn own_agenda(&self, view: &View, field: &str, number: u32) -> Result<AgendaId, FieldError> {
        let id = AgendaId(number);
        let service = view.agenda(id).map(|agenda| agenda.service);
        service.map_or(Ok(()), |service| self.own_service(view, field, service))?;
        Ok(id)
    }

    fn own(&self, view: &View, field: &str, number: u64) -> Result<CommitmentId, FieldError> {
        let id = CommitmentId(number);
        let place = view.commitment(id).map(|commitment| commitment.place);
        let service = place.and_then(|place| view.service_of(place));
        service.map_or(Ok(()), |(service, _)| self.own_service(view, field, service))?;
        Ok(id)
    }
}
