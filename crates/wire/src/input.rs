//! What is wrong with a request: which field, which bound, what to do.

use crate::limits::ECHO_BYTES_MAX;
use ledger::Refusal;
use ledger::words::{CluesError, TextError};
use std::fmt;

/// A request that does not become a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputError {
    /// A field is wrong in itself.
    Field(FieldError),
    /// A field is well formed and names what does not exist here.
    Unknown {
        /// The field.
        field: String,
        /// The name it gave, cut to a bounded length.
        name: String,
        /// The refusal the ledger would give.
        refusal: Refusal,
    },
}

/// A field that is wrong in itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's path, such as `legs[0].candidates[2].name`.
    pub field: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a field. Each has a text in both languages, with the bound and the remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It was left out.
    Missing,
    /// A resource name of another form.
    Name {
        /// The form it must have.
        pattern: &'static str,
    },
    /// No CLUES.
    Clues(CluesError),
    /// No institution's three letters.
    Institution,
    /// No service's code.
    ServiceCode,
    /// No UUID.
    Uuid,
    /// Text that is too long or holds control characters.
    Text(TextError),
    /// A number out of its bounds.
    Range {
        /// The number given.
        given: i64,
        /// The smallest allowed.
        min: i64,
        /// The largest allowed.
        max: i64,
    },
    /// Too many of a thing.
    Count {
        /// How many were given.
        given: usize,
        /// The most allowed.
        max: usize,
    },
    /// A number that is none of the published ones.
    Choice {
        /// The number given.
        given: i32,
    },
    /// A person's number that is not 16 bytes, or only zeros.
    Person {
        /// Bytes given.
        bytes: usize,
    },
    /// A time before 1970, after 9999, or with impossible nanoseconds.
    Time,
    /// A length of time that is negative, longer than the protocol knows, or with impossible
    /// nanoseconds.
    Length,
    /// A position that is not on the globe.
    Position,
    /// No IANA time zone.
    Zone,
    /// It names something of another facility than the stream was opened for.
    OtherFacility,
    /// It must grow from one item to the next.
    NotIncreasing {
        /// The item before it.
        before: u64,
    },
}

impl Problem {
    /// What is wrong, in English.
    #[must_use]
    pub fn en(&self) -> String {
        match self {
            Self::Missing => "is missing; give it".into(),
            Self::Name { pattern } => format!("must have the form {pattern}"),
            Self::Clues(CluesError::Length { bytes }) => {
                format!("a CLUES has 11 characters, not {bytes}; copy it whole")
            }
            Self::Clues(CluesError::Character { position }) => {
                let kind = if *position < 5 { "a letter A-Z" } else { "a digit" };
                format!("character {} of a CLUES must be {kind}", position + 1)
            }
            Self::Institution => "must be an institution's three letters, such as IMS".into(),
            Self::ServiceCode => {
                "must be 1 to 48 lower-case letters, digits and inner hyphens".into()
            }
            Self::Uuid => "must be a UUIDv7 in its text form of 36 characters".into(),
            Self::Text(TextError::TooLong { bytes, bytes_max }) => {
                format!("has {bytes} bytes; at most {bytes_max} are allowed")
            }
            Self::Text(TextError::ControlCharacter) => {
                "holds a control character; remove it".into()
            }
            Self::Range { given, min, max } => format!("is {given}; give {min} to {max}"),
            Self::Count { given, max } => format!("has {given} items; give at most {max}"),
            Self::Choice { given } => {
                format!("is {given}, which is none of the published numbers of this field")
            }
            Self::Person { bytes } => {
                format!("must be 16 bytes that are not all zero; it has {bytes}")
            }
            Self::Time => "must be a time from 1970 to 9999".into(),
            Self::Length => "must be a length of time from 0 s to 10,000 years".into(),
            Self::Position => {
                "must be degrees on the globe: latitude -90 to 90, longitude -180 to 180".into()
            }
            Self::Zone => "must be the IANA name of a time zone, such as America/Tijuana".into(),
            Self::OtherFacility => {
                "belongs to another facility than the one this stream was opened for".into()
            }
            Self::NotIncreasing { before } => {
                format!("must be greater than the item's before it, which is {before}")
            }
        }
    }

    /// What is wrong, in Spanish.
    #[must_use]
    pub fn es(&self) -> String {
        match self {
            Self::Missing => "falta; indíquelo".into(),
            Self::Name { pattern } => format!("debe tener la forma {pattern}"),
            Self::Clues(CluesError::Length { bytes }) => {
                format!("una CLUES tiene 11 caracteres, no {bytes}; cópiela completa")
            }
            Self::Clues(CluesError::Character { position }) => {
                let kind = if *position < 5 { "una letra A-Z" } else { "un dígito" };
                format!("el carácter {} de una CLUES debe ser {kind}", position + 1)
            }
            Self::Institution => "deben ser las tres letras de una institución, como IMS".into(),
            Self::ServiceCode => {
                "deben ser de 1 a 48 letras minúsculas, dígitos y guiones interiores".into()
            }
            Self::Uuid => "debe ser un UUIDv7 en su forma de texto de 36 caracteres".into(),
            Self::Text(TextError::TooLong { bytes, bytes_max }) => {
                format!("tiene {bytes} bytes; se permiten {bytes_max} como máximo")
            }
            Self::Text(TextError::ControlCharacter) => {
                "contiene un carácter de control; quítelo".into()
            }
            Self::Range { given, min, max } => format!("es {given}; indique de {min} a {max}"),
            Self::Count { given, max } => {
                format!("tiene {given} elementos; indique {max} como máximo")
            }
            Self::Choice { given } => {
                format!("es {given}, que no es ninguno de los números publicados de este campo")
            }
            Self::Person { bytes } => {
                format!("deben ser 16 bytes que no sean todos cero; tiene {bytes}")
            }
            Self::Time => "debe ser una fecha de 1970 a 9999".into(),
            Self::Length => "debe ser un lapso de 0 s a 10,000 años".into(),
            Self::Position => {
                "deben ser grados del globo: latitud -90 a 90, longitud -180 a 180".into()
            }
            Self::Zone => {
                "debe ser el nombre IANA de una zona horaria, como America/Tijuana".into()
            }
            Self::OtherFacility => {
                "es de otro establecimiento que aquel para el que se abrió este canal".into()
            }
            Self::NotIncreasing { before } => {
                format!("debe ser mayor que el del elemento anterior, que es {before}")
            }
        }
    }
}

impl FieldError {
    /// A field and what is wrong with it.
    #[must_use]
    pub fn new(field: &str, problem: Problem) -> Self {
        Self { field: field.into(), problem }
    }

    /// The same error, seen from the message that holds the field's own.
    #[must_use]
    pub fn within(self, outer: &str) -> Self {
        Self { field: format!("{outer}.{}", self.field), ..self }
    }

    /// The same error, seen from a list whose item it is about.
    #[must_use]
    pub fn item(self, outer: &str, index: usize) -> Self {
        Self { field: format!("{outer}[{index}].{}", self.field), ..self }
    }
}

impl InputError {
    /// A name that leads nowhere.
    #[must_use]
    pub fn unknown(field: &str, name: &str, refusal: Refusal) -> Self {
        Self::Unknown { field: field.into(), name: echo(name), refusal }
    }

    /// The same error, seen from a list whose item it is about.
    #[must_use]
    pub fn item(self, outer: &str, index: usize) -> Self {
        match self {
            Self::Field(error) => Self::Field(error.item(outer, index)),
            Self::Unknown { field, name, refusal } => {
                Self::Unknown { field: format!("{outer}[{index}].{field}"), name, refusal }
            }
        }
    }
}

/// A text from outside as an error may repeat it: bounded, and without control characters.
fn echo(text: &str) -> String {
    let mut end = text.len().min(ECHO_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].chars().filter(|c| !c.is_control()).collect()
}

impl From<FieldError> for InputError {
    fn from(error: FieldError) -> Self {
        Self::Field(error)
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.problem.en())
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(error) => error.fmt(f),
            Self::Unknown { field, name, .. } => write!(f, "{field}: there is no {name}"),
        }
    }
}

impl std::error::Error for FieldError {}
impl std::error::Error for InputError {}
