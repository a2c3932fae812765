//! One command's conversation with the cluster.

use super::endpoints::endpoints;
use super::error::ClientError;
use crate::arguments::Common;
use crate::language::{self, Language};
use crate::limits;
use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tonic::metadata::MetadataValue;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Response, Status, TimeoutExpired};
use tonic_types::StatusExt;
use uuid::Uuid;
use wire::v1::Author;

/// A cluster to ask, with what every question has in common.
#[derive(Debug)]
pub struct Session {
    servers: Vec<Server>,
    /// The server that answered last: it is asked first.
    preferred: AtomicUsize,
    timeout: Duration,
    language: Language,
    request: Uuid,
    author: Option<Author>,
}

#[derive(Debug)]
struct Server {
    address: String,
    channel: Channel,
}

/// One attempt at one server.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The connection.
    pub channel: Channel,
    /// The address, for what is said about it.
    pub address: String,
    remaining: Duration,
    language: Language,
    request: Uuid,
}

impl Asked {
    /// A request with this attempt's deadline, language and identity.
    pub fn request<T>(&self, message: T) -> Request<T> {
        let mut request = self.endless(message);
        request.set_timeout(self.remaining);
        request
    }

    /// A request for a stream, which has no deadline.
    pub fn endless<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        let metadata = request.metadata_mut();
        metadata.insert("accept-language", MetadataValue::from_static(self.language.tag()));
        if let Ok(id) = MetadataValue::try_from(self.request.to_string()) {
            metadata.insert("x-request-id", id);
        }
        request
    }
}

impl Session {
    /// A session as the command line asks for. Nothing is connected before something is asked.
    ///
    /// # Errors
    /// The servers are not named well.
    pub fn new(common: &Common) -> Result<Self, ClientError> {
        let request = common.request_id.unwrap_or_else(Uuid::now_v7);
        let session = Self::with(endpoints(&common.cluster)?, common.timeout, request)?;
        Ok(Self { author: common.author, ..session })
    }

    /// A session with these servers.
    ///
    /// # Errors
    /// An address is none.
    pub fn with(
        addresses: Vec<String>,
        timeout: Duration,
        request: Uuid,
    ) -> Result<Self, ClientError> {
        let servers = addresses
            .into_iter()
            .map(|address| Ok(Server { channel: channel(&address)?, address }))
            .collect::<Result<_, ClientError>>()?;
        Ok(Self {
            servers,
            preferred: AtomicUsize::new(0),
            timeout,
            language: language::spoken(),
            request,
            author: None,
        })
    }

    /// The identity of what this command changes, the same however often it is asked.
    #[must_use]
    pub const fn request_id(&self) -> Uuid {
        self.request
    }

    /// Who asks.
    #[must_use]
    pub const fn author(&self) -> Option<Author> {
        self.author
    }

    /// Asks one server after the other until one answers or the deadline has passed.
    ///
    /// # Errors
    /// What a server refused, or that nobody answered in time.
    pub async fn ask<T, F, A>(&self, attempt: F) -> Result<T, ClientError>
    where
        F: Fn(Asked) -> A,
        A: Future<Output = Result<Response<T>, Status>>,
    {
        let until = Instant::now() + self.timeout;
        let first = self.preferred.load(Ordering::Relaxed);
        let mut silent: Vec<(String, String)> = Vec::new();
        for turn in 0.. {
            let at = (first + turn) % self.servers.len();
            let remaining = until.saturating_duration_since(Instant::now());
            let asked = self.asked(at, remaining);
            let address = asked.address.clone();
            let answer = tokio::time::timeout(remaining, attempt(asked)).await;
            let status = match answer {
                Ok(Ok(response)) => {
                    self.preferred.store(at, Ordering::Relaxed);
                    return Ok(response.into_inner());
                }
                Ok(Err(status)) => status,
                Err(_) => return Err(self.late(&address)),
            };
            let left = until.saturating_duration_since(Instant::now());
            let pause = pause(&status, turn + 1, self.servers.len());
            let Some(pause) = pause.filter(|pause| *pause < left) else {
                return Err(self.refused(status, silent, address));
            };
            silent.retain(|(known, _)| *known != address);
            silent.push((address, status.message().to_owned()));
            tokio::time::sleep(pause).await;
        }
        Err(self.late(""))
    }

    /// Asks every server the same, each once.
    pub async fn ask_all<T, F, A>(&self, attempt: F) -> Vec<(String, Result<T, ClientError>)>
    where
        F: Fn(Asked) -> A,
        A: Future<Output = Result<Response<T>, Status>>,
    {
        let each = (0..self.servers.len()).map(|at| {
            let asked = self.asked(at, self.timeout);
            let address = asked.address.clone();
            let answer = attempt(asked);
            async move {
                let answer = match tokio::time::timeout(self.timeout, answer).await {
                    Ok(Ok(response)) => Ok(response.into_inner()),
                    Ok(Err(status)) => Err(self.refused(status, Vec::new(), address.clone())),
                    Err(_) => Err(self.late(&address)),
                };
                (address, answer)
            }
        });
        futures::future::join_all(each).await
    }

    /// What it means that a stream ended with this status.
    #[must_use]
    pub fn cut(&self, status: Status) -> ClientError {
        let at = self.preferred.load(Ordering::Relaxed) % self.servers.len();
        self.refused(status, Vec::new(), self.servers[at].address.clone())
    }

    /// Asks another server first from now on.
    pub fn leave(&self) {
        self.preferred.fetch_add(1, Ordering::Relaxed);
    }

    fn asked(&self, at: usize, remaining: Duration) -> Asked {
        let Server { address, channel } = &self.servers[at];
        Asked {
            channel: channel.clone(),
            address: address.clone(),
            remaining,
            language: self.language,
            request: self.request,
        }
    }

    fn late(&self, address: &str) -> ClientError {
        let (address, timeout) = (address.to_owned(), self.timeout);
        ClientError::Late { address, timeout, request: self.request }
    }

    fn refused(
        &self,
        status: Status,
        mut silent: Vec<(String, String)>,
        address: String,
    ) -> ClientError {
        if ran_out(&status) {
            return self.late(&address);
        }
        if is_transport(&status) {
            silent.retain(|(known, _)| *known != address);
            silent.push((address, status.message().to_owned()));
            return ClientError::Unreachable { silent, request: self.request };
        }
        ClientError::Refused { status: Box::new(status), request: self.request }
    }
}

/// A connection that is made when it is first needed, and found dead soon after it died.
fn channel(address: &str) -> Result<Channel, ClientError> {
    let bad = |_| ClientError::BadEndpoint { address: address.to_owned() };
    let endpoint = Endpoint::from_shared(format!("http://{address}")).map_err(bad)?;
    Ok(endpoint
        .connect_timeout(limits::CONNECT_TIMEOUT)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(limits::KEEP_ALIVE_INTERVAL)
        .keep_alive_timeout(limits::KEEP_ALIVE_TIMEOUT)
        .connect_lazy())
}

/// Whether the deadline passed while nobody had answered yet.
fn ran_out(status: &Status) -> bool {
    let mut source = std::error::Error::source(status);
    while let Some(error) = source {
        if error.is::<TimeoutExpired>() {
            return true;
        }
        source = error.source();
    }
    status.code() == Code::DeadlineExceeded && status.get_details_error_info().is_none()
}

/// Whether nobody was there to refuse: a server's own refusals carry a reason.
fn is_transport(status: &Status) -> bool {
    let lost = matches!(status.code(), Code::Unavailable | Code::Unknown | Code::Cancelled);
    lost && status.get_details_error_info().is_none()
}

/// How long to wait before somebody is asked again; nothing when asking again would not help.
/// Once around the servers there is no wait: the next one may well answer.
fn pause(status: &Status, asked: usize, servers: usize) -> Option<Duration> {
    let transient = is_transport(status) || status.code() == Code::Unavailable;
    if !transient || ran_out(status) {
        return None;
    }
    if !asked.is_multiple_of(servers) {
        return Some(Duration::ZERO);
    }
    let advised = status.get_details_retry_info().and_then(|info| info.retry_delay);
    Some(advised.unwrap_or(limits::RETRY_PAUSE).clamp(limits::RETRY_PAUSE, limits::RETRY_PAUSE_MAX))
}
