//! Sends facilities to a cluster, in batches.

use super::institutions::institution_name;
use crate::client::{Asked, ClientError, Session, reason_of};
use crate::limits::PAGE_SIZE_MAX;
use ledger::acts::{PutFacility, PutService};
use ledger::words::{Alias, Clues, FacilityProfile, InstitutionCode, Level, Text};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use wire::v1::catalogue_service_client::CatalogueServiceClient;
use wire::v1::consistency::Want;
use wire::v1::{
    Consistency, ErrorReason, Facility, FacilityRecord, FacilityStatus, GetFacilityRequest,
    ImportFacilitiesRequest, Institution, ListFacilitiesRequest, Outcome, PutInstitutionRequest,
    ServiceRecord, ServiceStatus,
};

/// Rows of one request: as many as the service takes.
pub const BATCH_ROWS: usize = 500;

/// Registers institutions by code, under the names people know.
///
/// # Errors
/// What a server refused, or that nobody answered in time.
pub async fn put_institutions(
    session: &Session,
    codes: &BTreeSet<InstitutionCode>,
) -> Result<(), ClientError> {
    for code in codes {
        let institution = Institution {
            name: wire::names::institution_name(*code),
            display_name: institution_name(code.as_str()).to_owned(),
        };
        let request = PutInstitutionRequest {
            institution: Some(institution),
            request_id: Uuid::now_v7().to_string(),
            ..Default::default()
        };
        session
            .ask(|asked: Asked| {
                let request = asked.request(request.clone());
                let mut client = CatalogueServiceClient::new(asked.channel);
                async move { client.put_institution(request).await }
            })
            .await?;
    }
    Ok(())
}

/// Registers one batch of at most [`BATCH_ROWS`] facilities; one outcome per row, in their order.
///
/// # Errors
/// What a server refused as a whole, or that nobody answered in time.
pub async fn import_batch(
    session: &Session,
    batch: &[&PutFacility],
    validate_only: bool,
) -> Result<Vec<Outcome>, ClientError> {
    let request = ImportFacilitiesRequest {
        facilities: batch.iter().map(|facility| record(facility)).collect(),
        validate_only,
        request_id: Uuid::now_v7().to_string(),
        ..Default::default()
    };
    let answer =
        session
            .ask(|asked: Asked| {
                let request = asked.request(request.clone());
                async move {
                    CatalogueServiceClient::new(asked.channel).import_facilities(request).await
                }
            })
            .await?;
    if answer.outcomes.len() != batch.len() {
        return Err(ClientError::Incomplete { what: "outcomes" });
    }
    Ok(answer.outcomes)
}

/// Every facility the cluster knows, by its present code.
///
/// # Errors
/// What a server refused, or that nobody answered in time.
pub async fn known_facilities(
    session: &Session,
) -> Result<BTreeMap<String, Facility>, ClientError> {
    let mut known = BTreeMap::new();
    let mut request = ListFacilitiesRequest {
        page_size: PAGE_SIZE_MAX,
        consistency: Some(Consistency { want: Some(Want::Linearizable(true)) }),
        ..ListFacilitiesRequest::default()
    };
    loop {
        let page = session
            .read(|asked: Asked| {
                let request = asked.request(request.clone());
                let mut client = CatalogueServiceClient::new(asked.channel);
                async move { client.list_facilities(request).await }
            })
            .await?;
        let named = page
            .facilities
            .into_iter()
            .map(|one| (one.name.strip_prefix("facilities/").unwrap_or(&one.name).to_owned(), one));
        known.extend(named);
        if page.next_page_token.is_empty() {
            return Ok(known);
        }
        request.page_token = page.next_page_token;
    }
}

/// Whether the cluster knows all that a row says: its profile, its other codes and its services.
#[must_use]
pub fn says_nothing_new(row: &PutFacility, known: &Facility) -> bool {
    let alias = |alias: &Alias| {
        let code = alias.clues.to_string();
        known.aliases.iter().any(|known| known.clues == code)
    };
    let service = |service: &PutService| {
        let end = format!("/services/{}", service.code);
        known
            .services
            .iter()
            .any(|known| known.name.ends_with(&end) && known.status() == ServiceStatus::Open)
    };
    profile(known).as_ref() == Some(&row.profile)
        && known.status() == FacilityStatus::Open
        && row.aliases.iter().all(alias)
        && row.services.iter().all(service)
}

/// What the cluster knows of a facility; none when it knows none by this code.
///
/// # Errors
/// What a server refused, or that nobody answered in time.
pub async fn known_profile(
    session: &Session,
    clues: Clues,
) -> Result<Option<FacilityProfile>, ClientError> {
    let name = format!("facilities/{clues}");
    // What was imported a moment ago must be among it.
    let consistency = Some(Consistency { want: Some(Want::Linearizable(true)) });
    let request = GetFacilityRequest { name, consistency };
    let answer = session
        .read(|asked: Asked| {
            let request = asked.request(request.clone());
            let mut client = CatalogueServiceClient::new(asked.channel);
            async move { client.get_facility(request).await }
        })
        .await;
    match answer {
        Ok(answer) => Ok(answer.facility.as_ref().and_then(profile)),
        Err(ClientError::Refused { status, .. })
            if reason_of(&status) == Some(ErrorReason::UnknownFacility) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// A facility as it was told; none where a field is not what this program understands.
fn profile(told: &Facility) -> Option<FacilityProfile> {
    Some(FacilityProfile {
        institution: wire::names::institution("institution", &told.institution).ok()?,
        name: Text::new(&told.display_name).ok()?,
        level: Level::from_number(u8::try_from(told.level).ok()?)?,
        position: wire::place::position("position", told.position.as_ref()?).ok()?,
        municipality: u16::try_from(told.municipality).ok()?,
        zone: Text::new(&told.time_zone).ok()?,
    })
}

/// A facility as a row of an import.
#[must_use]
pub fn record(facility: &PutFacility) -> FacilityRecord {
    let profile = &facility.profile;
    let alias = |alias: &Alias| wire::v1::Alias {
        clues: alias.clues.to_string(),
        since_time: wire::time::timestamp(alias.since),
    };
    let service = |service: &PutService| ServiceRecord {
        code: service.code.to_string(),
        kind: Some(wire::service::kind_message(service.kind)),
        beds: service.beds,
        confirmed: service.confirmed,
    };
    FacilityRecord {
        clues: facility.clues.to_string(),
        aliases: facility.aliases.iter().map(alias).collect(),
        institution_code: profile.institution.to_string(),
        display_name: profile.name.to_string(),
        level: profile.level as i32,
        position: Some(wire::place::position_message(profile.position)),
        municipality: profile.municipality.into(),
        time_zone: profile.zone.to_string(),
        services: facility.services.iter().map(service).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nation::Nation;

    #[test]
    fn a_row_arrives_as_it_was_sent() {
        let nation = Nation { seed: 3, facilities: 500 };
        for establishment in nation.establishments() {
            let read = wire::catalogue::put_facility(&record(&establishment.record));
            assert_eq!(read.as_ref(), Ok(&establishment.record));
        }
    }

    #[test]
    fn what_is_known_is_understood_as_it_was_told() {
        let nation = Nation { seed: 3, facilities: 100 };
        for establishment in nation.establishments() {
            let row = establishment.record;
            let known = row.profile.clone();
            let mut told = Facility {
                institution: wire::names::institution_name(known.institution),
                display_name: known.name.to_string(),
                level: known.level as i32,
                position: Some(wire::place::position_message(known.position)),
                municipality: known.municipality.into(),
                time_zone: known.zone.to_string(),
                ..Facility::default()
            };
            assert!(!says_nothing_new(&row, &told), "it is not known to be open");
            told.status = FacilityStatus::Open.into();
            told.aliases = record(&row).aliases;
            told.services = row
                .services
                .iter()
                .map(|service| wire::v1::Service {
                    name: format!("facilities/{}/services/{}", row.clues, service.code),
                    status: ServiceStatus::Open.into(),
                    ..Default::default()
                })
                .collect();
            assert!(says_nothing_new(&row, &told));
            if told.services.pop().is_some() {
                assert!(!says_nothing_new(&row, &told), "a service is new");
            }
            assert_eq!(profile(&told), Some(known));
            assert_eq!(profile(&Facility { position: None, ..told }), None);
        }
    }
}
