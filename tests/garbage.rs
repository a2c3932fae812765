//! Clients that send what no client sends, at the callers' port and at the peers'.

use crate::support::client::within;
use crate::support::desk::{booking, legs};
use crate::support::greeting::{self, PREFACE, SETTINGS};
use crate::support::nation::somebody;
use crate::support::observer::{Told, judge};
use crate::support::story::seed;
use crate::support::{Cluster, Desk, Nation};
use bytes::Bytes;
use h2::client::SendRequest;
use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wire::v1::booking_service_client::BookingServiceClient;

/// How long a client waits for what it will be told.
const WAIT: Duration = Duration::from_millis(500);

/// What all of it together may cost a node, in bytes.
const MEMORY_MAX: u64 = 96 << 20;

/// Bytes of a long run of garbage.
const LONG: usize = 1 << 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_sent_the_node_stays_and_books() {
    let seed = seed();
    eprintln!("draws the same again: CUPO_SEED={seed} cargo test -p tests garbage");
    let mut chance = StdRng::seed_from_u64(seed);
    let mut cluster = Cluster::start().await;
    let nation = Nation::found(&cluster.client(), 2, 1).await;
    let desk = Desk::new(cluster.client(), nation, Duration::from_secs(5));
    let at = cluster.leader().await;
    let process = cluster.nodes[at].process();
    let callers = cluster.nodes[at].address.clone();
    let peers = format!("127.0.0.1:{}", cluster.peer_port(at));
    let before = cluster.nodes[at].memory();

    for (name, bytes) in streams(&mut chance) {
        for address in [&callers, &peers] {
            shout(address, &bytes).await;
        }
        book(&desk, at, name).await;
    }
    for (name, body) in bodies(&mut chance) {
        let methods = [
            (&callers, "/cupo.v1.BookingService/Book"),
            (&peers, "/cupo.internal.v1.PeerService/Call"),
        ];
        for (address, path) in methods {
            let code = call(address, path, body.clone()).await;
            eprintln!("{name}: {path} answers {code:?}");
            let refused = code.is_some_and(|code| code != "0");
            assert!(refused, "{name}: {path} did not refuse it, seed {seed}");
        }
        book(&desk, at, name).await;
    }
    let nowhere = call(&callers, "/cupo.v1.BookingService/Steal", Bytes::new()).await;
    assert_eq!(nowhere.as_deref(), Some("12"), "there is no such method");

    let grown = cluster.nodes[at].memory().saturating_sub(before);
    eprintln!("{} KiB more memory after all of it", grown >> 10);
    assert!(grown < MEMORY_MAX, "{grown} bytes more, seed {seed}");
    assert!(cluster.nodes[at].lives() && cluster.nodes[at].process() == process, "seed {seed}");
    let pages = desk.notes.pages().clone();
    cluster.agreed().await;
    for at in 0..3 {
        let words = cluster.nodes[at].words();
        assert!(!words.contains("panicked"), "seed {seed}: {words}");
        let broken = judge(&desk.client, at, &desk.nation, &pages).await;
        assert!(broken.is_empty(), "seed {seed}, node {}:\n{}", at + 1, broken.join("\n"));
    }
}

/// What is no HTTP/2, or begins as such and goes wrong.
fn streams(chance: &mut StdRng) -> Vec<(&'static str, Vec<u8>)> {
    let greeting = [PREFACE, SETTINGS].concat();
    let after = |rest: &[u8]| [&greeting, rest].concat();
    let frame = |kind: u8, flags: u8, stream: u32, payload: &[u8]| {
        let length = u32::try_from(payload.len()).expect("a frame is short").to_be_bytes();
        [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
    };
    let mut noise = |length| {
        let mut bytes = vec![0; length];
        chance.fill_bytes(&mut bytes);
        bytes
    };
    // Headers that never end, piece after piece.
    let mut endless = after(&frame(1, 0, 1, &[0x82]));
    for _ in 0..2_000 {
        endless.extend(frame(9, 0, 1, &[0, 1, b'a', 1, b'b']));
    }
    // Streams that are opened and taken back at once.
    let mut taken_back = greeting.clone();
    for nth in 0..2_000 {
        let stream = 2 * nth + 1;
        taken_back.extend(frame(1, 4, stream, &[0x83, 0x86, 0x84, 0x41, 1, b'x']));
        taken_back.extend(frame(3, 0, stream, &[0, 0, 0, 8]));
    }
    let settings = frame(4, 0, 0, &[0, 4, 0xff, 0xff, 0xff, 0xff]);
    let window = frame(8, 0, 0, &[0x7f, 0xff, 0xff, 0xff]);
    let mut pings = greeting.clone();
    for _ in 0..10_000 {
        pings.extend(frame(6, 0, 0, &[0; 8]));
    }
    vec![
        ("nothing", Vec::new()),
        ("one byte", vec![b'P']),
        ("noise", noise(LONG)),
        ("an older protocol", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".to_vec()),
        ("a TLS greeting", [&[22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3][..], &noise(507)].concat()),
        ("half a preface", PREFACE[..12].to_vec()),
        ("a preface and noise", [PREFACE, &noise(LONG)].concat()),
        ("settings and noise", after(&noise(LONG))),
        ("the longest frame", after(&[0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1])),
        ("half a frame", after(&[0, 0, 100, 1, 4, 0, 0, 0, 1, 0x82])),
        ("data on no stream", after(&frame(0, 0, 1, &[1; 100]))),
        ("headers of noise", after(&frame(1, 4, 1, &noise(4_000)))),
        ("headers without an end", endless),
        ("streams taken back", taken_back),
        ("impossible settings", after(&settings)),
        ("windows beyond their bound", after(&[&window[..], &window].concat())),
        ("pings without an end", pings),
    ]
}

/// What is good HTTP/2, and no message.
fn bodies(chance: &mut StdRng) -> Vec<(&'static str, Bytes)> {
    let framed = |flag: u8, declared: u32, payload: &[u8]| {
        Bytes::from([&[flag], &declared.to_be_bytes()[..], payload].concat())
    };
    let whole = |payload: &[u8]| {
        framed(0, u32::try_from(payload.len()).expect("a message is short"), payload)
    };
    let mut noise = vec![0; 4_096];
    chance.fill_bytes(&mut noise);
    let cut = chance.random_range(1..5);
    // Legs within legs: a field of a message, whose length is right, again and again.
    let nested = (0..2_000).fold(Vec::new(), |inner: Vec<u8>, _| {
        let (low, high) = ((inner.len() & 0x7f) as u8 | 0x80, (inner.len() >> 7) as u8 & 0x7f);
        if inner.len() > 16_000 { inner } else { [&[0x0a, low, high][..], &inner].concat() }
    });
    // Half a million empty legs are a megabyte on the way, and many in memory.
    let many = [0x0a, 0].repeat(500_000);
    vec![
        ("an empty body", Bytes::new()),
        ("half a head", Bytes::copy_from_slice(&[0; 5][..cut])),
        ("less than declared", framed(0, 1_000, &[1, 2, 3])),
        ("more than declared", framed(0, 2, &[0xff; 64])),
        ("four gigabytes declared", framed(0, u32::MAX, &[0; 64])),
        ("a megabyte more than allowed", framed(0, 3 << 20, &noise)),
        ("compressed by nothing", framed(1, 3, &[1, 2, 3])),
        ("an unknown flag", framed(7, 3, &[1, 2, 3])),
        ("a message cut short", whole(&[0x0a, 0x7f, 1, 2])),
        ("a number without an end", whole(&[0xff; 32])),
        ("noise for a message", whole(&noise)),
        ("messages in each other", whole(&nested)),
        ("half a million legs", whole(&many)),
    ]
}

/// Sends bytes and looks for a moment at what comes back.
async fn shout(address: &str, bytes: &[u8]) {
    let mut stream = TcpStream::connect(address).await.expect("the node takes connections");
    let until = Instant::now() + WAIT;
    let talk = async {
        // It may be cut in the middle: that is the other side's right.
        drop(stream.write_all(bytes).await);
        let mut answer = vec![0; 16 << 10];
        while let Ok(1..) = stream.read(&mut answer).await {}
    };
    drop(tokio::time::timeout_at(until.into(), talk).await);
}

/// Calls a method with a body of any bytes: the code with which it was refused, or none when the
/// connection was cut instead.
async fn call(address: &str, path: &str, body: Bytes) -> Option<String> {
    let stream = TcpStream::connect(address).await.expect("the node takes connections");
    let (sender, connection) = h2::client::handshake(stream).await.ok()?;
    let running = tokio::spawn(connection);
    let answer = tokio::time::timeout(Duration::from_secs(5), ask(sender, address, path, body));
    let answer = answer.await.expect("a node answers garbage, too");
    running.abort();
    answer
}

async fn ask(sender: SendRequest<Bytes>, address: &str, path: &str, body: Bytes) -> Option<String> {
    let mut sender = sender.ready().await.ok()?;
    let request = greeting::call(address, path);
    let (answer, mut up) = sender.send_request(request, false).ok()?;
    // What is refused early need not be sent to its end.
    drop(up.send_data(body, true));
    let answer = answer.await.ok()?;
    let text = |headers: &tonic::codegen::http::HeaderMap| {
        Some(headers.get("grpc-status")?.to_str().ok()?.to_owned())
    };
    if let Some(code) = text(answer.headers()) {
        return Some(code);
    }
    let mut rest = answer.into_body();
    while let Some(Ok(part)) = rest.data().await {
        drop(rest.flow_control().release_capacity(part.len()));
    }
    text(&rest.trailers().await.ok()??)
}

/// Books at one node at once, as if nothing had happened.
async fn book(desk: &Desk, at: usize, after: &str) {
    let taken = |place: &str| {
        let pages = desk.notes.pages();
        pages
            .told
            .values()
            .any(|told| matches!(told, Told::Booked { place: it, .. } if it == place))
    };
    let slot = desk.nation.slots().find(|place| !taken(place)).expect("a free slot");
    let person = somebody();
    let request = booking(legs([slot]), &person);
    let mut service = BookingServiceClient::new(desk.client.channel(at));
    let answer = service.book(within(Duration::from_secs(5), request)).await;
    let granted = answer.unwrap_or_else(|status| panic!("after {after}: {status:?}")).into_inner();
    let one = &granted.grants[0];
    desk.notes.tell(&person, Told::Booked { id: one.id, place: one.place.clone() });
}
