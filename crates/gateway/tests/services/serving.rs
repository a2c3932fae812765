//! Health, reflection, the listener, and the cluster's own service.

use crate::world::{World, book, reason, request_id, ward};
use gateway::{Gateway, ServeError, Settings};
use replica::SystemClock;
use std::sync::Arc;
use tokio::net::TcpListener;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1 as reflection;
use wire::v1;

#[tokio::test]
async fn health_follows_readiness() {
    let world = World::unfounded(1, Settings::default()).await;
    let mut health = HealthClient::new(world.channel(0).await);
    let mut status = async |service: &str| {
        let asked = HealthCheckRequest { service: service.to_owned() };
        health.check(asked).await.expect("health always answers").into_inner().status()
    };
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(status("").await, ServingStatus::NotServing);
    assert_eq!(status("cupo.v1.BookingService").await, ServingStatus::NotServing);
    let member = v1::Member { id: 1, address: "node-1".into(), voter: true };
    let mut cluster = world.cluster().await;
    let asked = v1::InitializeRequest { members: vec![member] };
    let founded = cluster.initialize(asked.clone()).await.expect("it is founded").into_inner();
    assert_eq!(founded.members.len(), 1);
    let again = cluster.initialize(asked).await.expect_err("once is enough");
    assert_eq!(reason(&again), "MEMBERSHIP_REFUSED");
    let begun = std::time::Instant::now();
    while status("cupo.v1.BookingService").await != ServingStatus::Serving {
        assert!(begun.elapsed() < std::time::Duration::from_secs(5), "it never became ready");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(status("").await, ServingStatus::Serving);
}

#[tokio::test]
async fn reflection_shows_the_public_services() {
    use reflection::server_reflection_request::MessageRequest;
    use reflection::server_reflection_response::MessageResponse;
    let world = World::unfounded(1, Settings::default()).await;
    let channel = world.channel(0).await;
    let mut client = reflection::server_reflection_client::ServerReflectionClient::new(channel);
    let asked = reflection::ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let down = client.server_reflection_info(tokio_stream::once(asked)).await.expect("it answers");
    let answer = down.into_inner().message().await.expect("it holds").expect("one answer");
    let Some(MessageResponse::ListServicesResponse(list)) = answer.message_response else {
        panic!("it lists services")
    };
    let names: Vec<_> = list.service.into_iter().map(|service| service.name).collect();
    for name in ["Booking", "Capacity", "Catalogue", "Cluster"] {
        assert!(names.contains(&format!("cupo.v1.{name}Service")), "{names:?}");
    }
    assert!(names.contains(&"grpc.health.v1.Health".to_owned()), "{names:?}");
    assert!(!names.iter().any(|name| name.contains("internal")), "{names:?}");
}

#[tokio::test]
async fn only_loopback_is_served() {
    let world = World::unfounded(1, Settings::default()).await;
    let replica = world.nodes[0].replica.clone();
    let gateway = Gateway::new(replica, Arc::new(SystemClock::default()), Settings::default());
    let listener = TcpListener::bind("0.0.0.0:0").await.expect("a free port");
    let refused = gateway.serve(listener, std::future::pending()).await;
    assert!(matches!(refused, Err(ServeError::NotLoopback { .. })));
}

#[tokio::test]
async fn the_cluster_says_how_it_stands_and_verifies_itself() {
    let world = World::new(1).await;
    world.hospital("OCIMB000010", 2).await;
    world.report("OCIMB000010", 1, 2).await;
    world.booking().await.book(book(&ward("OCIMB000010"))).await.expect("there is room");
    let mut cluster = world.cluster().await;
    let status = cluster.get_status(v1::GetStatusRequest {}).await.expect("it answers");
    let status = status.into_inner();
    assert_eq!((status.node_id, status.role()), (1, v1::NodeRole::Leader));
    assert_eq!((status.facility_count, status.live_commitment_count), (1, 1));
    assert!(status.ready);
    let members = cluster.list_members(v1::ListMembersRequest::default()).await;
    assert_eq!(members.expect("it answers").into_inner().members.len(), 1);
    let verified = cluster.verify_snapshot(v1::VerifySnapshotRequest {}).await;
    let verified = verified.expect("it is read").into_inner();
    assert!(verified.equal && verified.digest == verified.recomputed_digest);
    let saved = cluster.save_snapshot(v1::SaveSnapshotRequest {}).await.expect("it is written");
    let saved = saved.into_inner().revision;
    assert!(saved >= status.revision);
    let verified = cluster.verify_snapshot(v1::VerifySnapshotRequest {}).await;
    let verified = verified.expect("it is read").into_inner();
    assert_eq!(verified.damage, "");
    assert_eq!(verified.journal_revision, saved);
    assert_eq!(verified.checkpoint_bytes > 0, saved > 0);
}

#[tokio::test]
async fn a_checkpoint_is_given_out_whole() {
    use v1::copy_snapshot_response::Part;
    let world = World::new(1).await;
    let mut cluster = world.cluster().await;
    let none = cluster.copy_snapshot(v1::CopySnapshotRequest {}).await;
    assert_eq!(reason(&none.expect_err("nothing was written yet")), "SNAPSHOT_FAILED");
    world.hospital("OCIMB000010", 2).await;
    let saved = cluster.save_snapshot(v1::SaveSnapshotRequest {}).await.expect("it is written");
    let saved = saved.into_inner();
    let parts = cluster.copy_snapshot(v1::CopySnapshotRequest {}).await;
    let mut parts = parts.expect("it is given out").into_inner();
    let (mut bytes, mut remaining, mut end) = (0, None, None);
    while let Some(part) = parts.message().await.expect("it goes on to its end") {
        assert_eq!(end, None, "nothing follows the end");
        match part.part.expect("a part") {
            Part::Chunk(chunk) => {
                bytes += chunk.content.len() as u64;
                remaining = Some(chunk.remaining_count);
            }
            Part::End(told) => end = Some(told),
        }
    }
    let end = end.expect("it has an end");
    assert_eq!((end.revision, end.digest), (saved.revision, saved.digest));
    assert_eq!(remaining, Some(0));
    let verified = cluster.verify_snapshot(v1::VerifySnapshotRequest {}).await;
    assert_eq!(bytes, verified.expect("it is read").into_inner().checkpoint_bytes);
}

#[tokio::test]
async fn any_node_takes_a_request() {
    let world = World::new(3).await;
    world.hospital("OCIMB000010", 3).await;
    world.report("OCIMB000010", 1, 3).await;
    let asked = book(&ward("OCIMB000010"));
    let mut answers = Vec::new();
    for node in 0..3 {
        let channel = world.channel(node).await;
        let mut desk = v1::booking_service_client::BookingServiceClient::new(channel);
        answers.push(desk.book(asked.clone()).await.expect("any node answers").into_inner());
        let own = v1::GetBookingRequest {
            name: answers[0].grants[0].name.clone(),
            consistency: Some(v1::Consistency {
                want: Some(v1::consistency::Want::MinRevision(answers[0].revision)),
            }),
        };
        desk.get_booking(own).await.expect("a writer reads its own write");
    }
    assert!(answers.iter().all(|answer| answer.revision == answers[0].revision));
    let reused = v1::BookRequest { arrival_seconds: 60, ..asked };
    let status = world.booking().await.book(reused).await.expect_err("the id was used");
    assert_eq!(reason(&status), "REQUEST_REUSED");
    assert_ne!(request_id(), request_id());
}
