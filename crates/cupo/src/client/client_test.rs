//! Which servers are asked, how often, under which identity; and what refusals mean.

use super::endpoints::{DEFAULT_ENDPOINTS, endpoints};
use super::remedy::{exit_of, remedy_of};
use super::{ClientError, Purpose, Session};
use crate::configuration;
use crate::exit::Exit;
use crate::messages::Explain;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tonic::codegen::http::{HeaderMap, Response};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};
use uuid::Uuid;
use wire::v1::cluster_service_client::ClusterServiceClient;
use wire::v1::{ErrorReason, GetStatusRequest};

fn three() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cluster/three/cluster.toml")
}

#[test]
fn servers_are_named_by_address_or_by_file() {
    let named = |setting: &str| endpoints(setting).ok();
    assert_eq!(named("a:1"), Some(vec!["a:1".into()]));
    assert_eq!(named(" a:1 ,, b:2"), Some(vec!["a:1".into(), "b:2".into()]));
    assert_eq!(named("[::1]:7401"), Some(vec!["[::1]:7401".into()]));
    assert_eq!(named(&three().display().to_string()), named(DEFAULT_ENDPOINTS));
    for wrong in ["", ",", "host", "host:port", "host:99999", "a:1/x", "/nowhere/cluster.toml"] {
        assert_eq!(named(wrong), None, "{wrong}");
    }
}

#[test]
fn the_default_servers_are_those_of_the_cluster_of_three() {
    let cluster = configuration::read_cluster(&three()).expect("the file in the tree is good");
    let members: Vec<String> =
        cluster.members.iter().map(|member| member.address.to_string()).collect();
    assert_eq!(members.join(","), DEFAULT_ENDPOINTS);
}

fn reasons() -> impl Iterator<Item = ErrorReason> {
    (0..1_000).filter_map(|number| ErrorReason::try_from(number).ok())
}

#[test]
fn every_reason_has_a_remedy_in_both_languages() {
    assert!(reasons().count() > 60);
    for reason in reasons() {
        let remedy = remedy_of(reason);
        assert!(!remedy.es.is_empty() && remedy.es != remedy.en, "{reason:?}");
        assert_ne!(exit_of(reason), Exit::Done, "{reason:?}");
    }
}

#[test]
fn every_exit_code_has_its_reasons() {
    let given: Vec<Exit> = reasons().map(exit_of).collect();
    for exit in Exit::ALL.into_iter().filter(|exit| *exit != Exit::Done) {
        assert!(given.contains(&exit), "{exit:?} is never given");
    }
}

fn refusal(code: Code, reason: &str) -> Status {
    let mut details = ErrorDetails::with_error_info(reason, "cupo.mx", HashMap::new());
    details.set_localized_message("es-MX", "ya lo tomaron").set_resource_info(
        "cupo.v1.Place",
        "facilities/OCIMB000123/slots/1-2",
        "",
        "",
    );
    Status::with_error_details(code, "taken", details)
}

#[test]
fn a_refusal_is_told_with_its_reason_its_remedy_and_its_identity() {
    let request = Uuid::now_v7();
    let told = ClientError::Refused { status: Box::new(refusal(Code::Aborted, "TAKEN")), request }
        .explain();
    assert_eq!((told.exit, told.reason.as_str()), (Exit::NoCapacity, "TAKEN"));
    assert_eq!(told.what.es, "ya lo tomaron");
    assert_eq!(told.why.es, "facilities/OCIMB000123/slots/1-2");
    assert_eq!(told.request, Some(request));
    assert!(told.remedy.es.contains("cupo place find"));
}

#[test]
fn a_refusal_of_a_version_to_come_is_told_by_its_code() {
    let request = Uuid::now_v7();
    let told =
        |status: Status| ClientError::Refused { status: Box::new(status), request }.explain();
    let unknown = told(refusal(Code::PermissionDenied, "NOT_INVENTED_YET"));
    assert_eq!((unknown.exit, unknown.reason.as_str()), (Exit::Denied, "NOT_INVENTED_YET"));
    let bare = told(Status::not_found("no such thing"));
    assert_eq!((bare.exit, bare.reason.as_str()), (Exit::NotFound, "NOTFOUND"));
}

/// A server that refuses everything in the same way and remembers who asked.
struct Refuser {
    address: String,
    asked: Arc<Mutex<Vec<HeaderMap>>>,
}

impl Refuser {
    async fn new(answer: impl Fn() -> Status + Clone + Send + Sync + 'static) -> Self {
        let asked: Arc<Mutex<Vec<HeaderMap>>> = Arc::default();
        let seen = asked.clone();
        let refuse = move |headers: HeaderMap| {
            seen.lock().expect("no test panics while it holds this").push(headers);
            let refused: Response<axum::body::Body> = answer().into_http();
            std::future::ready(refused)
        };
        let listener =
            tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("the system has a port");
        let address = listener.local_addr().expect("it is bound").to_string();
        let router = axum::Router::new().fallback(refuse);
        tokio::spawn(axum::serve(listener, router).into_future());
        Self { address, asked }
    }

    fn identities(&self) -> Vec<String> {
        let asked = self.asked.lock().expect("no test panics while it holds this");
        let identity =
            |headers: &HeaderMap| headers["x-request-id"].to_str().expect("it is text").to_owned();
        asked.iter().map(identity).collect()
    }
}

async fn ask(servers: &[&Refuser], timeout: Duration) -> (Uuid, ClientError) {
    ask_for(Purpose::Change, servers, timeout).await
}

async fn ask_for(purpose: Purpose, servers: &[&Refuser], timeout: Duration) -> (Uuid, ClientError) {
    let id = Uuid::now_v7();
    let addresses = servers.iter().map(|server| server.address.clone()).collect();
    let session = Session::with(addresses, timeout, id).expect("the addresses are good");
    let answer = session
        .ask_for(purpose, |asked| async move {
            let request = asked.request(GetStatusRequest {});
            ClusterServiceClient::new(asked.channel).get_status(request).await
        })
        .await;
    (id, answer.expect_err("nobody does anything here"))
}

#[tokio::test]
async fn another_server_is_asked_under_the_same_identity() {
    let away = Refuser::new(|| refusal(Code::Unavailable, "NO_QUORUM")).await;
    let full = Refuser::new(|| refusal(Code::Aborted, "TAKEN")).await;
    let (id, error) = ask(&[&away, &full], Duration::from_secs(10)).await;
    assert_eq!(error.explain().reason, "TAKEN");
    assert_eq!(away.identities(), [id.to_string()]);
    assert_eq!(full.identities(), [id.to_string()]);
}

#[tokio::test]
async fn what_will_not_change_is_asked_once() {
    let full = Refuser::new(|| refusal(Code::Aborted, "TAKEN")).await;
    let other = Refuser::new(|| refusal(Code::Aborted, "TAKEN")).await;
    ask(&[&full, &other], Duration::from_secs(10)).await;
    assert_eq!((full.identities().len(), other.identities().len()), (1, 0));
}

#[tokio::test]
async fn servers_are_asked_again_until_the_deadline() {
    let away = Refuser::new(|| refusal(Code::Unavailable, "NO_QUORUM")).await;
    let start = Instant::now();
    let (id, error) = ask(&[&away], Duration::from_millis(400)).await;
    assert_eq!(error.explain().exit, Exit::NoQuorum);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    let identities = away.identities();
    assert!(identities.len() > 2, "asked {} times", identities.len());
    assert!(identities.iter().all(|seen| *seen == id.to_string()));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_with_its_address() {
    let gone = Refuser { address: "127.0.0.1:9".into(), asked: Arc::default() };
    let start = Instant::now();
    let (_, error) = ask(&[&gone], Duration::from_secs(20)).await;
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    let told = error.explain();
    assert_eq!((told.exit, told.reason.as_str()), (Exit::NoQuorum, "UNREACHABLE"));
    assert!(told.why.es.contains("127.0.0.1:9"), "{}", told.why.es);
}

/// A server that accepts and says nothing, as a stopped process does.
async fn mute() -> (tokio::net::TcpListener, Refuser) {
    let listener =
        tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("the system has a port");
    let address = listener.local_addr().expect("it is bound").to_string();
    (listener, Refuser { address, asked: Arc::default() })
}

#[tokio::test]
async fn a_server_that_says_nothing_is_left_at_the_deadline() {
    let (_held, mute) = mute().await;
    let (id, error) = ask(&[&mute], Duration::from_millis(200)).await;
    let told = error.explain();
    assert_eq!(told.reason, "OUTCOME_UNKNOWN");
    assert!(told.remedy.en.contains(&id.to_string()), "the remedy names the identity to repeat");

    let (_, error) = ask_for(Purpose::Read, &[&mute], Duration::from_millis(200)).await;
    let told = error.explain();
    assert_eq!((told.exit, told.reason.as_str()), (Exit::NoQuorum, "NO_ANSWER"));
    assert!(!told.why.en.contains("whether it was done"), "{}", told.why.en);
}

#[tokio::test]
async fn a_server_that_hangs_costs_a_part_of_the_deadline() {
    for purpose in [Purpose::Read, Purpose::Change] {
        let (_held, mute) = mute().await;
        let full = Refuser::new(|| refusal(Code::Aborted, "TAKEN")).await;
        let start = Instant::now();
        let (id, error) = ask_for(purpose, &[&mute, &full], Duration::from_secs(20)).await;
        assert_eq!(error.explain().reason, "TAKEN", "{purpose:?}");
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
        assert_eq!(full.identities(), [id.to_string()]);
    }
}

#[tokio::test]
async fn a_change_of_membership_that_is_refused_is_not_insisted_upon() {
    let refused = || refusal(Code::Unavailable, "MEMBERSHIP_REFUSED");
    let (one, other) = (Refuser::new(refused).await, Refuser::new(refused).await);
    let start = Instant::now();
    let (_, error) = ask_for(Purpose::Membership, &[&one, &other], Duration::from_secs(20)).await;
    assert_eq!(error.explain().reason, "MEMBERSHIP_REFUSED");
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[tokio::test]
async fn what_one_server_may_have_done_is_not_known_when_the_others_are_gone() {
    let (_held, mute) = mute().await;
    let gone = Refuser { address: "127.0.0.1:9".into(), asked: Arc::default() };
    let (_, error) = ask(&[&mute, &gone], Duration::from_secs(1)).await;
    assert_eq!(error.explain().reason, "OUTCOME_UNKNOWN");
}
