//! Somebody who asks any node, and asks again under the same request id until there is an answer.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Response, Status};
use tonic_types::StatusExt;
use wire::v1::cluster_service_client::ClusterServiceClient;
use wire::v1::{ErrorReason, GetStatusRequest, GetStatusResponse};

/// How long one attempt at one node may take: longer than an election, so that a request that is
/// being forwarded is not given up too early.
const ATTEMPT: Duration = Duration::from_secs(3);

/// The pause once all nodes were asked in vain.
const PAUSE: Duration = Duration::from_millis(25);

/// Connections to all nodes.
#[derive(Debug)]
pub struct Client {
    channels: Vec<Channel>,
    turn: AtomicUsize,
}

impl Client {
    /// Somebody who asks the nodes at these addresses.
    pub fn new<'a>(addresses: impl Iterator<Item = &'a str>) -> Self {
        let channel = |address| {
            let endpoint = Endpoint::from_shared(format!("http://{address}"));
            endpoint
                .expect("an address is a host and a port")
                .connect_timeout(Duration::from_millis(500))
                .tcp_nodelay(true)
                .http2_keep_alive_interval(Duration::from_secs(1))
                .keep_alive_timeout(Duration::from_secs(1))
                .connect_lazy()
        };
        Self { channels: addresses.map(channel).collect(), turn: AtomicUsize::new(0) }
    }

    /// The connection to one node.
    pub fn channel(&self, at: usize) -> Channel {
        self.channels[at].clone()
    }

    /// How a node stands.
    pub async fn status(&self, at: usize) -> Result<GetStatusResponse, Status> {
        let mut client = ClusterServiceClient::new(self.channel(at));
        let request = within(Duration::from_secs(1), GetStatusRequest {});
        Ok(client.get_status(request).await?.into_inner())
    }

    /// Asks node after node, each time the same, until one has an answer that settles the matter or
    /// the time is over. What was answered in between goes to `passing`.
    pub async fn insist<M, T, F>(
        &self,
        message: M,
        patience: Duration,
        mut passing: impl FnMut(&Status),
        call: impl Fn(Channel, Request<M>) -> F,
    ) -> Result<T, Status>
    where
        M: Clone,
        F: Future<Output = Result<Response<T>, Status>>,
    {
        let until = Instant::now() + patience;
        let first = self.turn.fetch_add(1, Ordering::Relaxed);
        for turn in 1.. {
            let left = until.saturating_duration_since(Instant::now()).min(ATTEMPT);
            let channel = self.channel((first + turn) % self.channels.len());
            let answer = call(channel, within(left, message.clone()));
            let late = |_| Err(Status::deadline_exceeded("no answer"));
            let status = match tokio::time::timeout(left, answer).await.unwrap_or_else(late) {
                Ok(answer) => return Ok(answer.into_inner()),
                Err(status) => status,
            };
            if reason_of(&status).is_some_and(settles) || Instant::now() >= until {
                return Err(status);
            }
            passing(&status);
            if turn % self.channels.len() == 0 {
                tokio::time::sleep(PAUSE).await;
            }
        }
        unreachable!("there is always another turn")
    }
}

/// A message with a deadline.
pub fn within<M>(time: Duration, message: M) -> Request<M> {
    let mut request = Request::new(message);
    request.set_timeout(time);
    request
}

/// The reason a node gave; none when nobody was there to refuse.
pub fn reason_of(status: &Status) -> Option<ErrorReason> {
    wire::reason::from_name(&status.get_details_error_info()?.reason)
}

/// Whether the cluster decided and will not decide otherwise: those from 200 on are the edge's.
pub const fn settles(reason: ErrorReason) -> bool {
    let edge = ErrorReason::InvalidArgument as i32;
    (reason as i32) <= edge && !matches!(reason, ErrorReason::Unspecified)
}

/// A fresh request id.
pub fn request_id() -> String {
    uuid::Uuid::now_v7().to_string()
}
