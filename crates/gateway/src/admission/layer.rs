//! The layer over all services.

use super::budget::{Budgets, Caller};
use crate::complaint::Complaint;
use crate::connections::Visitor;
use crate::language::Language;
use crate::limits::ELSEWHERE_RETRY;
use crate::settings::Settings;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::Code;
use tonic::body::Body;
use tonic::codegen::http::{Request, Response};
use tower::{Layer, Service};

/// What calls must get past, shared by all services.
pub(crate) struct Admission {
    /// The budgets of everybody.
    pub budgets: Budgets,
    calls: Arc<Semaphore>,
    streams: Arc<Semaphore>,
}

impl Admission {
    /// Admission by these settings.
    pub fn new(settings: &Settings) -> Self {
        let bounded =
            |permits: usize| Arc::new(Semaphore::new(permits.min(Semaphore::MAX_PERMITS)));
        Self {
            budgets: Budgets::new(settings),
            calls: bounded(settings.calls_max),
            streams: bounded(settings.streams_max),
        }
    }

    /// Room for one more open stream, as long as the permit lives.
    pub fn stream(&self) -> Result<OwnedSemaphorePermit, Complaint> {
        Arc::clone(&self.streams).try_acquire_owned().map_err(|_| Complaint::TooManyOpenStreams)
    }

    fn call(&self, visitor: Option<&Visitor>) -> Result<OwnedSemaphorePermit, Complaint> {
        if visitor.is_some_and(|visitor| !visitor.seated) {
            return Err(Complaint::TooManyConnections);
        }
        self.budgets.take(Caller::of(visitor), 1)?;
        let room = Arc::clone(&self.calls).try_acquire_owned();
        room.map_err(|_| Complaint::Overloaded { retry_after: ELSEWHERE_RETRY })
    }
}

/// Puts admission before a service.
#[derive(Clone)]
pub(crate) struct AdmissionLayer {
    /// Shared by all services.
    pub admission: Arc<Admission>,
    /// The largest message the service takes, in bytes.
    pub bytes_max: usize,
}

impl<S> Layer<S> for AdmissionLayer {
    type Service = Admitted<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Admitted { inner, layer: self.clone() }
    }
}

/// A service behind admission.
#[derive(Clone)]
pub(crate) struct Admitted<S> {
    inner: S,
    layer: AdmissionLayer,
}

impl<S, B> Service<Request<B>> for Admitted<S>
where
    S: Service<Request<B>, Response = Response<Body>>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // Health and reflection must answer when nothing else does.
        if !request.uri().path().starts_with("/cupo.") {
            return Box::pin(self.inner.call(request));
        }
        let header = request.headers().get("accept-language");
        let language = Language::asked(header.and_then(|value| value.to_str().ok()));
        match self.layer.admission.call(request.extensions().get()) {
            Ok(permit) => {
                let (answer, bytes_max) = (self.inner.call(request), self.layer.bytes_max);
                Box::pin(async move {
                    let answer = answer.await?;
                    drop(permit);
                    Ok(if is_too_large(&answer) {
                        Complaint::MessageTooLarge { bytes_max }.status(language).into_http()
                    } else {
                        answer
                    })
                })
            }
            Err(complaint) => {
                let refused = complaint.status(language).into_http();
                Box::pin(async move { Ok(refused) })
            }
        }
    }
}

/// Whether the transport refused a message for its size: it says so by a code alone, where the
/// edge itself never leaves the details out.
fn is_too_large(answer: &Response<Body>) -> bool {
    let code = answer.headers().get("grpc-status").map(|code| Code::from_bytes(code.as_bytes()));
    code == Some(Code::OutOfRange) && !answer.headers().contains_key("grpc-status-details-bin")
}
