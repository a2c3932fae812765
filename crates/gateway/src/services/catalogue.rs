//! The catalogue of institutions, facilities and services.

use crate::admission::Call;
use crate::changing::Changing;
use crate::complaint::Complaint;
use crate::edge::Edge;
use crate::limits::{IMPORT_ROWS_MAX, PAGE_LOOKED_AT_MAX, PAGE_SIZE_MAX};
use crate::pages::{self, Token};
use calendar::Zone;
use ledger::acts::{CloseFacility, CloseService, ConfirmCapacity, MergeFacility, PutFacility};
use ledger::words::{
    Facility, FacilityId, FacilityStatus, InstitutionCode, RequestId, ServiceKind,
};
use ledger::{Act, Command, View};
use std::sync::Arc;
use tonic::{Request, Response, Status};
use v1::catalogue_service_server::CatalogueService;
use wire::{FieldError, Problem, catalogue, names, outcome, request, v1};

/// The catalogue's service.
pub(crate) struct Catalogue(pub Arc<Edge>);

#[tonic::async_trait]
impl CatalogueService for Catalogue {
    async fn import_facilities(
        &self,
        request: Request<v1::ImportFacilitiesRequest>,
    ) -> Result<Response<v1::ImportFacilitiesResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        call.answer(import(&self.0, &call, &asked).await)
    }

    async fn list_facilities(
        &self,
        request: Request<v1::ListFacilitiesRequest>,
    ) -> Result<Response<v1::ListFacilitiesResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        call.answer(list_facilities(&self.0, &call, asked).await)
    }

    async fn get_facility(
        &self,
        request: Request<v1::GetFacilityRequest>,
    ) -> Result<Response<v1::GetFacilityResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        let found = async {
            let view = self.0.read(&call, asked.consistency.as_ref()).await?;
            let id = names::facility(&view, "name", &asked.name)?;
            let facility =
                view.facility(id).map(|found| catalogue::facility_message(&view, id, found));
            Ok(v1::GetFacilityResponse { facility, revision: view.revision().0 })
        };
        call.answer(found.await)
    }

    async fn close_facility(
        &self,
        request: Request<v1::CloseFacilityRequest>,
    ) -> Result<Response<v1::ChangeResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        let act = |view: &View, asked: &v1::CloseFacilityRequest| {
            let facility = names::facility(view, "name", &asked.name)?;
            Ok(Act::CloseFacility(CloseFacility { facility }))
        };
        call.answer(self.0.plain(&call, &asked, act).await)
    }

    async fn merge_facility(
        &self,
        request: Request<v1::MergeFacilityRequest>,
    ) -> Result<Response<v1::ChangeResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        let act = |view: &View, asked: &v1::MergeFacilityRequest| {
            let duplicate = names::facility(view, "name", &asked.name)?;
            let into = names::facility(view, "into", &asked.into)?;
            Ok(Act::MergeFacility(MergeFacility { duplicate, into }))
        };
        call.answer(self.0.plain(&call, &asked, act).await)
    }

    async fn close_facility_service(
        &self,
        request: Request<v1::CloseFacilityServiceRequest>,
    ) -> Result<Response<v1::ChangeResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        let act = |view: &View, asked: &v1::CloseFacilityServiceRequest| {
            let service = names::service(view, "name", &asked.name)?;
            Ok(Act::CloseService(CloseService { service }))
        };
        call.answer(self.0.plain(&call, &asked, act).await)
    }

    async fn confirm_capacity(
        &self,
        request: Request<v1::ConfirmCapacityRequest>,
    ) -> Result<Response<v1::ChangeResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        let act = |view: &View, asked: &v1::ConfirmCapacityRequest| {
            let service = names::service(view, "name", &asked.name)?;
            Ok(Act::ConfirmCapacity(ConfirmCapacity { service, beds: asked.beds }))
        };
        call.answer(self.0.plain(&call, &asked, act).await)
    }

    async fn put_institution(
        &self,
        request: Request<v1::PutInstitutionRequest>,
    ) -> Result<Response<v1::ChangeResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        let act = |_: &View, asked: &v1::PutInstitutionRequest| {
            let put = catalogue::put_institution(asked.institution.as_ref())?;
            Ok(Act::PutInstitution(put))
        };
        call.answer(self.0.plain(&call, &asked, act).await)
    }

    async fn list_institutions(
        &self,
        request: Request<v1::ListInstitutionsRequest>,
    ) -> Result<Response<v1::ListInstitutionsResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        call.answer(list_institutions(&self.0, &call, asked).await)
    }
}

/// Imports rows: those that cannot be read have their own outcome, the others are one proposal.
async fn import(
    edge: &Edge,
    call: &Call,
    asked: &v1::ImportFacilitiesRequest,
) -> Result<v1::ImportFacilitiesResponse, Complaint> {
    let given = asked.facilities.len();
    if given > IMPORT_ROWS_MAX {
        return Err(Complaint::BatchTooLarge { given, max: IMPORT_ROWS_MAX });
    }
    let batch = request::uuid("request_id", asked.request_id())?;
    let author = request::author(asked.author())?;
    let policy = request::policy(Changing::policy_version(asked));
    let (mut outcomes, mut commands, mut asked_of) = (Vec::new(), Vec::new(), Vec::new());
    for (row, sequence) in asked.facilities.iter().zip(1_u32..) {
        match read_row(row) {
            Err(error) => outcomes.push(outcome::unfit(sequence.into(), &error.into())),
            Ok(put) => {
                asked_of.push(outcomes.len());
                outcomes.push(v1::Outcome { sequence: sequence.into(), ..Default::default() });
                let request = RequestId::Unique(request::row_uuid(batch, sequence));
                let act = Act::PutFacility(put);
                commands.push(Command { request, not_after: call.not_after, author, policy, act });
            }
        }
    }
    let mut revision = edge.replica.view().revision().0;
    if !asked.validate_only && !commands.is_empty() {
        let applied = edge.replica.propose(commands, call.until).await?;
        for (index, applied) in asked_of.into_iter().zip(&applied) {
            outcomes[index] = outcome::message(outcomes[index].sequence, applied);
            revision = revision.max(applied.revision.0);
        }
    }
    Ok(v1::ImportFacilitiesResponse { outcomes, revision })
}

fn read_row(row: &v1::FacilityRecord) -> Result<PutFacility, FieldError> {
    let put = catalogue::put_facility(row)?;
    Zone::parse(&put.profile.zone).map_err(|_| FieldError::new("time_zone", Problem::Zone))?;
    Ok(put)
}

async fn list_facilities(
    edge: &Edge,
    call: &Call,
    asked: v1::ListFacilitiesRequest,
) -> Result<v1::ListFacilitiesResponse, Complaint> {
    let institution = read_institution(&asked.institution_code)?;
    let (size, consistency) = (pages::size(asked.page_size, PAGE_SIZE_MAX)?, asked.consistency);
    let (text, asked) = (
        asked.page_token.clone(),
        v1::ListFacilitiesRequest {
            page_size: 0,
            page_token: String::new(),
            consistency: None,
            ..asked
        },
    );
    let filter = pages::filter(&asked);
    let (view, from) =
        edge.page(call, &text, filter, consistency, View::catalogue_revision).await?;
    let from = FacilityId(u32::try_from(from).unwrap_or(u32::MAX));
    let (mut facilities, mut next) = (Vec::new(), None);
    for (looked_at, (id, facility)) in view.facilities_from(from).enumerate() {
        if facilities.len() >= size || looked_at >= PAGE_LOOKED_AT_MAX {
            next = Some(id);
            break;
        }
        if fits(&view, facility, &asked, institution) {
            facilities.push(catalogue::facility_message(&view, id, facility));
        }
    }
    let next_page_token = edge.next_page(&view, next.map(|id| id.0.into()), filter);
    Ok(v1::ListFacilitiesResponse { facilities, next_page_token, revision: view.revision().0 })
}

/// An institution's three letters as a filter; none when empty.
pub(super) fn read_institution(code: &str) -> Result<Option<InstitutionCode>, FieldError> {
    if code.is_empty() {
        return Ok(None);
    }
    let wrong = || FieldError::new("institution_code", Problem::Institution);
    InstitutionCode::parse(code).map(Some).ok_or_else(wrong)
}

fn fits(
    view: &View,
    facility: &Facility,
    asked: &v1::ListFacilitiesRequest,
    institution: Option<InstitutionCode>,
) -> bool {
    let offers = |filter: v1::ServiceFilter| {
        let mut kinds = facility.services.iter().filter_map(|(_, id)| view.service(*id));
        kinds.any(|service| match service.kind {
            ServiceKind::Bed(_) => filter == v1::ServiceFilter::Bed,
            ServiceKind::Outpatient(_) => filter == v1::ServiceFilter::Outpatient,
            ServiceKind::Teleconsultation(_) => filter == v1::ServiceFilter::Teleconsultation,
        })
    };
    let state = &asked.state;
    (asked.show_closed || facility.status == FacilityStatus::Open)
        && (state.is_empty() || facility.clues.state().eq_ignore_ascii_case(state))
        && institution.is_none_or(|code| code == facility.profile.institution)
        && (asked.offers == 0 || offers(asked.offers()))
}

async fn list_institutions(
    edge: &Edge,
    call: &Call,
    asked: v1::ListInstitutionsRequest,
) -> Result<v1::ListInstitutionsResponse, Complaint> {
    let (size, filter) = (pages::size(asked.page_size, PAGE_SIZE_MAX)?, 0);
    let (view, from) = edge
        .page(call, &asked.page_token, filter, asked.consistency, View::catalogue_revision)
        .await?;
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    let mut rest = view.institutions().skip(from);
    let institutions: Vec<_> = rest
        .by_ref()
        .take(size)
        .map(|(code, institution)| catalogue::institution_message(code, institution))
        .collect();
    let next = rest.next().map(|_| (from + institutions.len()) as u64);
    let next_page_token = edge.next_page(&view, next, filter);
    Ok(v1::ListInstitutionsResponse { institutions, next_page_token, revision: view.revision().0 })
}

impl Edge {
    /// The view of a page and where it begins. `unchanged_since` gives the revision at which what
    /// is listed last changed.
    pub(super) async fn page(
        &self,
        call: &Call,
        token: &str,
        filter: u64,
        consistency: Option<v1::Consistency>,
        unchanged_since: impl Fn(&View) -> ledger::words::Revision,
    ) -> Result<(Arc<View>, u64), Complaint> {
        match Token::read(token, filter)? {
            None => Ok((self.read(call, consistency.as_ref()).await?, 0)),
            Some(token) => {
                let current = self.replica.view();
                let view = self.pinned.find(token.revision, current, unchanged_since)?;
                Ok((view, token.position))
            }
        }
    }

    /// The token of the next page, whose view is kept; empty when there is none.
    pub(super) fn next_page(&self, view: &Arc<View>, next: Option<u64>, filter: u64) -> String {
        next.map_or_else(String::new, |position| {
            self.pinned.keep(view);
            Token::new(view.revision(), position, filter).text()
        })
    }
}
