//! One row of a catalogue: a facility to register, or why not.

use super::columns::{Column, Columns};
use super::position::{position, state_by_letters, state_by_number};
use super::remark::{Problem, Refusal, Skip, Warning};
use super::services::services;
use super::text::plain;
use calendar::zone_of_municipality;
use csv::StringRecord;
use ledger::acts::PutFacility;
use ledger::limits::NAME_BYTES_MAX;
use ledger::words::{Alias, Clues, FacilityProfile, InstitutionCode, Level, Moment, Text};

/// INEGI's number of a municipality that is not known ("no especificado").
const MUNICIPALITY_UNKNOWN: u16 = 999;

/// What a row came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A facility to register, and what is worth telling about it.
    Facility(Box<PutFacility>, Vec<Warning>),
    /// It is no place where anybody is treated.
    Skipped(Skip),
    /// It cannot be imported.
    Refused(Refusal),
}

/// Reads one row. `since` is the day from which a former code is one: the catalogue does not say.
#[must_use]
pub fn read(columns: &Columns, row: &StringRecord, since: Moment) -> Reading {
    if row.len() != columns.width {
        let problem = Problem::FieldCount { expected: columns.width, found: row.len() };
        return Reading::Refused(Refusal { column: None, problem });
    }
    let row = Row { columns, row };
    if let Some(skip) = row.skip() {
        return Reading::Skipped(skip);
    }
    let mut warnings = Vec::new();
    match row.facility(since, &mut warnings) {
        Ok(facility) => Reading::Facility(Box::new(facility), warnings),
        Err(refusal) => Reading::Refused(refusal),
    }
}

struct Row<'a> {
    columns: &'a Columns,
    row: &'a StringRecord,
}

impl Row<'_> {
    fn of(&self, column: Column) -> &str {
        self.columns.read(self.row, column)
    }

    fn facility(&self, since: Moment, warnings: &mut Vec<Warning>) -> Result<PutFacility, Refusal> {
        let clues = self.clues(warnings)?;
        let aliases = self.former_codes(clues, since, warnings);
        let state = self.state(clues, warnings)?;
        let municipality = state * 1_000 + self.municipality(warnings)?;
        let unknown = || Problem::UnknownState { text: state.to_string() };
        let refused = || Refusal::at(Column::State, unknown());
        let place = state_by_number(state).ok_or_else(refused)?;
        let zone = zone_of_municipality(municipality).ok_or_else(refused)?;
        let (latitude, longitude) = (self.of(Column::Latitude), self.of(Column::Longitude));
        let (position, mended) = position(latitude, longitude, place, municipality)?;
        warnings.extend(mended);
        self.check_status(warnings);
        let level = self.level(warnings);
        let profile = FacilityProfile {
            institution: InstitutionCode::parse(clues.institution())
                .expect("a code's third to fifth characters are letters"),
            name: self.name()?,
            level,
            position,
            municipality,
            zone: Text::new(zone.name()).expect("names of Mexican zones are short"),
        };
        let services = services(self.columns, self.row, level, warnings);
        Ok(PutFacility { clues, aliases, profile, services })
    }

    fn clues(&self, warnings: &mut Vec<Warning>) -> Result<Clues, Refusal> {
        let column = match self.of(Column::CluesNow) {
            "" => Column::Clues,
            _ => Column::CluesNow,
        };
        let text = self.of(column);
        if text.is_empty() {
            return Err(Refusal::at(column, Problem::Missing));
        }
        let clues =
            Clues::parse(text).map_err(|error| Refusal::at(column, Problem::BadClues(error)))?;
        if !clues.check_digit_holds() {
            warnings.push(Warning::CheckDigit { expected: clues.check_digit() });
        }
        Ok(clues)
    }

    /// The other codes: the former one, and the plain one where another column has the present one.
    fn former_codes(
        &self,
        present: Clues,
        since: Moment,
        warnings: &mut Vec<Warning>,
    ) -> Vec<Alias> {
        let mut aliases: Vec<Alias> = Vec::new();
        for text in [self.of(Column::CluesFormer), self.of(Column::Clues)] {
            match Clues::parse(text) {
                Ok(clues) => {
                    if clues == present || aliases.iter().any(|alias| alias.clues == clues) {
                        continue;
                    }
                    if !clues.check_digit_holds() {
                        warnings.push(Warning::FormerCheckDigit { code: clues.to_string() });
                    }
                    aliases.push(Alias { clues, since });
                }
                Err(_) if text.is_empty() => {}
                Err(_) => {
                    let text = text.chars().take(32).collect();
                    warnings.push(Warning::FormerMalformed { text });
                }
            }
        }
        aliases
    }

    /// INEGI's number of the state: as the column says, else as the code's letters do.
    fn state(&self, clues: Clues, warnings: &mut Vec<Warning>) -> Result<u16, Refusal> {
        let by_letters = state_by_letters(clues.state());
        let text = self.of(Column::State);
        if text.is_empty() {
            let text = clues.state().to_owned();
            return by_letters.ok_or(Refusal::at(Column::State, Problem::UnknownState { text }));
        }
        let unknown = || {
            let text = text.chars().take(32).collect();
            Refusal::at(Column::State, Problem::UnknownState { text })
        };
        let number = text.parse().map_err(|_| unknown())?;
        state_by_number(number).ok_or_else(unknown)?;
        if by_letters != Some(number) {
            warnings.push(Warning::StateDiffers);
        }
        Ok(number)
    }

    fn municipality(&self, warnings: &mut Vec<Warning>) -> Result<u16, Refusal> {
        let text = self.of(Column::Municipality);
        if text.is_empty() {
            warnings.push(Warning::MunicipalityMissing);
            return Ok(MUNICIPALITY_UNKNOWN);
        }
        match text.parse() {
            Ok(number @ 1..=999) => Ok(number),
            _ => {
                let text = text.chars().take(32).collect();
                Err(Refusal::at(Column::Municipality, Problem::NotANumber { text }))
            }
        }
    }

    fn name(&self) -> Result<Text<NAME_BYTES_MAX>, Refusal> {
        let column = match self.of(Column::Name) {
            "" => Column::CommercialName,
            _ => Column::Name,
        };
        let text = self.of(column);
        if text.is_empty() {
            return Err(Refusal::at(Column::Name, Problem::Missing));
        }
        Text::new(text)
            .map_err(|error| Refusal::at(column, Problem::BadText { problem: error.to_string() }))
    }

    fn level(&self, warnings: &mut Vec<Warning>) -> Level {
        let text = self.of(Column::Level);
        match plain(text).as_str() {
            "PRIMER NIVEL" | "PRIMERO" | "1" => Level::First,
            "SEGUNDO NIVEL" | "SEGUNDO" | "2" => Level::Second,
            "TERCER NIVEL" | "TERCERO" | "3" => Level::Third,
            "" | "NO APLICA" | "NO ESPECIFICADO" | "0" => Level::NotApplicable,
            _ => {
                let text = text.chars().take(32).collect();
                warnings.push(Warning::LevelUnknown { text });
                Level::NotApplicable
            }
        }
    }

    fn check_status(&self, warnings: &mut Vec<Warning>) {
        let text = self.of(Column::Status);
        if !text.is_empty() && !plain(text).starts_with("EN OPERACION") {
            let text = text.chars().take(32).collect();
            warnings.push(Warning::StatusUnknown { text });
        }
    }

    /// Why it is no place where anybody is treated. The catalogue also lists what supports care,
    /// and courts and prosecutors that have a physician of their own.
    fn skip(&self) -> Option<Skip> {
        const STATUS_OVER: [&str; 3] = ["FUERA DE OPERACION", "BAJA", "CERRAD"];
        const STATUS_AHEAD: [&str; 3] = ["EN PROCESO", "PENDIENTE", "EN CONSTRUCCION"];
        const TYPES: [&str; 7] = [
            "DE APOYO",
            "ESTABLECIMIENTO DE APOYO",
            "ESTABLECIMIENTOS DE APOYO",
            "OTROS ESTABLECIMIENTOS DE APOYO",
            "OFICINA",
            "ALMACEN",
            "LABORATORIO",
        ];
        const NAMES: [&str; 11] = [
            "JUZGADO",
            "TRIBUNAL",
            "FISCALIA",
            "PROCURADURIA",
            "AGENCIA DEL MINISTERIO PUBLICO",
            "MINISTERIO PUBLICO",
            "OFICINA",
            "ALMACEN",
            "JURISDICCION SANITARIA",
            "DIRECCION GENERAL",
            "TRANSPORTE",
        ];
        let status = plain(self.of(Column::Status));
        if STATUS_OVER.iter().any(|word| status.starts_with(word)) {
            return Some(Skip::OutOfOperation);
        }
        if STATUS_AHEAD.iter().any(|word| status.starts_with(word)) {
            return Some(Skip::NotYetOpen);
        }
        let typed = |column| {
            let text = plain(self.of(column));
            TYPES.iter().any(|word| text.starts_with(word)).then(|| self.of(column))
        };
        let named = || {
            let text = plain(self.of(Column::Name));
            NAMES.iter().any(|word| text.starts_with(word)).then(|| self.of(Column::Name))
        };
        let what =
            typed(Column::Typology).or_else(|| typed(Column::Establishment)).or_else(named)?;
        Some(Skip::NotCare { what: what.chars().take(80).collect() })
    }
}
