//! `cupo facility get`.

use super::{Context, Failure};
use crate::client::{Asked, ClientError};
use crate::exit::Exit;
use crate::messages::tell;
use crate::output::Format;
use crate::sheets;
use ledger::words::Clues;
use wire::v1::capacity_service_client::CapacityServiceClient;
use wire::v1::catalogue_service_client::CatalogueServiceClient;
use wire::v1::{Facility, GetFacilityRequest, ListCapacitiesRequest};

/// Shows a facility. People also see its services and their beds, each a table of its own;
/// programs get the facility with its services, and ask for more if they want it.
///
/// # Errors
/// Why it cannot be shown.
pub async fn run(context: &Context, clues: Clues) -> Result<Exit, Failure> {
    let facility = context.facility(clues).await?;
    context.thing(&sheets::FACILITY, &sheets::facility(&facility))?;
    if context.format != Format::Table {
        return Ok(Exit::Done);
    }
    let request = ListCapacitiesRequest {
        parent: facility.name.clone(),
        page_size: 1_000,
        ..Default::default()
    };
    let beds = context
        .session
        .read(|asked: Asked| {
            let request = asked.request(request.clone());
            async move { CapacityServiceClient::new(asked.channel).list_capacities(request).await }
        })
        .await?;
    if !facility.services.is_empty() {
        tell(&"");
        let rows: Vec<_> = facility.services.iter().map(sheets::service).collect();
        context.sheet(&sheets::SERVICE, &rows)?;
    }
    if !beds.capacities.is_empty() {
        tell(&"");
        let now = sheets::now();
        let rows: Vec<_> = beds.capacities.iter().map(|beds| sheets::capacity(beds, now)).collect();
        context.sheet(&sheets::CAPACITY, &rows)?;
    }
    Ok(Exit::Done)
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
