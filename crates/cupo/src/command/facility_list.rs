//! `cupo facility list`.

use super::{Context, Failure};
use crate::arguments::{FacilityList, Kind};
use crate::exit::Exit;
use crate::messages::Notice;
use crate::sheets;
use wire::v1::catalogue_service_client::CatalogueServiceClient;
use wire::v1::{ListFacilitiesRequest, ServiceFilter};

/// Lists a page of facilities.
///
/// # Errors
/// Why there is no list.
pub async fn run(context: &Context, wanted: &FacilityList) -> Result<Exit, Failure> {
    let offers = match wanted.kind {
        None => ServiceFilter::Unspecified,
        Some(Kind::Bed) => ServiceFilter::Bed,
        Some(Kind::Outpatient) => ServiceFilter::Outpatient,
        Some(Kind::Teleconsultation) => ServiceFilter::Teleconsultation,
    };
    let request = ListFacilitiesRequest {
        page_size: wanted.page.page_size,
        page_token: wanted.page.page_token.clone(),
        state: wanted.state.to_uppercase(),
        institution_code: wanted.institution.to_uppercase(),
        offers: offers.into(),
        ..Default::default()
    };
    let page = context
        .session
        .read(|asked| {
            let request = asked.request(request.clone());
            async move { CatalogueServiceClient::new(asked.channel).list_facilities(request).await }
        })
        .await?;
    let rows: Vec<_> = page.facilities.iter().map(sheets::facility).collect();
    context.sheet(&sheets::FACILITY, &rows)?;
    context.ends(rows.len(), page.next_page_token);
    Ok(Exit::Done)
}

impl Context {
    /// Says whether there is more than was shown, or nothing at all.
    pub fn ends(&self, shown: usize, token: String) {
        if !token.is_empty() {
            Notice::More { token }.tell(self.language);
        } else if shown == 0 {
            Notice::NothingFound.tell(self.language);
        }
    }
}
