//! Everything that knows openraft; nothing of it leaves this room.

pub(crate) mod config;
pub(crate) mod log;
pub(crate) mod machine;
pub(crate) mod network;
pub(crate) mod snapshot;
pub(crate) mod words;
pub(crate) mod writer;
