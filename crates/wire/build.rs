//! Generates the messages from `proto/` without an outside compiler, and keeps the descriptor set
//! for reflection.

use std::error::Error;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto");
    let public = root.join("cupo/v1");
    let peer = root.join("cupo/internal/v1/peer.proto");
    println!("cargo::rerun-if-changed={}", public.display());
    println!("cargo::rerun-if-changed={}", peer.display());

    let mut files: Vec<PathBuf> = std::fs::read_dir(&public)?
        .map(|entry| entry.map(|found| found.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let compile = |files: &[PathBuf]| {
        let mut compiler = protox::Compiler::new([&root])?;
        compiler.include_imports(true).include_source_info(true);
        compiler.open_files(files)?;
        Ok::<_, protox::Error>((
            compiler.file_descriptor_set(),
            compiler.encode_file_descriptor_set(),
        ))
    };

    let (set, encoded) = compile(&files)?;
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(out.join("cupo.v1.bin"), encoded)?;
    messages().compile_fds(set)?;
    // The peers' messages are no part of what reflection shows.
    messages().compile_fds(compile(&[peer])?.0)?;
    Ok(())
}

/// Maps are ordered, so that equal messages have equal bytes; what is opaque is not copied.
fn messages() -> tonic_prost_build::Builder {
    tonic_prost_build::configure().btree_map(".").bytes(".").emit_rerun_if_changed(false)
}
