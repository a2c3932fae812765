//! The published catalogue in a running cluster, booked against, and found again after a restart.

use crate::support::nation::{BEDS, WARD, publish, report};
use crate::support::observer::{judge, live};
use crate::support::program::root;
use crate::support::{Cluster, Desk, Load, Nation, desk};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Rows of the catalogue that stands in where the published one is not at hand.
const SYNTHETIC_ROWS: u32 = 600;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_imported_and_booked_is_found_the_same_after_everything_was_restarted() {
    let mut cluster = Cluster::start().await;
    let (files, least) = files(cluster.directory());
    for file in &files {
        let name = file.display().to_string();
        let said = cluster.ask(&["facility", "import", &name, "-o", "csv"]).await;
        // Refused rows are reported with a status of their own.
        assert!(matches!(said.code, Some(0 | 1)), "{}", said.err);
        let refused = said.out.lines().filter(|line| line.contains("refused")).count();
        assert!(refused < 100, "{refused} rows were refused: {}", said.err);
    }
    let again = ["--lang", "en", "facility", "import", &files[0].display().to_string()];
    let again = cluster.ask(&[&again[..], &["-o", "json"]].concat()).await;
    let counted: serde_json::Value = serde_json::from_str(&again.out).expect("a summary");
    assert_eq!(counted["imported"], 0, "{}", again.err);
    assert!(counted["unchanged"].as_u64() > Some(0), "{}", again.err);
    assert!(again.err.contains("already there"), "{}", again.err);
    let before = cluster.agreed().await;
    assert!(before[0].facility_count >= least, "{} of {least}", before[0].facility_count);

    let desk = Desk::new(cluster.client(), take_part(&cluster).await, Duration::from_secs(10));
    let load = Load::start(&desk, 4, 11);
    tokio::time::sleep(Duration::from_secs(2)).await;
    load.stop().await;
    tokio::time::sleep(Duration::from_secs(u64::from(desk::HOLD_SECONDS) + 1)).await;
    let pages = desk.notes.pages().clone();
    assert_eq!(pages.unanswered, [""; 0]);
    assert!(desk.notes.given() > 20, "hardly anything was booked");

    let before = cluster.agreed().await;
    let booked = live(&desk.client, 0, &desk.nation).await;
    let facility = desk.nation.facilities[0].trim_start_matches("facilities/").to_owned();
    let get = ["facility", "get", &facility, "-o", "json"];
    let described = lasting(cluster.ask(&get).await.json());
    for node in &mut cluster.nodes {
        node.signal("TERM");
    }
    for node in &mut cluster.nodes {
        node.ended().await;
    }
    for node in &mut cluster.nodes {
        node.start();
    }
    cluster.ready().await;
    let after = cluster.agreed().await;
    assert_eq!(after[0].facility_count, before[0].facility_count);
    assert_eq!(after[0].agenda_count, before[0].agenda_count);
    assert_eq!(lasting(cluster.ask(&get).await.json()), described);
    for at in 0..3 {
        assert_eq!(live(&desk.client, at, &desk.nation).await, booked, "node {}", at + 1);
        let broken = judge(&desk.client, at, &desk.nation, &pages).await;
        assert!(broken.is_empty(), "node {}:\n{}", at + 1, broken.join("\n"));
    }
}

/// A facility without what changes as time passes.
fn lasting(mut facility: serde_json::Value) -> serde_json::Value {
    let services = facility["services"].as_array_mut().expect("a facility has services");
    for service in services {
        let fields = service.as_object_mut().expect("a service is a record");
        fields.remove("last_heard_seconds");
        fields.remove("freshness");
    }
    facility
}

/// Some imported clinics publish agendas; an operator confirms some hospitals, and they report.
async fn take_part(cluster: &Cluster) -> Nation {
    let client = cluster.client();
    let mut nation = Nation::default();
    let mut room = BTreeMap::new();
    for kind in ["outpatient", "bed"] {
        let list = ["facility", "list", "--kind", kind, "--page-size", "3", "-o", "ndjson"];
        let listed = cluster.ask(&list).await.done();
        for line in listed.lines() {
            let Ok(row) = serde_json::from_str::<serde_json::Value>(line) else { continue };
            let Some(clues) = row["clues"].as_str() else { panic!("{line}") };
            let facility = format!("facilities/{clues}");
            if kind == "bed" {
                let beds = BEDS.to_string();
                cluster.ask(&["facility", "confirm", clues, WARD, "--beds", &beds]).await.done();
                room.extend(report(&client, &facility).await);
            } else {
                room.extend(publish(&client, &facility).await);
            }
            nation.facilities.push(facility);
        }
    }
    assert_eq!(nation.facilities.len(), 6, "{:?}", nation.facilities);
    nation.room = room;
    nation
}

/// The published files and the facilities there are in them at least; a synthetic one where they
/// are not at hand.
fn files(directory: &Path) -> (Vec<PathBuf>, u64) {
    let shared = std::env::var_os("CUPO_SHARED_DATA").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| root().join("../shared/data"));
    let mut found = Vec::new();
    for name in ["clues_imss_bienestar.csv", "red_irag_hospitals.csv"] {
        let packed = shared.join(format!("{name}.gz"));
        let unpacked = Command::new("gzip").arg("-dc").arg(&packed).output();
        let Some(output) = unpacked.ok().filter(|output| output.status.success()) else { continue };
        let file = directory.join(name);
        fs::write(&file, &output.stdout).expect("a new file");
        found.push(file);
    }
    if found.len() == 2 {
        return (found, 10_300);
    }
    eprintln!("{} has no catalogue: a synthetic one stands in", shared.display());
    let file = directory.join("synthetic.csv");
    fs::write(&file, synthetic()).expect("a new file");
    (vec![file], u64::from(SYNTHETIC_ROWS))
}

/// A catalogue of clinics and hospitals in the form of the published one.
fn synthetic() -> String {
    let mut text = "clues_imb,clave_de_la_entidad,clave_del_municipio,nombre_de_la_unidad,\
         estatus_de_operacion,nivel_atencion,nombre_de_tipologia,latitud,longitud,camas_max\n"
        .to_owned();
    for nth in 0..SYNTHETIC_ROWS {
        let (level, typology, beds) = match nth % 10 {
            0 => ("SEGUNDO NIVEL", "HOSPITAL GENERAL", "60"),
            _ => ("PRIMER NIVEL", "URBANO DE 01 NÚCLEOS BÁSICOS", ""),
        };
        let north = 17.0 + f64::from(nth % 100) / 100.0;
        writeln!(
            text,
            "OCIMB{nth:06},20,067,UNIDAD {nth},EN OPERACION,{level},{typology},{north},-96.7,{beds}"
        )
        .expect("a string takes what is written to it");
    }
    text
}
