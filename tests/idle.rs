//! Thousands of connections on which nothing is asked, and a node whose descriptors end.

use crate::support::client::within;
use crate::support::desk::{booking, legs};
use crate::support::greeting::{PREFACE, SETTINGS};
use crate::support::nation::somebody;
use crate::support::observer::Told;
use crate::support::story::said;
use crate::support::{Cluster, Desk, Load, Nation, reason_of, verdict};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tonic::Status;
use tonic::transport::Endpoint;
use wire::v1::ErrorReason;
use wire::v1::booking_service_client::BookingServiceClient;

/// Idle connections of the normal run; `CUPO_IDLE` asks for more.
const IDLE: usize = 1_000;

/// What one of them may cost the server, in bytes: a few times what was measured.
const BYTES_PER_CONNECTION_MAX: u64 = 64 << 10;

/// Descriptors of the node that has few; a quarter of them are for callers.
const FEW: u32 = 256;

/// How long one request is asked for again and again.
const PATIENCE: Duration = Duration::from_secs(20);

/// An acknowledgement of the server's settings.
const ACKNOWLEDGED: &[u8] = b"\0\0\0\x04\x01\0\0\0\0";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_idle_connections_cost_little_and_hinder_nobody() {
    let wanted: usize = said("CUPO_IDLE").unwrap_or(IDLE);
    let allowed = raise_descriptors();
    assert!(
        allowed > wanted as u64 + 256,
        "this system gives {allowed} descriptors, too few for {wanted} connections: ulimit -n"
    );
    let cluster = Cluster::start().await;
    let nation = Nation::found(&cluster.client(), 6, 2).await;
    let desk = Desk::new(cluster.client(), nation, PATIENCE);
    let load = Load::start(&desk, 4, 5);
    let busy = cluster.leader().await;
    // What booking itself takes is there before it is measured.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let before = cluster.nodes[busy].memory();
    let began = Instant::now();
    let mut idle = Vec::with_capacity(wanted);
    for _ in 0..wanted {
        idle.push(greet(&cluster.nodes[busy].address).await.expect("there are seats"));
    }
    let (opened, given) = (began.elapsed(), desk.notes.given());
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(desk.notes.given() > given, "nothing is booked beside {wanted} idle connections");
    let each = cluster.nodes[busy].memory().saturating_sub(before) / wanted as u64;
    eprintln!("{wanted} idle connections opened in {opened:?}, {each} bytes of memory each");
    assert!(each < BYTES_PER_CONNECTION_MAX, "{each} bytes for an idle connection");
    drop(idle);
    load.stop().await;
    let pages = desk.notes.pages().clone();
    assert_eq!(pages.unanswered, [""; 0]);
    assert!(pages.longest < Duration::from_secs(5), "somebody waited {:?}", pages.longest);
    assert!(!cluster.nodes[busy].words().contains("panicked"), "{}", cluster.nodes[busy].words());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_descriptors_end_callers_are_told_and_the_node_recovers() {
    raise_descriptors();
    let mut cluster = Cluster::files().await;
    let few = 1;
    let bounded = format!("ulimit -n {FEW} && exec \"$@\"");
    cluster.nodes[few].run_by = ["sh", "-c", &bounded, "sh"].map(str::to_owned).into();
    cluster.begin().await;
    let nation = Nation::found(&cluster.client(), 2, 1).await;
    let desk = Desk::new(cluster.client(), nation, PATIENCE);
    let load = Load::start(&desk, 2, 9);
    let address = cluster.nodes[few].address.clone();
    // The desks are connected already: they keep their seats.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let (mut seated, mut turned_away) = (Vec::new(), 0);
    for _ in 0..2 * FEW {
        match greet(&address).await {
            Ok(connection) => seated.push(connection),
            Err(_) => turned_away += 1,
        }
    }
    eprintln!("{} were let in, {turned_away} turned away", seated.len());
    assert!(turned_away > 0, "{FEW} descriptors are enough for {} connections", seated.len());
    // Those who were let in only to be told have gone when this one comes.
    let told = loop {
        let told = book_once(&desk, &address).await.expect_err("no seat is free");
        if told.code() == tonic::Code::Unavailable && reason_of(&told).is_some() {
            break told;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    assert_eq!(reason_of(&told), Some(ErrorReason::TooManyConnections), "{told:?}");
    let given = desk.notes.given();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(desk.notes.given() > given, "those who are seated are not served");
    assert!(cluster.nodes[few].lives(), "{}", cluster.nodes[few].last_words());

    drop(seated);
    let began = Instant::now();
    while let Err(status) = book_once(&desk, &address).await {
        assert!(began.elapsed() < Duration::from_secs(5), "seats are free again: {status:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    verdict(&mut cluster, &desk, load, "without descriptors").await;
    let words = cluster.nodes[few].words();
    assert!(words.contains("others are turned away"), "{words}");
}

/// Opens a connection as a client of HTTP/2 does, and waits for the server's greeting.
async fn greet(address: &str) -> std::io::Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(&[PREFACE, SETTINGS].concat()).await?;
    let mut frame = [0; 9];
    stream.read_exact(&mut frame).await?;
    stream.write_all(ACKNOWLEDGED).await?;
    Ok(stream)
}

/// Books by a connection of its own, and asks only once.
async fn book_once(desk: &Desk, address: &str) -> Result<(), Status> {
    let person = somebody();
    let request = booking(legs([desk.nation.ward()]), &person);
    desk.notes.tell(&person, Told::Nothing);
    let endpoint = Endpoint::from_shared(format!("http://{address}")).expect("an address");
    let connected = endpoint.connect_timeout(Duration::from_secs(1)).connect().await;
    let channel = connected.map_err(|error| Status::unknown(error.to_string()))?;
    let mut service = BookingServiceClient::new(channel);
    service.book(within(Duration::from_secs(3), request)).await.map(drop)
}

/// Takes as many descriptors as the system allows this process, and says how many.
fn raise_descriptors() -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).is_ok();
    if raised { maximum } else { current }.unwrap_or(u64::MAX)
}
