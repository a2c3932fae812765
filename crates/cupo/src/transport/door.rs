//! Calls from other nodes.

use super::Passport;
use crate::limits;
use bytes::Bytes;
use replica::{PeerCall, PeerError, Replica};
use std::future::Future;
use tokio::net::TcpListener;
use tonic::transport::Server;
use tonic::{Request, Response, Status};
use wire::internal::peer_service_server::{PeerService, PeerServiceServer};
use wire::internal::{CallRequest, CallResponse};

/// Takes calls in from peers of the same cluster that mean this node.
#[derive(Clone)]
pub struct Door {
    passport: Passport,
    replica: Replica,
}

impl Door {
    /// The door of a node.
    #[must_use]
    pub const fn new(passport: Passport, replica: Replica) -> Self {
        Self { passport, replica }
    }

    /// Takes calls until told to stop.
    ///
    /// # Errors
    /// The transport's, when it cannot serve.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()>,
    ) -> Result<(), tonic::transport::Error> {
        let service = PeerServiceServer::new(self)
            .max_decoding_message_size(limits::PEER_MESSAGE_BYTES_MAX)
            .max_encoding_message_size(limits::PEER_MESSAGE_BYTES_MAX);
        Server::builder()
            .http2_keepalive_interval(Some(limits::KEEP_ALIVE_INTERVAL))
            .http2_keepalive_timeout(Some(limits::KEEP_ALIVE_TIMEOUT))
            .initial_stream_window_size(limits::PEER_WINDOW_BYTES)
            .initial_connection_window_size(limits::PEER_WINDOW_BYTES)
            .max_concurrent_streams(limits::PEER_STREAMS_MAX)
            .add_service(service)
            .serve_with_incoming_shutdown(
                gateway::connections(listener, limits::PEER_CONNECTIONS_MAX),
                stop,
            )
            .await
    }

    /// Whether a call is for this node, from this cluster. A greeting is answered to strangers too,
    /// so that they learn why they are.
    fn admit(&self, request: &CallRequest) -> Result<PeerCall, Status> {
        let unknown = || Status::invalid_argument("this call is unknown here: upgrade this node");
        let call = PeerCall::from_number(request.kind).ok_or_else(unknown)?;
        if call == PeerCall::Hello {
            return Ok(call);
        }
        let Passport { cluster, fingerprint, node } = &self.passport;
        if request.cluster_id != *cluster {
            return Err(refusal(&PeerError::OtherCluster));
        }
        if request.fingerprint != *fingerprint {
            return Err(refusal(&PeerError::OtherFingerprint));
        }
        if request.to != *node {
            let reason = format!("node {node} is at this address, not node {}", request.to);
            return Err(Status::failed_precondition(reason));
        }
        if request.from == *node {
            let reason = format!("the caller has this node's own number, {node}");
            return Err(Status::failed_precondition(reason));
        }
        Ok(call)
    }
}

#[tonic::async_trait]
impl PeerService for Door {
    async fn call(&self, request: Request<CallRequest>) -> Result<Response<CallResponse>, Status> {
        let request = request.into_inner();
        let call = self.admit(&request)?;
        let body: Bytes = request.body;
        match self.replica.answer(call, body).await {
            Ok(body) => Ok(Response::new(CallResponse { body })),
            Err(error) => Err(refusal(&error)),
        }
    }
}

/// A refusal before anything happened: `roads` reads these codes so.
fn refusal(error: &PeerError) -> Status {
    let reason = error.to_string();
    match error {
        PeerError::OtherCluster | PeerError::OtherFingerprint => {
            Status::failed_precondition(reason)
        }
        PeerError::Malformed { .. } => Status::invalid_argument(reason),
        PeerError::Unavailable { .. } | PeerError::OtherStore | PeerError::Stopping => {
            Status::aborted(reason)
        }
    }
}
