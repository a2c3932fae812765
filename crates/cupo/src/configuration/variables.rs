//! Which environment variables mean something: a misspelt one would have no effect, unnoticed.

use super::error::ConfigurationError;
use super::node::{Node, VARIABLE_PREFIX};
use super::origin::{keys_of, nearest};

/// Every variable of this program begins with this.
const PREFIX: &str = "CUPO_";

/// The variables that are no part of a node's configuration.
const COMMON: [&str; 3] = ["CUPO_AUTHOR", "CUPO_CLUSTER", "CUPO_LANG"];

/// A variable that looks like one of this program's and is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownVariable {
    /// Its name.
    pub name: String,
    /// The variable that is most like it.
    pub nearest: String,
}

impl From<UnknownVariable> for ConfigurationError {
    fn from(UnknownVariable { name, nearest }: UnknownVariable) -> Self {
        Self::UnknownVariable { name, nearest }
    }
}

/// Every variable that means something, sorted.
#[must_use]
pub fn known_variables() -> Vec<String> {
    let keys = keys_of::<Node>();
    let own = keys
        .iter()
        .map(|key| format!("{VARIABLE_PREFIX}{}", key.replace('.', "__").to_ascii_uppercase()));
    let mut all: Vec<String> = COMMON.map(String::from).into_iter().chain(own).collect();
    all.sort_unstable();
    all
}

/// The variables among these names that begin as this program's do and mean nothing.
pub fn unknown_variables(names: impl Iterator<Item = String>) -> Vec<UnknownVariable> {
    let known = known_variables();
    let unknown = names.filter(|name| name.starts_with(PREFIX) && !known.contains(name));
    let mut unknown: Vec<UnknownVariable> = unknown
        .map(|name| {
            let nearest = nearest(known.iter(), &name.to_ascii_uppercase());
            UnknownVariable { name, nearest }
        })
        .collect();
    unknown.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    unknown
}

/// The variables of this process. What is no text is shown with marks in place of it.
pub fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().map(|(name, value)| {
        (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_variable_is_found_with_the_one_that_was_meant() {
        #[track_caller]
        fn check(name: &str, expected: Option<&str>) {
            let found = unknown_variables([name.to_owned()].into_iter());
            let nearest = found.first().map(|unknown| unknown.nearest.as_str());
            assert_eq!(nearest, expected, "{name}");
        }
        check("CUPO_WORKER_THREADS", Some("CUPO_NODE_WORKER_THREADS"));
        check("CUPO_CLUSTR", Some("CUPO_CLUSTER"));
        check("CUPO_LANGUAGE", Some("CUPO_LANG"));
        check("CUPO_NODE_DATTA", Some("CUPO_NODE_DATA"));
        check("CUPO_NODE_ADMISSION_IN_FLIGHT", Some("CUPO_NODE_ADMISSION__IN_FLIGHT"));
        check("CUPO_NODE_listen", Some("CUPO_NODE_LISTEN"));
        for known in known_variables() {
            check(&known, None);
        }
        check("CUPOLA", None);
        check("PATH", None);
    }
}
