//! Searching: needs from outside, and candidates for outside.

use crate::complaint::Complaint;
use crate::edge::Edge;
use crate::limits::{CANDIDATES_DEFAULT, SLOT_WINDOW_SECONDS_DEFAULT};
use ledger::View;
use ledger::words::{Moment, Place};
use router::limits::{CANDIDATES_MAX, INSTITUTIONS_MAX};
use router::{Candidate, Exclusion, Kind, Need, Ranking};
use std::sync::Arc;
use wire::{FieldError, Problem, capacity, names, place, service, time, v1};

impl Edge {
    /// Free places for a need.
    pub async fn search(
        &self,
        view: &Arc<View>,
        asked: &v1::SearchPlacesRequest,
    ) -> Result<v1::SearchPlacesResponse, Complaint> {
        let now = self.now(view);
        let need = need(asked, now)?;
        let atlas = self.map.of(view).await;
        let ranking = router::rank(&atlas, view, &need, now);
        Ok(response(view, &ranking, now))
    }
}

fn need(asked: &v1::SearchPlacesRequest, now: Moment) -> Result<Need, FieldError> {
    let missing = || FieldError::new("need", Problem::Missing);
    let given = asked.need.as_ref().ok_or_else(missing)?;
    let limit = match usize::try_from(asked.limit) {
        Ok(0) => CANDIDATES_DEFAULT,
        Ok(limit) if limit <= CANDIDATES_MAX => limit,
        _ => {
            let (given, max) = (i64::from(asked.limit), CANDIDATES_MAX as i64);
            return Err(FieldError::new("limit", Problem::Range { given, min: 0, max }));
        }
    };
    let read = || {
        let count = given.institutions.len();
        if count > INSTITUTIONS_MAX {
            let problem = Problem::Count { given: count, max: INSTITUTIONS_MAX };
            return Err(FieldError::new("institutions", problem));
        }
        let institutions = given.institutions.iter();
        let near = given.near.as_ref();
        Ok(Need {
            kind: kind(given, now)?,
            near: near.map(|near| place::position("near", near)).transpose()?,
            radius_metres: given.radius_metres,
            institutions: institutions
                .map(|name| names::institution("institutions", name))
                .collect::<Result<_, _>>()?,
            limit,
        })
    };
    read().map_err(|error: FieldError| error.within("need"))
}

fn kind(given: &v1::Need, now: Moment) -> Result<Kind, FieldError> {
    use v1::need::Kind as Asked;
    match &given.kind {
        None => Err(FieldError::new("kind", Problem::Missing)),
        Some(Asked::Bed(bed)) => Ok(Kind::Bed {
            area: service::area("bed.area", bed.area)?,
            age: service::age_group("bed.age_group", bed.age_group)?,
            isolation: bed.isolation,
            ventilator: bed.ventilator,
        }),
        Some(Asked::Outpatient(slot)) => {
            slot_kind(slot, false, now).map_err(|error| error.within("outpatient"))
        }
        Some(Asked::Teleconsultation(slot)) => {
            slot_kind(slot, true, now).map_err(|error| error.within("teleconsultation"))
        }
    }
}

fn slot_kind(given: &v1::SlotNeed, remote: bool, now: Moment) -> Result<Kind, FieldError> {
    let earliest = given.earliest_time.as_ref();
    let earliest = earliest.map_or(Ok(now), |from| time::moment("earliest_time", from))?;
    let latest = given.latest_time.as_ref();
    let default = earliest.plus_seconds(SLOT_WINDOW_SECONDS_DEFAULT);
    let latest = latest.map_or(Ok(default), |to| time::moment("latest_time", to))?;
    let specialty = service::specialty("specialty", given.specialty)?;
    Ok(Kind::Slot { specialty, remote, earliest, latest })
}

fn response(view: &View, ranking: &Ranking, now: Moment) -> v1::SearchPlacesResponse {
    let exclusions = ranking.excluded.iter();
    v1::SearchPlacesResponse {
        candidates: ranking.candidates.iter().map(|found| candidate(view, found, now)).collect(),
        exclusions: exclusions
            .map(|(why, count)| v1::Exclusion { reason: exclusion(why).into(), count })
            .collect(),
        revision: view.revision().0,
    }
}

fn candidate(view: &View, found: &Candidate, now: Moment) -> v1::Candidate {
    let profile = view.facility(found.facility).map(|facility| &facility.profile);
    let offered = view.service(found.service);
    let ward = offered.and_then(|offered| offered.ward.as_ref());
    let slot = match found.place {
        Place::Bed(_) => None,
        Place::Slot(slot) => view.agenda(slot.agenda).map(|agenda| (agenda.shape, slot.index)),
    };
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    v1::Candidate {
        place: names::place_name(view, found.place),
        place_number: place::number(found.place),
        facility: names::facility_name(view, found.facility),
        facility_display_name: text(profile.map(|profile| &*profile.name)),
        institution: profile
            .map_or_else(String::new, |profile| names::institution_name(profile.institution)),
        service: names::service_name(view, found.service),
        kind: offered.map(|found| service::kind_message(found.kind)),
        distance_metres: found.distance_metres,
        free: found.free,
        heard_time: found.heard.and_then(time::timestamp),
        freshness: ward.map_or(0, |ward| capacity::freshness(ward, now).into()),
        start_time: slot.and_then(|(shape, index)| time::timestamp(shape.slot_start(index))),
        end_time: slot.and_then(|(shape, index)| time::timestamp(shape.slot_end(index))),
        time_zone: text(profile.map(|profile| &*profile.zone)),
        position: profile.map(|profile| place::position_message(profile.position)),
    }
}

const fn exclusion(why: Exclusion) -> v1::ExclusionReason {
    match why {
        Exclusion::Closed => v1::ExclusionReason::Closed,
        Exclusion::OtherInstitution => v1::ExclusionReason::OtherInstitution,
        Exclusion::OtherType => v1::ExclusionReason::OtherType,
        Exclusion::Unconfirmed => v1::ExclusionReason::Unconfirmed,
        Exclusion::NeverReported => v1::ExclusionReason::NeverReported,
        Exclusion::Silent => v1::ExclusionReason::Silent,
        Exclusion::Full => v1::ExclusionReason::Full,
        Exclusion::NoSlots => v1::ExclusionReason::NoSlots,
    }
}
