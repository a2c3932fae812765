//! `cupo place find`.

use super::{Context, Failure};
use crate::arguments::{Kind, PlaceFind};
use crate::client::Asked;
use crate::exit::Exit;
use crate::messages::{Notice, tell};
use crate::output::{Format, Printer};
use crate::sheets;
use std::io;
use wire::v1::booking_service_client::BookingServiceClient;
use wire::v1::{BedArea, BedNeed, Need, Position, SearchPlacesRequest, SlotNeed, Specialty, need};

/// Finds places, nearest first. What was left out, and why, goes to stderr.
///
/// # Errors
/// Why nothing could be looked for.
pub async fn run(context: &Context, wanted: &PlaceFind) -> Result<Exit, Failure> {
    let request =
        SearchPlacesRequest { need: Some(need(wanted)), limit: wanted.limit, consistency: None };
    let found = context
        .session
        .read(|asked: Asked| {
            let request = asked.request(request.clone());
            async move { BookingServiceClient::new(asked.channel).search_places(request).await }
        })
        .await?;
    let now = sheets::now();
    let rows: Vec<_> = found.candidates.iter().map(|place| sheets::place(place, now)).collect();
    context.sheet(&sheets::PLACE, &rows)?;
    if rows.is_empty() {
        Notice::NothingFound.tell(context.language);
    }
    if context.format == Format::Table && !found.exclusions.is_empty() {
        tell(&"");
        let rows: Vec<_> = found.exclusions.iter().map(sheets::exclusion).collect();
        let mut aside = Printer::new(io::stderr(), Format::Table, context.language);
        aside.sheet(&sheets::EXCLUSION, &rows)?;
    }
    Ok(if found.candidates.is_empty() { Exit::NoCapacity } else { Exit::Done })
}

fn need(wanted: &PlaceFind) -> Need {
    let slot = || SlotNeed {
        specialty: wanted.specialty.unwrap_or(Specialty::GeneralPractice.into()),
        earliest_time: wanted.from.and_then(wire::time::timestamp),
        latest_time: wanted.until.and_then(wire::time::timestamp),
    };
    let kind = match wanted.kind {
        Kind::Bed => need::Kind::Bed(BedNeed {
            area: wanted.area.unwrap_or(BedArea::General.into()),
            age_group: wanted.age.unwrap_or_default(),
            isolation: wanted.isolation,
            ventilator: wanted.ventilator,
        }),
        Kind::Outpatient => need::Kind::Outpatient(slot()),
        Kind::Teleconsultation => need::Kind::Teleconsultation(slot()),
    };
    let institutions = wanted.institutions.iter();
    Need {
        kind: Some(kind),
        near: wanted.near.map(|at| Position { latitude: at.latitude, longitude: at.longitude }),
        radius_metres: wanted.within.unwrap_or_default(),
        institutions: institutions
            .map(|code| format!("institutions/{}", code.to_uppercase()))
            .collect(),
    }
}
