//! Rows fit their columns, times stand in the facility's zone, and words are translated.

use super::*;
use crate::language::{Language, Texts};
use crate::output::{Cell, Column};
use ledger::words::Moment;
use prost_types::Timestamp;
use wire::v1;

#[test]
fn every_row_fits_its_columns() {
    #[track_caller]
    fn check(columns: &[Column], row: &[Cell]) {
        assert_eq!(columns.len(), row.len());
        let mut keys: Vec<_> = columns.iter().map(|column| column.key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), columns.len(), "two columns have one key");
    }
    let now = Moment::from_seconds(1_000_000);
    check(&FACILITY, &facility(&v1::Facility::default()));
    check(&SERVICE, &service(&v1::Service::default()));
    check(&CAPACITY, &capacity(&v1::Capacity::default(), now));
    check(&PLACE, &place(&v1::Candidate::default(), now));
    check(&EXCLUSION, &exclusion(&v1::Exclusion::default()));
    check(&GRANT, &grant(&v1::Grant::default(), &v1::GrantResponse::default(), ""));
    check(&COMMITMENT, &commitment(&v1::Commitment::default()));
    let status = v1::GetStatusResponse::default();
    let heard = Texts { es: "ido".to_owned(), en: "gone".to_owned() };
    for standing in [
        Standing::Unfounded { status: &status },
        Standing::Stranger { status: &status },
        Standing::Silent { member: None, heard },
    ] {
        check(&MEMBER, &member("a:1", &standing, Language::Es));
    }
    check(&MEMBERSHIP, &membership(&v1::Member::default()));
    check(&SNAPSHOT, &snapshot("a:1", Err("gone")));
    check(&VERIFIED, &verified("a:1", Ok(&v1::VerifySnapshotResponse::default())));
    check(&EVENT, &event(&v1::Event::default(), ""));
}

#[test]
fn times_stand_in_the_facilitys_own_zone() {
    #[track_caller]
    fn check(zone: &str, stamp: &str, people: &str) {
        let time = Timestamp { seconds: 1_795_358_400, nanos: 0 };
        let cell = times::time(Some(&time), zone);
        assert_eq!(cell.json(), stamp);
        assert_eq!(cell.human(Language::Es), people);
    }
    check("America/Tijuana", "2026-11-22T06:40:00-08:00", "2026-11-22 06:40:00 America/Tijuana");
    check("America/Cancun", "2026-11-22T09:40:00-05:00", "2026-11-22 09:40:00 America/Cancun");
    check("", "2026-11-22T14:40:00Z", "2026-11-22 14:40:00 UTC");
    check("Not/AZone", "2026-11-22T14:40:00Z", "2026-11-22 14:40:00 UTC");
    assert_eq!(times::time(None, "America/Cancun"), Cell::Nothing);
}

#[test]
fn a_kind_is_told_in_words() {
    let bed = v1::BedType {
        area: v1::BedArea::Intensive.into(),
        age_group: v1::AgeGroup::Paediatric.into(),
        isolation: true,
        ventilator: true,
        censable: false,
    };
    let kind = |kind| words::kind(Some(&v1::ServiceKind { kind: Some(kind) }));
    let told = kind(v1::service_kind::Kind::Bed(bed));
    assert_eq!(
        told.human(Language::Es),
        "cama, cuidados intensivos, niños, aislamiento, ventilador"
    );
    assert_eq!(told.field(), "bed intensive paediatric isolation ventilator");
    let told = kind(v1::service_kind::Kind::Outpatient(v1::Specialty::Cardiology.into()));
    assert_eq!(told.human(Language::En), "visit, cardiology");
}

#[test]
fn an_unknown_number_is_shown_as_one() {
    assert_eq!(words::commitment_status(999), Cell::Text("999?".into()));
    let known = words::commitment_status(v1::CommitmentStatus::NoShow.into());
    let names = Texts { es: "no llegó", en: "no show" };
    assert_eq!(known, Cell::Word { code: "no_show", names });
}

#[test]
fn a_server_that_does_not_answer_keeps_its_row() {
    let heard = Texts { es: "nadie escucha ahí".to_owned(), en: "nobody listens".to_owned() };
    let known = v1::Member { id: 2, address: "127.0.0.1:7402".into(), voter: true };
    let silent = Standing::Silent { member: Some(&known), heard };
    let row = member("127.0.0.1:7402", &silent, Language::Es);
    assert_eq!((row[0].field(), row[1].field()), ("2".into(), "127.0.0.1:7402".into()));
    assert_eq!(row[MEMBER.len() - 1].field(), "nadie escucha ahí");
}

#[test]
fn a_node_that_was_taken_out_is_told_so() {
    let status = v1::GetStatusResponse { node_id: 3, revision: 7, ..Default::default() };
    let row = member("h:3", &Standing::Stranger { status: &status }, Language::En);
    assert_eq!(row[0].field(), "3");
    assert_eq!(row[2].field(), "false");
    assert!(row[MEMBER.len() - 1].field().contains("removed"), "{row:?}");
}
