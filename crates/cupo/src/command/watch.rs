//! `cupo watch` and `cupo facility watch`: what happens, as it happens, without a gap. When a
//! server goes, another one goes on after the last revision that was shown.

use super::{Context, Failure};
use crate::arguments::Watch;
use crate::client::{Asked, ClientError};
use crate::exit::Exit;
use crate::limits;
use crate::messages::Notice;
use crate::output::Printer;
use crate::sheets;
use ledger::words::Clues;
use std::io::{BufWriter, Stdout};
use tonic::Streaming;
use wire::v1::capacity_service_client::CapacityServiceClient;
use wire::v1::cluster_service_client::ClusterServiceClient;
use wire::v1::{
    Event, GetStatusRequest, WatchCapacityRequest, WatchCapacityResponse, WatchRequest,
    WatchResponse, watch_capacity_response, watch_response,
};

/// One message of a watch.
enum Step {
    /// What happened, up to this revision.
    Happened(Vec<Event>, u64),
    /// Nothing, up to this revision.
    Nothing(u64),
}

/// Shows everything that happens.
///
/// # Errors
/// Why nothing can be shown.
pub async fn everything(context: &Context, wanted: &Watch) -> Result<Exit, Failure> {
    let facility = wanted.facility.map(|clues| format!("facilities/{clues}")).unwrap_or_default();
    let open = |after| {
        let facility = facility.clone();
        async move {
            let request = WatchRequest { resume_after_revision: after, facility };
            context
                .session
                .read(|asked: Asked| {
                    let request = asked.endless(request.clone());
                    async move { ClusterServiceClient::new(asked.channel).watch(request).await }
                })
                .await
        }
    };
    let step = |message: WatchResponse| match message.message {
        Some(watch_response::Message::Events(events)) => {
            Some(Step::Happened(events.events, events.revision))
        }
        Some(watch_response::Message::Bookmark(mark)) => Some(Step::Nothing(mark.revision)),
        None => None,
    };
    follow(context, wanted.after_revision, "", open, step).await
}

/// Shows how a facility's capacity changes; without a revision to begin at, first the beds as they
/// stand.
///
/// # Errors
/// Why nothing can be shown.
pub async fn capacity(
    context: &Context,
    clues: Clues,
    after: Option<u64>,
) -> Result<Exit, Failure> {
    let facility = context.facility(clues).await?;
    let (facility, zone) = (facility.name, facility.time_zone);
    let open = |after| {
        let facility = facility.clone();
        async move {
            let request = WatchCapacityRequest { resume_after_revision: after, facility };
            context
                .session
                .read(|asked: Asked| {
                    let request = asked.endless(request.clone());
                    async move {
                        CapacityServiceClient::new(asked.channel).watch_capacity(request).await
                    }
                })
                .await
        }
    };
    let step = |message: WatchCapacityResponse| match message.message? {
        watch_capacity_response::Message::Current(current) => {
            let now = sheets::now();
            let rows = current.capacities.iter().map(|beds| sheets::capacity(beds, now));
            let shown = context.sheet(&sheets::CAPACITY, &rows.collect::<Vec<_>>());
            shown.ok().filter(|()| current.complete).map(|()| Step::Nothing(current.revision))
        }
        watch_capacity_response::Message::Events(events) => {
            Some(Step::Happened(events.events, events.revision))
        }
        watch_capacity_response::Message::Bookmark(mark) => Some(Step::Nothing(mark.revision)),
    };
    follow(context, after, &zone, open, step).await
}

/// Opens a watch, shows what comes, and opens it again elsewhere when it breaks, until somebody
/// ends it or a server refuses for good.
async fn follow<M, A>(
    context: &Context,
    mut after: Option<u64>,
    zone: &str,
    open: impl Fn(Option<u64>) -> A,
    step: impl Fn(M) -> Option<Step>,
) -> Result<Exit, Failure>
where
    A: Future<Output = Result<Streaming<M>, ClientError>>,
{
    let mut printer = context.printer();
    printer.header(&sheets::EVENT)?;
    let end = tokio::signal::ctrl_c();
    tokio::pin!(end);
    loop {
        let mut stream = tokio::select! {
            opened = open(after) => match (opened, after) {
                (Ok(stream), _) => stream,
                (Err(error), Some(after)) => return Err(ahead(context, after, error).await.into()),
                (Err(error), None) => return Err(error.into()),
            },
            _ = &mut end => return Ok(Exit::Done),
        };
        Notice::Watching { revision: after }.tell(context.language);
        loop {
            let message = tokio::select! {
                message = stream.message() => message,
                _ = &mut end => return Ok(Exit::Done),
            };
            match message {
                Ok(Some(message)) => {
                    if let Some(seen) = show(&mut printer, step(message), zone)? {
                        after = Some(seen);
                    }
                }
                Ok(None) => break,
                Err(status) => {
                    let error = context.session.cut(status);
                    if !error.is_transient() {
                        return Err(error.into());
                    }
                    break;
                }
            }
        }
        context.session.leave();
        tokio::time::sleep(limits::RETRY_PAUSE).await;
    }
}

/// Why nothing follows a revision: servers wait for one that they have not heard of yet, and when
/// none of them has, that is told instead of their silence.
async fn ahead(context: &Context, revision: u64, error: ClientError) -> ClientError {
    if !matches!(error, ClientError::Late { .. }) {
        return error;
    }
    let statuses = context
        .session
        .glance_all(|asked| async move {
            let request = asked.request(GetStatusRequest {});
            ClusterServiceClient::new(asked.channel).get_status(request).await
        })
        .await;
    let told = statuses.iter().filter_map(|(_, status)| Some(status.as_ref().ok()?.revision));
    match told.max() {
        Some(newest) if newest < revision => {
            ClientError::Ahead { revision, newest, request: context.session.request_id() }
        }
        _ => error,
    }
}

/// Shows a step; the revision up to which everything was shown.
fn show(
    printer: &mut Printer<BufWriter<Stdout>>,
    step: Option<Step>,
    zone: &str,
) -> Result<Option<u64>, Failure> {
    match step {
        None => Ok(None),
        Some(Step::Nothing(revision)) => Ok(Some(revision)),
        Some(Step::Happened(events, revision)) => {
            for event in &events {
                printer.line(&sheets::EVENT, &sheets::event(event, zone))?;
            }
            Ok(Some(revision))
        }
    }
}
