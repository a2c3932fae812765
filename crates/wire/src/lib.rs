//! The public and peer messages generated from proto/, and their conversion to ledger words.

/// The public messages, clients and services of package `cupo.v1`.
#[allow(missing_docs, unused_qualifications, clippy::all)]
pub mod v1 {
    tonic::include_proto!("cupo.v1");

    /// Descriptors of the public messages with their comments, for reflection.
    pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/cupo.v1.bin"));
}

/// The messages and service of package `cupo.internal.v1`, for peers alone.
#[allow(missing_docs, unused_qualifications, clippy::all)]
pub mod internal {
    tonic::include_proto!("cupo.internal.v1");
}
