//! Holding the ledger against the model: what is free after every entry, and every record now and
//! then.

use crate::model::{Commitment, Model, Remembered, Service, Ward};
use ledger::words::{
    AgendaId, Commitment as Kept, CommitmentId, FacilityId, FacilityStatus, Place, Rare, ServiceId,
    ServiceStatus, Ward as KeptWard,
};
use ledger::{Ledger, Receipt};
use std::collections::BTreeSet;
use std::fmt::Debug;

/// Where two pictures differ: what it is about, what the ledger says and what the model says.
pub type Difference = String;

fn same<T: PartialEq + Debug>(what: &str, ledger: &T, model: &T) -> Result<(), Difference> {
    if ledger == model {
        return Ok(());
    }
    Err(format!("{what}: the ledger says {ledger:?}, the model {model:?}"))
}

/// What may be granted at every place there is, and what falls due next.
///
/// # Errors
/// The first difference.
pub fn free_places(ledger: &Ledger, model: &Model) -> Result<(), Difference> {
    let free = model.free_places();
    let mut wards = free.beds.iter();
    for (id, service) in ledger.services_from(ServiceId(0)) {
        let Some(ward) = &service.ward else { continue };
        let counted = (id, (ward.available(), ward.overcommitted()));
        let expected = wards.next().map(|(id, count)| (*id, *count));
        same("free beds and commitments without room", &Some(counted), &expected)?;
    }
    same("wards that the model has beyond", &None, &wards.next())?;
    let mut agendas = free.slots.iter();
    for (id, agenda) in ledger.agendas_from(AgendaId(0)) {
        let Some((known, slots)) = agendas.next() else {
            return Err(format!("agenda {id}: the model has none"));
        };
        same("agenda", &id, known)?;
        same("slots", &(agenda.shape.slots() as usize), &slots.len())?;
        for (index, expected) in (0..).zip(slots) {
            if agenda.available(index) != *expected {
                same(&format!("free in slot {id}-{index}"), &agenda.available(index), expected)?;
            }
        }
    }
    same("agendas that the model has beyond", &None, &agendas.next())?;
    same("what falls due next", &ledger.next_due(), &model.next_due())?;
    let live = model.commitments.values().filter(|c| c.status.is_live()).count() as u64;
    same("live commitments", &ledger.live_count(), &live)
}

/// Every record, and every number that belongs to none.
///
/// # Errors
/// The first difference.
pub fn whole(ledger: &Ledger, model: &Model) -> Result<(), Difference> {
    numbers(ledger, model)?;
    let institutions = ledger.institutions().map(|(code, i)| (code, i.clone())).collect();
    same("institutions", &institutions, &model.institutions)?;
    facilities(ledger, model)?;
    services(ledger, model)?;
    agendas(ledger, model)?;
    commitments(ledger, model)?;
    requests(ledger, model)
}

fn numbers(ledger: &Ledger, model: &Model) -> Result<(), Difference> {
    let meta = ledger.meta();
    same("moment", &meta.moment, &model.moment)?;
    same("revision", &meta.revision, &model.revision)?;
    same("catalogue revision", &meta.catalogue_revision, &model.catalogue_revision)?;
    same("next agenda", &meta.next_agenda, &model.next_agenda)?;
    same("next commitment", &meta.next_commitment, &model.next_commitment)?;
    same("ended so far", &meta.next_ended, &model.ended_count)?;
    let floors = (model.requests.floor_millis, model.requests.stream_floor_millis);
    same("floors", &(meta.request_floor_millis, meta.stream_floor_millis), &floors)?;
    same("facilities", &ledger.facility_count(), &(model.facilities.len() as u64))?;
    same("services", &ledger.service_count(), &(model.services.len() as u64))?;
    same("agendas", &ledger.agenda_count(), &(model.agendas.len() as u64))?;
    same("commitments", &ledger.commitment_count(), &(model.commitments.len() as u64))
}

fn facilities(ledger: &Ledger, model: &Model) -> Result<(), Difference> {
    for (id, facility) in ledger.facilities_from(FacilityId(0)) {
        let Some(expected) = model.facilities.get(&id) else {
            return Err(format!("facility {id}: the model has none"));
        };
        let what = format!("facility {id}");
        same(&what, &facility.clues, &expected.clues)?;
        same(&what, &facility.profile, &expected.profile)?;
        same(&what, &facility.status, &expected.status)?;
        same(&what, &facility.aliases, &expected.aliases)?;
        let services = expected.services.iter().map(|(code, id)| (code.clone(), *id)).collect();
        same(&what, &facility.services, &services)?;
        if facility.status == FacilityStatus::Open {
            same(&what, &ledger.resolve(&facility.clues), &Some(id))?;
        }
    }
    for (clues, id) in &model.directory {
        same(&format!("where {clues} leads"), &ledger.resolve(clues), &Some(*id))?;
    }
    Ok(())
}

fn services(ledger: &Ledger, model: &Model) -> Result<(), Difference> {
    for (id, service) in ledger.services_from(ServiceId(0)) {
        let Some(expected) = model.services.get(&id) else {
            return Err(format!("service {id}: the model has none"));
        };
        let what = format!("service {id}");
        same(&what, &service.facility, &expected.facility)?;
        same(&what, &service.code, &expected.code)?;
        same(&what, &service.kind, &expected.kind)?;
        same(&what, &(service.status == ServiceStatus::Open), &expected.open)?;
        let live: Vec<_> = ledger.live_of(service).collect();
        same(&what, &live, &model.live_at(id))?;
        same(&what, &service.ward.is_some(), &expected.ward.is_some())?;
        if let (Some(ward), Service { ward: Some(expected), .. }) = (&service.ward, expected) {
            self::ward(&what, ward, expected)?;
        }
    }
    Ok(())
}

fn ward(what: &str, ward: &KeptWard, expected: &Ward) -> Result<(), Difference> {
    same(what, &ward.registered, &expected.registered)?;
    same(what, &ward.claim, &expected.claim)?;
    same(what, &ward.heard, &expected.heard)?;
    same(what, &ward.last_number, &expected.last_number)?;
    same(what, &(ward.returned as usize), &expected.given_back.len())?;
    same(what, &ward.awaiting_return, &expected.awaiting_return())?;
    let said = ward.statement.as_ref().map(|said| crate::model::Statement {
        sequence: said.sequence,
        beds: said.beds,
        available: said.available,
        accounted_through: said.accounted_through,
        exceptions: said.exceptions.clone(),
    });
    same(what, &said, &expected.statement)
}

fn agendas(ledger: &Ledger, model: &Model) -> Result<(), Difference> {
    for (id, agenda) in ledger.agendas_from(AgendaId(0)) {
        let Some(expected) = model.agendas.get(&id) else {
            return Err(format!("agenda {id}: the model has none"));
        };
        let what = format!("agenda {id}");
        let facility = model.services[&expected.service].facility;
        same(&what, &(agenda.service, agenda.facility), &(expected.service, facility))?;
        same(&what, &agenda.shape, &expected.shape)?;
        same(&what, &agenda.blocked, &expected.blocked)?;
        same(&what, &agenda.live.0, &model.live_in(id))?;
    }
    Ok(())
}

fn commitments(ledger: &Ledger, model: &Model) -> Result<(), Difference> {
    for (id, kept) in ledger.commitments_from(CommitmentId(0)) {
        let Some(expected) = model.commitments.get(&id) else {
            return Err(format!("commitment {id}: the model has none"));
        };
        commitment(id, kept, expected)?;
    }
    let ended: Vec<_> = ledger.ended_from(0).map(|(_, id)| id).collect();
    same("ended, in order", &ended, &model.ended)?;
    let places: BTreeSet<Place> = model.commitments.values().map(|c| c.place).collect();
    for place in places {
        let room = ledger.room(place, model.moment);
        same(&format!("room at {place:?}"), &room, &model.room(place, &[], false))?;
    }
    Ok(())
}

fn commitment(id: CommitmentId, kept: &Kept, expected: &Commitment) -> Result<(), Difference> {
    let what = format!("commitment {id}");
    let rare = kept.rare.as_deref().cloned().unwrap_or_else(Rare::default);
    same(&what, &(kept.place, kept.number), &(expected.place, expected.number))?;
    same(&what, &(kept.status, kept.overdue), &(expected.status, expected.overdue))?;
    same(&what, &(kept.joint, kept.fencing), &(expected.joint, expected.fencing))?;
    same(&what, &(kept.deadline, kept.granted), &(expected.deadline, expected.granted))?;
    same(&what, &kept.arrival_seconds, &expected.arrival_seconds)?;
    same(&what, &(kept.person, kept.author), &(expected.person, expected.author))?;
    same(&what, &rare, &expected.rare)
}

fn requests(ledger: &Ledger, model: &Model) -> Result<(), Difference> {
    let known = &model.requests;
    same("remembered", &ledger.request_counts(), &(known.unique.len(), known.streams.len()))?;
    for ((uuid, receipt), (id, expected)) in ledger.unique_from(0).zip(&known.unique) {
        same("request", &uuid, id)?;
        self::receipt(&format!("request {uuid:x}"), receipt, expected)?;
    }
    for ((id, stream), (known, expected)) in ledger.streams().zip(&known.streams) {
        same("stream", &id, known)?;
        let what = format!("stream {id:x}");
        same(&what, &(stream.first, stream.used), &(expected.first, expected.used))?;
        same(&what, &(stream.receipts.len() as usize), &expected.answered.len())?;
        for ((at, receipt), (known, expected)) in
            stream.receipts.iter_from(0).zip(&expected.answered)
        {
            same(&what, &at, known)?;
            self::receipt(&what, receipt, expected)?;
        }
    }
    Ok(())
}

fn receipt(what: &str, receipt: &Receipt, expected: &Remembered) -> Result<(), Difference> {
    let answer = (receipt.revision, &receipt.outcome);
    same(what, &answer, &(expected.answer.revision, &expected.answer.outcome))
}
