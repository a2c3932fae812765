//! A place found, held, confirmed, looked up and given back at the command line.

use crate::support::{Cluster, Nation};
use serde_json::Value;
use std::path::PathBuf;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_is_found_held_confirmed_and_cancelled_at_the_command_line() {
    let cluster = Cluster::start().await;
    let nation = Nation::found(&cluster.client(), 2, 1).await;
    let person = uuid::Uuid::now_v7().to_string();
    for (lang, held, booked, cancelled) in
        [("es", "apartado", "reservado", "cancelado"), ("en", "held", "booked", "cancelled")]
    {
        for kind in ["outpatient", "bed"] {
            let find = ["--lang", lang, "place", "find", "--kind", kind, "--near", "17.06,-96.72"];
            let table = cluster.ask(&find).await.done();
            assert!(table.contains("Unidad "), "{table}");
            let found = cluster.ask(&[&find[..], &["-o", "json"]].concat()).await.json();
            let place = text(&first(&found)["place"]);
            assert!(nation.room.contains_key(&place), "{found}");

            let hold = ["hold", "create", &place, "--person", &person, "-o", "json"];
            let hold = cluster.ask(&hold).await.json();
            let (number, fencing) = (text(&first(&hold)["id"]), text(&first(&hold)["fencing"]));
            let get = ["--lang", lang, "booking", "get", &number];
            says(&cluster, &get, held).await;
            let wrong = ["booking", "confirm", &number, "--fencing", "1"];
            refused(&cluster, &wrong, 5, "FENCING_MISMATCH").await;
            let confirm = ["booking", "confirm", &number, "--fencing", &fencing];
            cluster.ask(&confirm).await.done();
            says(&cluster, &get, booked).await;
            refused(
                &cluster,
                &["hold", "release", &number, "--fencing", &fencing],
                5,
                "ALREADY_BOOKED",
            )
            .await;

            let facility = place.split('/').nth(1).expect("a place is named by its facility");
            let list = ["booking", "list", "--facility", facility, "-o", "ndjson"];
            let listed = cluster.ask(&list).await.done();
            assert!(listed.lines().any(|line| line.contains(&person)), "{listed}");
            cluster.ask(&["booking", "cancel", &number]).await.done();
            says(&cluster, &get, cancelled).await;
            refused(&cluster, &["booking", "cancel", &number], 5, "ALREADY_CANCELLED").await;
        }
    }
    refused(&cluster, &["booking", "get", "999999"], 3, "UNKNOWN_COMMITMENT").await;
    refused(&cluster, &["place", "find", "--kind", "sofa"], 2, "").await;
    let far = ["--timeout", "2s", "watch", "--after-revision", "999999999"];
    refused(&cluster, &far, 2, "REVISION_AHEAD").await;
    let repeated = uuid::Uuid::now_v7().to_string();
    let place = nation.room.keys().next().expect("a nation has places");
    let book = ["--request-id", &repeated, "booking", "create", place, "-o", "json"];
    let (once, twice) = (cluster.ask(&book).await.json(), cluster.ask(&book).await.json());
    assert_eq!(first(&once)["id"], first(&twice)["id"], "one request, one booking");
    full(&cluster, place).await;
    together(&cluster, &nation).await;
    copied(&cluster).await;
    let status = cluster.ask(&["cluster", "status", "-o", "csv"]).await.done();
    assert_eq!(status.lines().count(), 4, "a line each and the heading: {status}");
}

/// Two places are taken together, or neither.
async fn together(cluster: &Cluster, nation: &Nation) {
    // The first one is full.
    let mut slots = nation.slots().skip(1);
    let (one, other) = (slots.next().expect("a slot"), slots.next().expect("another slot"));
    let both = ["hold", "create", one, "--also", other, "-o", "json"];
    let held = cluster.ask(&both).await.json();
    let granted = held.as_array().expect("a row for each place");
    assert_eq!(granted.len(), 2, "{held}");
    assert_eq!(granted[0]["fencing"], granted[1]["fencing"]);
    assert!(granted[0]["fencing"].is_u64() && granted[0]["revision"].is_u64(), "{held}");
    let nowhere = "facilities/OCIMB999990/services/general";
    refused(cluster, &["hold", "create", other, "--also", nowhere], 3, "UNKNOWN_FACILITY").await;
}

/// The state is carried away and looked at without any server; again, and damaged.
async fn copied(cluster: &Cluster) {
    let directory = cluster.directory().join("copies");
    let directory = directory.to_str().expect("a name that is text");
    let verify = ["snapshot", "verify", "--of", directory, "-o", "json"];
    refused(cluster, &verify, 3, "NO_COPY").await;
    let save = ["snapshot", "save", "--to", directory];
    for _ in 0..4 {
        cluster.ask(&save).await.done();
        let found = cluster.ask(&verify).await.json();
        let found = first(&found);
        assert_eq!(found["digest"], found["recomputed_digest"], "{found}");
        assert!(found["equal"] == true && found["problem"].is_null(), "{found}");
        assert!(found["revision"].as_u64() > Some(0), "{found}");
    }
    let files = |ending: &str| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(format!("{directory}/copy")).expect("the copy is there");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        paths.filter(|path| path.extension().is_some_and(|found| found == ending)).collect()
    };
    assert_eq!(files("manifest").len(), 2, "the newest copy and the one before");
    let damage = |file: &PathBuf| {
        let mut bytes = std::fs::read(file).expect("a file to damage");
        let half = bytes.len() / 2;
        bytes[half] ^= 4;
        std::fs::write(file, bytes).expect("it can be written");
    };
    files("pack").iter().for_each(damage);
    assert_eq!(cluster.ask(&verify).await.code, Some(1), "a damaged copy is not sound");
    // What it shares with the former ones is damaged, too.
    let said = cluster.ask(&save).await;
    assert_eq!((said.code, said.told("reason")), (Some(1), Some("COPY_DAMAGED")), "{}", said.err);
    files("manifest").iter().for_each(damage);
    refused(cluster, &verify, 1, "COPY_DAMAGED").await;
}

/// The one place's other seat is taken, and then there is none.
async fn full(cluster: &Cluster, place: &str) {
    cluster.ask(&["booking", "create", place]).await.done();
    refused(cluster, &["booking", "create", place], 4, "TAKEN").await;
    let said = cluster.ask(&["--lang", "es", "booking", "create", place]).await;
    assert_eq!(said.told("razón"), Some("TAKEN"), "{}", said.err);
    let what = said.told("qué hacer").unwrap_or_default();
    assert!(what.contains("cupo place find"), "{}", said.err);
    // There are other slots for the same.
    assert!(what.starts_with("hay lugar en facilities/"), "{}", said.err);
    assert!(!what.contains(place), "{}", said.err);
}

async fn says(cluster: &Cluster, words: &[&str], status: &str) {
    let table = cluster.ask(words).await.done();
    assert!(table.contains(status), "{status} is not in {table}");
}

async fn refused(cluster: &Cluster, words: &[&str], code: i32, reason: &str) {
    let said = cluster.ask(words).await;
    assert_eq!(said.code, Some(code), "{words:?}: {}", said.err);
    assert!(said.out.is_empty(), "{words:?}: {}", said.out);
    assert!(said.told("reason").is_some_and(|told| told.contains(reason)), "{}", said.err);
    assert!(said.told("what to do").is_some_and(|what| !what.is_empty()), "{}", said.err);
}

fn first(rows: &Value) -> &Value {
    rows.get(0).unwrap_or(rows)
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
