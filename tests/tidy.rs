//! The house rules that a machine can hold: what is not checked is not a rule.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Columns of a line.
const COLUMNS_MAX: usize = 100;
/// Lines of a file, tests apart: beyond it a room wants a wall.
const FILE_LINES_MAX: usize = 500;
/// Lines of a function.
const FUNCTION_LINES_MAX: usize = 70;
/// Lines of a crate's `lib.rs`.
const LIB_LINES_MAX: usize = 80;

/// Words that must not stand in the sources, each with what to do instead.
const BANNED: [(&str, &str); 6] = [
    (concat!("TO", "DO"), "do it, or say in an issue what is missing"),
    (concat!("FIX", "ME"), "fix it"),
    (concat!("#[ig", "nore"), "a test that does not run is no test"),
    (concat!("should_", "panic"), "say which outcome the caller gets"),
    (concat!("mod ut", "ils"), "name the thing it is about"),
    (concat!("mod com", "mon"), "name the thing it is about"),
];

/// What each room may import of the others, and what must be absent from it.
const FENCES: [(&str, &[&str], &[&str]); 11] = [
    ("ledger", &[], &["chrono", "tokio", "rand", "tracing", "serde_json", "prost", "openraft"]),
    ("calendar", &["ledger"], &["tokio", "tonic", "openraft", "sled"]),
    ("router", &["ledger"], &["chrono", "tokio", "tonic", "openraft", "sled", "prost"]),
    ("store", &[], &["openraft", "tonic", "tokio", "prost", "chrono"]),
    ("replica", &["ledger", "store"], &["sled", "tonic", "chrono", "chrono-tz", "governor"]),
    ("wire", &["ledger"], &["openraft", "sled", "tokio", "axum", "chrono"]),
    (
        "gateway",
        &["calendar", "ledger", "replica", "router", "wire"],
        &["openraft", "sled", "store", "chrono-tz", "clap"],
    ),
    (
        "cupo",
        &["calendar", "gateway", "ledger", "replica", "router", "store", "wire"],
        &["openraft", "sled", "governor"],
    ),
    ("simulations", &["ledger", "replica", "store"], &["openraft", "sled", "tonic", "chrono"]),
    ("tests", &["wire"], &["openraft", "sled"]),
    ("fuzz", &["ledger", "replica", "store", "wire"], &["openraft", "sled", "tokio"]),
];

#[test]
fn sources_are_tidy() {
    let mut found = String::new();
    for path in sources() {
        let text = std::fs::read_to_string(&path).expect("a source file is UTF-8 text");
        let name = path.strip_prefix(root()).expect("it lies in the project").display();
        for problem in problems(&path, &text) {
            writeln!(found, "{name}:{problem}").expect("a string takes what is written to it");
        }
    }
    assert!(found.is_empty(), "\n{found}");
}

#[test]
fn rooms_keep_their_fences() {
    let rooms: BTreeMap<_, _> =
        FENCES.iter().map(|(room, may, not)| (*room, (*may, *not))).collect();
    let mut seen = BTreeSet::new();
    for manifest in manifests() {
        let text = std::fs::read_to_string(&manifest).expect("a manifest is text");
        let table: toml::Table = text.parse().expect("a manifest is TOML");
        let Some(room) = table.get("package").and_then(|package| package["name"].as_str()) else {
            continue;
        };
        let (may, not) = rooms.get(room).unwrap_or_else(|| panic!("{room} has no fence"));
        seen.insert(room.to_string());
        let uses: BTreeSet<&str> = ["dependencies", "build-dependencies"]
            .iter()
            .filter_map(|kind| table.get(*kind)?.as_table())
            .flat_map(|dependencies| dependencies.keys().map(String::as_str))
            .collect();
        for used in &uses {
            let fits = !rooms.contains_key(used) || may.contains(used);
            assert!(fits, "{room} must not use {used}: it may use {may:?}");
            assert!(!not.contains(used), "{used} must be absent from {room}");
        }
    }
    assert_eq!(seen.len(), rooms.len(), "every fence belongs to a room");
}

#[test]
fn every_room_is_on_the_map() {
    let map =
        std::fs::read_to_string(root().join("crates/ARCHITECTURE.md")).expect("there is a map");
    for manifest in manifests() {
        let folder = manifest.parent().expect("a manifest lies in a folder");
        let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_room = folder.parent().is_some_and(|parent| parent.ends_with("crates"));
        assert!(!is_room || map.contains(&format!("`{name}`")), "{name} is not on the map");
    }
    for (number, path) in map.match_indices('`').collect::<Vec<_>>().chunks(2).enumerate() {
        let [(from, _), (to, _)] = path else { continue };
        let text = &map[from + 1..*to];
        let is_path = text.contains('/') && text.ends_with(".rs");
        assert!(
            !is_path || exists(text),
            "the map's item {number} names {text}, which is not there"
        );
    }
}

fn exists(path: &str) -> bool {
    root().join(path).exists() || root().join("crates").join(path).exists()
}

fn problems(path: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let number = number + 1;
        // Tables of data keep a row on a line.
        let is_table = path.components().any(|part| part.as_os_str() == "tests");
        if line.chars().count() > COLUMNS_MAX && !is_table {
            found.push(format!("{number}: more than {COLUMNS_MAX} columns"));
        }
        for (word, instead) in BANNED {
            if line.contains(word) && !path.ends_with("tests/tidy.rs") {
                found.push(format!("{number}: {word}: {instead}"));
            }
        }
    }
    if !text.starts_with("//!") && !path.ends_with("build.rs") && !text.starts_with("#!") {
        found.push("1: a file begins with what it is about (//!)".to_string());
    }
    let is_test = path.to_str().is_some_and(|p| p.contains("test"));
    let own = own_lines(text);
    let lines_max = if path.ends_with("lib.rs") { LIB_LINES_MAX } else { FILE_LINES_MAX };
    if own > lines_max && !is_test {
        found.push(format!("1: {own} lines outside tests; at most {lines_max}"));
    }
    if !is_test {
        found.extend(long_functions(text));
    }
    found
}

/// Lines before the tests that stand at a file's end.
fn own_lines(text: &str) -> usize {
    text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")).count()
}

/// Functions of more lines than one can hold in the head.
fn long_functions(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    for (number, line) in text.lines().take(own_lines(text)).enumerate() {
        let indent = line.len() - line.trim_start().len();
        let head = line.trim_start();
        let begins =
            ["fn ", "pub fn ", "pub(crate) fn ", "pub(super) fn ", "async fn ", "const fn "]
                .iter()
                .any(|start| head.starts_with(start))
                || (head.starts_with("pub") && head.contains(" fn "));
        if begins && open.is_none_or(|(_, outer)| indent <= outer) {
            open = Some((number, indent));
        }
        if let Some((first, outer)) = open.filter(|(_, outer)| head == "}" && indent == *outer) {
            let lines = number - first + 1;
            if lines > FUNCTION_LINES_MAX {
                found.push(format!("{}: a function of {lines} lines", first + 1));
            }
            debug_assert_eq!(indent, outer);
            open = None;
        }
    }
    found
}

fn sources() -> Vec<PathBuf> {
    files(&root(), &|path| path.extension().is_some_and(|extension| extension == "rs"))
}

fn manifests() -> Vec<PathBuf> {
    let all = files(&root(), &|path| path.ends_with("Cargo.toml"));
    all.into_iter().filter(|path| *path != root().join("Cargo.toml")).collect()
}

fn files(folder: &Path, wanted: &dyn Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let entries = std::fs::read_dir(folder).expect("a folder of the project can be read");
    for entry in entries {
        let path = entry.expect("an entry of a folder can be read").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            found.extend(files(&path, wanted));
        } else if wanted(&path) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the project is above").to_path_buf()
}
