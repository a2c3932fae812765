//! Without a majority nothing is promised, and everything comes back by itself.

use crate::support::client::within;
use crate::support::desk::{booking, legs};
use crate::support::nation::somebody;
use crate::support::observer::{Told, judge};
use crate::support::{Client, Cluster, Desk, Nation, reason_of};
use std::time::{Duration, Instant};
use tonic::{Response, Status};
use tonic_types::StatusExt;
use wire::v1::booking_service_client::BookingServiceClient;
use wire::v1::consistency::Want;
use wire::v1::{
    Consistency, ErrorReason, GrantResponse, ListBookingsRequest, ListBookingsResponse,
};

/// How long a node may take to notice that it is alone.
const NOTICE: Duration = Duration::from_secs(10);

/// How two nodes go missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Missing {
    /// They are there and do nothing, as a machine that hangs.
    Stopped,
    /// They are gone, as a machine without power.
    Killed,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_majority_bookings_are_refused_with_a_time_and_old_answers_go_on() {
    let mut cluster = Cluster::start().await;
    let nation = Nation::found(&cluster.client(), 2, 1).await;
    let desk = Desk::new(cluster.client(), nation, Duration::from_secs(20));
    let leader = cluster.leader().await;
    // Once the leader is left alone, and once a follower.
    for (alone, missing) in [(leader, Missing::Stopped), ((leader + 1) % 3, Missing::Killed)] {
        check(&mut cluster, &desk, alone, missing).await;
    }
}

async fn check(cluster: &mut Cluster, desk: &Desk, alone: usize, missing: Missing) {
    let case = format!("node {} alone, the others {missing:?}", alone + 1);
    // A ward has room for all that is asked for here, answered or not.
    let place = desk.nation.ward();
    let person = somebody();
    let granted = desk.book(legs([place]), &person).await.expect("there is a majority");
    let id = granted.grants[0].id;
    desk.notes.tell(&person, Told::Booked { id, place: granted.grants[0].place.clone() });
    // The one that will be alone has it, too.
    cluster.agreed().await;

    let others = [(alone + 1) % 3, (alone + 2) % 3];
    for at in others {
        match missing {
            Missing::Stopped => cluster.nodes[at].signal("STOP"),
            Missing::Killed => cluster.nodes[at].kill(),
        }
    }
    let client = &desk.client;
    let refused = refusal(client, alone, place, desk).await;
    assert_eq!(reason_of(&refused), Some(ErrorReason::NoQuorum), "{case}: {refused:?}");
    let retry = refused.get_details_retry_info().and_then(|info| info.retry_delay);
    assert!(retry.is_some_and(|time| time > Duration::ZERO), "{case}: {refused:?}");
    let said = refused.get_details_localized_message().map(|told| told.message);
    assert!(said.is_some_and(|said| !said.is_empty()), "{case}: {refused:?}");

    let facility = place.split("/services/").next().expect("a ward is named by its facility");
    let hour = prost_types::Duration { seconds: 3_600, nanos: 0 };
    let old = list(client, alone, facility, Want::MaxStaleness(hour)).await.expect("an old answer");
    let old = old.into_inner();
    assert!(old.commitments.iter().any(|one| one.id == id), "{case}: {old:?}");
    assert!(old.revision > 0, "an answer says of which revision it is");
    let status = client.status(alone).await.expect("a lone node still says how it stands");
    let age = status.figures.get("age.millis").expect("it says how old its picture is");
    assert!(age.parse::<u64>().is_ok_and(|millis| millis > 0), "{case}: {age}");
    let second = prost_types::Duration { seconds: 0, nanos: 1_000_000 };
    let fresh = list(client, alone, facility, Want::MaxStaleness(second)).await;
    let reason = fresh.as_ref().err().and_then(reason_of);
    assert_eq!(reason, Some(ErrorReason::TooStale), "{case}: {fresh:?}");
    let newest = list(client, alone, facility, Want::Linearizable(true)).await;
    let reason = newest.as_ref().err().and_then(reason_of);
    assert_eq!(reason, Some(ErrorReason::NoQuorum), "{case}: {newest:?}");

    for at in others {
        match missing {
            Missing::Stopped => cluster.nodes[at].signal("CONT"),
            Missing::Killed => cluster.nodes[at].start(),
        }
    }
    let began = Instant::now();
    let person = somebody();
    let granted = desk.book(legs([place]), &person).await.expect("the majority is back");
    let (id, place) = (granted.grants[0].id, granted.grants[0].place.clone());
    desk.notes.tell(&person, Told::Booked { id, place });
    eprintln!("{case}: booked {:?} after they were back", began.elapsed());
    cluster.ready().await;
    cluster.agreed().await;
    let pages = desk.notes.pages().clone();
    for at in 0..3 {
        let broken = judge(client, at, &desk.nation, &pages).await;
        assert!(broken.is_empty(), "{case}: node {}:\n{}", at + 1, broken.join("\n"));
    }
}

/// What a lone node answers once it has noticed. Until then an outcome may be unknown: such a
/// request may come to a booking once the others are back.
async fn refusal(client: &Client, at: usize, place: &String, desk: &Desk) -> Status {
    let until = Instant::now() + NOTICE;
    loop {
        let person = somebody();
        let request = booking(legs([place]), &person);
        let answer: Result<Response<GrantResponse>, Status> =
            BookingServiceClient::new(client.channel(at))
                .book(within(Duration::from_secs(1), request))
                .await;
        let status = answer.expect_err("nothing is acknowledged without a majority");
        if reason_of(&status) == Some(ErrorReason::NoQuorum) {
            desk.notes.tell(&person, Told::Refused);
            return status;
        }
        desk.notes.tell(&person, Told::Nothing);
        assert!(Instant::now() < until, "it has not noticed: {status:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn list(
    client: &Client,
    at: usize,
    facility: &str,
    want: Want,
) -> Result<Response<ListBookingsResponse>, Status> {
    let consistency = Some(Consistency { want: Some(want) });
    let request =
        ListBookingsRequest { parent: facility.to_owned(), consistency, ..Default::default() };
    let mut bookings = BookingServiceClient::new(client.channel(at));
    bookings.list_bookings(within(Duration::from_secs(3), request)).await
}
