//! A facility's stream.

use crate::world::{World, book, reason, report, request_id, ward};
use std::collections::VecDeque;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;
use wire::v1;
use wire::v1::capacity_item::Item;
use wire::v1::stream_capacity_response::Message as Down;

const HOSPITAL: &str = "OCIMB000010";
const OTHER: &str = "OCIMB000022";

struct Facility {
    up: mpsc::Sender<v1::StreamCapacityRequest>,
    down: Streaming<v1::StreamCapacityResponse>,
    /// Changes that were heard and not looked at yet.
    heard: VecDeque<Change>,
}

/// How a commitment changed, and from where the stream may be resumed.
type Change = (v1::commitment_change::Kind, v1::CommitmentChange, u64);

impl Facility {
    async fn open(world: &World, resume_after_revision: Option<u64>) -> Self {
        let (up, messages) = mpsc::channel(8);
        let first = v1::StreamCapacityRequest {
            facility: format!("facilities/{HOSPITAL}"),
            stream_id: request_id(),
            resume_after_revision,
            ..Default::default()
        };
        up.send(first).await.expect("the receiver is here");
        let mut capacity = world.capacity().await;
        let down = capacity.stream_capacity(ReceiverStream::new(messages)).await;
        Self { up, down: down.expect("it opens").into_inner(), heard: VecDeque::new() }
    }

    async fn say(&self, items: Vec<v1::CapacityItem>) {
        let message = v1::StreamCapacityRequest { items, ..Default::default() };
        self.up.send(message).await.expect("the stream is open");
    }

    async fn hear(&mut self) -> Down {
        let message = self.down.message().await.expect("nothing breaks");
        message.expect("the stream goes on").message.expect("it says something")
    }

    /// The next change of a commitment, whatever comes between.
    async fn change(&mut self) -> Change {
        loop {
            if let Some(change) = self.heard.pop_front() {
                return change;
            }
            if let Down::Events(events) = self.hear().await {
                for event in events.events {
                    if let Some(v1::event::Happening::Commitment(change)) = event.happening {
                        self.heard.push_back((change.kind(), change, events.revision));
                    }
                }
            }
        }
    }

    async fn outcomes(&mut self) -> Vec<v1::Outcome> {
        loop {
            if let Down::Outcomes(outcomes) = self.hear().await {
                return outcomes.outcomes;
            }
        }
    }
}

async fn ready() -> World {
    let world = World::new(1).await;
    world.hospital(HOSPITAL, 4).await;
    world.hospital(OTHER, 4).await;
    world
}

#[tokio::test]
async fn reports_go_up_and_commitments_come_down() {
    let world = ready().await;
    let mut facility = Facility::open(&world, None).await;
    let Down::Opened(opened) = facility.hear().await else { panic!("the opening comes first") };
    assert_eq!((opened.incarnation, opened.capacities.len()), (1, 1));
    let Down::Live(live) = facility.hear().await else { panic!("what stands comes next") };
    assert!(live.complete && live.commitments.is_empty());

    facility.say(vec![report(HOSPITAL, 1, 3)]).await;
    let outcomes = facility.outcomes().await;
    assert_eq!((outcomes[0].sequence, outcomes[0].reason()), (1, v1::ErrorReason::Unspecified));

    let mut desk = world.booking().await;
    let booked = desk.book(book(&ward(HOSPITAL))).await.expect("there is room").into_inner();
    let (kind, change, _) = facility.change().await;
    assert_eq!(kind, v1::commitment_change::Kind::Granted);
    assert_eq!((change.id, change.number), (booked.grants[0].id, 1));
    assert_eq!(change.place, ward(HOSPITAL));

    let item = |sequence, item| v1::CapacityItem { sequence, item: Some(item) };
    facility
        .say(vec![item(2, Item::Arrived(change.id)), item(3, Item::Discharged(change.id))])
        .await;
    let mut kinds = Vec::new();
    while kinds.len() < 2 {
        kinds.push(facility.change().await.0);
    }
    use v1::commitment_change::Kind::{Arrived, Ended};
    assert_eq!(kinds, [Arrived, Ended]);
}

#[tokio::test]
async fn a_cut_stream_resumes_where_it_was() {
    let world = ready().await;
    world.report(HOSPITAL, 1, 3).await;
    let mut desk = world.booking().await;
    let mut facility = Facility::open(&world, None).await;
    let first = desk.book(book(&ward(HOSPITAL))).await.expect("there is room").into_inner();
    let (_, change, seen) = facility.change().await;
    assert_eq!(change.id, first.grants[0].id);
    drop(facility);
    let second = desk.book(book(&ward(HOSPITAL))).await.expect("there is room").into_inner();
    let mut facility = Facility::open(&world, Some(seen)).await;
    let (_, change, _) = facility.change().await;
    assert_eq!(change.id, second.grants[0].id, "neither lost nor told twice");

    let mut facility = Facility::open(&world, None).await;
    facility.hear().await;
    let Down::Live(live) = facility.hear().await else { panic!("what stands comes next") };
    assert_eq!(live.commitments.len(), 2);
}

#[tokio::test]
async fn a_facility_speaks_only_of_itself() {
    let world = ready().await;
    let mut facility = Facility::open(&world, None).await;
    let heartbeat = v1::Heartbeat { facility: format!("facilities/{OTHER}"), incarnation: 1 };
    let heartbeat = v1::CapacityItem { sequence: 3, item: Some(Item::Heartbeat(heartbeat)) };
    let none = v1::CapacityItem { sequence: 4, item: None };
    let back = report(HOSPITAL, 2, 1);
    facility.say(vec![report(HOSPITAL, 1, 1), report(OTHER, 2, 1), heartbeat, none, back]).await;
    let outcomes = facility.outcomes().await;
    use v1::ErrorReason::{InvalidArgument, Unspecified};
    let reasons: Vec<_> = outcomes.iter().map(v1::Outcome::reason).collect();
    assert_eq!(
        reasons,
        [Unspecified, InvalidArgument, InvalidArgument, InvalidArgument, InvalidArgument]
    );
    let fields: Vec<_> = outcomes[1..].iter().map(|o| o.metadata["field"].as_str()).collect();
    assert_eq!(fields, ["report.service", "heartbeat.facility", "item", "sequence"]);
    assert!(outcomes.iter().map(|o| o.sequence).eq([1, 2, 3, 4, 2]));
}

#[tokio::test]
async fn a_feed_of_many_facilities_gets_no_commitments() {
    let world = ready().await;
    let items = vec![report(HOSPITAL, 1, 3), report(OTHER, 2, 3)];
    let message =
        v1::StreamCapacityRequest { stream_id: request_id(), items, ..Default::default() };
    let mut capacity = world.capacity().await;
    let down = capacity.stream_capacity(tokio_stream::once(message)).await.expect("it opens");
    let mut down = down.into_inner();
    let mut heard = Vec::new();
    while let Some(message) = down.message().await.expect("nothing breaks") {
        heard.push(message.message.expect("it says something"));
    }
    assert!(
        matches!(&heard[..], [Down::Opened(_), Down::Outcomes(said)] if said.outcomes.len() == 2)
    );
}

#[tokio::test]
async fn an_unknown_facility_is_refused() {
    let world = ready().await;
    let message = v1::StreamCapacityRequest {
        facility: "facilities/OCIMB999990".to_owned(),
        stream_id: request_id(),
        ..Default::default()
    };
    let mut capacity = world.capacity().await;
    let down = capacity.stream_capacity(tokio_stream::once(message)).await.expect("it opens");
    let refused = down.into_inner().message().await.expect_err("there is none");
    assert_eq!(reason(&refused), "UNKNOWN_FACILITY");
}
