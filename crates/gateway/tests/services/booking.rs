//! Holding and booking, one call at a time.

use crate::world::{World, book, leg, reason, request_id, ward};
use wire::v1;

const HOSPITAL: &str = "OCIMB000010";

async fn ready() -> World {
    let world = World::new(1).await;
    world.hospital(HOSPITAL, 4).await;
    world.report(HOSPITAL, 1, 2).await;
    world
}

#[tokio::test]
async fn a_place_is_found_held_confirmed_and_left() {
    let world = ready().await;
    let mut desk = world.booking().await;
    let need = v1::Need {
        kind: Some(v1::need::Kind::Bed(v1::BedNeed {
            area: v1::BedArea::General.into(),
            ..Default::default()
        })),
        near: Some(v1::Position { latitude: 17.0, longitude: -96.7 }),
        ..Default::default()
    };
    let search = v1::SearchPlacesRequest { need: Some(need), ..Default::default() };
    let found = desk.search_places(search.clone()).await.expect("it searches").into_inner();
    let place = &found.candidates[0];
    assert_eq!((place.place.as_str(), place.free), (ward(HOSPITAL).as_str(), 2));
    assert_eq!(place.freshness(), v1::Freshness::Fresh);
    assert!(place.distance_metres.is_some_and(|metres| (6_000..8_000).contains(&metres)));

    let hold = v1::CreateHoldRequest {
        legs: vec![leg(&place.place)],
        request_id: request_id(),
        ..Default::default()
    };
    let held = desk.create_hold(hold.clone()).await.expect("there is room").into_inner();
    assert!(held.expire_time.is_some());
    assert_eq!(held.grants[0].place, ward(HOSPITAL));
    let name = held.grants[0].name.clone();
    assert!(name.starts_with("holds/"));
    let again = desk.create_hold(hold).await.expect("a retry has the first answer").into_inner();
    assert_eq!((again.grants, again.revision), (held.grants, held.revision));

    let confirm = |fencing, request_id| v1::ConfirmHoldRequest {
        name: name.clone(),
        fencing,
        request_id,
        ..Default::default()
    };
    let wrong = desk.confirm_hold(confirm(held.fencing + 1, request_id())).await;
    assert_eq!(reason(&wrong.expect_err("another fencing number")), "FENCING_MISMATCH");
    desk.confirm_hold(confirm(held.fencing, request_id())).await.expect("it is ours");

    let booking = name.replace("holds", "bookings");
    let get = v1::GetBookingRequest { name: booking.clone(), ..Default::default() };
    let stands = desk.get_booking(get.clone()).await.expect("it is live").into_inner();
    let stands = stands.commitment.expect("it was found");
    assert_eq!(stands.status(), v1::CommitmentStatus::Booked);
    assert_eq!((stands.name, stands.time_zone), (booking.clone(), "America/Mexico_City".into()));

    let name = booking.clone();
    let arrival = v1::RecordArrivalRequest { name, request_id: request_id(), ..Default::default() };
    desk.record_arrival(arrival).await.expect("the patient is expected");
    let name = booking;
    let discharge =
        v1::RecordDischargeRequest { name, request_id: request_id(), ..Default::default() };
    desk.record_discharge(discharge).await.expect("the patient is there");
    let stands = desk.get_booking(get).await.expect("it is remembered").into_inner();
    let stands = stands.commitment.expect("it was found");
    assert_eq!(stands.status(), v1::CommitmentStatus::Fulfilled);
}

#[tokio::test]
async fn the_last_place_is_given_once() {
    let world = ready().await;
    let mut desk = world.booking().await;
    for _ in 0..2 {
        desk.book(book(&ward(HOSPITAL))).await.expect("there is room");
    }
    let refused = desk.book(book(&ward(HOSPITAL))).await.expect_err("there is none");
    assert_eq!((refused.code(), reason(&refused).as_str()), (tonic::Code::Aborted, "TAKEN"));
}

#[tokio::test]
async fn what_became_of_a_request_can_be_asked() {
    let world = ready().await;
    let mut desk = world.booking().await;
    let asked = book(&ward(HOSPITAL));
    let look_up = |request_id| v1::LookUpRequestRequest { request_id, sequence: 0 };
    let unknown = desk.look_up_request(look_up(asked.request_id.clone())).await;
    assert_eq!(reason(&unknown.expect_err("it was not asked yet")), "UNKNOWN_REQUEST");
    let booked = desk.book(asked.clone()).await.expect("there is room").into_inner();
    let known = desk.look_up_request(look_up(asked.request_id)).await.expect("it is remembered");
    let outcome = known.into_inner().outcome.expect("it has an outcome");
    assert_eq!(outcome.commitment, Some(booked.grants[0].id));
    assert_eq!(outcome.revision, booked.revision);
}

#[tokio::test]
async fn a_hold_is_extended_under_a_new_fencing_number_and_given_back() {
    let world = ready().await;
    let mut desk = world.booking().await;
    let hold = v1::CreateHoldRequest {
        legs: vec![leg(&ward(HOSPITAL))],
        request_id: request_id(),
        ..Default::default()
    };
    let held = desk.create_hold(hold).await.expect("there is room").into_inner();
    let name = held.grants[0].name.clone();
    let extend = v1::ExtendHoldRequest {
        name: name.clone(),
        fencing: held.fencing,
        hold_seconds: 600,
        request_id: request_id(),
        ..Default::default()
    };
    let extended = desk.extend_hold(extend).await.expect("it is ours").into_inner();
    assert!(extended.fencing > held.fencing);
    let seconds = |time: Option<prost_types::Timestamp>| time.expect("it expires").seconds;
    assert!(seconds(extended.expire_time) > seconds(held.expire_time));
    let release = |fencing| v1::ReleaseHoldRequest {
        name: name.clone(),
        fencing,
        request_id: request_id(),
        ..Default::default()
    };
    let old = desk.release_hold(release(held.fencing)).await.expect_err("the number is old");
    assert_eq!(reason(&old), "FENCING_MISMATCH");
    desk.release_hold(release(extended.fencing)).await.expect("it is ours");
}

#[tokio::test]
async fn a_booking_moves_in_one_commit() {
    const OTHER: &str = "OCIMB000022";
    let world = ready().await;
    world.hospital(OTHER, 1).await;
    world.report(OTHER, 1, 1).await;
    let mut desk = world.booking().await;
    let booked = desk.book(book(&ward(HOSPITAL))).await.expect("there is room").into_inner();
    let transfer = v1::TransferBookingRequest {
        name: booked.grants[0].name.clone(),
        candidates: leg(&ward(OTHER)).candidates,
        request_id: request_id(),
        ..Default::default()
    };
    let moved = desk.transfer_booking(transfer).await.expect("there is room").into_inner();
    assert_eq!(moved.grants[0].place, ward(OTHER));
    let get = v1::GetBookingRequest { name: moved.grants[0].name.clone(), ..Default::default() };
    let found = desk.get_booking(get).await.expect("it is live").into_inner();
    let from = found.commitment.expect("it was found").transferred_from;
    assert_eq!(from, booked.grants[0].name);
}
