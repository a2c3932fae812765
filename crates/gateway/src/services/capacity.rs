//! Beds and slots as they stand, and the facilities' own acts.

use super::catalogue::read_institution;
use crate::admission::Call;
use crate::complaint::Complaint;
use crate::edge::Edge;
use crate::limits::{PAGE_LOOKED_AT_MAX, PAGE_SIZE_MAX};
use crate::pages;
use crate::streams;
use crate::streams::facility::{self, FacilityStream};
use crate::streams::watch::{self, CapacityWatch};
use ledger::acts::{PublishAgenda, WithdrawAgenda};
use ledger::words::{AgendaId, Moment, Place, ServiceId, SlotId};
use ledger::{Act, Done, View};
use std::sync::Arc;
use tonic::{Request, Response, Status, Streaming};
use v1::capacity_service_server::CapacityService;
use wire::{agenda, capacity, names, place, time, v1};

/// The capacity service.
pub(crate) struct Capacity(pub Arc<Edge>);

#[tonic::async_trait]
impl CapacityService for Capacity {
    type StreamCapacityStream = FacilityStream;
    type WatchCapacityStream = CapacityWatch;

    async fn stream_capacity(
        &self,
        request: Request<Streaming<v1::StreamCapacityRequest>>,
    ) -> Result<Response<Self::StreamCapacityStream>, Status> {
        let caller = streams::caller(&request);
        let (call, messages) = self.0.begin(request)?;
        call.answer(facility::open(&self.0, call, caller, messages))
    }

    async fn get_capacity(
        &self,
        request: Request<v1::GetCapacityRequest>,
    ) -> Result<Response<v1::GetCapacityResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        let found = async {
            let view = self.0.read(&call, asked.consistency.as_ref()).await?;
            let id = names::service(&view, "name", &asked.name)?;
            let now = self.0.now(&view);
            let beds = view.service(id).and_then(|found| capacity::message(&view, id, found, now));
            let capacity = Some(beds.ok_or(ledger::Refusal::WrongKind)?);
            Ok(v1::GetCapacityResponse { capacity, revision: view.revision().0 })
        };
        call.answer(found.await)
    }

    async fn list_capacities(
        &self,
        request: Request<v1::ListCapacitiesRequest>,
    ) -> Result<Response<v1::ListCapacitiesResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        call.answer(list_capacities(&self.0, &call, asked).await)
    }

    async fn publish_agenda(
        &self,
        request: Request<v1::PublishAgendaRequest>,
    ) -> Result<Response<v1::PublishAgendaResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        let published = async {
            let act = |view: &View, asked: &v1::PublishAgendaRequest| {
                let service = names::service(view, "service", &asked.service)?;
                let shape = agenda::shape("shape", asked.shape.as_ref())?;
                Ok(Act::PublishAgenda(PublishAgenda { service, shape }))
            };
            let changed = self.0.change(&call, &asked, act).await?;
            match changed.done {
                Done::Agenda(AgendaId(agenda)) => {
                    Ok(v1::PublishAgendaResponse { agenda, revision: changed.revision.0 })
                }
                _ => Err(ledger::Refusal::Internal.into()),
            }
        };
        call.answer(published.await)
    }

    async fn block_slots(
        &self,
        request: Request<v1::BlockSlotsRequest>,
    ) -> Result<Response<v1::ChangeResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        let act = |_: &View, asked: &v1::BlockSlotsRequest| {
            Ok(Act::BlockSlots(agenda::block("block", asked.block.as_ref())?))
        };
        call.answer(self.0.plain(&call, &asked, act).await)
    }

    async fn withdraw_agenda(
        &self,
        request: Request<v1::WithdrawAgendaRequest>,
    ) -> Result<Response<v1::ChangeResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        let act = |_: &View, asked: &v1::WithdrawAgendaRequest| {
            Ok(Act::WithdrawAgenda(WithdrawAgenda { agenda: AgendaId(asked.agenda) }))
        };
        call.answer(self.0.plain(&call, &asked, act).await)
    }

    async fn list_slots(
        &self,
        request: Request<v1::ListSlotsRequest>,
    ) -> Result<Response<v1::ListSlotsResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        call.answer(list_slots(&self.0, &call, asked).await)
    }

    async fn watch_capacity(
        &self,
        request: Request<v1::WatchCapacityRequest>,
    ) -> Result<Response<Self::WatchCapacityStream>, Status> {
        let (call, asked) = self.0.begin(request)?;
        call.answer(watch::open_capacity(&self.0, &call, &asked).await)
    }
}

async fn list_capacities(
    edge: &Edge,
    call: &Call,
    asked: v1::ListCapacitiesRequest,
) -> Result<v1::ListCapacitiesResponse, Complaint> {
    let institution = read_institution(&asked.institution_code)?;
    let (size, consistency) = (pages::size(asked.page_size, PAGE_SIZE_MAX)?, asked.consistency);
    let filter = pages::filter(&v1::ListCapacitiesRequest {
        parent: asked.parent.clone(),
        institution_code: asked.institution_code.clone(),
        ..Default::default()
    });
    let page = edge.page(call, &asked.page_token, filter, consistency, View::revision);
    let (view, from) = page.await?;
    let only = match asked.parent.as_str() {
        "facilities/-" => None,
        parent => Some(names::facility(&view, "parent", parent)?),
    };
    let now = edge.now(&view);
    let from = ServiceId(u32::try_from(from).unwrap_or(u32::MAX));
    let (mut capacities, mut next) = (Vec::new(), None);
    for (looked_at, (id, service)) in view.services_from(from).enumerate() {
        if capacities.len() >= size || looked_at >= PAGE_LOOKED_AT_MAX {
            next = Some(id);
            break;
        }
        let facility = view.facility(service.facility);
        let wanted = only.is_none_or(|id| id == service.facility)
            && institution
                .is_none_or(|code| facility.is_some_and(|f| f.profile.institution == code));
        if wanted {
            capacities.extend(capacity::message(&view, id, service, now));
        }
    }
    let next_page_token = edge.next_page(&view, next.map(|id| id.0.into()), filter);
    Ok(v1::ListCapacitiesResponse { capacities, next_page_token, revision: view.revision().0 })
}

/// Slots by time; the position of a page is the number of the last slot of the page before.
async fn list_slots(
    edge: &Edge,
    call: &Call,
    asked: v1::ListSlotsRequest,
) -> Result<v1::ListSlotsResponse, Complaint> {
    let (size, consistency) = (pages::size(asked.page_size, PAGE_SIZE_MAX)?, asked.consistency);
    let (token, asked) = (
        asked.page_token.clone(),
        v1::ListSlotsRequest {
            page_size: 0,
            page_token: String::new(),
            consistency: None,
            ..asked
        },
    );
    let filter = pages::filter(&asked);
    let page = edge.page(call, &token, filter, consistency, View::revision);
    let (view, position) = page.await?;
    let service = names::service(&view, "parent", &asked.parent)?;
    let earliest = asked.earliest_time.as_ref();
    let earliest = earliest.map(|from| time::moment("earliest_time", from)).transpose()?;
    let latest = asked.latest_time.as_ref();
    let latest = latest.map(|to| time::moment("latest_time", to)).transpose()?;
    let window = Window {
        earliest: earliest.unwrap_or_else(|| edge.now(&view)),
        latest: latest.unwrap_or(Moment::MAX),
        after: if token.is_empty() { None } else { after(&view, position) },
        show_full: asked.show_full,
    };
    let mut found = window.slots(&view, service, size + 1);
    let more = found.len() > size;
    found.truncate(size);
    let last = found.last().map(|(_, slot)| place::number(Place::Slot(*slot)));
    let slot = |slot: &SlotId| {
        let agenda = view.agenda(slot.agenda)?;
        Some(agenda::slot_message(&view, slot.agenda, agenda, slot.index))
    };
    let slots = found.iter().filter_map(|(_, id)| slot(id)).collect();
    let next_page_token = edge.next_page(&view, last.filter(|_| more), filter);
    Ok(v1::ListSlotsResponse { slots, next_page_token, revision: view.revision().0 })
}

/// When the last slot of the page before begins, and which it is.
fn after(view: &View, position: u64) -> Option<(Moment, SlotId)> {
    match place::from_number("page_token", position) {
        Ok(Place::Slot(slot)) => Some((view.start_of(Place::Slot(slot)), slot)),
        _ => None,
    }
}

/// Which slots of a service are listed.
struct Window {
    earliest: Moment,
    latest: Moment,
    after: Option<(Moment, SlotId)>,
    show_full: bool,
}

impl Window {
    /// The first slots of the window, by time and then by number.
    fn slots(&self, view: &View, service: ServiceId, limit: usize) -> Vec<(Moment, SlotId)> {
        let mut found = Vec::new();
        let agendas = view.service(service).map(|service| &service.agendas);
        for id in agendas.into_iter().flat_map(|agendas| agendas.iter()) {
            let Some(agenda) = view.agenda(*id) else {
                continue;
            };
            let from = self.after.map_or(self.earliest, |(start, _)| start.max(self.earliest));
            let indices = agenda.shape.first_from(from)..agenda.shape.slots();
            let slots = indices
                .filter_map(|index| u16::try_from(index).ok())
                .map(|index| (agenda.shape.slot_start(index), SlotId { agenda: *id, index }))
                .take_while(|(start, _)| *start < self.latest)
                .filter(|slot| self.after.is_none_or(|after| *slot > after))
                .filter(|(_, slot)| self.show_full || agenda.available(slot.index) > 0)
                .take(limit);
            found.extend(slots);
        }
        found.sort_unstable();
        found.truncate(limit);
        found
    }
}
