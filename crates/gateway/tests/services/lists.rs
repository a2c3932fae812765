//! The catalogue, and lists page by page.

use crate::world::{World, book, hospital, reason, request_id, ward};
use wire::v1;

/// Codes of so many hospitals of the state of Oaxaca.
fn codes(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("OCIMB{number:05}0")).collect()
}

async fn nation(count: usize) -> World {
    let world = World::new(1).await;
    let rows = codes(count).iter().map(|clues| hospital(clues, 3)).collect();
    let outcomes = world.import(rows).await;
    assert!(outcomes.iter().all(|o| o.reason() == v1::ErrorReason::Unspecified), "{outcomes:?}");
    world
}

#[tokio::test]
async fn an_import_answers_row_by_row_and_can_be_tried() {
    let world = World::new(1).await;
    let rows = vec![
        hospital("OCIMB000010", 3),
        hospital("not a code", 3),
        v1::FacilityRecord { time_zone: "America/Aguas".into(), ..hospital("OCIMB000022", 3) },
        v1::FacilityRecord { institution_code: "XYZ".into(), ..hospital("OCIMB000034", 3) },
        hospital("OCIMB000046", 3),
    ];
    let trial = v1::ImportFacilitiesRequest {
        facilities: rows.clone(),
        validate_only: true,
        request_id: request_id(),
        ..Default::default()
    };
    let mut catalogue = world.catalogue().await;
    let tried = catalogue.import_facilities(trial.clone()).await.expect("it is read").into_inner();
    let fields = |outcomes: &[v1::Outcome]| -> Vec<String> {
        outcomes.iter().map(|o| o.metadata.get("field").cloned().unwrap_or_default()).collect()
    };
    assert_eq!(fields(&tried.outcomes), ["", "clues", "time_zone", "", ""]);
    let real = v1::ImportFacilitiesRequest { validate_only: false, ..trial };
    let done = catalogue.import_facilities(real.clone()).await.expect("it is carried out");
    let done = done.into_inner();
    let reasons: Vec<_> = done.outcomes.iter().map(v1::Outcome::reason).collect();
    use v1::ErrorReason::{InvalidArgument, UnknownInstitution, Unspecified};
    assert_eq!(
        reasons,
        [Unspecified, InvalidArgument, InvalidArgument, UnknownInstitution, Unspecified]
    );
    assert!(done.outcomes.iter().map(|o| o.sequence).eq(1..=5));
    let again = catalogue.import_facilities(real).await.expect("a retry has the first answer");
    assert_eq!(again.into_inner(), done);
    let many = v1::ImportFacilitiesRequest {
        facilities: vec![hospital("OCIMB000010", 3); 501],
        request_id: request_id(),
        ..Default::default()
    };
    let refused = catalogue.import_facilities(many).await.expect_err("too many at once");
    assert_eq!(reason(&refused), "BATCH_TOO_LARGE");
}

#[tokio::test]
async fn pages_are_of_one_revision() {
    let world = nation(25).await;
    let mut catalogue = world.catalogue().await;
    let mut asked = v1::ListFacilitiesRequest { page_size: 10, ..Default::default() };
    let (mut names, mut revisions) = (Vec::new(), Vec::new());
    loop {
        let page = catalogue.list_facilities(asked.clone()).await.expect("a page").into_inner();
        names.extend(page.facilities.into_iter().map(|facility| facility.name));
        revisions.push(page.revision);
        if page.next_page_token.is_empty() {
            break;
        }
        asked.page_token = page.next_page_token;
        // What comes meanwhile is of a later revision.
        world.hospital(&format!("OCIMB{:05}0", 100 + names.len()), 1).await;
    }
    let expected: Vec<_> = codes(25).iter().map(|clues| format!("facilities/{clues}")).collect();
    assert_eq!(names, expected);
    assert!(revisions.iter().all(|revision| *revision == revisions[0]));
    let other = v1::ListFacilitiesRequest { state: "OC".into(), ..asked };
    let refused = catalogue.list_facilities(other).await.expect_err("another filter");
    assert_eq!(reason(&refused), "PAGE_TOKEN_EXPIRED");
}

#[tokio::test]
async fn facilities_are_filtered_and_found_by_former_codes() {
    let world = nation(3).await;
    let mut catalogue = world.catalogue().await;
    let mut count = async |asked: v1::ListFacilitiesRequest| {
        let page = catalogue.list_facilities(asked).await.expect("a page").into_inner();
        page.facilities.len()
    };
    let any = v1::ListFacilitiesRequest::default;
    assert_eq!(count(v1::ListFacilitiesRequest { state: "oc".into(), ..any() }).await, 3);
    assert_eq!(count(v1::ListFacilitiesRequest { state: "BC".into(), ..any() }).await, 0);
    let of = |code: &str| v1::ListFacilitiesRequest { institution_code: code.into(), ..any() };
    assert_eq!(count(of("IMB")).await, 3);
    assert_eq!(count(of("SSA")).await, 0);
    let offers =
        |filter: v1::ServiceFilter| v1::ListFacilitiesRequest { offers: filter.into(), ..any() };
    assert_eq!(count(offers(v1::ServiceFilter::Bed)).await, 3);
    assert_eq!(count(offers(v1::ServiceFilter::Teleconsultation)).await, 0);

    let alias = v1::Alias { clues: "OCSSA000999".into(), since_time: None };
    let renamed = v1::FacilityRecord { aliases: vec![alias], ..hospital(&codes(1)[0], 3) };
    world.import(vec![renamed]).await;
    let get =
        v1::GetFacilityRequest { name: "facilities/OCSSA000999".into(), ..Default::default() };
    let found = world.catalogue().await.get_facility(get).await.expect("the code leads there");
    let found = found.into_inner().facility.expect("it was found");
    assert_eq!(found.name, format!("facilities/{}", codes(1)[0]));
    assert_eq!(found.services.len(), 2);
}

#[tokio::test]
async fn beds_slots_and_bookings_are_listed() {
    let world = nation(3).await;
    let clues = &codes(3)[1];
    world.report(clues, 1, 3).await;
    let mut capacity = world.capacity().await;
    let list = v1::ListCapacitiesRequest { parent: "facilities/-".into(), ..Default::default() };
    let beds = capacity.list_capacities(list).await.expect("a page").into_inner().capacities;
    let free: Vec<_> = beds.iter().map(|beds| beds.available).collect();
    assert_eq!(free, [0, 3, 0]);
    assert_eq!(beds[1].registration(), v1::RegistrationStatus::Confirmed);

    let service = format!("facilities/{clues}/services/room");
    let soon = std::time::SystemTime::now() + std::time::Duration::from_secs(3_600);
    for start in [soon, soon + std::time::Duration::from_secs(7_200)] {
        let publish = v1::PublishAgendaRequest {
            service: service.clone(),
            shape: Some(v1::AgendaShape {
                start_time: Some(start.into()),
                step_seconds: 1_800,
                length_seconds: 900,
                columns: 2,
                row_seconds: 86_400,
                rows: 2,
                capacity: 1,
            }),
            request_id: request_id(),
            ..Default::default()
        };
        capacity.publish_agenda(publish).await.expect("it is published");
    }
    let mut asked = v1::ListSlotsRequest { parent: service, page_size: 3, ..Default::default() };
    let mut starts = Vec::new();
    loop {
        let page = capacity.list_slots(asked.clone()).await.expect("a page").into_inner();
        starts.extend(page.slots.iter().map(|slot| slot.start_time.expect("it begins").seconds));
        if page.next_page_token.is_empty() {
            break;
        }
        asked.page_token = page.next_page_token;
    }
    let since: Vec<_> = starts.iter().map(|start| start - starts[0]).collect();
    let day = [0, 1_800, 7_200, 9_000];
    let expected: Vec<_> = [0, 86_400].iter().flat_map(|d| day.map(|at| d + at)).collect();
    assert_eq!(since, expected, "both agendas, by time");

    let mut desk = world.booking().await;
    for _ in 0..3 {
        desk.book(book(&ward(clues))).await.expect("there is room");
    }
    let mut asked = v1::ListBookingsRequest {
        parent: format!("facilities/{clues}"),
        page_size: 2,
        ..Default::default()
    };
    let first = desk.list_bookings(asked.clone()).await.expect("a page").into_inner();
    asked.page_token = first.next_page_token;
    let second = desk.list_bookings(asked).await.expect("a page").into_inner();
    let numbers = |page: &[v1::Commitment]| page.iter().map(|c| c.number).collect::<Vec<_>>();
    assert_eq!(numbers(&first.commitments), [1, 2]);
    assert_eq!((numbers(&second.commitments), second.next_page_token), (vec![3], String::new()));
}
