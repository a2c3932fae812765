//! Operations in bulk.

use crate::world::{World, reason, request_id};
use tokio_stream::wrappers::ReceiverStream;
use wire::v1;
use wire::v1::operation::Operation as Asked;

const HOSPITAL: &str = "OCIMB000010";
/// The first service registered is number 0, and its beds are place 0.
const WARD: u64 = 0;

async fn ready(beds: u32) -> World {
    let world = World::new(1).await;
    world.hospital(HOSPITAL, beds).await;
    world.report(HOSPITAL, 1, beds).await;
    world
}

fn book(place: u64) -> v1::Operation {
    let take = v1::BulkTake { candidates: vec![place], ..Default::default() };
    v1::Operation { operation: Some(Asked::Book(take)) }
}

fn message(stream: &str, first: u64, operations: Vec<v1::Operation>) -> v1::StreamBookingsRequest {
    v1::StreamBookingsRequest {
        stream_id: stream.to_owned(),
        first_sequence: first,
        operations,
        ..Default::default()
    }
}

/// Sends messages on one stream and collects the answers.
async fn send(
    world: &World,
    messages: Vec<v1::StreamBookingsRequest>,
) -> Result<Vec<v1::StreamBookingsResponse>, tonic::Status> {
    let mut desk = world.booking().await;
    let mut down = desk.stream_bookings(tokio_stream::iter(messages)).await?.into_inner();
    let mut answers = Vec::new();
    while let Some(answer) = down.message().await? {
        answers.push(answer);
    }
    Ok(answers)
}

#[tokio::test]
async fn messages_are_answered_in_order_and_carried_out_once() {
    let world = ready(100).await;
    let stream = request_id();
    let messages: Vec<_> =
        (0..40).map(|n| message(&stream, 1 + 3 * n, vec![book(WARD); 3])).collect();
    let answers = send(&world, messages.clone()).await.expect("the stream holds");
    assert_eq!(answers.len(), 40);
    let outcomes: Vec<_> = answers.iter().flat_map(|answer| &answer.outcomes).collect();
    let granted: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.commitment).collect();
    assert_eq!(granted, (granted[0]..granted[0] + 100).collect::<Vec<_>>());
    let taken = outcomes.iter().filter(|o| o.reason() == v1::ErrorReason::Taken).count();
    assert_eq!(taken, 20);
    let firsts: Vec<_> = answers.iter().map(|answer| answer.first_sequence).collect();
    assert!(firsts.is_sorted());

    let again = send(&world, messages).await.expect("the stream is known again");
    assert_eq!(again, answers);
}

#[tokio::test]
async fn what_is_wrong_with_one_operation_is_its_own_outcome() {
    let world = ready(10).await;
    let operations = vec![
        book(WARD),
        v1::Operation { operation: None },
        book(1 << 60),
        v1::Operation { operation: Some(Asked::Cancel(999)) },
        book(WARD),
    ];
    let answers = send(&world, vec![message(&request_id(), 1, operations)]).await;
    let outcomes = &answers.expect("the stream holds")[0].outcomes;
    let reasons: Vec<_> = outcomes.iter().map(v1::Outcome::reason).collect();
    use v1::ErrorReason::{InvalidArgument, UnknownCommitment, Unspecified};
    assert_eq!(
        reasons,
        [Unspecified, InvalidArgument, InvalidArgument, UnknownCommitment, Unspecified]
    );
    assert_eq!(outcomes[1].metadata["field"], "operation");
    assert_eq!(outcomes[2].metadata["field"], "book.candidates");
}

#[tokio::test]
async fn what_is_wrong_with_a_message_ends_the_stream() {
    let world = ready(1).await;
    let check = async |message, expected: &str| {
        let ended = send(&world, vec![message]).await.expect_err("it cannot be read");
        assert_eq!(reason(&ended), expected);
    };
    check(message("", 1, vec![book(WARD)]), "INVALID_ARGUMENT").await;
    check(message("no uuid", 1, vec![book(WARD)]), "INVALID_ARGUMENT").await;
    check(message(&request_id(), 0, vec![book(WARD)]), "INVALID_ARGUMENT").await;
    check(message(&request_id(), 1, vec![book(WARD); 8_193]), "BATCH_TOO_LARGE").await;
    let slow = v1::StreamBookingsRequest {
        timeout_millis: 60_001,
        ..message(&request_id(), 1, vec![book(WARD)])
    };
    check(slow, "INVALID_ARGUMENT").await;
    let long = v1::StreamBookingsRequest {
        stream_id: "x".repeat(3 << 20),
        ..message("", 1, vec![book(WARD)])
    };
    check(long, "MESSAGE_TOO_LARGE").await;
}

#[tokio::test]
async fn streams_end_first_when_the_node_stops() {
    let mut world = ready(1).await;
    let (up, messages) = tokio::sync::mpsc::channel(1);
    let mut desk = world.booking().await;
    let stream = request_id();
    up.send(message(&stream, 1, vec![book(WARD)])).await.expect("the stream is open");
    let down = desk.stream_bookings(ReceiverStream::new(messages)).await;
    let mut down = down.expect("it opens").into_inner();
    let first = down.message().await.expect("it holds").expect("it is answered");
    assert_eq!(first.outcomes.len(), 1);
    let begun = std::time::Instant::now();
    world.stop(0).await;
    let ended = down.message().await.expect_err("the stream ends");
    assert_eq!(reason(&ended), "STOPPING");
    assert!(begun.elapsed() < std::time::Duration::from_secs(4), "it waited for the stream");
}
