//! A cluster in this process, served on real sockets.

use bytes::Bytes;
use gateway::{Gateway, Settings};
use replica::history::MemoryRoom;
use replica::{
    Election, Instant, Member, Network, NodeId, Pact, Parts, PeerCall, Replica, SystemClock,
    Unreachable,
};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::disk::MemoryDisk;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};
use tonic_types::{ErrorDetails, StatusExt};
use wire::v1;
use wire::v1::booking_service_client::BookingServiceClient;
use wire::v1::capacity_service_client::CapacityServiceClient;
use wire::v1::catalogue_service_client::CatalogueServiceClient;
use wire::v1::cluster_service_client::ClusterServiceClient;

/// The nodes that can be reached.
#[derive(Clone, Default)]
struct Mesh(Arc<Mutex<BTreeMap<u64, Replica>>>);

#[async_trait::async_trait]
impl Network for Mesh {
    async fn call(
        &self,
        to: &Member,
        call: PeerCall,
        body: Bytes,
        until: Instant,
    ) -> Result<Bytes, Unreachable> {
        let peer = self.0.lock().expect("no test panics with the lock").get(&to.id.0).cloned();
        let not_sent = |reason: String| Unreachable::NotSent { reason };
        let peer = peer.ok_or_else(|| not_sent("it is down".to_owned()))?;
        match tokio::time::timeout_at(until, peer.answer(call, body)).await {
            Ok(answer) => answer.map_err(|error| not_sent(error.to_string())),
            Err(_) => Err(Unreachable::Unknown { reason: "too late".to_owned() }),
        }
    }
}

/// A node that is served.
pub struct Node {
    pub address: SocketAddr,
    pub replica: Replica,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<()>,
}

/// A cluster.
pub struct World {
    pub nodes: Vec<Node>,
    mesh: Mesh,
}

impl World {
    /// A cluster of so many nodes, served, with an institution and nothing else.
    pub async fn new(nodes: u64) -> Self {
        Self::tuned(nodes, Settings::default()).await
    }

    /// The same with other settings of the edge.
    pub async fn tuned(nodes: u64, settings: Settings) -> Self {
        let mut world = Self::unfounded(nodes, settings).await;
        let members = (1..=nodes).map(member).collect();
        world.nodes[0].replica.initialize(members).await.expect("a new cluster is founded");
        world.put_institution("IMB").await;
        // A quorum confirms its leader within a few heartbeats; before that no node is ready.
        while world.nodes.iter().any(|node| node.replica.status().age.is_none()) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        world
    }

    /// Nodes that are served and in no cluster yet.
    pub async fn unfounded(nodes: u64, settings: Settings) -> Self {
        let mesh = Mesh::default();
        let mut served = Vec::new();
        for id in 1..=nodes {
            let replica = start(id, &mesh).await;
            served.push(serve(replica, settings.clone()).await);
        }
        Self { nodes: served, mesh }
    }

    /// Takes a node off the network.
    pub fn cut(&self, node: u64) {
        self.mesh.0.lock().expect("no test panics with the lock").remove(&node);
    }

    pub async fn channel(&self, node: usize) -> Channel {
        let endpoint = Endpoint::from_shared(format!("http://{}", self.nodes[node].address));
        let endpoint = endpoint.expect("an address is a URI").tcp_nodelay(true);
        endpoint.connect().await.expect("the node listens")
    }

    pub async fn booking(&self) -> BookingServiceClient<Channel> {
        BookingServiceClient::new(self.channel(0).await)
    }

    pub async fn capacity(&self) -> CapacityServiceClient<Channel> {
        CapacityServiceClient::new(self.channel(0).await)
    }

    pub async fn catalogue(&self) -> CatalogueServiceClient<Channel> {
        CatalogueServiceClient::new(self.channel(0).await)
    }

    pub async fn cluster(&self) -> ClusterServiceClient<Channel> {
        ClusterServiceClient::new(self.channel(0).await)
    }

    async fn put_institution(&mut self, code: &str) {
        let institution = v1::Institution {
            name: format!("institutions/{code}"),
            display_name: format!("Institución {code}"),
        };
        let asked = v1::PutInstitutionRequest {
            institution: Some(institution),
            request_id: request_id(),
            ..Default::default()
        };
        self.catalogue().await.put_institution(asked).await.expect("it is registered");
    }

    /// Registers a hospital with confirmed beds `ward` and a consulting room `room`.
    pub async fn hospital(&self, clues: &str, beds: u32) {
        let outcomes = self.import(vec![hospital(clues, beds)]).await;
        assert_eq!(outcomes[0].reason(), v1::ErrorReason::Unspecified, "{outcomes:?}");
    }

    pub async fn import(&self, facilities: Vec<v1::FacilityRecord>) -> Vec<v1::Outcome> {
        let asked = v1::ImportFacilitiesRequest {
            facilities,
            request_id: request_id(),
            ..Default::default()
        };
        let answer = self.catalogue().await.import_facilities(asked).await;
        answer.expect("the import is answered").into_inner().outcomes
    }

    /// The ward of a hospital says so many beds are free.
    pub async fn report(&self, clues: &str, sequence: u64, available: u32) -> v1::Outcome {
        let items = vec![report(clues, sequence, available)];
        let message =
            v1::StreamCapacityRequest { stream_id: request_id(), items, ..Default::default() };
        let mut capacity = self.capacity().await;
        let asked = tokio_stream::once(message);
        let mut down = capacity.stream_capacity(asked).await.expect("it opens").into_inner();
        while let Some(message) = down.message().await.expect("nothing breaks") {
            if let Some(v1::stream_capacity_response::Message::Outcomes(said)) = message.message {
                return said.outcomes.into_iter().next().expect("one item has one outcome");
            }
        }
        panic!("a report was not answered")
    }

    /// Stops a node as planned.
    pub async fn stop(&mut self, node: usize) {
        let node = &mut self.nodes[node];
        if let Some(stop) = node.stop.take() {
            stop.send(()).expect("the node serves");
        }
        (&mut node.served).await.expect("serving does not panic");
    }
}

fn member(id: u64) -> Member {
    Member { id: NodeId(id), address: format!("node-{id}") }
}

async fn start(id: u64, mesh: &Mesh) -> Replica {
    let pact = Pact { cluster: 7, fingerprint: [3; 32] };
    let mut settings = replica::Settings::new(NodeId(id), pact, 1, u128::from(id));
    settings.election = Election {
        heartbeat: Duration::from_millis(50),
        wait_min: Duration::from_millis(200),
        wait_max: Duration::from_millis(400),
    };
    settings.free_bytes_min = 0;
    let parts = Parts::new(
        Arc::new(MemoryDisk::new(id)),
        Box::new(MemoryRoom),
        Arc::new(mesh.clone()),
        Arc::new(|fatal| panic!("a node must not go on: {fatal}")),
    );
    let replica = Replica::start(settings, parts).await.expect("an empty disk starts");
    mesh.0.lock().expect("no test panics with the lock").insert(id, replica.clone());
    replica
}

async fn serve(replica: Replica, settings: Settings) -> Node {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let (stop, stopped) = oneshot::channel::<()>();
    let gateway = Gateway::new(replica.clone(), Arc::new(SystemClock::default()), settings);
    let served = tokio::spawn(async move {
        let stopped = async { drop(stopped.await) };
        gateway.serve(listener, stopped).await.expect("loopback is served");
    });
    Node { address, replica, stop: Some(stop), served }
}

pub fn request_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

pub fn hospital(clues: &str, beds: u32) -> v1::FacilityRecord {
    use v1::service_kind::Kind;
    let ward = v1::BedType { area: v1::BedArea::General.into(), ..Default::default() };
    let service = |code: &str, kind, beds| v1::ServiceRecord {
        code: code.to_owned(),
        kind: Some(v1::ServiceKind { kind: Some(kind) }),
        beds,
        confirmed: true,
    };
    v1::FacilityRecord {
        clues: clues.to_owned(),
        institution_code: "IMB".to_owned(),
        display_name: format!("Hospital {clues}"),
        level: v1::CareLevel::Second.into(),
        position: Some(v1::Position { latitude: 17.06, longitude: -96.72 }),
        municipality: 20_067,
        time_zone: "America/Mexico_City".to_owned(),
        services: vec![
            service("ward", Kind::Bed(ward), Some(beds)),
            service("room", Kind::Outpatient(v1::Specialty::Cardiology.into()), None),
        ],
        ..Default::default()
    }
}

pub fn report(clues: &str, sequence: u64, available: u32) -> v1::CapacityItem {
    let report = v1::Report {
        service: Some(v1::report::Service::ServiceName(ward(clues))),
        sequence,
        incarnation: 1,
        beds: Some(v1::BedCount { free: available, open: available, ..Default::default() }),
        available,
        ..Default::default()
    };
    v1::CapacityItem { sequence, item: Some(v1::capacity_item::Item::Report(report)) }
}

pub fn ward(clues: &str) -> String {
    format!("facilities/{clues}/services/ward")
}

pub fn leg(place: &str) -> v1::Leg {
    let place = Some(v1::place::Place::Name(place.to_owned()));
    v1::Leg { candidates: vec![v1::Place { place }] }
}

pub fn book(place: &str) -> v1::BookRequest {
    v1::BookRequest { legs: vec![leg(place)], request_id: request_id(), ..Default::default() }
}

/// A request whose caller waits this long.
pub fn within<T>(seconds: u64, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(Duration::from_secs(seconds));
    request
}

/// The published reason of a refusal.
pub fn reason(status: &Status) -> String {
    let details: ErrorDetails = status.get_error_details();
    details.error_info().map(|info| info.reason.clone()).unwrap_or_default()
}
