//! One value, for people and for programs.

use super::printer::Column;
use crate::language::{Language, Texts};
use serde_json::{Number, Value, json};

/// One value of a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing is known.
    Nothing,
    /// Text as it is.
    Text(String),
    /// A whole number that counts something: people read it in groups of three.
    Whole(u64),
    /// A number that names something, such as a revision: written so that it can be given back.
    Number(u64),
    /// A number with decimals: degrees, kilometres, milliseconds.
    Decimal {
        /// The number.
        value: f64,
        /// How many decimals people are shown.
        places: usize,
    },
    /// A word of a closed list: its code for programs, its name for people.
    Word {
        /// The code.
        code: &'static str,
        /// The names.
        names: Texts<&'static str>,
    },
    /// Yes or no.
    Flag(bool),
    /// A time at a place: RFC 3339 for programs, and with the zone's name for people.
    Time {
        /// RFC 3339 with the place's own offset.
        stamp: String,
        /// The place's zone.
        zone: String,
    },
    /// How long ago.
    Age {
        /// In seconds.
        seconds: u64,
    },
    /// How far.
    Distance {
        /// In metres.
        metres: u64,
    },
    /// Several.
    List(Vec<Self>),
    /// Records within a record; programs that read JSON get them by their keys.
    Records(&'static [Column], Vec<Vec<Self>>),
}

impl Cell {
    /// Text, or nothing where it is empty.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Nothing } else { Self::Text(text) }
    }

    /// The value as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        match self {
            Self::Nothing => Value::Null,
            Self::Text(text) => json!(text),
            Self::Whole(number) | Self::Number(number) => json!(number),
            Self::Decimal { value, .. } => {
                Number::from_f64(*value).map_or(Value::Null, Value::Number)
            }
            Self::Word { code, .. } => json!(code),
            Self::Flag(flag) => json!(flag),
            Self::Time { stamp, .. } => json!(stamp),
            Self::Age { seconds } => json!(seconds),
            Self::Distance { metres } => json!(metres),
            Self::List(cells) => cells.iter().map(Self::json).collect(),
            Self::Records(columns, rows) => {
                let record = |row: &Vec<Self>| -> Value {
                    let fields = columns.iter().zip(row);
                    fields.map(|(column, cell)| (column.key.to_owned(), cell.json())).collect()
                };
                rows.iter().map(record).collect()
            }
        }
    }

    /// The value as a field of CSV.
    #[must_use]
    pub fn field(&self) -> String {
        match self {
            Self::List(cells) => cells.iter().map(Self::field).collect::<Vec<_>>().join(" "),
            _ => match self.json() {
                Value::Null => String::new(),
                Value::String(text) => text,
                other => other.to_string(),
            },
        }
    }

    /// The value as people read it.
    #[must_use]
    pub fn human(&self, language: Language) -> String {
        match self {
            Self::Nothing => "–".to_owned(),
            Self::Text(text) => text.clone(),
            Self::Whole(number) => grouped(*number),
            Self::Number(number) => number.to_string(),
            Self::Decimal { value, places } => format!("{value:.places$}"),
            Self::Word { names, .. } => names.clone().into_language(language).to_owned(),
            Self::Flag(flag) => {
                let word = if *flag { ("sí", "yes") } else { ("no", "no") };
                Texts { es: word.0, en: word.1 }.into_language(language).to_owned()
            }
            Self::Time { stamp, zone } => local(stamp, zone),
            Self::Age { seconds } => age(*seconds),
            Self::Distance { metres: metres @ ..1_000 } => format!("{metres} m"),
            Self::Distance { metres } => format!("{}.{} km", metres / 1_000, metres % 1_000 / 100),
            Self::List(cells) => {
                cells.iter().map(|cell| cell.human(language)).collect::<Vec<_>>().join(", ")
            }
            Self::Records(_, rows) => grouped(rows.len() as u64),
        }
    }

    /// Whether people expect it at the right edge of its column.
    #[must_use]
    pub const fn is_number(&self) -> bool {
        matches!(
            self,
            Self::Whole(_)
                | Self::Number(_)
                | Self::Decimal { .. }
                | Self::Age { .. }
                | Self::Distance { .. }
        )
    }
}

/// A number in groups of three, as Mexico writes it.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `2026-11-22T08:30:00-06:00` as `2026-11-22 08:30:00 America/Mexico_City`.
fn local(stamp: &str, zone: &str) -> String {
    let shown = stamp.get(..19).unwrap_or(stamp).replacen('T', " ", 1);
    format!("{shown} {zone}")
}

fn age(seconds: u64) -> String {
    match seconds {
        ..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}
