//! Where a value comes from, and which keys there are.

use super::error::ConfigurationError;
use config::{Config, File, FileFormat, Map, Value, ValueKind};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// Where a value comes from. The later ones go before the earlier ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// This file.
    File(String),
    /// The environment variable of this name.
    Environment(String),
    /// The flag of this name.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => f.write_str(path),
            Self::Environment(name) => write!(f, "${name}"),
            Self::Flag(name) => write!(f, "--{name}"),
        }
    }
}

/// One value of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// Its key, with dots.
    pub key: String,
    /// Its value as text.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// A value somebody set outside the file.
pub struct Override {
    /// Its key, with dots.
    pub key: String,
    /// What they said.
    pub value: String,
    /// Where.
    pub origin: Origin,
}

/// Lays the overrides over the file and the file over the defaults.
///
/// # Errors
/// The file cannot be read or is no TOML, a key is unknown, a value has the wrong type.
pub fn layered<T>(
    file: &Path,
    overrides: Vec<Override>,
) -> Result<(T, Vec<Located>), ConfigurationError>
where
    T: Default + Serialize + DeserializeOwned,
{
    let shown = file.display().to_string();
    let text = std::fs::read_to_string(file)
        .map_err(|error| ConfigurationError::Unreadable { file: shown.clone(), error })?;
    let broken = |error: config::ConfigError| ConfigurationError::Syntax {
        file: shown.clone(),
        problem: error.to_string(),
    };
    let said = Config::builder()
        .add_source(File::from_str(&text, FileFormat::Toml))
        .build()
        .map_err(broken)?;
    let defaults = toml::to_string(&T::default()).unwrap_or_default();
    let defaults = Config::builder()
        .add_source(File::from_str(&defaults, FileFormat::Toml))
        .build()
        .map_err(broken)?;

    let known = flattened(defaults.cache.clone());
    let in_file = flattened(said.cache.clone());
    let mut origins: BTreeMap<String, Origin> =
        known.keys().map(|key| (key.clone(), Origin::Default)).collect();
    for key in in_file.keys() {
        claim(&mut origins, key, Origin::File(shown.clone()))?;
    }
    let mut builder = Config::builder().add_source(defaults).add_source(said);
    for Override { key, value, origin } in overrides {
        claim(&mut origins, &key, origin)?;
        builder = builder.set_override(&key, value).map_err(broken)?;
    }
    let whole = builder.build().map_err(broken)?;
    let values = flattened(whole.cache.clone());
    let typed = whole.try_deserialize().map_err(|error| wrong_type(&error, &origins, &shown))?;
    let located = origins.into_iter().map(|(key, origin)| {
        let value = values.get(&key).map(written).unwrap_or_default();
        Located { key, value, origin }
    });
    Ok((typed, located.collect()))
}

fn claim(
    origins: &mut BTreeMap<String, Origin>,
    key: &str,
    origin: Origin,
) -> Result<(), ConfigurationError> {
    if let Some(known) = origins.get_mut(key) {
        *known = origin;
        return Ok(());
    }
    let nearest = nearest(origins.keys(), key);
    Err(ConfigurationError::UnknownKey { key: key.to_owned(), origin, nearest })
}

/// The one that somebody meant who wrote `given`.
pub fn nearest<'a>(known: impl Iterator<Item = &'a String>, given: &str) -> String {
    known.min_by_key(|known| difference(known, given)).cloned().unwrap_or_default()
}

/// Every key of a configuration, with dots, sorted.
pub fn keys_of<T: Default + Serialize>() -> Vec<String> {
    let text = toml::to_string(&T::default()).unwrap_or_default();
    let read = Config::builder().add_source(File::from_str(&text, FileFormat::Toml)).build();
    read.map(|config| flattened(config.cache).into_keys().collect()).unwrap_or_default()
}

/// How many characters two keys do not share at their beginnings and ends: enough to propose the
/// key somebody meant.
fn difference(known: &str, key: &str) -> usize {
    let head = known.bytes().zip(key.bytes()).take_while(|(a, b)| a == b).count();
    let tail = known.bytes().rev().zip(key.bytes().rev()).take_while(|(a, b)| a == b).count();
    known.len().max(key.len()).saturating_sub(head + tail)
}

fn wrong_type(
    error: &config::ConfigError,
    origins: &BTreeMap<String, Origin>,
    file: &str,
) -> ConfigurationError {
    let config::ConfigError::Type { key: Some(key), unexpected, expected, .. } = error else {
        return ConfigurationError::Syntax { file: file.to_owned(), problem: error.to_string() };
    };
    ConfigurationError::WrongType {
        key: key.clone(),
        origin: origins.get(key).cloned().unwrap_or_else(|| Origin::File(file.to_owned())),
        found: unexpected.to_string(),
        expected: (*expected).to_owned(),
    }
}

/// A value as people write it: lists by their items, their fields in order.
fn written(value: &Value) -> String {
    match &value.kind {
        ValueKind::Array(items) => items.iter().map(written).collect::<Vec<_>>().join(", "),
        ValueKind::Table(fields) => {
            let sorted: BTreeMap<_, _> = fields.iter().collect();
            let fields = sorted.into_iter().map(|(key, value)| format!("{key} {}", written(value)));
            fields.collect::<Vec<_>>().join(" ")
        }
        _ => value.to_string(),
    }
}

fn flattened(value: Value) -> BTreeMap<String, Value> {
    fn walk(prefix: &str, table: Map<String, Value>, into: &mut BTreeMap<String, Value>) {
        let sorted: BTreeMap<String, Value> = table.into_iter().collect();
        for (key, value) in sorted {
            let path = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
            match value.kind.clone() {
                ValueKind::Table(inner) => walk(&path, inner, into),
                _ => {
                    into.insert(path, value);
                }
            }
        }
    }
    let mut all = BTreeMap::new();
    if let ValueKind::Table(table) = value.kind {
        walk("", table, &mut all);
    }
    all
}
