//! Bytes on disk: raft log, checkpoints, journal and the rebuildable index.
