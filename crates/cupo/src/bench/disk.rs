//! What the servers keep on disk while they work: a line every so often, by what it is for.

use crate::demo::founding::status;
use serde_json::{Map, Value, json};
use std::convert::Infallible;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tonic::transport::Channel;

/// Looks at the disks of all servers, and at how far one of them has come, until it is dropped.
pub async fn watch(
    disks: &[PathBuf],
    server: &Channel,
    every: Duration,
    tell: impl Fn(&Value),
) -> Infallible {
    let began = Instant::now();
    loop {
        tokio::time::sleep(every).await;
        // A server that is too busy to say where it stands is asked again with the next line.
        let revision = status(server).await.map(|status| status.revision).ok();
        let sizes: io::Result<Vec<Value>> = disks.iter().map(|disk| parts(disk)).collect();
        match sizes {
            Ok(nodes) => tell(&json!({
                "measurement": "disk",
                "seconds": began.elapsed().as_secs(),
                "revision": revision,
                "bytes_by_node": nodes,
            })),
            Err(error) => {
                tell(&json!({ "measurement": "disk", "error": error.to_string() }));
            }
        }
    }
}

/// The bytes of a server's directory, by the folder right below it.
fn parts(disk: &Path) -> io::Result<Value> {
    let mut parts = Map::new();
    for entry in fs::read_dir(disk)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        parts.insert(name, bytes(&entry.path())?.into());
    }
    Ok(Value::Object(parts))
}

/// The bytes of a file, or of all files below a directory. One that is removed meanwhile counts
/// nothing.
fn bytes(path: &Path) -> io::Result<u64> {
    let gone = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Ok(0),
        _ => Err(error),
    };
    match fs::metadata(path) {
        Ok(file) if file.is_dir() => match fs::read_dir(path) {
            Ok(entries) => entries.map(|entry| bytes(&entry?.path())).sum(),
            Err(error) => gone(error),
        },
        Ok(file) => Ok(file.len()),
        Err(error) => gone(error),
    }
}

#[cfg(test)]
mod tests {
    use super::parts;
    use serde_json::json;
    use std::fs;

    #[test]
    fn bytes_are_counted_by_the_folder_they_are_in() {
        let disk = tempfile::tempdir().unwrap();
        fs::create_dir_all(disk.path().join("log/old")).unwrap();
        fs::write(disk.path().join("log/1"), [0; 10]).unwrap();
        fs::write(disk.path().join("log/old/0"), [0; 5]).unwrap();
        fs::write(disk.path().join("identity"), [0; 3]).unwrap();
        assert_eq!(parts(disk.path()).unwrap(), json!({ "identity": 3, "log": 15 }));
    }
}
