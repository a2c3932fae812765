//! Refusals as clients get them: code, reason, field, language, and when to try again.

use crate::world::{World, book, leg, reason, request_id, ward, within};
use gateway::{Budget, Settings};
use std::num::NonZeroU32;
use std::time::Duration;
use tonic::{Code, Request};
use tonic_types::StatusExt;
use wire::v1;

const HOSPITAL: &str = "OCIMB000010";

/// What a request is refused with, and the field that is named.
async fn refused(world: &World, asked: v1::BookRequest) -> (String, String) {
    let status = world.booking().await.book(asked).await.expect_err("it is wrong");
    let details = status.get_error_details();
    let violations = details.bad_request().map(|bad| bad.field_violations.as_slice());
    let field = violations.unwrap_or_default().first().map(|violation| violation.field.clone());
    (reason(&status), field.unwrap_or_default())
}

#[tokio::test]
async fn wrong_requests_name_the_field() {
    let world = World::new(1).await;
    world.hospital(HOSPITAL, 1).await;
    let check = async |asked: v1::BookRequest, expected: &str, field: &str| {
        let said = refused(&world, asked).await;
        assert_eq!(said, (expected.to_owned(), field.to_owned()));
    };
    let good = || book(&ward(HOSPITAL));
    let wrong = "INVALID_ARGUMENT";
    let with = |legs| v1::BookRequest { legs, ..good() };
    check(v1::BookRequest { request_id: String::new(), ..good() }, wrong, "request_id").await;
    check(v1::BookRequest { request_id: "x".into(), ..good() }, wrong, "request_id").await;
    let v4 = "6f1c9a8e-0d4b-4c55-9a51-5d0f0b0e7a11";
    check(v1::BookRequest { request_id: v4.into(), ..good() }, "REQUEST_MALFORMED", "").await;
    check(with(Vec::new()), wrong, "legs").await;
    check(with(vec![leg(&ward(HOSPITAL)); 9]), wrong, "legs").await;
    check(with(vec![v1::Leg::default()]), wrong, "legs[0].candidates").await;
    check(with(vec![leg("beds/1")]), wrong, "legs[0].candidates[0].name").await;
    check(with(vec![leg("facilities/X/services/ward")]), wrong, "legs[0].candidates[0].name").await;
    let nowhere = leg("facilities/OCIMB999990/services/ward");
    check(with(vec![nowhere]), "UNKNOWN_FACILITY", "").await;
    check(with(vec![leg(&format!("facilities/{HOSPITAL}/services/x"))]), "UNKNOWN_SERVICE", "")
        .await;
    let person = |bytes: Vec<u8>| v1::BookRequest { person: bytes.into(), ..good() };
    check(person(vec![1; 15]), wrong, "person").await;
    check(person(vec![0; 16]), wrong, "person").await;
    let author = Some(v1::Author { principal: 1, role: 99 });
    check(v1::BookRequest { author, ..good() }, wrong, "author.role").await;
    let basis = Some(v1::Basis::default());
    check(v1::BookRequest { basis, ..good() }, wrong, "basis.kind").await;
    let overcapacity_reason = "x".repeat(201);
    check(v1::BookRequest { overcapacity_reason, ..good() }, wrong, "overcapacity_reason").await;
    check(v1::BookRequest { arrival_seconds: 604_801, ..good() }, "OUT_OF_BOUNDS", "").await;
    check(good(), "NEVER_REPORTED", "").await;
}

#[tokio::test]
async fn people_read_their_language_and_programs_the_reason() {
    let world = World::new(1).await;
    world.hospital(HOSPITAL, 1).await;
    let mut desk = world.booking().await;
    let mut check = async |language: Option<&'static str>, locale: &str, text: &str| {
        let mut asked = Request::new(book("facilities/OCIMB999990/services/ward"));
        if let Some(language) = language {
            asked.metadata_mut().insert("accept-language", language.parse().expect("ascii"));
        }
        let status = desk.book(asked).await.expect_err("there is none");
        let details = status.get_error_details();
        let said = details.localized_message().expect("it is said to people");
        assert_eq!((said.locale.as_str(), said.message.contains(text)), (locale, true), "{said:?}");
        assert_eq!(status.code(), Code::NotFound);
        let resource = details.resource_info().expect("it is named");
        assert_eq!(resource.resource_type, "cupo.mx/Facility");
        assert_eq!(details.error_info().expect("it has a reason").domain, "cupo.mx");
    };
    check(None, "es-MX", "No existe").await;
    check(Some("en-US"), "en", "There is no").await;
    check(Some("fr"), "es-MX", "No existe").await;
}

#[tokio::test]
async fn deadlines_are_set_bounded_and_can_be_demanded() {
    let world = World::new(1).await;
    let mut cluster = world.cluster().await;
    let answer = cluster.get_status(v1::GetStatusRequest {}).await.expect("it answers");
    let said = answer.metadata().get("x-cupo-deadline-default").expect("the default is said");
    assert_eq!(said.to_str().expect("a number"), "10");
    let answer = cluster.get_status(within(5, v1::GetStatusRequest {})).await.expect("it answers");
    assert!(answer.metadata().get("x-cupo-deadline-default").is_none());
    let long = cluster.get_status(within(121, v1::GetStatusRequest {})).await;
    assert_eq!(reason(&long.expect_err("too long")), "DEADLINE_TOO_LONG");

    let settings = Settings { deadline_required: true, ..Settings::default() };
    let world = World::unfounded(1, settings).await;
    let missing = world.cluster().await.get_status(v1::GetStatusRequest {}).await;
    assert_eq!(reason(&missing.expect_err("it is demanded")), "DEADLINE_MISSING");
}

#[tokio::test]
async fn budgets_end_with_a_time_to_retry() {
    let few = NonZeroU32::new(3).expect("not zero");
    let settings = Settings { budget_per_caller: Budget::per_second(few), ..Settings::default() };
    let world = World::unfounded(1, settings).await;
    let mut cluster = world.cluster().await;
    let mut refusal = None;
    for _ in 0..10 {
        if let Err(status) = cluster.get_status(v1::GetStatusRequest {}).await {
            refusal = Some(status);
        }
    }
    let status = refusal.expect("ten calls are more than three");
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::ResourceExhausted, "RATE_LIMITED")
    );
    let retry = status.get_details_retry_info().expect("it says when");
    assert!(retry.retry_delay.is_some_and(|after| after <= Duration::from_secs(1)));
}

#[tokio::test]
async fn without_a_quorum_nothing_is_promised() {
    let world = World::unfounded(1, Settings::default()).await;
    let mut desk = world.booking().await;
    let cancel = || v1::CancelBookingRequest {
        name: "bookings/1".into(),
        request_id: request_id(),
        ..Default::default()
    };
    let status = desk.cancel_booking(within(2, cancel())).await.expect_err("it is in no cluster");
    assert_eq!((status.code(), reason(&status).as_str()), (Code::Unavailable, "NOT_READY"));

    let world = World::new(3).await;
    world.hospital(HOSPITAL, 1).await;
    for node in 1..=3 {
        world.cut(node);
    }
    let mut desk = world.booking().await;
    let status = desk.cancel_booking(within(2, cancel())).await.expect_err("nobody answers");
    let said = reason(&status);
    assert!(said == "NO_QUORUM" || said == "OUTCOME_UNKNOWN", "{said}");
    assert_eq!(status.code(), Code::Unavailable);
}

#[tokio::test]
async fn calls_and_streams_are_bounded_and_health_is_not() {
    let settings = Settings { calls_max: 0, ..Settings::default() };
    let world = World::unfounded(1, settings).await;
    let full = world.cluster().await.get_status(v1::GetStatusRequest {}).await;
    let full = full.expect_err("no call is taken");
    assert_eq!((full.code(), reason(&full).as_str()), (Code::Unavailable, "OVERLOADED"));
    assert!(full.get_details_retry_info().is_some());
    let mut health = tonic_health::pb::health_client::HealthClient::new(world.channel(0).await);
    let asked = tonic_health::pb::HealthCheckRequest { service: String::new() };
    health.check(asked).await.expect("health answers when nothing else does");

    let settings = Settings { streams_max: 0, ..Settings::default() };
    let world = World::unfounded(1, settings).await;
    let full = world.cluster().await.watch(v1::WatchRequest::default()).await;
    assert_eq!(reason(&full.expect_err("no stream is taken")), "TOO_MANY_OPEN_STREAMS");
}

#[tokio::test]
async fn who_finds_no_seat_is_told_so_and_gets_one_when_somebody_leaves() {
    let world = World::unfounded(1, Settings { connections_max: 1, ..Settings::default() }).await;
    let ask = async |channel| {
        let mut cluster = v1::cluster_service_client::ClusterServiceClient::new(channel);
        cluster.get_status(v1::GetStatusRequest {}).await
    };
    let first = world.channel(0).await;
    ask(first.clone()).await.expect("the first one has a seat");
    let told = ask(world.channel(0).await).await.expect_err("there is only one seat");
    assert_eq!(reason(&told), "TOO_MANY_CONNECTIONS");
    assert_eq!(told.code(), Code::Unavailable);
    assert!(told.get_details_retry_info().is_some());
    ask(first.clone()).await.expect("whoever sits is not disturbed");
    drop(first);
    let begun = std::time::Instant::now();
    while let Err(status) = ask(world.channel(0).await).await {
        assert!(begun.elapsed() < Duration::from_secs(5), "{status:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
