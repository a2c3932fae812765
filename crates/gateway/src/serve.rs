//! Serving: the services behind admission, on one listener, until the node stops.

use crate::admission::{Admission, AdmissionLayer};
use crate::connections::connections;
use crate::edge::Edge;
use crate::limits::{
    BOOKING_BYTES_MAX, CAPACITY_BYTES_MAX, CATALOGUE_BYTES_MAX, CLUSTER_BYTES_MAX,
    HEADER_BYTES_MAX, KEEPALIVE_INTERVAL, KEEPALIVE_TIMEOUT, LOCAL_RESETS_MAX, PENDING_RESETS_MAX,
    READINESS_INTERVAL, WINDOW_PER_CONNECTION_BYTES, WINDOW_PER_STREAM_BYTES,
};
use crate::map::Map;
use crate::pages::Pinned;
use crate::services::{Booking, Capacity, Catalogue, Cluster};
use crate::settings::Settings;
use replica::{Clock, Replica};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tonic::service::{LayerExt, Routes};
use tonic::transport::Server;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;
use tower::ServiceBuilder;
use wire::v1;
use wire::v1::booking_service_server::BookingServiceServer;
use wire::v1::capacity_service_server::CapacityServiceServer;
use wire::v1::catalogue_service_server::CatalogueServiceServer;
use wire::v1::cluster_service_server::ClusterServiceServer;

/// Why nothing is served (any more).
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The listener is open to others than this machine.
    #[error(
        "{address} can be reached from outside, and there is no identity and no TLS yet: \
         bind to 127.0.0.1 or [::1]"
    )]
    NotLoopback {
        /// Where it listens.
        address: SocketAddr,
    },
    /// The listener's address is not known.
    #[error("the listener has no address: {0}")]
    Listener(#[from] std::io::Error),
    /// What reflection shows could not be read.
    #[error("the descriptors of the messages cannot be read: {0}")]
    Descriptors(#[from] tonic_reflection::server::Error),
    /// The transport failed.
    #[error("the transport failed: {0}")]
    Transport(#[from] tonic::transport::Error),
}

/// The edge of one node, ready to be served.
pub struct Gateway {
    edge: Arc<Edge>,
    closing: watch::Sender<bool>,
}

impl Gateway {
    /// The edge over a node's replica.
    #[must_use]
    pub fn new(replica: Replica, clock: Arc<dyn Clock>, settings: Settings) -> Self {
        let closing = watch::Sender::new(false);
        let edge = Edge {
            replica,
            clock,
            admission: Arc::new(Admission::new(&settings)),
            pinned: Pinned::default(),
            map: Map::default(),
            closing: closing.subscribe(),
            settings,
        };
        Self { edge: Arc::new(edge), closing }
    }

    /// Everything that is served, behind admission: the four services, health and reflection.
    ///
    /// # Errors
    /// When the descriptors for reflection cannot be read.
    pub fn routes(&self) -> Result<(Routes, HealthReporter), ServeError> {
        let edge = || Arc::clone(&self.edge);
        let catalogue = CatalogueServiceServer::new(Catalogue(edge()))
            .max_decoding_message_size(CATALOGUE_BYTES_MAX);
        let capacity = CapacityServiceServer::new(Capacity(edge()))
            .max_decoding_message_size(CAPACITY_BYTES_MAX);
        let booking =
            BookingServiceServer::new(Booking(edge())).max_decoding_message_size(BOOKING_BYTES_MAX);
        let cluster =
            ClusterServiceServer::new(Cluster(edge())).max_decoding_message_size(CLUSTER_BYTES_MAX);
        let admitted = |bytes_max| {
            let admission = Arc::clone(&self.edge.admission);
            ServiceBuilder::new().layer(AdmissionLayer { admission, bytes_max })
        };
        let (reporter, health) = tonic_health::server::health_reporter();
        let reflection = || {
            tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(v1::FILE_DESCRIPTOR_SET)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        };
        let routes = Routes::default()
            .add_service(admitted(CATALOGUE_BYTES_MAX).named_layer(catalogue))
            .add_service(admitted(CAPACITY_BYTES_MAX).named_layer(capacity))
            .add_service(admitted(BOOKING_BYTES_MAX).named_layer(booking))
            .add_service(admitted(CLUSTER_BYTES_MAX).named_layer(cluster))
            .add_service(health)
            .add_service(reflection().build_v1()?)
            // Python's client still asks for the older version.
            .add_service(reflection().build_v1alpha()?);
        Ok((routes, reporter))
    }

    /// Serves until `shutdown` is done: then streams end first, calls have a while to end, and
    /// whatever is open after that is cut.
    ///
    /// # Errors
    /// When the listener is open to others than this machine, or the transport fails.
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send,
    ) -> Result<(), ServeError> {
        let address = listener.local_addr()?;
        // Identity and TLS take the place of this refusal.
        if !address.ip().is_loopback() {
            return Err(ServeError::NotLoopback { address });
        }
        let (routes, reporter) = self.routes()?;
        let health = tokio::spawn(report_health(Arc::clone(&self.edge), reporter));
        let incoming = connections(listener, self.edge.settings.connections_max);
        let mut closing = self.closing.subscribe();
        let stopped = async move {
            drop(closing.wait_for(|closing| *closing).await);
        };
        let settings = &self.edge.settings;
        let serving =
            server(settings).add_routes(routes).serve_with_incoming_shutdown(incoming, stopped);
        tokio::pin!(serving);
        tokio::pin!(shutdown);
        let served = tokio::select! {
            served = &mut serving => served,
            () = &mut shutdown => {
                self.closing.send_replace(true);
                let rest = tokio::time::timeout(settings.stop_grace, &mut serving);
                rest.await.unwrap_or(Ok(()))
            }
        };
        health.abort();
        Ok(served?)
    }
}

/// A transport with the bounds of the edge.
fn server(settings: &Settings) -> Server {
    Server::builder()
        .max_concurrent_streams(settings.calls_per_connection_max)
        .initial_stream_window_size(WINDOW_PER_STREAM_BYTES)
        .initial_connection_window_size(WINDOW_PER_CONNECTION_BYTES)
        .http2_keepalive_interval(Some(KEEPALIVE_INTERVAL))
        .http2_keepalive_timeout(Some(KEEPALIVE_TIMEOUT))
        .http2_max_pending_accept_reset_streams(Some(PENDING_RESETS_MAX))
        .http2_max_local_error_reset_streams(Some(LOCAL_RESETS_MAX))
        .http2_max_header_list_size(HEADER_BYTES_MAX)
}

/// Health follows readiness.
async fn report_health(edge: Arc<Edge>, reporter: HealthReporter) {
    let mut closing = edge.closing.clone();
    loop {
        let status =
            if edge.is_ready() { ServingStatus::Serving } else { ServingStatus::NotServing };
        for service in SERVICES {
            reporter.set_service_status(service, status).await;
        }
        tokio::select! {
            () = tokio::time::sleep(READINESS_INTERVAL) => {}
            changed = closing.changed() => {
                if changed.is_err() {
                    return;
                }
            }
        }
    }
}

/// The names health is asked by; the empty one is the node.
const SERVICES: [&str; 5] = [
    "",
    "cupo.v1.BookingService",
    "cupo.v1.CapacityService",
    "cupo.v1.CatalogueService",
    "cupo.v1.ClusterService",
];
