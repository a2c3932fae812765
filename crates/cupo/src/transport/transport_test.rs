//! Three nodes that talk through real sockets, and strangers at the door.

use super::{Door, Passport, Roads};
use bytes::Bytes;
use ledger::acts::PutInstitution;
use ledger::words::{Institution, InstitutionCode, Text};
use ledger::{Act, Command, Outcome};
use replica::history::MemoryRoom;
use replica::{
    Instant, Member, Network, NodeId, Pact, Parts, PeerCall, Replica, Settings, Unreachable,
};
use std::sync::Arc;
use std::time::Duration;
use store::disk::MemoryDisk;
use tokio::net::TcpListener;

const FINGERPRINT: [u8; 32] = [7; 32];

fn passport(node: u64) -> Passport {
    let fingerprint = crate::configuration::hexadecimal(&FINGERPRINT);
    Passport { cluster: format!("{:032x}", 5), fingerprint, node }
}

/// A node whose peers' door is at a port of its own; the address it is known by is that port
/// without the offset, as for callers.
async fn node(number: u64) -> (Replica, Member) {
    const OFFSET: u16 = 1;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("the system has a port");
    let port = listener.local_addr().expect("it is bound").port();
    let pact = Pact { cluster: 5, fingerprint: FINGERPRINT };
    let settings = Settings::new(NodeId(number), pact, 1, u128::from(number));
    let parts = Parts::new(
        Arc::new(MemoryDisk::new(number)),
        Box::new(MemoryRoom),
        Arc::new(Roads::new(passport(number), OFFSET)),
        Arc::new(|fatal| panic!("{fatal}")),
    );
    let replica = Replica::start(settings, parts).await.expect("an empty disk is good");
    let door = Door::new(passport(number), replica.clone());
    tokio::spawn(door.serve(listener, std::future::pending()));
    let address = format!("127.0.0.1:{}", port - OFFSET);
    (replica, Member { id: NodeId(number), address })
}

fn within(seconds: u64) -> Instant {
    Instant::now() + Duration::from_secs(seconds)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_nodes_agree_through_sockets() {
    let mut nodes = Vec::new();
    for number in 1..=3 {
        nodes.push(node(number).await);
    }
    let members = nodes.iter().map(|(_, member)| member.clone()).collect();
    nodes[0].0.initialize(members).await.expect("all three are there");
    let act = Act::PutInstitution(PutInstitution {
        code: InstitutionCode::parse("IMB").expect("three letters"),
        institution: Institution { name: Text::new("IMSS-Bienestar").expect("it is short") },
    });
    for (replica, member) in &nodes {
        let command = Command::natural(act.clone());
        let applied = replica.propose(vec![command], within(10)).await;
        let applied = applied.unwrap_or_else(|error| panic!("{}: {error}", member.id));
        assert!(matches!(applied[0].outcome, Outcome::Done(_)), "{applied:?}");
    }
    for (replica, _) in &nodes {
        replica.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_are_refused_before_anything_happens() {
    let (replica, member) = node(1).await;
    let call = |passport: Passport, to: u64, call: PeerCall| {
        let to = Member { id: NodeId(to), address: member.address.clone() };
        async move { Roads::new(passport, 1).call(&to, call, Bytes::new(), within(5)).await }
    };
    let refused = |answer: Result<Bytes, Unreachable>, says: &str| match answer {
        Err(Unreachable::NotSent { reason }) => assert!(reason.contains(says), "{reason}"),
        other => panic!("{other:?} instead of {says}"),
    };
    let stranger = Passport { cluster: format!("{:032x}", 6), ..passport(2) };
    refused(call(stranger.clone(), 1, PeerCall::Pulse).await, "another cluster");
    let changed = Passport { fingerprint: "0".repeat(64), ..passport(2) };
    refused(call(changed, 1, PeerCall::Pulse).await, "configuration");
    refused(call(passport(2), 3, PeerCall::Pulse).await, "node 1 is at this address");
    refused(call(passport(1), 1, PeerCall::Pulse).await, "own number");
    refused(call(passport(2), 1, PeerCall::Pulse).await, "cannot be read");
    call(stranger, 1, PeerCall::Hello).await.expect("a greeting is answered to strangers too");
    replica.stop().await;
}

#[tokio::test]
async fn a_peer_that_is_gone_or_mute_is_given_up_in_time() {
    let roads = Roads::new(passport(1), 1);
    let gone = Member { id: NodeId(2), address: "127.0.0.1:8".into() };
    let answer = roads.call(&gone, PeerCall::Vote, Bytes::new(), within(5)).await;
    assert!(matches!(answer, Err(Unreachable::NotSent { .. })), "{answer:?}");

    let listener = TcpListener::bind("127.0.0.1:0").await.expect("the system has a port");
    let port = listener.local_addr().expect("it is bound").port();
    let mute = Member { id: NodeId(2), address: format!("127.0.0.1:{}", port - 1) };
    let start = Instant::now();
    let until = start + Duration::from_millis(200);
    let answer = roads.call(&mute, PeerCall::Vote, Bytes::new(), until).await;
    assert!(matches!(answer, Err(Unreachable::Unknown { .. })), "{answer:?}");
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());

    let nowhere = Member { id: NodeId(2), address: "nowhere".into() };
    let answer = roads.call(&nowhere, PeerCall::Vote, Bytes::new(), within(5)).await;
    assert!(matches!(answer, Err(Unreachable::NotSent { .. })), "{answer:?}");
}
