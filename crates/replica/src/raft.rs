//! Everything that knows openraft; nothing of it leaves this room.

pub(crate) mod config;
pub(crate) mod log;
pub(crate) mod machine;
pub(crate) mod members;
pub(crate) mod network;
pub(crate) mod snapshot;
pub(crate) mod vault;
pub(crate) mod waiting;
pub(crate) mod words;
pub(crate) mod writer;
