//! `cupo facility get`.

use super::{Context, Failure};
use crate::client::{Asked, ClientError};
use crate::exit::Exit;
use crate::limits::PAGE_SIZE_MAX;
use crate::messages::tell;
use crate::output::{Cell, Column, Format};
use crate::sheets;
use ledger::words::{Clues, Moment};
use wire::v1::capacity_service_client::CapacityServiceClient;
use wire::v1::catalogue_service_client::CatalogueServiceClient;
use wire::v1::{Capacity, Facility, GetFacilityRequest, ListCapacitiesRequest};

/// Shows a facility with its services and their beds: to people as three tables, in JSON as one
/// record, in CSV as a line for each service.
///
/// # Errors
/// Why it cannot be shown.
pub async fn run(context: &Context, clues: Clues) -> Result<Exit, Failure> {
    let facility = context.facility(clues).await?;
    let beds = beds(context, &facility).await?;
    let now = sheets::now();
    match context.format {
        Format::Table => tables(context, &facility, &beds, now)?,
        Format::Json | Format::Ndjson => {
            let mut columns = sheets::FACILITY.to_vec();
            columns.push(Column::new("services", "servicios", "services"));
            let mut row = sheets::facility(&facility);
            row.push(Cell::Records(&sheets::OFFER, sheets::offers(&facility, &beds, now)));
            context.thing(&columns, &row)?;
        }
        Format::Csv => {
            let columns = [&sheets::FACILITY[..], &sheets::OFFER[..]].concat();
            let mut offers = sheets::offers(&facility, &beds, now);
            if offers.is_empty() {
                offers.push(vec![Cell::Nothing; sheets::OFFER.len()]);
            }
            let own = sheets::facility(&facility);
            let rows: Vec<_> =
                offers.into_iter().map(|offer| [own.clone(), offer].concat()).collect();
            context.sheet(&columns, &rows)?;
        }
    }
    Ok(Exit::Done)
}

/// The beds of a facility: all its services are on one page.
async fn beds(context: &Context, facility: &Facility) -> Result<Vec<Capacity>, Failure> {
    let request = ListCapacitiesRequest {
        parent: facility.name.clone(),
        page_size: PAGE_SIZE_MAX,
        ..Default::default()
    };
    let found = context
        .session
        .read(|asked: Asked| {
            let request = asked.request(request.clone());
            async move { CapacityServiceClient::new(asked.channel).list_capacities(request).await }
        })
        .await?;
    Ok(found.capacities)
}

fn tables(
    context: &Context,
    facility: &Facility,
    beds: &[Capacity],
    now: Moment,
) -> Result<(), Failure> {
    context.thing(&sheets::FACILITY, &sheets::facility(facility))?;
    if !facility.services.is_empty() {
        tell(&"");
        let rows: Vec<_> = facility.services.iter().map(sheets::service).collect();
        context.sheet(&sheets::SERVICE, &rows)?;
    }
    if !beds.is_empty() {
        tell(&"");
        let rows: Vec<_> = beds.iter().map(|beds| sheets::capacity(beds, now)).collect();
        context.sheet(&sheets::CAPACITY, &rows)?;
    }
    Ok(())
}

impl Context {
    /// A facility by its present code or a former one.
    ///
    /// # Errors
    /// There is none, or nobody says.
    pub async fn facility(&self, clues: Clues) -> Result<Facility, ClientError> {
        let name = format!("facilities/{clues}");
        let ask = |asked: Asked| {
            let request =
                asked.request(GetFacilityRequest { name: name.clone(), consistency: None });
            async move { CatalogueServiceClient::new(asked.channel).get_facility(request).await }
        };
        let found = self.session.read(ask).await?;
        found.facility.ok_or(ClientError::Incomplete { what: "facility" })
    }
}
