//! One connection to a peer, for calls of one kind.

use crate::limits;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tonic::transport::{Channel, Endpoint, Error};
use wire::internal::peer_service_client::PeerServiceClient;

/// Which connection a call takes. A large body in front of a heartbeat on the same connection
/// would delay it until the leader is doubted, so that what is large has its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Votes, heartbeats, entries, read indices, clocks.
    Agreement,
    /// Commands on their way to the leader.
    Forwarding,
    /// Checkpoints and the journal.
    Bulk,
}

/// One connection and how many calls may be under way on it.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    /// Makes calls; it connects when it is first needed, and again whenever it was cut.
    pub client: PeerServiceClient<Channel>,
    /// One permit per call under way.
    pub permits: Arc<Semaphore>,
}

impl Lane {
    /// A lane to `host:port`.
    ///
    /// # Errors
    /// The address is none.
    pub fn new(address: &str, kind: Kind) -> Result<Self, Error> {
        let in_flight = match kind {
            Kind::Agreement => limits::PEER_AGREEMENT_CALLS_MAX,
            Kind::Forwarding => limits::PEER_FORWARDING_CALLS_MAX,
            Kind::Bulk => limits::PEER_BULK_CALLS_MAX,
        };
        let channel = Endpoint::from_shared(format!("http://{address}"))?
            .connect_timeout(limits::CONNECT_TIMEOUT)
            .tcp_nodelay(true)
            .http2_keep_alive_interval(limits::KEEP_ALIVE_INTERVAL)
            .keep_alive_timeout(limits::KEEP_ALIVE_TIMEOUT)
            .keep_alive_while_idle(true)
            .initial_stream_window_size(limits::PEER_WINDOW_BYTES)
            .initial_connection_window_size(limits::PEER_WINDOW_BYTES)
            .connect_lazy();
        let client = PeerServiceClient::new(channel)
            .max_decoding_message_size(limits::PEER_MESSAGE_BYTES_MAX)
            .max_encoding_message_size(limits::PEER_MESSAGE_BYTES_MAX);
        Ok(Self { client, permits: Arc::new(Semaphore::new(in_flight)) })
    }
}
