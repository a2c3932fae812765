//! `cupo version`.

use super::Failure;
use crate::arguments::Common;
use crate::exit::Exit;
use crate::language;
use crate::output::{Cell, Column, Printer};
use std::io;

const COLUMNS: [Column; 3] = [
    Column::new("version", "versión", "version"),
    Column::new("time_zones", "husos horarios", "time zones"),
    Column::new("interface", "interfaz", "interface"),
];

/// Says which version this is.
///
/// # Errors
/// stdout's.
pub fn run(common: &Common) -> Result<Exit, Failure> {
    let row = [
        Cell::text(env!("CARGO_PKG_VERSION")),
        Cell::text(calendar::TZ_DATA_VERSION),
        Cell::text("cupo.v1"),
    ];
    Printer::new(io::stdout(), common.output, language::spoken()).thing(&COLUMNS, &row)?;
    Ok(Exit::Done)
}
