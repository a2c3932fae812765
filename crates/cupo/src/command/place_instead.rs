//! Where else there is room, when a place was taken meanwhile: a refusal says what to do.

use super::{Context, Failure};
use crate::client::{Asked, ClientError, reason_of};
use ledger::words::Clues;
use wire::v1::booking_service_client::BookingServiceClient;
use wire::v1::{
    BedNeed, Candidate, ErrorReason, Facility, Need, SearchPlacesRequest, SlotNeed, need,
    service_kind,
};

/// Places that are named.
const NAMED: usize = 3;

/// The failure with the nearest places of the same kind as the first that was asked for, when all
/// that were asked for were taken. Whoever cannot be asked now leaves the failure as it was.
pub(super) async fn named(context: &Context, error: ClientError, asked: &[String]) -> Failure {
    let taken = match &error {
        ClientError::Refused { status, .. } => reason_of(status) == Some(ErrorReason::Taken),
        _ => false,
    };
    if taken && let Some(found) = instead(context, asked).await {
        let places = best(&found, asked);
        if !places.is_empty() {
            return Failure::Taken { error: Box::new(error), instead: places };
        }
    }
    error.into()
}

async fn instead(context: &Context, asked: &[String]) -> Option<Vec<Candidate>> {
    let first = asked.first()?;
    let code = first.strip_prefix("facilities/")?.split('/').next()?;
    let facility = context.facility(Clues::parse(code).ok()?).await.ok()?;
    let request = SearchPlacesRequest {
        need: Some(need_of(&facility, first)?),
        limit: i32::try_from(NAMED + asked.len()).unwrap_or(i32::MAX).min(64),
        consistency: None,
    };
    let search = |asked: Asked| {
        let request = asked.request(request.clone());
        async move { BookingServiceClient::new(asked.channel).search_places(request).await }
    };
    Some(context.session.read(search).await.ok()?.candidates)
}

/// What such a place would be, near its facility; none where its name does not say what it is for:
/// a slot's does only where its facility has one service with slots.
fn need_of(facility: &Facility, place: &str) -> Option<Need> {
    use service_kind::Kind;
    let mut kinds = facility
        .services
        .iter()
        .filter_map(|service| Some((service.name.as_str(), service.kind.as_ref()?.kind.as_ref()?)));
    let kind = if place.contains("/slots/") {
        let mut visits = kinds.filter(|(_, kind)| !matches!(kind, Kind::Bed(_)));
        let only = visits.next()?.1;
        visits.next().is_none().then_some(only)?
    } else {
        kinds.find(|(name, _)| *name == place)?.1
    };
    let slot = |specialty: &i32| SlotNeed { specialty: *specialty, ..SlotNeed::default() };
    let kind = match kind {
        Kind::Bed(bed) => need::Kind::Bed(BedNeed {
            area: bed.area,
            age_group: bed.age_group,
            isolation: bed.isolation,
            ventilator: bed.ventilator,
        }),
        Kind::Outpatient(specialty) => need::Kind::Outpatient(slot(specialty)),
        Kind::Teleconsultation(specialty) => need::Kind::Teleconsultation(slot(specialty)),
    };
    Some(Need { kind: Some(kind), near: facility.position, ..Need::default() })
}

/// The best of those that were found and not asked for already, each with its distance.
fn best(found: &[Candidate], asked: &[String]) -> Vec<String> {
    let others = found.iter().filter(|candidate| !asked.contains(&candidate.place));
    let told = |candidate: &Candidate| match candidate.distance_metres {
        Some(metres) => {
            format!("{} ({}.{} km)", candidate.place, metres / 1_000, metres % 1_000 / 100)
        }
        None => candidate.place.clone(),
    };
    others.take(NAMED).map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::v1::{BedType, Service, ServiceKind};

    #[test]
    fn the_best_three_that_were_not_asked_for_are_named() {
        let found = |place: &str, distance_metres| Candidate {
            place: place.to_owned(),
            distance_metres,
            ..Candidate::default()
        };
        let all = [
            found("a", Some(0)),
            found("b", Some(12_345)),
            found("c", None),
            found("d", Some(99)),
            found("e", None),
        ];
        assert_eq!(best(&all, &["a".to_owned()]), ["b (12.3 km)", "c", "d (0.0 km)"]);
        assert_eq!(best(&all[..1], &["a".to_owned()]), [""; 0]);
    }

    #[test]
    fn a_place_says_what_it_is_for_or_nothing_is_looked_for() {
        let service = |name: &str, kind| Service {
            name: name.to_owned(),
            kind: Some(ServiceKind { kind: Some(kind) }),
            ..Service::default()
        };
        let bed = BedType { area: 2, ventilator: true, ..BedType::default() };
        let mut facility = Facility {
            services: vec![
                service("f/services/bed", service_kind::Kind::Bed(bed)),
                service("f/services/visit", service_kind::Kind::Outpatient(8)),
            ],
            ..Facility::default()
        };
        let need = |facility: &Facility, place| need_of(facility, place).and_then(|n| n.kind);
        let like = BedNeed { area: 2, ventilator: true, ..BedNeed::default() };
        assert_eq!(need(&facility, "f/services/bed"), Some(need::Kind::Bed(like)));
        assert_eq!(need(&facility, "f/services/other"), None);
        let visit = SlotNeed { specialty: 8, ..SlotNeed::default() };
        assert_eq!(need(&facility, "f/slots/1-2"), Some(need::Kind::Outpatient(visit)));
        facility.services.push(service("f/services/far", service_kind::Kind::Teleconsultation(8)));
        assert_eq!(need(&facility, "f/slots/1-2"), None);
    }
}
