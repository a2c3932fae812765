//! The four forms on fixed data.

use super::{Cell, Column, Format, Printer};
use crate::language::{Language, Texts};

const COLUMNS: [Column; 6] = [
    Column::new("clues", "CLUES", "CLUES"),
    Column::new("status", "estado", "status"),
    Column::new("free", "libres", "free"),
    Column::new("distance_metres", "distancia", "distance"),
    Column::new("last_heard_seconds", "última noticia", "last heard"),
    Column::new("start_time", "inicio", "start"),
];

fn rows() -> Vec<Vec<Cell>> {
    let open = Cell::Word { code: "open", names: Texts { es: "abierta", en: "open" } };
    vec![
        vec![
            Cell::text("OCIMB000123"),
            open.clone(),
            Cell::Whole(12_345),
            Cell::Distance { metres: 950 },
            Cell::Age { seconds: 47 * 60 },
            Cell::Time {
                stamp: "2026-11-22T08:30:00-06:00".to_owned(),
                zone: "America/Mexico_City".to_owned(),
            },
        ],
        vec![
            Cell::text("Hospital \"El Sol\", piso 2"),
            open,
            Cell::Whole(0),
            Cell::Distance { metres: 12_345 },
            Cell::Age { seconds: 30 },
            Cell::Nothing,
        ],
    ]
}

fn printed(format: Format, language: Language) -> String {
    let mut out = Vec::new();
    Printer::new(&mut out, format, language)
        .sheet(&COLUMNS, &rows())
        .expect("memory takes what is written");
    let text = String::from_utf8(out).expect("the printer writes UTF-8");
    text.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

#[test]
fn a_table_speaks_both_languages() {
    insta::assert_snapshot!(printed(Format::Table, Language::Es));
    insta::assert_snapshot!(printed(Format::Table, Language::En));
}

#[test]
fn forms_for_programs_do_not_depend_on_the_language() {
    for format in [Format::Json, Format::Ndjson, Format::Csv] {
        assert_eq!(printed(format, Language::Es), printed(format, Language::En));
    }
    insta::assert_snapshot!(printed(Format::Json, Language::Es));
    insta::assert_snapshot!(printed(Format::Ndjson, Language::Es));
    insta::assert_snapshot!(printed(Format::Csv, Language::Es));
}

#[test]
fn one_thing_is_read_downwards() {
    let mut out = Vec::new();
    let row = rows().remove(0);
    Printer::new(&mut out, Format::Table, Language::Es)
        .thing(&COLUMNS, &row)
        .expect("memory takes what is written");
    insta::assert_snapshot!(String::from_utf8_lossy(&out));
}

#[test]
fn lines_come_one_by_one() {
    for (format, expected) in [
        (Format::Json, "{\"clues\":\"A\",\"status\":null}\n"),
        (Format::Ndjson, "{\"clues\":\"A\",\"status\":null}\n"),
        (Format::Csv, "clues,status\nA,\n"),
        (Format::Table, "A\n"),
    ] {
        let mut out = Vec::new();
        let mut printer = Printer::new(&mut out, format, Language::En);
        printer.header(&COLUMNS[..2]).expect("memory takes what is written");
        printer
            .line(&COLUMNS[..2], &[Cell::text("A"), Cell::text("")])
            .expect("memory takes what is written");
        assert_eq!(String::from_utf8_lossy(&out), expected, "{format:?}");
    }
}
