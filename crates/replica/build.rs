//! Generates the peers' messages from `proto/cupo/internal/v1`, without an installed `protoc`.

use std::error::Error;
use std::fs;
use std::path::Path;

const ROOT: &str = "../../proto";
const MESSAGES: &str = "../../proto/cupo/internal/v1";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={MESSAGES}");
    let mut files = Vec::new();
    for entry in fs::read_dir(MESSAGES)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "proto") {
            files.push(path.strip_prefix(Path::new(ROOT))?.to_path_buf());
        }
    }
    files.sort();
    let descriptors = protox::compile(&files, [ROOT])?;
    prost_build::Config::new().bytes(["."]).compile_fds(descriptors)?;
    Ok(())
}
