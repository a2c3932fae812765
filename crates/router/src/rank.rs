//! Free places for a need, best first.

use crate::atlas::Atlas;
use crate::exclusion::{Excluded, Exclusion};
use crate::limits::{CANDIDATES_MAX, FREE_COUNTED_MAX, SLOTS_LOOKED_AT_MAX};
use crate::need::{Kind, Need};
use ledger::View;
use ledger::limits::AGED_AFTER_SECONDS;
use ledger::words::{AgendaId, AgendaShape, FacilityId, Moment, Place, Service, ServiceId, SlotId};

/// Free places for a need, and what was left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranking {
    /// Best first.
    pub candidates: Vec<Candidate>,
    /// Services that were looked at before there were enough candidates, and left out.
    pub excluded: Excluded,
}

/// A place that has room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The place: a bed, or the first slot with room.
    pub place: Place,
    /// The service it belongs to.
    pub service: ServiceId,
    /// The facility that offers it.
    pub facility: FacilityId,
    /// Metres from where the search began; none when it began nowhere in particular.
    pub distance_metres: Option<u32>,
    /// Places free there, counted up to [`FREE_COUNTED_MAX`].
    pub free: u32,
    /// When the ward was last heard of; none for a slot.
    pub heard: Option<Moment>,
    /// Whether that is so long ago that others go first.
    pub aged: bool,
}

/// Free places for a need at this moment: nearest first, with those of wards that were not heard
/// of lately after all others. The order is a placeholder until travel times, queues and
/// institutions take part in it.
///
/// It looks no further than it must: it stops when there are enough fresh candidates, so what it
/// says of services left out is of those nearer than the last candidate.
#[must_use]
pub fn rank(atlas: &Atlas, view: &View, need: &Need, now: Moment) -> Ranking {
    let limit = need.limit.min(CANDIDATES_MAX);
    let mut excluded = Excluded::default();
    excluded.add(Exclusion::Closed, atlas.closed(need.kind));
    let (mut fresh, mut aged) = (Vec::new(), Vec::new());
    for (id, distance_metres) in atlas.services(need.kind, need.near) {
        let too_far = need.radius_metres > 0
            && distance_metres.is_some_and(|metres| metres > need.radius_metres);
        if too_far || fresh.len() >= limit {
            break;
        }
        match judge(view, need, id, now) {
            Err(why) => excluded.add(why, 1),
            Ok(found) => {
                let list = if found.aged { &mut aged } else { &mut fresh };
                if list.len() < limit {
                    list.push(Candidate { distance_metres, ..found });
                }
            }
        }
    }
    aged.truncate(limit - fresh.len());
    fresh.append(&mut aged);
    Ranking { candidates: fresh, excluded }
}

/// Whether a service has a place for the need, from no distance in particular.
fn judge(view: &View, need: &Need, id: ServiceId, now: Moment) -> Result<Candidate, Exclusion> {
    let service = view.service(id).ok_or(Exclusion::Closed)?;
    let facility = view.facility(service.facility).ok_or(Exclusion::Closed)?;
    let asked = &need.institutions;
    if !asked.is_empty() && !asked.contains(&facility.profile.institution) {
        return Err(Exclusion::OtherInstitution);
    }
    if !need.kind.fits(service.kind) {
        return Err(Exclusion::OtherType);
    }
    let found = match need.kind {
        Kind::Bed { .. } => bed(view, id, service, now)?,
        Kind::Slot { earliest, latest, .. } => {
            // A slot that begins now has begun.
            let next = Moment::from_micros(now.micros().saturating_add(1));
            slot(view, id, service, earliest.max(next), latest)?
        }
    };
    // The catalogue may have changed since the atlas was drawn.
    match view.room(found.place, now) {
        Ok(()) => Ok(found),
        Err(refusal) => Err(Exclusion::of(&refusal)),
    }
}

fn bed(view: &View, id: ServiceId, service: &Service, now: Moment) -> Result<Candidate, Exclusion> {
    let place = Place::Bed(id);
    view.room(place, now).map_err(|refusal| Exclusion::of(&refusal))?;
    let ward = service.ward.as_ref().ok_or(Exclusion::OtherType)?;
    Ok(Candidate {
        place,
        service: id,
        facility: service.facility,
        distance_metres: None,
        free: ward.available(),
        heard: Some(ward.heard),
        aged: now.seconds_since(ward.heard) > AGED_AFTER_SECONDS,
    })
}

/// The first slot with room of those that begin from `earliest` on and before `latest`.
fn slot(
    view: &View,
    id: ServiceId,
    service: &Service,
    earliest: Moment,
    latest: Moment,
) -> Result<Candidate, Exclusion> {
    let (mut first, mut free, mut looked_at) = (None, 0_u32, 0_u32);
    for agenda_id in service.agendas.iter() {
        let Some(agenda) = view.agenda(*agenda_id) else {
            continue;
        };
        for (index, start) in slots_between(&agenda.shape, earliest, latest) {
            looked_at += 1;
            if looked_at > SLOTS_LOOKED_AT_MAX || free >= FREE_COUNTED_MAX {
                break;
            }
            let available = u32::from(agenda.available(index));
            free = free.saturating_add(available);
            if available > 0 && first.is_none_or(|(before, _, _)| start < before) {
                first = Some((start, *agenda_id, index));
            }
        }
    }
    let Some((_, agenda, index)): Option<(Moment, AgendaId, u16)> = first else {
        return Err(if looked_at == 0 { Exclusion::NoSlots } else { Exclusion::Full });
    };
    Ok(Candidate {
        place: Place::Slot(SlotId { agenda, index }),
        service: id,
        facility: service.facility,
        distance_metres: None,
        free: free.min(FREE_COUNTED_MAX),
        heard: None,
        aged: false,
    })
}

/// The slots of a pattern that begin after `earliest`, or at it, and before `latest`.
fn slots_between(
    shape: &AgendaShape,
    earliest: Moment,
    latest: Moment,
) -> impl Iterator<Item = (u16, Moment)> {
    let indices = shape.first_from(earliest)..shape.slots();
    let starts = indices.map_while(|index| u16::try_from(index).ok());
    starts.map(|index| (index, shape.slot_start(index))).take_while(move |(_, at)| *at < latest)
}
