//! What happened to bookings.

use crate::world::{World, book, reason, request_id, ward};
use std::time::{Duration, Instant, SystemTime};
use wire::v1;
use wire::v1::list_booking_history_request::By;

const HOSPITAL: &str = "OCIMB000010";
const PERSON: [u8; 16] = [7; 16];

fn ask(by: By) -> v1::ListBookingHistoryRequest {
    v1::ListBookingHistoryRequest { by: Some(by), ..Default::default() }
}

#[tokio::test]
async fn history_is_found_by_person_by_facility_and_by_booking() {
    let world = World::new(1).await;
    world.hospital(HOSPITAL, 4).await;
    world.report(HOSPITAL, 1, 4).await;
    let mut desk = world.booking().await;
    let mut last = None;
    for _ in 0..3 {
        let asked = v1::BookRequest { person: PERSON.to_vec().into(), ..book(&ward(HOSPITAL)) };
        last = Some(desk.book(asked).await.expect("there is room").into_inner());
    }
    let last = last.expect("three were booked");
    let name = last.grants[0].name.clone();
    let cancel = v1::CancelBookingRequest { name, request_id: request_id(), ..Default::default() };
    let cancelled = desk.cancel_booking(cancel).await.expect("it is live").into_inner();

    let by_name = ask(By::Name(last.grants[0].name.clone()));
    let begun = Instant::now();
    let page = loop {
        let page = desk.list_booking_history(by_name.clone()).await.expect("a page").into_inner();
        if page.revision >= cancelled.revision {
            break page;
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "the history does not follow");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!(page.histories.len(), 1);
    assert_eq!(page.histories[0].events.len(), 2, "granted and cancelled");

    let mut by_person = ask(By::Person(PERSON.to_vec().into()));
    by_person.page_size = 2;
    let first = desk.list_booking_history(by_person.clone()).await.expect("a page").into_inner();
    assert_eq!(first.histories.len(), 2);
    let token = first.next_page_token;
    by_person.page_token = token.clone();
    let second = desk.list_booking_history(by_person).await.expect("a page").into_inner();
    assert_eq!(second.histories.len(), 1);

    let now = SystemTime::now();
    let times = v1::FacilityTimes {
        facility: format!("facilities/{HOSPITAL}"),
        start_time: Some((now - Duration::from_secs(3_600)).into()),
        end_time: Some((now + Duration::from_secs(3_600)).into()),
    };
    let by_facility = ask(By::FacilityTimes(times));
    let found = desk.list_booking_history(by_facility.clone()).await.expect("a page").into_inner();
    assert_eq!(found.histories.len(), 3);

    let foreign = v1::ListBookingHistoryRequest { page_token: token, ..by_facility };
    let refused = desk.list_booking_history(foreign).await.expect_err("another question's token");
    assert_eq!(reason(&refused), "PAGE_TOKEN_EXPIRED");
    let nobody = desk.list_booking_history(ask(By::Person(Vec::new().into()))).await;
    assert_eq!(reason(&nobody.expect_err("nobody was named")), "INVALID_ARGUMENT");
}
