//! `cupo config check`.

use super::Failure;
use crate::arguments::{Common, NodeFiles};
use crate::configuration::{self, Configuration, ConfigurationError};
use crate::exit::Exit;
use crate::language;
use crate::messages::Notice;
use crate::output::{Cell, Column, Printer};
use std::io;

const COLUMNS: [Column; 3] = [
    Column::new("key", "clave", "key"),
    Column::new("value", "valor", "value"),
    Column::new("origin", "origen", "origin"),
];

/// Checks a configuration and prints every value with its origin.
///
/// # Errors
/// What is wrong with it, or stdout's.
pub fn run(common: &Common, files: &NodeFiles) -> Result<Exit, Failure> {
    let read = read(files)?;
    let rows: Vec<Vec<Cell>> = read
        .values
        .iter()
        .map(|value| {
            vec![
                Cell::text(&value.key),
                Cell::text(&value.value),
                Cell::text(value.origin.to_string()),
            ]
        })
        .collect();
    let language = language::spoken();
    Printer::new(io::stdout(), common.output, language).sheet(&COLUMNS, &rows)?;
    let fingerprint = configuration::hexadecimal(&read.cluster.fingerprint());
    Notice::ConfigurationGood { fingerprint }.tell(language);
    Ok(Exit::Done)
}

/// What a node is to be: its files, and what the environment and the command line say instead. A
/// variable without any effect is refused.
///
/// # Errors
/// What is wrong with it.
pub(super) fn read(files: &NodeFiles) -> Result<Configuration, ConfigurationError> {
    configuration::refuse_unknown()?;
    configuration::read(&files.config, files.cluster_file.as_deref(), &files.flags())
}
