//! Whole files, clean and dirty.

use super::catalogue::{Catalogue, Finding};
use super::columns::Column;
use super::error::ImportError;
use super::remark::{Problem, Refusal, Skip, Warning};
use crate::messages::Explain;
use crate::nation::{Establishment, Nation};
use ledger::words::{Level, Moment};
use proptest::prelude::*;
use std::fmt::Write;
use std::path::PathBuf;

const SINCE: Moment = Moment::from_seconds(1_790_000_000);

const HEADING: &str = "clues_imb,clues_ssa_y_sme,clave_de_la_entidad,clave_del_municipio,\
    nombre_de_la_unidad,estatus_de_operacion,nivel_atencion,nombre_de_tipologia,latitud,longitud,\
    camas_min,camas_max";

/// A row that is good, with some columns replaced.
fn row(changes: &[(usize, &str)]) -> String {
    let mut fields = [
        "OCIMB000123",
        "OCSSA000120",
        "20",
        "067",
        "Centro de Salud",
        "EN OPERACION",
        "PRIMER NIVEL",
        "URBANO DE 01 NÚCLEOS BÁSICOS",
        "17.061234",
        "-96.725678",
        "",
        "",
    ];
    for (place, value) in changes {
        fields[*place] = value;
    }
    fields.join(",")
}

fn read(rows: &[String]) -> Catalogue {
    let text = format!("{HEADING}\n{}\n", rows.join("\n"));
    Catalogue::read(text.as_bytes(), SINCE).expect("a good heading")
}

fn findings(catalogue: &Catalogue) -> Vec<Finding> {
    catalogue.remarks.iter().map(|remark| remark.finding.clone()).collect()
}

#[test]
fn lines_are_counted_as_editors_do_however_they_end() {
    let rows = [row(&[]), String::new(), row(&[(0, "wrong")]), row(&[(0, "OCIMB0001")])];
    for end in ["\n", "\r\n"] {
        let text = [HEADING.to_owned()]
            .iter()
            .chain(&rows)
            .fold(String::new(), |text, line| text + line + end);
        let catalogue = Catalogue::read(text.as_bytes(), SINCE).expect("a good heading");
        let lines: Vec<u64> = catalogue.remarks.iter().map(|remark| remark.line).collect();
        assert_eq!(catalogue.facilities[0].0, 2, "{end:?}");
        assert_eq!(lines[lines.len() - 2..], [4, 5], "{end:?}");
    }
    // A field may hold the end of a line.
    let text = format!("{HEADING}\r\n{}\r\nwrong\r\n", row(&[(4, "\"Centro\r\nde Salud\"")]));
    let catalogue = Catalogue::read(text.as_bytes(), SINCE).expect("a good heading");
    assert_eq!(catalogue.remarks.last().map(|remark| remark.line), Some(4));
}

#[test]
fn a_good_row_is_a_facility() {
    let catalogue = read(&[row(&[(0, "BCIMB000010"), (1, "BCSSA000015"), (2, "02")])]);
    assert_eq!(findings(&catalogue), [Finding::Warned(Warning::PositionFar)]);
    let (line, facility) = &catalogue.facilities[0];
    assert_eq!(*line, 2);
    assert_eq!(facility.clues.as_str(), "BCIMB000010");
    assert_eq!(facility.aliases[0].clues.as_str(), "BCSSA000015");
    assert_eq!(facility.aliases[0].since, SINCE);
    assert_eq!(facility.profile.level, Level::First);
    assert_eq!(facility.profile.municipality, 2_067);
    assert_eq!(&*facility.profile.zone, "America/Tijuana");
    assert_eq!(facility.services[0].code.as_str(), "general-practice");
}

#[test]
fn what_a_row_is_remarked_upon_for() {
    #[track_caller]
    fn check(changes: &[(usize, &str)], expected: Finding) {
        let clean = [(1, "")];
        let all: Vec<_> = clean.iter().chain(changes).copied().collect();
        let found = findings(&read(&[row(&all)]));
        assert_eq!(found, [expected], "{changes:?}");
    }
    let refused = |column, problem| Finding::Refused(Refusal::at(column, problem));
    let not_care = |what: &str| Finding::Skipped(Skip::NotCare { what: what.to_owned() });
    let text = |text: &str| text.to_owned();

    check(&[(0, "OCIMB000122")], Finding::Warned(Warning::CheckDigit { expected: 3 }));
    let former = Warning::FormerCheckDigit { code: text("OCSSA000120") };
    check(&[(1, "OCSSA000120")], Finding::Warned(former));
    check(&[(1, "s/d")], Finding::Warned(Warning::FormerMalformed { text: text("s/d") }));
    check(&[(2, "21"), (3, "019")], Finding::Warned(Warning::StateDiffers));
    check(&[(3, "")], Finding::Warned(Warning::MunicipalityMissing));
    check(&[(6, "CUARTO")], Finding::Warned(Warning::LevelUnknown { text: text("CUARTO") }));
    check(
        &[(5, "QUIÉN SABE")],
        Finding::Warned(Warning::StatusUnknown { text: text("QUIÉN SABE") }),
    );
    check(&[(8, "-96.7"), (9, "17.06")], Finding::Warned(Warning::PositionSwapped));
    check(&[(9, "96.7")], Finding::Warned(Warning::PositionSign));
    let guessed = Warning::PositionMissing { town: "Oaxaca" };
    check(&[(8, ""), (9, "")], Finding::Warned(guessed));
    let beds = Warning::BedsUnreadable { text: text("muchas") };
    check(&[(7, "HOSPITAL GENERAL"), (11, "muchas")], Finding::Warned(beds));

    check(&[(5, "FUERA DE OPERACIÓN")], Finding::Skipped(Skip::OutOfOperation));
    check(&[(5, "PENDIENTE DE ENTRAR EN OPERACION")], Finding::Skipped(Skip::NotYetOpen));
    check(&[(5, "EN PROCESO DE CONSTRUCCION")], Finding::Skipped(Skip::NotYetOpen));
    check(&[(7, "OFICINAS ADMINISTRATIVAS")], not_care("OFICINAS ADMINISTRATIVAS"));
    check(&[(4, "JUZGADO CÍVICO 3")], not_care("JUZGADO CÍVICO 3"));
    check(&[(4, "Fiscalía Regional")], not_care("Fiscalía Regional"));

    check(&[(0, "")], refused(Column::Clues, Problem::Missing));
    let short = ledger::words::CluesError::Length { bytes: 10 };
    check(&[(0, "OCIMB00012")], refused(Column::CluesNow, Problem::BadClues(short)));
    let state = Problem::UnknownState { text: text("33") };
    check(&[(2, "33")], refused(Column::State, state));
    let municipality = Problem::NotANumber { text: text("0") };
    check(&[(3, "0")], refused(Column::Municipality, municipality));
    check(&[(4, "")], refused(Column::Name, Problem::Missing));
    let latitude = Problem::NotANumber { text: text("norte") };
    check(&[(8, "norte")], refused(Column::Latitude, latitude));
    check(&[(8, "40.41"), (9, "-3.70")], refused(Column::Latitude, Problem::OutsideMexico));
    let long = "x".repeat(201);
    let problem = text("has 201 bytes; at most 200 are allowed");
    check(&[(4, &long)], refused(Column::Name, Problem::BadText { problem }));
    check(
        &[(4, "a,b")],
        Finding::Refused(Refusal {
            column: None,
            problem: Problem::FieldCount { expected: 12, found: 13 },
        }),
    );
}

#[test]
fn beds_are_proposed_and_never_vouched_for() {
    #[track_caller]
    fn check([least, most]: [&str; 2], expected: Option<u32>) {
        let changes = [(7, "HOSPITAL GENERAL"), (10, least), (11, most)];
        let catalogue = read(&[row(&changes)]);
        let service = &catalogue.facilities[0].1.services[0];
        assert_eq!((service.code.as_str(), service.beds), ("bed-general", expected));
        assert!(!service.confirmed);
    }
    check(["100", "149"], Some(149));
    check(["150", ""], Some(150));
    check(["150.0", ""], Some(150));
    check(["", ""], None);
    check(["0", "0"], None);
    check(["20000", ""], None);
}

#[test]
fn codes_that_appear_twice_are_settled() {
    let rows = [
        row(&[(1, "OCSSA000121")]),
        row(&[(1, "")]),
        row(&[(0, "OCIMB000135"), (1, "OCSSA000121")]),
        row(&[(0, "OCIMB000140"), (1, "OCIMB000135")]),
    ];
    let catalogue = read(&rows);
    assert_eq!((catalogue.rows, catalogue.accepted()), (4, 3));
    let twice = catalogue.remarks.iter().find(|remark| remark.line == 3).expect("remarked");
    let problem = Problem::Duplicate { line: 2 };
    assert_eq!(twice.finding, Finding::Refused(Refusal { column: None, problem }));
    let taken = |line: u64| {
        catalogue.remarks.iter().find_map(|remark| match &remark.finding {
            Finding::Warned(Warning::FormerTaken { line: owner, .. }) if remark.line == line => {
                Some(*owner)
            }
            _ => None,
        })
    };
    assert_eq!((taken(4), taken(5)), (Some(2), Some(4)));
    assert!(catalogue.facilities[1].1.aliases.is_empty());
}

#[test]
fn files_come_in_many_forms() {
    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        let catalogue = Catalogue::read(bytes, SINCE).expect("readable");
        assert_eq!(&*catalogue.facilities[0].1.profile.name, expected);
        assert_eq!((catalogue.rows, catalogue.accepted()), (1, 1), "{:?}", catalogue.remarks);
    }
    let utf8 = "\u{feff}CLUES,UNIDAD,LATITUD,LONGITUD\r\n\
        ocims000124,\"Clínica \"\"La Ñ\"\", anexo\",\"17,06\",\"-96,72\"\r\n\r\n";
    check(utf8.as_bytes(), "Clínica \"La Ñ\", anexo");
    let latin = b"CLUES;NOMBRE DE LA UNIDAD;CLAVE DE LA ENTIDAD\nOCIMS000124;Cl\xednica;20\n";
    check(latin, "Clínica");
    check(b"cve_mun\tnombre comercial\tclues\n067\tUno\tOCIMS000124", "Uno");
}

#[test]
fn files_that_are_no_catalogue_are_refused() {
    let none = Catalogue::read(b"nombre,edad\nAna,3\n", SINCE);
    assert!(matches!(none, Err(ImportError::ColumnMissing { column: Column::Clues, .. })));
    assert!(matches!(Catalogue::read(b"", SINCE), Err(ImportError::Empty)));
    let error = Catalogue::read(&[0x1f, 0x8b, 0], SINCE).expect_err("compressed");
    let remedy = error.explain().remedy;
    assert!(remedy.es.contains("zcat ARCHIVO |"), "{remedy:?}");
}

proptest! {
    #[test]
    fn no_file_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Catalogue::read(&bytes, SINCE);
        let mut rows = HEADING.as_bytes().to_vec();
        rows.push(b'\n');
        rows.extend(bytes);
        let _ = Catalogue::read(&rows, SINCE);
    }

    #[test]
    fn no_row_panics(fields in proptest::collection::vec("[-0-9.,A-ZÑ ]{0,12}", 12)) {
        let quoted: Vec<String> = fields.iter().map(|field| format!("\"{field}\"")).collect();
        let catalogue = read(&[quoted.join(",")]);
        prop_assert!(catalogue.rows <= 1);
    }
}

/// The nation as the list of IMSS-Bienestar would have it.
fn rendered(nation: Nation) -> String {
    let mut text = format!("{HEADING}\n");
    for Establishment { record, .. } in nation.establishments() {
        let profile = &record.profile;
        let former = record.aliases.first().map(|alias| alias.clues.to_string());
        let (north, east) = (profile.position.latitude_e6, profile.position.longitude_e6);
        let beds: u32 = record.services.iter().filter_map(|service| service.beds).sum();
        let level = ["NO APLICA", "PRIMER NIVEL", "SEGUNDO NIVEL", "TERCER NIVEL"];
        let typology = if beds > 0 { "HOSPITAL GENERAL" } else { "RURAL DE 01 NÚCLEO BÁSICO" };
        writeln!(
            text,
            "{},{},{:02},{:03},\"{}\",EN OPERACION,{},{typology},{}.{:06},-{}.{:06},,{}",
            record.clues,
            former.unwrap_or_default(),
            profile.municipality / 1_000,
            profile.municipality % 1_000,
            &*profile.name,
            level[profile.level as usize],
            north / 1_000_000,
            north % 1_000_000,
            -east / 1_000_000,
            -east % 1_000_000,
            if beds > 0 { beds.to_string() } else { String::new() },
        )
        .expect("writing to a string cannot fail");
    }
    text
}

#[test]
fn the_synthetic_nation_is_read_back_as_it_is() {
    let nation = Nation { seed: 7, facilities: 3_000 };
    let catalogue = Catalogue::read(rendered(nation).as_bytes(), SINCE).expect("good");
    assert_eq!(catalogue.remarks, []);
    assert_eq!(catalogue.accepted(), 3_000);
    for ((_, read), drawn) in catalogue.facilities.iter().zip(nation.establishments()) {
        assert_eq!((read.clues, &read.profile), (drawn.record.clues, &drawn.record.profile));
        let codes = |facility: &ledger::acts::PutFacility| -> Vec<_> {
            facility.aliases.iter().map(|alias| alias.clues).collect()
        };
        assert_eq!(codes(read), codes(&drawn.record));
    }
}

/// The published list where it is at hand; the project does not contain it.
#[test]
fn the_published_list_is_read_where_it_is_at_hand() {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let folder = std::env::var_os("CUPO_SHARED_DATA").map_or(PathBuf::from(beside), PathBuf::from);
    let file = folder.join("clues_imss_bienestar.csv.gz");
    if !file.exists() {
        return;
    }
    let unpacked = std::process::Command::new("zcat").arg(&file).output().expect("zcat");
    let catalogue = Catalogue::read(&unpacked.stdout, SINCE).expect("good");
    let count = |wanted: fn(&Finding) -> bool| {
        catalogue.remarks.iter().filter(|remark| wanted(&remark.finding)).count()
    };
    assert_eq!(catalogue.rows, 10_573);
    assert_eq!(count(|f| matches!(f, Finding::Refused(_))), 0);
    assert_eq!(count(|f| matches!(f, Finding::Skipped(Skip::OutOfOperation))), 200);
    assert_eq!(count(|f| matches!(f, Finding::Skipped(Skip::NotYetOpen))), 7);
    assert_eq!(count(|f| matches!(f, Finding::Warned(Warning::CheckDigit { .. }))), 0);
    assert_eq!(count(|f| matches!(f, Finding::Warned(Warning::PositionFar))), 0);
    let beds = |(_, f): &&(u64, ledger::acts::PutFacility)| {
        f.services.iter().any(|service| service.beds.is_some())
    };
    assert!(catalogue.facilities.iter().filter(beds).count() > 300);
    assert!(catalogue.accepted() > 10_300, "{}", catalogue.accepted());
}
