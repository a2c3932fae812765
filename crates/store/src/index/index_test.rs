//! Every house of the index keeps the same promises.

use super::{Change, Index, IndexError, Mark, MemoryIndex, SledIndex};
use crate::error::StoreError;
use proptest::prelude::*;
use std::fs;
use std::path::Path;

fn put(key: &[u8], value: &[u8]) -> Change {
    Change::Put { key: key.to_vec(), value: value.to_vec() }
}

fn mark(revision: u64) -> Mark {
    Mark { revision, head: [revision as u8; 32] }
}

fn always(_: &Mark) -> bool {
    true
}

/// Runs one check against both houses.
fn both(check: impl Fn(&dyn Index)) {
    check(&MemoryIndex::new());
    let directory = tempfile::tempdir().expect("a temporary directory");
    check(&SledIndex::open(&directory.path().join("index"), &always).expect("it is created"));
}

fn keys(index: &dyn Index, prefix: &[u8], after: Option<&[u8]>, limit: u64) -> Vec<Vec<u8>> {
    let pairs = index.range(prefix, after, limit).expect("usable");
    pairs.into_iter().map(|(key, _)| key).collect()
}

#[test]
fn ranges_are_ordered_prefixed_and_resumable() {
    both(|index| {
        let written = [&b"a"[..], b"b", b"b/1", b"b/2", b"b/2/x", b"b/3", b"c", b"", &[255, 255]];
        let changes: Vec<Change> = written.iter().map(|key| put(key, key)).collect();
        index.apply_batch(&changes, mark(1)).expect("in order");
        type Row<'a> = (&'a [u8], Option<&'a [u8]>, u64, Vec<&'a [u8]>);
        let rows: [Row<'_>; 7] = [
            (b"b/", None, 10, vec![b"b/1", b"b/2", b"b/2/x", b"b/3"]),
            (b"b/", Some(b"b/2"), 10, vec![b"b/2/x", b"b/3"]),
            (b"b/", Some(b"b/2"), 1, vec![b"b/2/x"]),
            (b"b/", Some(b"a"), 2, vec![b"b/1", b"b/2"]),
            (b"b/", Some(b"c"), 10, vec![]),
            (b"", None, 3, vec![b"", b"a", b"b"]),
            (&[255], None, 9, vec![&[255, 255]]),
        ];
        for (prefix, after, limit, expected) in rows {
            assert_eq!(keys(index, prefix, after, limit), expected, "{prefix:?} {after:?}");
        }
        assert_eq!(index.value(b"b/2").expect("usable").as_deref(), Some(&b"b/2"[..]));
        assert_eq!(index.value(b"nothing").expect("usable"), None);
    });
}

#[test]
fn a_refused_batch_changes_nothing() {
    both(|index| {
        index.apply_batch(&[put(b"a", b"1")], mark(5)).expect("in order");
        let rows = [
            (vec![put(b"a", b"2")], mark(5), "comes too late"),
            (vec![put(b"a", b"2")], mark(4), "comes too late"),
            (vec![put(b"a", b"2"), put(&[7; 1025], b"")], mark(6), "an index key"),
            (vec![put(b"a", b"2"), put(b"b", &[7; 65_537])], mark(6), "an index value"),
        ];
        for (changes, mark_given, expected) in rows {
            let refused = index.apply_batch(&changes, mark_given);
            let text = refused.err().map(|error| error.to_string()).unwrap_or_default();
            assert!(text.contains(expected), "{text}");
            assert_eq!(index.mark().expect("usable"), mark(5));
            assert_eq!(index.value(b"a").expect("usable").as_deref(), Some(&b"1"[..]));
        }
        let wide = index.range(b"", None, 10_001);
        assert!(matches!(wide, Err(IndexError::Store(StoreError::TooLarge { .. }))));
    });
}

fn reason(opened: Result<SledIndex, IndexError>) -> String {
    opened.err().map(|error| error.to_string()).unwrap_or_default()
}

fn filled(path: &Path) {
    let index = SledIndex::open(path, &always).expect("it is created");
    index.apply_batch(&[put(b"a", &[9; 60_000])], mark(3)).expect("in order");
    index.flush().expect("the disk works");
}

#[test]
fn an_index_is_used_again_only_when_it_agrees_with_the_journal() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join("index");
    filled(&path);
    let index = SledIndex::open(&path, &|found| *found == mark(3)).expect("it agrees");
    assert_eq!(index.value(b"a").expect("usable"), Some(vec![9; 60_000]));
    drop(index);
    let other = SledIndex::open(&path, &|found| *found == mark(2));
    assert!(reason(other).contains("not the journal's"));
    let fresh = SledIndex::reset(&path).expect("it is created");
    assert_eq!(fresh.mark().expect("usable"), Mark::GENESIS);
    assert!(keys(&fresh, b"", None, 10).is_empty());
    assert!(!directory.path().join("index.old").exists());
}

#[test]
fn a_database_that_is_being_closed_is_waited_for() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join("index");
    filled(&path);
    let closing = SledIndex::open(&path, &always).expect("it is there");
    let closer = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(200));
        drop(closing);
    });
    SledIndex::open(&path, &always).expect("its lock is let go of in time");
    closer.join().expect("it only waits");
}

#[test]
fn a_damaged_index_is_unusable_and_can_be_reset() {
    type Damage = fn(&Path);
    let rows: [(&str, Damage); 4] = [
        ("emptied", |path| {
            for name in ["db", "conf"] {
                fs::remove_file(path.join(name)).expect("it is there");
            }
            for entry in fs::read_dir(path).expect("it is there") {
                let entry = entry.expect("it is there");
                if entry.file_type().expect("it is there").is_file() {
                    fs::remove_file(entry.path()).expect("it is there");
                }
            }
        }),
        ("spilled", |path| {
            fs::create_dir_all(path.join("blobs")).expect("there is room");
            fs::write(path.join("blobs/1"), b"spilled").expect("there is room");
        }),
        ("overwritten", |path| {
            let file = path.join("db");
            let length = fs::metadata(&file).expect("it is there").len();
            fs::write(&file, vec![0xA5; length as usize]).expect("there is room");
        }),
        ("no directory", |path| {
            fs::remove_dir_all(path).expect("it is there");
            fs::write(path, b"a file").expect("there is room");
        }),
    ];
    for (name, damage) in rows {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("index");
        filled(&path);
        damage(&path);
        let opened = SledIndex::open(&path, &always);
        assert!(matches!(opened, Err(IndexError::Unusable { .. })), "{name}: {}", reason(opened));
        if name != "no directory" {
            let fresh = SledIndex::reset(&path).expect("it is created");
            fresh.apply_batch(&[put(b"a", b"1")], mark(1)).expect("in order");
        }
    }
}

fn keyed_change() -> impl Strategy<Value = (Vec<u8>, Option<u8>)> {
    (prop::collection::vec(0_u8..3, 0..4), any::<Option<u8>>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn sled_equals_memory(
        batches in prop::collection::vec(
            prop::collection::vec(keyed_change(), 0..9),
            1..8,
        ),
        prefix in prop::collection::vec(0_u8..3, 0..3),
    ) {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let sled = SledIndex::open(&directory.path().join("index"), &always).expect("created");
        let memory = MemoryIndex::new();
        for (revision, batch) in (1..).zip(&batches) {
            let changes: Vec<Change> = batch
                .iter()
                .map(|(key, value)| match value {
                    Some(value) => put(key, &[*value]),
                    None => Change::Remove { key: key.clone() },
                })
                .collect();
            sled.apply_batch(&changes, mark(revision)).expect("in order");
            memory.apply_batch(&changes, mark(revision)).expect("in order");
        }
        let read = |index: &dyn Index| index.range(&prefix, None, 1_000).expect("usable");
        prop_assert_eq!(read(&sled), read(&memory));
        prop_assert_eq!(sled.mark().expect("usable"), memory.mark().expect("usable"));
    }
}
