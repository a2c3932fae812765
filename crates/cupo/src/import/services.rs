//! Which services a row of the catalogue speaks for.
//!
//! The catalogue says what an establishment is, not what it offers. A hospital gets one service of
//! general beds, with the number the row gives as a proposal that an operator confirms; a unit of
//! the first level gets a consulting room. Whatever else there is, the facility registers itself.

use super::columns::{Column, Columns};
use super::remark::Warning;
use super::text::plain;
use csv::StringRecord;
use ledger::acts::PutService;
use ledger::limits::BEDS_PER_SERVICE_MAX;
use ledger::words::{AgeGroup, BedArea, BedType, Level, ServiceCode, ServiceKind, Specialty};

/// The code of a hospital's general beds.
pub const GENERAL_BEDS: &str = "bed-general";

/// The code of a first-level unit's consulting room.
pub const GENERAL_PRACTICE: &str = "general-practice";

/// The number of general practice in the published list of specialties.
const SPECIALTY_GENERAL_PRACTICE: u16 = 1;

/// The services of a row.
pub fn services(
    columns: &Columns,
    row: &StringRecord,
    level: Level,
    warnings: &mut Vec<Warning>,
) -> Vec<PutService> {
    let typology = plain(columns.read(row, Column::Typology));
    let establishment = plain(columns.read(row, Column::Establishment));
    let name = plain(columns.read(row, Column::Name));
    if typology == "UNIDAD MOVIL" {
        // It stands somewhere else every day; its position is where it is parked.
        return Vec::new();
    }
    let says_nothing = typology.is_empty() && establishment.is_empty() && columns.is_bare();
    let hospital = typology.contains("HOSPITAL")
        || establishment.contains("HOSPITALIZACION")
        || (says_nothing && names_a_hospital(&name));
    if hospital {
        let kind = ServiceKind::Bed(BedType {
            area: BedArea::General,
            age: AgeGroup::Any,
            isolation: false,
            ventilator: false,
            censable: true,
        });
        let beds = beds(columns, row, warnings);
        return vec![service(GENERAL_BEDS, kind, beds)];
    }
    if level == Level::First {
        let kind = ServiceKind::Outpatient(Specialty(SPECIALTY_GENERAL_PRACTICE));
        return vec![service(GENERAL_PRACTICE, kind, None)];
    }
    Vec::new()
}

fn service(code: &str, kind: ServiceKind, beds: Option<u32>) -> PutService {
    let code = ServiceCode::parse(code).expect("codes of this file are lower case and hyphens");
    PutService { code, kind, beds, confirmed: false }
}

/// How many beds the row names: a count, or the upper end of a band. As a proposal the upper end
/// leaves an operator only to lower it; nothing is granted before somebody confirms.
fn beds(columns: &Columns, row: &StringRecord, warnings: &mut Vec<Warning>) -> Option<u32> {
    let order = [Column::Beds, Column::BedsMost, Column::BedsLeast];
    for text in order.map(|column| columns.read(row, column)) {
        if text.is_empty() {
            continue;
        }
        // Spreadsheets that hold a missing number in a column make every number a decimal one.
        let whole = text.strip_suffix(".0").unwrap_or(text);
        match whole.parse::<u32>() {
            Ok(0) => {}
            Ok(beds) if beds <= BEDS_PER_SERVICE_MAX => return Some(beds),
            _ => {
                let text = text.chars().take(32).collect();
                warnings.push(Warning::BedsUnreadable { text });
            }
        }
    }
    None
}

/// Lists of hospitals name them in short: `Hgz 2 Aguascalientes`.
fn names_a_hospital(name: &str) -> bool {
    const SHORT: [&str; 13] = [
        "HG", "HGZ", "HGR", "HGSZ", "HGO", "HGP", "HGC", "HR", "HE", "HRAE", "HGZMF", "UMAE",
        "HOSP",
    ];
    name.split(' ').any(|word| word.starts_with("HOSPITAL") || SHORT.contains(&word))
}
