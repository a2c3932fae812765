//! The messages of `proto/cupo/internal/v1`, as `prost` generates them: what peers say to each
//! other, and the published form of log, journal and checkpoints, against which [`crate::codec`]
//! is tested byte by byte.

#![allow(clippy::all, reason = "generated")]

include!(concat!(env!("OUT_DIR"), "/cupo.internal.v1.rs"));
