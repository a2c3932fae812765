//! A whole file: its rows, and what they have in common.

use super::columns::{Columns, delimiter};
use super::error::ImportError;
use super::remark::{Problem, Refusal, Skip, Warning};
use super::row::{Reading, read};
use super::text::text;
use ledger::acts::PutFacility;
use ledger::words::{Clues, InstitutionCode, Moment};
use std::collections::{BTreeMap, BTreeSet};

/// A catalogue as it was read.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// Facilities to register, each with its line.
    pub facilities: Vec<(u64, PutFacility)>,
    /// How many of them the cluster knew just so; none before they are sent.
    pub unchanged: u64,
    /// What is to be said, by line.
    pub remarks: Vec<Remark>,
    /// How many rows there were.
    pub rows: u64,
    /// Whether the file says nothing of what its establishments are, as lists of hospitals do.
    /// What is known of them already is then better.
    pub bare: bool,
}

/// What is to be said of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The line, counted from 1, the heading's.
    pub line: u64,
    /// The code on it, as far as there is one.
    pub clues: String,
    /// What.
    pub finding: Finding,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The row is imported, and this is worth telling.
    Warned(Warning),
    /// The row is no place of care.
    Skipped(Skip),
    /// The row cannot be imported.
    Refused(Refusal),
}

/// Where in a text the reading has come to. The reader of CSV counts a line less where lines end
/// in CR LF: it gives a row's place before the LF of the line above.
struct Place<'a> {
    text: &'a [u8],
    byte: usize,
    line: u64,
}

impl Place<'_> {
    /// The line of the row at this byte, which is not before the last one; from 1, as editors
    /// count.
    fn line_at(&mut self, byte: u64) -> u64 {
        let mut to = usize::try_from(byte).unwrap_or(usize::MAX).min(self.text.len());
        while self.text.get(to).is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
            to += 1;
        }
        let passed = self.text.get(self.byte..to).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.byte = to;
        self.line
    }
}

impl Catalogue {
    /// Reads the bytes of a file. `since` is the day from which former codes are former.
    ///
    /// # Errors
    /// When the file as a whole cannot be understood; single rows are remarked upon.
    pub fn read(bytes: &[u8], since: Moment) -> Result<Self, ImportError> {
        let text = text(bytes)?;
        let mut lines = csv::ReaderBuilder::new()
            .delimiter(delimiter(&text))
            .flexible(true)
            .from_reader(text.as_bytes());
        let columns = Columns::find(lines.headers().map_err(unreadable)?)?;
        let mut catalogue = Self { bare: columns.is_bare(), ..Self::default() };
        let mut place = Place { text: text.as_bytes(), byte: 0, line: 1 };
        for row in lines.records() {
            let row = row.map_err(unreadable)?;
            let line = row.position().map_or(0, |position| place.line_at(position.byte()));
            if row.iter().all(|field| field.trim().is_empty()) {
                continue;
            }
            catalogue.rows += 1;
            catalogue.take(line, &row, read(&columns, &row, since));
        }
        catalogue.settle_codes();
        Ok(catalogue)
    }

    /// How many facilities came out of it.
    #[must_use]
    pub fn accepted(&self) -> u64 {
        u64::try_from(self.facilities.len()).unwrap_or(u64::MAX)
    }

    /// The institutions its facilities belong to, by code.
    #[must_use]
    pub fn institutions(&self) -> BTreeSet<InstitutionCode> {
        self.facilities.iter().map(|(_, facility)| facility.profile.institution).collect()
    }

    fn take(&mut self, line: u64, row: &csv::StringRecord, reading: Reading) {
        let shown = || {
            let code = row.iter().find(|field| Clues::parse(field.trim()).is_ok());
            code.map(|code| code.trim().to_owned()).unwrap_or_default()
        };
        match reading {
            Reading::Facility(facility, warnings) => {
                let clues = facility.clues.to_string();
                for warning in warnings {
                    let finding = Finding::Warned(warning);
                    self.remarks.push(Remark { line, clues: clues.clone(), finding });
                }
                self.facilities.push((line, *facility));
            }
            Reading::Skipped(skip) => {
                let finding = Finding::Skipped(skip);
                self.remarks.push(Remark { line, clues: shown(), finding });
            }
            Reading::Refused(refusal) => {
                let finding = Finding::Refused(refusal);
                self.remarks.push(Remark { line, clues: shown(), finding });
            }
        }
    }

    /// Settles codes that appear twice: of two rows with one code the first counts, and a former
    /// code that is another row's code stays that row's.
    fn settle_codes(&mut self) {
        let mut lines: BTreeMap<Clues, u64> = BTreeMap::new();
        let mut remarks = Vec::new();
        self.facilities.retain(|(line, facility)| {
            let first = *lines.entry(facility.clues).or_insert(*line);
            if first != *line {
                let problem = Problem::Duplicate { line: first };
                let finding = Finding::Refused(Refusal { column: None, problem });
                remarks.push(Remark { line: *line, clues: facility.clues.to_string(), finding });
            }
            first == *line
        });
        for (line, facility) in &mut self.facilities {
            let clues = facility.clues.to_string();
            facility.aliases.retain(|alias| {
                let owner = *lines.entry(alias.clues).or_insert(*line);
                if owner != *line {
                    let code = alias.clues.to_string();
                    let finding = Finding::Warned(Warning::FormerTaken { code, line: owner });
                    remarks.push(Remark { line: *line, clues: clues.clone(), finding });
                }
                owner == *line
            });
        }
        self.remarks.extend(remarks);
        self.remarks.sort_by_key(|remark| remark.line);
    }
}

fn unreadable(error: csv::Error) -> ImportError {
    ImportError::Unreadable(std::io::Error::new(std::io::ErrorKind::InvalidData, error))
}
