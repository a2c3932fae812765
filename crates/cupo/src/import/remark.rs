//! What the import has to say of a row, in both languages.

use super::columns::Column;
use crate::client::remedy_of;
use crate::language::Texts;
use ledger::words::CluesError;
use wire::v1::ErrorReason;

/// Something worth telling about a row that is imported nevertheless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The code's last digit is not the one its other characters ask for.
    CheckDigit {
        /// The digit they ask for.
        expected: u8,
    },
    /// The same of a former code.
    FormerCheckDigit {
        /// The former code.
        code: String,
    },
    /// A former code is none, and was left out.
    FormerMalformed {
        /// What stands there.
        text: String,
    },
    /// A former code is another row's code, and was left out.
    FormerTaken {
        /// The former code.
        code: String,
        /// That row's line.
        line: u64,
    },
    /// The code's letters and the column name different states; the column counts.
    StateDiffers,
    /// The row does not say in which municipality it is.
    MunicipalityMissing,
    /// The row has no position; that of a town stands for it.
    PositionMissing {
        /// Which town.
        town: &'static str,
    },
    /// Latitude and longitude stood in each other's place.
    PositionSwapped,
    /// The longitude's minus was missing.
    PositionSign,
    /// The position is far from every town of the state.
    PositionFar,
    /// The level of care is not one that is known.
    LevelUnknown {
        /// What stands there.
        text: String,
    },
    /// The status is not one that is known; the row counts as operating.
    StatusUnknown {
        /// What stands there.
        text: String,
    },
    /// The number of beds cannot be read, and was left out.
    BedsUnreadable {
        /// What stands there.
        text: String,
    },
}

/// Why a row was passed over: it is no place where anybody is treated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Skip {
    /// It does not operate any more.
    OutOfOperation,
    /// It does not operate yet.
    NotYetOpen,
    /// It is a court, an office, a store …
    NotCare {
        /// What it is.
        what: String,
    },
}

/// Why a row was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// In which column; none for the row as a whole.
    pub column: Option<Column>,
    /// What is wrong there.
    pub problem: Problem,
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It has more or fewer fields than the first line.
    FieldCount {
        /// Fields of the first line.
        expected: usize,
        /// Fields of the row.
        found: usize,
    },
    /// Nothing stands there.
    Missing,
    /// It is no CLUES.
    BadClues(CluesError),
    /// It is no number.
    NotANumber {
        /// What stands there.
        text: String,
    },
    /// There is no such state.
    UnknownState {
        /// What stands there.
        text: String,
    },
    /// The position is not in Mexico.
    OutsideMexico,
    /// The text is too long or holds a control character.
    BadText {
        /// Which of the two, in English.
        problem: String,
    },
    /// An earlier row has the same code.
    Duplicate {
        /// Its line.
        line: u64,
    },
    /// The cluster refused it.
    Cluster {
        /// Its reason.
        reason: ErrorReason,
        /// What it said beside it: the codes that disagree, for one.
        details: Vec<(String, String)>,
    },
}

impl Warning {
    /// A short name that never changes, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::CheckDigit { .. } => "check-digit",
            Self::FormerCheckDigit { .. } => "former-check-digit",
            Self::FormerMalformed { .. } => "former-malformed",
            Self::FormerTaken { .. } => "former-taken",
            Self::StateDiffers => "state-differs",
            Self::MunicipalityMissing => "municipality-missing",
            Self::PositionMissing { .. } => "position-missing",
            Self::PositionSwapped => "position-swapped",
            Self::PositionSign => "position-sign",
            Self::PositionFar => "position-far",
            Self::LevelUnknown { .. } => "level-unknown",
            Self::StatusUnknown { .. } => "status-unknown",
            Self::BedsUnreadable { .. } => "beds-unreadable",
        }
    }

    /// Its text.
    #[must_use]
    pub fn texts(&self) -> Texts<String> {
        let [es, en] = match self {
            Self::CheckDigit { expected } => [
                format!("el dígito verificador de la CLUES debería ser {expected}"),
                format!("the check digit of the CLUES should be {expected}"),
            ],
            Self::FormerCheckDigit { code } => [
                format!("el dígito verificador de la clave anterior {code} no corresponde"),
                format!("the check digit of the former code {code} does not hold"),
            ],
            Self::FormerMalformed { text } => [
                format!("la clave anterior «{text}» no es una CLUES y se omite"),
                format!("the former code `{text}` is no CLUES and is left out"),
            ],
            Self::FormerTaken { code, line } => [
                format!("la clave anterior {code} es la de la línea {line} y se omite"),
                format!("the former code {code} is that of line {line} and is left out"),
            ],
            Self::StateDiffers => pair(
                "la CLUES y la columna nombran entidades distintas; vale la columna",
                "the CLUES and the column name different states; the column counts",
            ),
            Self::MunicipalityMissing => pair(
                "no dice en qué municipio está; se usa la zona horaria de la entidad",
                "it does not say in which municipality it is; the state's time zone is used",
            ),
            Self::PositionMissing { town } => [
                format!("no tiene posición; se usa la de {town}"),
                format!("it has no position; that of {town} is used"),
            ],
            Self::PositionSwapped => {
                pair("latitud y longitud estaban al revés", "latitude and longitude were swapped")
            }
            Self::PositionSign => {
                pair("a la longitud le faltaba el signo", "the longitude's minus was missing")
            }
            Self::PositionFar => pair(
                "está lejos de toda ciudad principal de su entidad",
                "it is far from every main town of its state",
            ),
            Self::LevelUnknown { text } => [
                format!("nivel de atención desconocido: «{text}»"),
                format!("unknown level of care: `{text}`"),
            ],
            Self::StatusUnknown { text } => [
                format!("estatus desconocido: «{text}»; se toma como en operación"),
                format!("unknown status: `{text}`; taken as operating"),
            ],
            Self::BedsUnreadable { text } => [
                format!("el número de camas «{text}» no se entiende y se omite"),
                format!("the number of beds `{text}` cannot be read and is left out"),
            ],
        };
        Texts { es, en }
    }
}

impl Skip {
    /// A short name that never changes, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OutOfOperation => "out-of-operation",
            Self::NotYetOpen => "not-yet-open",
            Self::NotCare { .. } => "not-care",
        }
    }

    /// Its text.
    #[must_use]
    pub fn texts(&self) -> Texts<String> {
        let [es, en] = match self {
            Self::OutOfOperation => pair("fuera de operación", "out of operation"),
            Self::NotYetOpen => pair("aún no entra en operación", "not yet open"),
            Self::NotCare { what } => {
                [format!("no es un lugar de atención: {what}"), format!("no place of care: {what}")]
            }
        };
        Texts { es, en }
    }
}

impl Refusal {
    pub(crate) const fn at(column: Column, problem: Problem) -> Self {
        Self { column: Some(column), problem }
    }

    /// A short name that never changes, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self.problem {
            Problem::FieldCount { .. } => "field-count",
            Problem::Missing => "missing",
            Problem::BadClues(_) => "bad-clues",
            Problem::NotANumber { .. } => "not-a-number",
            Problem::UnknownState { .. } => "unknown-state",
            Problem::OutsideMexico => "outside-mexico",
            Problem::BadText { .. } => "bad-text",
            Problem::Duplicate { .. } => "duplicate",
            Problem::Cluster { .. } => "cluster",
        }
    }

    /// Its text, without the column.
    #[must_use]
    pub fn texts(&self) -> Texts<String> {
        let [es, en] = match &self.problem {
            Problem::FieldCount { expected, found } => [
                format!("tiene {found} campos y la primera línea {expected}"),
                format!("it has {found} fields and the first line {expected}"),
            ],
            Problem::Missing => pair("está vacío", "it is empty"),
            Problem::BadClues(error) => [bad_clues(*error), error.to_string()],
            Problem::NotANumber { text } => {
                [format!("«{text}» no es un número"), format!("`{text}` is no number")]
            }
            Problem::UnknownState { text } => {
                [format!("no hay entidad «{text}»"), format!("there is no state `{text}`")]
            }
            Problem::OutsideMexico => {
                pair("la posición no está en México", "the position is not in Mexico")
            }
            Problem::BadText { problem } => {
                [format!("el texto no se acepta: {problem}"), format!("the text {problem}")]
            }
            Problem::Duplicate { line } => [
                format!("la misma clave está en la línea {line}"),
                format!("the same code is on line {line}"),
            ],
            Problem::Cluster { reason, details } => by_cluster(*reason, details),
        };
        Texts { es, en }
    }
}

/// What the cluster's reason means for a row, and what to do about it.
fn by_cluster(reason: ErrorReason, details: &[(String, String)]) -> [String; 2] {
    let values: Vec<&str> = details.iter().map(|(_, value)| value.as_str()).collect();
    let named = values.join(", ");
    let code = wire::reason::name(reason);
    if reason == ErrorReason::CodesDisagree {
        return [
            format!(
                "{code}: sus claves ya son de dos establecimientos distintos ({named}); únelos \
                 primero o corrige la clave anterior"
            ),
            format!(
                "{code}: its codes belong to two different facilities already ({named}); merge \
                 them first or correct the former code"
            ),
        ];
    }
    let remedy = remedy_of(reason);
    let named = if named.is_empty() { named } else { format!(" ({named})") };
    [
        format!("el clúster la rechazó, {code}{named}: {}", remedy.es),
        format!("the cluster refused it, {code}{named}: {}", remedy.en),
    ]
}

fn bad_clues(error: CluesError) -> String {
    match error {
        CluesError::Length { bytes } => format!("una CLUES tiene 11 caracteres, no {bytes}"),
        CluesError::Character { position } => {
            let what = if position < 5 { "una letra A-Z" } else { "un dígito" };
            format!("el carácter {} de una CLUES debe ser {what}", position + 1)
        }
    }
}

fn pair(es: &str, en: &str) -> [String; 2] {
    [es.to_owned(), en.to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_cluster_refused_is_explained() {
        let refusal = |reason, details: &[(&str, &str)]| Refusal {
            column: None,
            problem: Problem::Cluster {
                reason,
                details: details.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            },
        };
        let codes = [("clues", "OCIMB000123"), ("otherClues", "OCSSA000120")];
        let told = refusal(ErrorReason::CodesDisagree, &codes).texts();
        for text in [&told.es, &told.en] {
            assert!(text.contains("CODES_DISAGREE") && text.contains("OCSSA000120"), "{text}");
        }
        assert!(told.es.contains("únelos") && told.en.contains("merge them"), "{told:?}");
        let told = refusal(ErrorReason::CatalogueFull, &[]).texts();
        assert!(told.en.contains("CATALOGUE_FULL: close what"), "{}", told.en);
    }
}
