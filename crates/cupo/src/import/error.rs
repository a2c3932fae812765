//! Why a file cannot be imported at all.

use super::columns::Column;
use crate::exit::Exit;
use crate::messages::{Explain, Explanation};

/// Why a file cannot be imported at all. What is wrong with single rows is in the report.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It cannot be read.
    #[error("the file cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// It holds nothing.
    #[error("the file is empty")]
    Empty,
    /// It is larger than is read.
    #[error("the file has {bytes} bytes; at most {bytes_max} are read")]
    TooLarge {
        /// Its bytes.
        bytes: usize,
        /// Bytes allowed.
        bytes_max: usize,
    },
    /// It is compressed.
    #[error("the file is compressed")]
    Compressed {
        /// What unpacks it.
        with: &'static str,
    },
    /// A column is missing without which no row means anything.
    #[error("there is no column `{}`; the first line has: {seen}", column.heading())]
    ColumnMissing {
        /// Which.
        column: Column,
        /// The headings there are.
        seen: String,
    },
}

impl Explain for ImportError {
    fn explain(&self) -> Explanation {
        let es = match self {
            Self::Unreadable(error) => format!("no se puede leer el archivo: {error}"),
            Self::Empty => "el archivo está vacío".to_owned(),
            Self::TooLarge { bytes, bytes_max } => {
                format!("el archivo tiene {bytes} bytes; se leen {bytes_max} cuando más")
            }
            Self::Compressed { .. } => "el archivo está comprimido".to_owned(),
            Self::ColumnMissing { column, seen } => {
                format!("falta la columna «{}»; la primera línea tiene: {seen}", column.heading())
            }
        };
        let remedy = match self {
            Self::Compressed { with } => [
                format!("descomprímelo antes: {with} ARCHIVO | cupo facility import -"),
                format!("unpack it first: {with} FILE | cupo facility import -"),
            ],
            _ => [
                "dame el catálogo CLUES como lo publica la DGIS, en CSV".to_owned(),
                "give the CLUES catalogue as DGIS publishes it, as CSV".to_owned(),
            ],
        };
        let what = ["el archivo no se puede importar", "the file cannot be imported"];
        Explanation::new(Exit::Usage, "IMPORT", what, [es, self.to_string()], remedy)
    }
}
