//! Watches: what stands, what happens, and where to resume.

use crate::world::{World, book, reason, ward};
use wire::v1;
use wire::v1::watch_capacity_response::Message as Capacity;
use wire::v1::watch_response::Message as Anything;

const HOSPITAL: &str = "OCIMB000010";
const OTHER: &str = "OCIMB000022";

async fn ready() -> World {
    let world = World::new(1).await;
    for clues in [HOSPITAL, OTHER] {
        world.hospital(clues, 4).await;
        world.report(clues, 1, 4).await;
    }
    world
}

fn kinds(events: &v1::Events) -> Vec<String> {
    let kind = |event: &v1::Event| match event.happening.as_ref().expect("something happened") {
        v1::event::Happening::Catalogue(change) => change.kind().as_str_name(),
        v1::event::Happening::Capacity(change) => change.kind().as_str_name(),
        v1::event::Happening::Agenda(change) => change.kind().as_str_name(),
        v1::event::Happening::Commitment(change) => change.kind().as_str_name(),
    };
    events.events.iter().map(|event| kind(event).to_owned()).collect()
}

#[tokio::test]
async fn beds_are_watched_from_how_they_stand() {
    let world = ready().await;
    let mut capacity = world.capacity().await;
    let asked =
        v1::WatchCapacityRequest { facility: format!("facilities/{OTHER}"), ..Default::default() };
    let mut down = capacity.watch_capacity(asked).await.expect("it opens").into_inner();
    let mut next = async || {
        down.message().await.expect("it holds").expect("it goes on").message.expect("said")
    };
    let Capacity::Current(current) = next().await else { panic!("what stands comes first") };
    assert!(current.complete);
    assert_eq!(current.capacities.len(), 1);
    let mut desk = world.booking().await;
    desk.book(book(&ward(HOSPITAL))).await.expect("there is room");
    let person = v1::BookRequest { person: vec![7; 16].into(), ..book(&ward(OTHER)) };
    desk.book(person).await.expect("there is room");
    let Capacity::Events(events) = next().await else { panic!("what happens comes next") };
    assert_eq!(kinds(&events), ["KIND_GRANTED"], "only of the facility asked for");
    let Some(v1::event::Happening::Commitment(change)) = &events.events[0].happening else {
        panic!("a place was taken")
    };
    assert!(change.person.is_empty(), "whose room it is stays untold");
}

#[tokio::test]
async fn a_watch_resumes_without_a_gap_and_says_what_it_cannot() {
    let world = ready().await;
    let mut cluster = world.cluster().await;
    let mut desk = world.booking().await;
    let first = desk.book(book(&ward(HOSPITAL))).await.expect("there is room").into_inner();
    let second = desk.book(book(&ward(HOSPITAL))).await.expect("there is room").into_inner();
    let after =
        |revision| v1::WatchRequest { resume_after_revision: Some(revision), ..Default::default() };
    let down = cluster.watch(after(first.revision - 1)).await.expect("it opens");
    let mut down = down.into_inner();
    let mut revisions = Vec::new();
    while revisions.last() != Some(&second.revision) {
        let message = down.message().await.expect("it holds").expect("it goes on").message;
        if let Some(Anything::Events(events)) = message {
            assert_eq!(kinds(&events), ["KIND_GRANTED"]);
            revisions.push(events.revision);
        }
    }
    assert_eq!(revisions, [first.revision, second.revision]);
    let mut asked = tonic::Request::new(after(u64::MAX));
    asked.set_timeout(std::time::Duration::from_millis(500));
    let ahead = cluster.watch(asked).await.expect_err("that has not happened");
    assert_eq!(
        (ahead.code(), reason(&ahead).as_str()),
        (tonic::Code::OutOfRange, "REVISION_AHEAD")
    );
    let from = v1::WatchRequest { resume_after_revision: Some(0), ..Default::default() };
    let mut down = cluster.watch(from).await.expect("the journal reaches back").into_inner();
    let message = down.message().await.expect("it holds").expect("it goes on").message;
    let Some(Anything::Events(events)) = message else { panic!("something happened") };
    assert_eq!(kinds(&events), ["KIND_INSTITUTION_PUT"]);
}
