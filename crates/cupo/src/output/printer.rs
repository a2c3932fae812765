//! Prints records in the form that was asked for.

use super::cell::Cell;
use crate::language::{Language, Texts};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use serde::{Serialize, Serializer};
use std::io::{self, Write};

/// In which form records are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// One JSON document: a list, or one record where there is only one by nature.
    Json,
    /// One JSON record per line.
    Ndjson,
    /// Comma-separated, with a line of keys.
    Csv,
}

/// One column of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its key in JSON and CSV, the same in every language.
    pub key: &'static str,
    /// Its title in a table.
    pub titles: Texts<&'static str>,
}

impl Column {
    /// A column by its key and its titles in Spanish and English.
    #[must_use]
    pub const fn new(key: &'static str, es: &'static str, en: &'static str) -> Self {
        Self { key, titles: Texts { es, en } }
    }
}

/// Prints records to one writer.
pub struct Printer<W: Write> {
    out: W,
    format: Format,
    language: Language,
}

impl<W: Write> Printer<W> {
    /// A printer to this writer.
    pub const fn new(out: W, format: Format, language: Language) -> Self {
        Self { out, format, language }
    }

    /// Prints a whole sheet.
    ///
    /// # Errors
    /// The writer's.
    pub fn sheet(&mut self, columns: &[Column], rows: &[Vec<Cell>]) -> io::Result<()> {
        match self.format {
            Format::Table => {
                let table = self.table(columns, rows);
                writeln!(self.out, "{}", table.trim_fmt())
            }
            Format::Json => {
                let records: Vec<_> = rows.iter().map(|row| Record(columns, row)).collect();
                serde_json::to_writer_pretty(&mut self.out, &records)?;
                writeln!(self.out)
            }
            Format::Ndjson => rows.iter().try_for_each(|row| self.line(columns, row)),
            Format::Csv => {
                self.header(columns)?;
                rows.iter().try_for_each(|row| self.line(columns, row))
            }
        }
    }

    /// Prints one thing: people read its values one below the other.
    ///
    /// # Errors
    /// The writer's.
    pub fn thing(&mut self, columns: &[Column], row: &[Cell]) -> io::Result<()> {
        match self.format {
            Format::Table => {
                let title = |column: &Column| column.titles.clone().into_language(self.language);
                let width = columns.iter().map(|c| title(c).chars().count()).max().unwrap_or(0);
                let known = columns.iter().zip(row).filter(|(_, cell)| **cell != Cell::Nothing);
                for (column, cell) in known {
                    let (title, value) = (title(column), cell.human(self.language));
                    writeln!(self.out, "{title:width$}  {value}")?;
                }
                Ok(())
            }
            Format::Json => {
                serde_json::to_writer_pretty(&mut self.out, &Record(columns, row))?;
                writeln!(self.out)
            }
            Format::Ndjson | Format::Csv => self.sheet(columns, &[row.to_vec()]),
        }
    }

    /// Begins an endless sheet, whose lines are printed as they come.
    ///
    /// # Errors
    /// The writer's.
    pub fn header(&mut self, columns: &[Column]) -> io::Result<()> {
        match self.format {
            Format::Csv => csv_line(&mut self.out, columns.iter().map(|c| c.key.to_owned())),
            Format::Table | Format::Json | Format::Ndjson => Ok(()),
        }
    }

    /// Prints one line of an endless sheet; JSON is one record per line there.
    ///
    /// # Errors
    /// The writer's.
    pub fn line(&mut self, columns: &[Column], row: &[Cell]) -> io::Result<()> {
        match self.format {
            Format::Csv => csv_line(&mut self.out, row.iter().map(Cell::field))?,
            Format::Json | Format::Ndjson => {
                serde_json::to_writer(&mut self.out, &Record(columns, row))?;
                writeln!(self.out)?;
            }
            Format::Table => {
                let said = row.iter().filter(|cell| **cell != Cell::Nothing);
                let texts: Vec<String> = said.map(|cell| cell.human(self.language)).collect();
                writeln!(self.out, "{}", texts.join("  "))?;
            }
        }
        self.out.flush()
    }

    /// A table without the columns that no row has anything for.
    fn table(&self, columns: &[Column], rows: &[Vec<Cell>]) -> Table {
        let says = |at: &usize| rows.is_empty() || rows.iter().any(|row| row[*at] != Cell::Nothing);
        let shown: Vec<usize> = (0..columns.len()).filter(says).collect();
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(
            shown
                .iter()
                .map(|at| columns[*at].titles.clone().into_language(self.language).to_uppercase()),
        );
        for row in rows {
            table.add_row(shown.iter().map(|at| {
                let cell = &row[*at];
                let side =
                    if cell.is_number() { CellAlignment::Right } else { CellAlignment::Left };
                comfy_table::Cell::new(cell.human(self.language)).set_alignment(side)
            }));
        }
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        table
    }
}

/// One record as JSON, its fields in the order of the columns.
struct Record<'a>(&'a [Column], &'a [Cell]);

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = self.0.iter().zip(self.1);
        serializer.collect_map(fields.map(|(column, cell)| (column.key, cell.json())))
    }
}

fn csv_line(out: impl Write, fields: impl Iterator<Item = String>) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(fields.collect::<Vec<_>>()).map_err(io::Error::other)?;
    writer.flush()
}
