//! Bugs in the source of the product: texts that replace others, one file a bug in
//! `simulations/mutants`.

use clap::ValueEnum;
use simulations::cluster::Judge;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A bug that is planted in a copy of the source.
#[derive(Debug)]
pub struct Planted {
    /// Its file's name without the ending.
    pub name: String,
    /// What it breaks, in one sentence.
    pub breaks: String,
    /// Who must find it.
    pub tier: Tier,
    /// The first seed in which it is looked for: 1, but for bugs that so few seeds show that one
    /// which is known to is named.
    pub from: u64,
    /// Within how many seeds, from the first on.
    pub within: u64,
    /// What is replaced.
    pub edits: Vec<Edit>,
}

/// Which simulation must find a bug.
#[derive(Debug, PartialEq, Eq)]
pub enum Tier {
    /// The ledger against the model: a difference.
    Model,
    /// Whole clusters: a promise broken, seen by one of these judges. What others see of it does
    /// not count: a node that will not start says nothing of a booking that was lost.
    Cluster(Vec<Judge>),
}

/// A text that takes another's place.
#[derive(Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// In this file, from the project's folder.
    pub file: String,
    /// What stands there, once.
    pub before: String,
    /// What takes its place.
    pub after: String,
}

/// How a bug is written down.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    breaks: String,
    tier: String,
    #[serde(default = "first")]
    from: u64,
    within: u64,
    /// For whole clusters.
    #[serde(default)]
    judges: Vec<String>,
    edit: Vec<Edit>,
}

/// Where bugs are looked for that many seeds show.
const fn first() -> u64 {
    1
}

/// The project's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the project is above its packages")
}

/// All bugs, those of one file beside each other: what was built for one serves the next.
///
/// # Errors
/// When one cannot be read.
pub fn planted() -> Result<Vec<Planted>, String> {
    let folder = root().join("simulations/mutants");
    let failed = |error| format!("{}: {error}", folder.display());
    let mut bugs = Vec::new();
    for entry in fs::read_dir(&folder).map_err(failed)? {
        bugs.push(read(&entry.map_err(failed)?.path())?);
    }
    let key = |bug: &Planted| (bug.edits[0].file.clone(), bug.name.clone());
    bugs.sort_by_key(key);
    Ok(bugs)
}

fn read(path: &Path) -> Result<Planted, String> {
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(|error| failed(&error))?;
    let written: Written = toml::from_str(&text).map_err(|error| failed(&error))?;
    let Written { breaks, tier, from, within, judges, edit: edits } = written;
    let judges = judges.iter().map(|name| Judge::from_str(name, false));
    let judges: Vec<Judge> = judges.collect::<Result<_, _>>().map_err(|error| failed(&error))?;
    let tier = match (tier.as_str(), judges.is_empty()) {
        ("model", true) => Tier::Model,
        ("cluster", false) => Tier::Cluster(judges),
        _ => return Err(failed(&"its tier is model, or cluster with judges")),
    };
    let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
    if edits.is_empty() || within == 0 || from == 0 {
        return Err(failed(&"it replaces something, and is looked for in some seeds"));
    }
    Ok(Planted { name, breaks, tier, from, within, edits })
}

impl Planted {
    /// The room it is in.
    pub fn room(&self) -> &str {
        self.edits[0].file.split('/').nth(1).unwrap_or_default()
    }

    /// The files it changes, and what they say then.
    ///
    /// # Errors
    /// When the source does not say, exactly once, what is to be replaced.
    pub fn apply(&self) -> Result<BTreeMap<PathBuf, String>, String> {
        let mut files = BTreeMap::new();
        for Edit { file, before, after } in &self.edits {
            let path = PathBuf::from(file);
            let text = match files.remove(&path) {
                Some(text) => text,
                None => {
                    fs::read_to_string(root().join(file)).map_err(|e| format!("{file}: {e}"))?
                }
            };
            let times = text.matches(before.as_str()).count();
            if times != 1 || before == after {
                return Err(format!(
                    "{file} holds {times} times what {} replaces: it must be there once:\n{before}",
                    self.name
                ));
            }
            files.insert(path, text.replacen(before.as_str(), after, 1));
        }
        Ok(files)
    }
}

#[cfg(test)]
mod tests {
    use super::planted;

    #[test]
    fn every_bug_still_finds_its_place_in_the_source() {
        let bugs = planted().unwrap();
        assert!(bugs.len() >= 18, "only {} bugs", bugs.len());
        for bug in bugs {
            let changed = bug.apply().unwrap();
            assert!(changed.keys().all(|file| file.starts_with("crates")), "{}", bug.name);
            assert!(bug.breaks.ends_with('.'), "{} says in a sentence what it breaks", bug.name);
        }
    }
}
