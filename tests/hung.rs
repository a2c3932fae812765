//! A node that hangs: its connections stay open, and nothing comes back.

use crate::support::client::within;
use crate::support::desk::{booking, legs};
use crate::support::nation::somebody;
use crate::support::observer::Told;
use crate::support::{Cluster, Desk, Load, Nation, verdict};
use bytes::Bytes;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tonic::transport::{Channel, Endpoint};
use tonic::{Response, Status};
use wire::v1::booking_service_client::BookingServiceClient;
use wire::v1::consistency::Want;
use wire::v1::{Consistency, GrantResponse, ListBookingsRequest, ListBookingsResponse};

/// How long one request is asked for again and again.
const PATIENCE: Duration = Duration::from_secs(20);

/// Within this another node leads: the lease, an election, and as much again for a busy machine.
const SUCCESSION: Duration = Duration::from_secs(5);

/// What a command is given, and the part of it that one hung server may cost.
const COMMAND_SECONDS: u64 = 16;
const COMMAND_SHARE: Duration = Duration::from_secs(6);

/// Questions and bookings that wait in a hung node's sockets until it wakes.
const WAITING: usize = 16;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hung_node_costs_little_and_says_nothing_stale_once_it_wakes() {
    let mut cluster = Cluster::start().await;
    let nation = Nation::found(&cluster.client(), 12, 4).await;
    let desk = Desk::new(cluster.client(), nation, PATIENCE);
    let load = Load::start(&desk, 8, 11);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let leader = cluster.leader().await;
    hang(&mut cluster, &desk, leader, "the leader").await;
    let follower = (cluster.leader().await + 1) % 3;
    hang(&mut cluster, &desk, follower, "a follower").await;
    verdict(&mut cluster, &desk, load, "two nodes that hung").await;
}

/// Stops a node for some seconds in the midst of everything, and looks at what it says afterwards.
async fn hang(cluster: &mut Cluster, desk: &Desk, hung: usize, who: &str) {
    // Connected before it hangs, and without any doubt whether it lives: what is sent here arrives.
    let address = format!("http://{}", cluster.nodes[hung].address);
    let endpoint = Endpoint::from_shared(address).expect("an address");
    let patient = endpoint.connect().await.expect("a node that runs takes connections");
    cluster.nodes[hung].signal("STOP");
    let began = Instant::now();
    let before = desk.notes.given();
    led_by_another(desk, hung).await;
    let succession = began.elapsed();
    assert!(succession < SUCCESSION, "{who}: another one led only after {succession:?}");
    let command = book_at_the_command_line(cluster, desk, hung).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let given = desk.notes.given() - before;
    assert!(given > 0, "{who}: nothing was booked while it hung");

    // Acknowledged by the others before anybody asks the one that hangs.
    let place = desk.nation.ward();
    let (id, person) = booked(desk, place).await;
    desk.notes.tell(&person, Told::Booked { id, place: place.clone() });
    let mut questions = ask_in_advance(&patient, place);
    let mut bookings = book_in_advance(&patient, desk, place);
    tokio::time::sleep(Duration::from_millis(500)).await;
    cluster.nodes[hung].signal("CONT");

    let (mut knew, mut refused) = (0, 0);
    while let Some(answer) = questions.join_next().await {
        match answer.expect("a question does not panic") {
            Ok(list) => {
                let found = list.into_inner().commitments.iter().any(|one| one.id == id);
                assert!(
                    found,
                    "{who} woke and did not know {id}, acknowledged before it was asked"
                );
                knew += 1;
            }
            Err(_) => refused += 1,
        }
    }
    let mut late = 0;
    while let Some(answer) = bookings.join_next().await {
        let (person, answer) = answer.expect("a booking does not panic");
        if let Ok(granted) = answer {
            let granted = granted.into_inner().grants;
            let told = Told::Booked { id: granted[0].id, place: granted[0].place.clone() };
            desk.notes.tell(&person, told);
            late += 1;
        }
    }
    eprintln!(
        "{who}: node {} hung, another led after {succession:?}, {given} given meanwhile, a command \
         took {command:?}; once awake it answered {knew} and refused {refused} questions, booked \
         {late} of {WAITING}",
        hung + 1
    );
    cluster.ready().await;
}

/// Waits until a node that does not hang says that one of them leads.
async fn led_by_another(desk: &Desk, hung: usize) {
    let asked = (hung + 1) % 3;
    let until = Instant::now() + SUCCESSION;
    loop {
        let leader = desk.client.status(asked).await.ok().and_then(|status| status.leader_id);
        let is_other = leader.is_some_and(|leader| leader != hung as u64 + 1);
        if is_other || Instant::now() > until {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Books with the program, which asks the hung server first.
async fn book_at_the_command_line(cluster: &Cluster, desk: &Desk, hung: usize) -> Duration {
    let turns = [hung, (hung + 1) % 3, (hung + 2) % 3];
    let servers = turns.map(|at| cluster.nodes[at].address.clone()).join(",");
    let place = desk.nation.room.keys().rfind(|name| name.contains("/services/"));
    let place = place.expect("a nation has wards");
    let (person, patience) = (uuid::Uuid::now_v7(), format!("{COMMAND_SECONDS}s"));
    desk.notes.tell(person.as_bytes(), Told::Nothing);
    let began = Instant::now();
    let words = ["booking", "create", place, "--person", &person.to_string(), "-o", "json"];
    let common = ["--cluster", &servers, "--timeout", &patience];
    let said = cluster.ask(&[&common[..], &words[..]].concat()).await.json();
    let row = said.get(0).unwrap_or(&said);
    let id = row["id"].as_u64().expect("a booking has a number");
    let place = row["place"].as_str().expect("a booking has a place").to_owned();
    desk.notes.tell(person.as_bytes(), Told::Booked { id, place });
    let took = began.elapsed();
    assert!(took < COMMAND_SHARE, "a hung server cost a command {took:?}");
    took
}

async fn booked(desk: &Desk, place: &String) -> (u64, Bytes) {
    let person = somebody();
    desk.notes.tell(&person, Told::Nothing);
    let granted = desk.book(legs([place]), &person).await.expect("there is a majority");
    (granted.grants[0].id, person)
}

/// Linearizable questions that lie in the sockets of a node that hangs.
fn ask_in_advance(
    channel: &Channel,
    place: &str,
) -> JoinSet<Result<Response<ListBookingsResponse>, Status>> {
    let facility = place.split("/services/").next().expect("a ward is named by its facility");
    let mut questions = JoinSet::new();
    for _ in 0..WAITING {
        let consistency = Some(Consistency { want: Some(Want::Linearizable(true)) });
        let (parent, page_size) = (facility.to_owned(), 1_000);
        let request = ListBookingsRequest { parent, page_size, consistency, ..Default::default() };
        let mut bookings = BookingServiceClient::new(channel.clone());
        questions.spawn(async move { bookings.list_bookings(within(PATIENCE, request)).await });
    }
    questions
}

/// Bookings that lie there too. Half of those who sent them give up before it wakes.
fn book_in_advance(
    channel: &Channel,
    desk: &Desk,
    place: &String,
) -> JoinSet<(Bytes, Result<Response<GrantResponse>, Status>)> {
    let mut bookings = JoinSet::new();
    for nth in 0..WAITING {
        let person = somebody();
        desk.notes.tell(&person, Told::Nothing);
        let request = booking(legs([place]), &person);
        let patience = if nth % 2 == 0 { Duration::from_millis(200) } else { PATIENCE };
        let mut service = BookingServiceClient::new(channel.clone());
        bookings.spawn(async move {
            let answer = service.book(within(patience, request)).await;
            (person, answer)
        });
    }
    bookings
}
