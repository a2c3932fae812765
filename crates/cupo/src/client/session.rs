//! One command's conversation with the cluster.

use super::endpoints::endpoints;
use super::error::{ClientError, Silent};
use super::purpose::Purpose;
use super::status;
use crate::language::{self, Language, Texts};
use crate::limits;
use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tonic::metadata::MetadataValue;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Response, Status};
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
    /// A session with the servers that a text names, or the file it names. Nothing is connected
    /// before something is asked.
    ///
    /// # Errors
    /// The servers are not named well.
    pub fn new(
        cluster: &str,
        timeout: Duration,
        request: Uuid,
        author: Option<Author>,
    ) -> Result<Self, ClientError> {
        Ok(Self { author, ..Self::with(endpoints(cluster)?, timeout, request)? })
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

    /// Carries out a change that bears the request's identity: whoever is asked, it is done once.
    ///
    /// # Errors
    /// What a server refused, or that nobody answered in time.
    pub async fn ask<T, F, A>(&self, attempt: F) -> Result<T, ClientError>
    where
        F: Fn(Asked) -> A,
        A: Future<Output = Result<Response<T>, Status>>,
    {
        self.ask_for(Purpose::Change, attempt).await
    }

    /// Asks what changes nothing.
    ///
    /// # Errors
    /// What a server refused, or that nobody answered in time.
    pub async fn read<T, F, A>(&self, attempt: F) -> Result<T, ClientError>
    where
        F: Fn(Asked) -> A,
        A: Future<Output = Result<Response<T>, Status>>,
    {
        self.ask_for(Purpose::Read, attempt).await
    }

    /// Asks one server after the other until one answers or the deadline has passed. What may take
    /// long and bears no identity stays with the first server that can be reached.
    ///
    /// # Errors
    /// What a server refused, or that nobody answered in time.
    pub async fn ask_for<T, F, A>(&self, purpose: Purpose, attempt: F) -> Result<T, ClientError>
    where
        F: Fn(Asked) -> A,
        A: Future<Output = Result<Response<T>, Status>>,
    {
        let until = Instant::now() + self.timeout;
        let first = self.preferred.load(Ordering::Relaxed);
        let mut silent: Vec<Silent> = Vec::new();
        let mut left_behind = false;
        let began = Instant::now();
        let mut futile = 0;
        for turn in 0.. {
            let at = (first + turn) % self.servers.len();
            let remaining = until.saturating_duration_since(Instant::now());
            // The server is told the whole deadline: what is only slow is not refused as too late.
            let asked = self.asked(at, remaining);
            let address = asked.address.clone();
            let share = self.share(purpose, turn).min(remaining);
            let status = match tokio::time::timeout(share, attempt(asked)).await {
                Ok(Ok(response)) => {
                    self.preferred.store(at, Ordering::Relaxed);
                    return Ok(response.into_inner());
                }
                Ok(Err(status)) => status,
                Err(_) if share < remaining => {
                    left_behind = true;
                    noted(&mut silent, address, status::slow());
                    continue;
                }
                Err(_) => return Err(self.late(purpose, &address)),
            };
            let left = until.saturating_duration_since(Instant::now());
            let pause = status::pause(&status, turn + 1, self.servers.len());
            futile = if is_futile(purpose, &status) { futile + 1 } else { 0 };
            let patient = futile < self.servers.len() || began.elapsed() < limits::FUTILE_PATIENCE;
            let Some(pause) = pause.filter(|pause| *pause < left && patient) else {
                let settled = !status::is_transport(&status) && status.code() != Code::Unavailable;
                if left_behind && purpose != Purpose::Read && !settled {
                    return Err(self.late(purpose, &address));
                }
                return Err(self.refused(purpose, status, silent, address));
            };
            noted(&mut silent, address, status::heard(&status));
            tokio::time::sleep(pause).await;
        }
        Err(self.late(purpose, ""))
    }

    /// How long the server whose turn it is may take while there are others to ask.
    fn share(&self, purpose: Purpose, turn: usize) -> Duration {
        if self.servers.len() < 2 || purpose == Purpose::Membership {
            return self.timeout;
        }
        let round = u32::try_from(turn / self.servers.len()).unwrap_or(u32::MAX);
        let factor = 1_u32.checked_shl(round).unwrap_or(u32::MAX);
        self.first_share().saturating_mul(factor)
    }

    fn first_share(&self) -> Duration {
        (self.timeout / limits::ATTEMPT_SHARE).max(limits::ATTEMPT_MIN).min(self.timeout)
    }

    /// Asks every server the same, each once, with the whole deadline.
    pub async fn ask_all<T, F, A>(&self, attempt: F) -> Vec<(String, Result<T, ClientError>)>
    where
        F: Fn(Asked) -> A,
        A: Future<Output = Result<Response<T>, Status>>,
    {
        self.ask_each(self.timeout, attempt).await
    }

    /// Asks every server the same, each once, and waits for none longer than for one of several.
    pub async fn glance_all<T, F, A>(&self, attempt: F) -> Vec<(String, Result<T, ClientError>)>
    where
        F: Fn(Asked) -> A,
        A: Future<Output = Result<Response<T>, Status>>,
    {
        self.ask_each(self.first_share(), attempt).await
    }

    async fn ask_each<T, F, A>(
        &self,
        within: Duration,
        attempt: F,
    ) -> Vec<(String, Result<T, ClientError>)>
    where
        F: Fn(Asked) -> A,
        A: Future<Output = Result<Response<T>, Status>>,
    {
        let each = (0..self.servers.len()).map(|at| {
            let asked = self.asked(at, within);
            let address = asked.address.clone();
            let answer = attempt(asked);
            async move {
                let answer = match tokio::time::timeout(within, answer).await {
                    Ok(Ok(response)) => Ok(response.into_inner()),
                    Ok(Err(status)) => {
                        Err(self.refused(Purpose::Read, status, Vec::new(), address.clone()))
                    }
                    Err(_) => Err(self.late(Purpose::Read, &address)),
                };
                (address, answer)
            }
        });
        futures::future::join_all(each).await
    }

    /// The same session with other servers.
    ///
    /// # Errors
    /// An address is none.
    pub fn with_servers(&self, addresses: Vec<String>) -> Result<Self, ClientError> {
        let session = Self::with(addresses, self.timeout, self.request)?;
        Ok(Self { author: self.author, ..session })
    }

    /// What it means that a stream ended with this status.
    #[must_use]
    pub fn cut(&self, status: Status) -> ClientError {
        let at = self.preferred.load(Ordering::Relaxed) % self.servers.len();
        self.refused(Purpose::Read, status, Vec::new(), self.servers[at].address.clone())
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

    fn late(&self, purpose: Purpose, address: &str) -> ClientError {
        let (address, timeout) = (address.to_owned(), self.timeout);
        ClientError::Late { purpose, address, timeout, request: self.request }
    }

    fn refused(
        &self,
        purpose: Purpose,
        status: Status,
        mut silent: Vec<Silent>,
        address: String,
    ) -> ClientError {
        if status::ran_out(&status) {
            return self.late(purpose, &address);
        }
        if status::is_transport(&status) {
            noted(&mut silent, address, status::heard(&status));
            return ClientError::Unreachable { silent, request: self.request };
        }
        ClientError::Refused { status: Box::new(status), request: self.request }
    }
}

/// Keeps what was heard last of each server.
fn noted(silent: &mut Vec<Silent>, address: String, heard: Texts<String>) {
    silent.retain(|known| known.address != address);
    silent.push(Silent { address, heard });
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

/// Whether asking again will hardly help.
fn is_futile(purpose: Purpose, status: &Status) -> bool {
    let refused = purpose == Purpose::Membership && status::is_membership_refused(status);
    refused || status::is_unbound(status)
}
