//! Sends facilities to a cluster, in batches.

use super::institutions::institution_name;
use crate::client::{Asked, ClientError, Session};
use ledger::acts::{PutFacility, PutService};
use ledger::words::{Alias, InstitutionCode};
use std::collections::BTreeSet;
use uuid::Uuid;
use wire::v1::catalogue_service_client::CatalogueServiceClient;
use wire::v1::{
    FacilityRecord, ImportFacilitiesRequest, Institution, Outcome, PutInstitutionRequest,
    ServiceRecord,
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
}
