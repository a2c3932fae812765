//! Clients that open streams and never read what comes.

use crate::support::client::request_id;
use crate::support::greeting;
use crate::support::nation::{BEDS, WARD};
use crate::support::{Client, Cluster, Desk, Load, Nation, reason_of};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio_stream::StreamExt;
use tonic::transport::Endpoint;
use tonic::{Code, Status, Streaming};
use tonic_types::StatusExt;
use wire::v1::booking_service_client::BookingServiceClient;
use wire::v1::capacity_item::Item;
use wire::v1::capacity_service_client::CapacityServiceClient;
use wire::v1::cluster_service_client::ClusterServiceClient;
use wire::v1::stream_capacity_response::Message;
use wire::v1::{
    BedCount, CapacityItem, ErrorReason, Operation, Report, StreamBookingsRequest,
    StreamCapacityRequest, WatchRequest, WatchResponse, operation, report,
};

/// Reports of one message.
const REPORTS: u64 = 8_000;

/// Messages of reports: together more happens than a node keeps for those who are behind.
const MESSAGES: u64 = 34;

/// Watches that nobody reads.
const WATCHES: usize = 32;

/// Operations of one message of a bulk stream.
const OPERATIONS: usize = 4_000;

/// Memory that all who do not read may cost together, in bytes.
const MEMORY_MAX: u64 = 160 << 20;

/// How long a connection may say nothing before it is cut, and some more.
const MUTE: Duration = Duration::from_secs(13);

/// After this somebody who does not even answer whether he lives is cut, and some more.
const DEAD: Duration = Duration::from_secs(45);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_read_holds_back_only_himself_and_is_cut_with_a_reason() {
    let mut cluster = Cluster::start().await;
    let nation = Nation::found(&cluster.client(), 6, 2).await;
    let desk = Desk::new(cluster.client(), nation, Duration::from_secs(20));
    let at = (cluster.leader().await + 1) % 3;
    let address = cluster.nodes[at].address.clone();
    let mut mute = TcpStream::connect(&address).await.expect("the node takes connections");
    let (began, ward) = (Instant::now(), format!("{}/services/{WARD}", desk.nation.facilities[6]));

    // What a node keeps for those who are a little behind is there before it is measured.
    let mut reports = Reports { client: cluster.client(), ward, sequence: 1 };
    reports.send(MESSAGES).await;
    let before = cluster.nodes[at].memory();
    let mut watches = Vec::new();
    for _ in 0..WATCHES {
        watches.push(watch(&address).await);
    }
    let (bulk, taken) = deaf_bulk(&address).await;
    let (dead, hung) = (dead_watch(&address).await, Instant::now());
    let load = Load::start(&desk, 4, 13);
    let sent = Instant::now();
    reports.send(MESSAGES).await;
    let (sent, given) = (sent.elapsed(), desk.notes.given());
    assert!(given > 0, "nothing was booked beside those who do not read");
    let grown = cluster.nodes[at].memory().saturating_sub(before);
    // Windows, sockets and what is under way are full: nothing more is taken.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let full = taken.load(Ordering::Relaxed);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let taken = taken.load(Ordering::Relaxed);
    eprintln!(
        "{} reports in {sent:?}, {given} booked beside them; {WATCHES} watches and a bulk stream \
         that nobody reads cost {} KiB; the bulk stream took {taken} messages",
        REPORTS * MESSAGES,
        grown >> 10
    );
    assert!(grown < MEMORY_MAX, "{grown} bytes for those who do not read");
    assert_eq!(taken, full, "an unread stream takes more and more");

    for watch in watches {
        cut(watch).await;
    }
    drop(bulk);
    is_cut_by(&mut mute, began + MUTE).await;
    if std::env::var_os("CUPO_DEAF").is_some() {
        tokio::time::sleep_until((hung + DEAD).into()).await;
        let ended = tokio::time::timeout(Duration::from_secs(3), dead).await;
        assert!(ended.is_ok(), "a connection on which nothing is read was not cut");
    }
    load.stop().await;
    assert_eq!(desk.notes.pages().unanswered, [""; 0]);
    cluster.agreed().await;
}

/// A ward that reports as often as it can.
struct Reports {
    client: Client,
    ward: String,
    sequence: u64,
}

impl Reports {
    /// Sends messages of reports, of which each says another number, and waits for their outcomes.
    async fn send(&mut self, messages: u64) {
        let facility = self.ward.split("/services/").next().expect("a ward has a facility");
        let stream_id = request_id();
        let request = |first: u64| StreamCapacityRequest {
            facility: facility.to_owned(),
            stream_id: stream_id.clone(),
            items: (first..first + REPORTS).map(|sequence| self.report(sequence)).collect(),
            ..Default::default()
        };
        let first = self.sequence + 1;
        let requests: Vec<_> = (0..messages).map(|nth| request(first + nth * REPORTS)).collect();
        self.sequence += messages * REPORTS;
        let up = tokio_stream::iter(requests).chain(tokio_stream::pending());
        let mut service = CapacityServiceClient::new(self.client.channel(0));
        let mut answers = service.stream_capacity(up).await.expect("a stream opens").into_inner();
        let mut left = messages * REPORTS;
        while left > 0 {
            let answer = answers.next().await.expect("a stream goes on").expect("an answer");
            if let Some(Message::Outcomes(told)) = answer.message {
                assert!(told.outcomes.iter().all(|one| one.reason == 0), "{:?}", told.outcomes[0]);
                left -= told.outcomes.len() as u64;
            }
        }
    }

    fn report(&self, sequence: u64) -> CapacityItem {
        let free = BEDS - u32::from(sequence.is_multiple_of(2));
        let report = Report {
            service: Some(report::Service::ServiceName(self.ward.clone())),
            sequence,
            incarnation: 1,
            beds: Some(BedCount { free, open: free, ..Default::default() }),
            available: free,
            ..Default::default()
        };
        CapacityItem { sequence, item: Some(Item::Report(report)) }
    }
}

/// A client that takes in little before somebody reads.
fn narrow(address: &str) -> Endpoint {
    let endpoint = Endpoint::from_shared(format!("http://{address}")).expect("an address");
    endpoint.initial_stream_window_size(1 << 16).initial_connection_window_size(1 << 16)
}

/// Opens a watch that nobody reads; its connection lives and says so.
async fn watch(address: &str) -> Streaming<WatchResponse> {
    let channel = narrow(address).connect().await.expect("the node takes connections");
    let watching = ClusterServiceClient::new(channel).watch(WatchRequest::default()).await;
    watching.expect("a watch is taken").into_inner()
}

/// Reads what is left of a watch: it ends with the revision to resume from, and there it resumes.
async fn cut(mut watch: Streaming<WatchResponse>) {
    let end: Status = loop {
        match tokio::time::timeout(Duration::from_secs(5), watch.next()).await {
            Ok(Some(Ok(_))) => {}
            Ok(Some(Err(status))) => break status,
            other => panic!("a watch that nobody read goes on: {other:?}"),
        }
    };
    assert_eq!((end.code(), reason_of(&end)), (Code::Aborted, Some(ErrorReason::SlowReader)));
    let details = end.get_details_error_info().expect("it is told");
    let resume = details.metadata.get("resumeRevision").and_then(|text| text.parse::<u64>().ok());
    assert!(resume.is_some_and(|revision| revision > 0), "{details:?}");
}

/// Sends operations without end and reads no answer; counts the messages that were taken.
async fn deaf_bulk(
    address: &str,
) -> (Streaming<wire::v1::StreamBookingsResponse>, Arc<AtomicUsize>) {
    let (taken, stream_id) = (Arc::new(AtomicUsize::new(0)), request_id());
    let counted = Arc::clone(&taken);
    let up = tokio_stream::iter(0_u64..).map(move |nth| {
        counted.fetch_add(1, Ordering::Relaxed);
        // Nobody has this booking: each is refused, and changes nothing.
        let cancel = Operation { operation: Some(operation::Operation::Cancel(1 << 40)) };
        StreamBookingsRequest {
            stream_id: stream_id.clone(),
            first_sequence: 1 + nth * OPERATIONS as u64,
            operations: vec![cancel; OPERATIONS],
            ..Default::default()
        }
    });
    let channel = narrow(address).connect().await.expect("the node takes connections");
    let answers = BookingServiceClient::new(channel).stream_bookings(up).await;
    (answers.expect("a stream opens").into_inner(), taken)
}

/// Opens a watch whose connection does nothing any more, as that of a machine that hangs: it is
/// polled again when what comes back is awaited, which ends with the connection.
async fn dead_watch(address: &str) -> impl Future<Output = ()> {
    let stream = TcpStream::connect(address).await.expect("the node takes connections");
    let (sender, mut connection) = h2::client::handshake(stream).await.expect("it greets");
    let asking = async move {
        let mut sender = sender.ready().await.expect("a call can be made");
        let request = greeting::call(address, "/cupo.v1.ClusterService/Watch");
        let (answer, mut up) = sender.send_request(request, false).expect("a call is sent");
        // An empty message.
        up.send_data(bytes::Bytes::from_static(&[0; 5]), true).expect("it is sent");
        (answer.await.expect("a watch is taken"), sender)
    };
    let answer = tokio::select! {
        answer = asking => answer,
        ended = &mut connection => panic!("the connection ended: {ended:?}"),
    };
    async move {
        drop(connection.await);
        drop(answer);
    }
}

/// Waits until a connection on which nothing was said is cut; the other side may speak before.
async fn is_cut_by(mute: &mut TcpStream, until: Instant) {
    let mut said = Vec::new();
    let read = tokio::time::timeout_at(until.into(), mute.read_to_end(&mut said)).await;
    assert!(read.is_ok(), "a connection on which nothing was said is kept");
}
