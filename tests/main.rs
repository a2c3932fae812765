//! Real processes on real disks, driven by real clients; and tidiness, which is a test too.

mod support;
mod tidy;

mod commands;
mod kill;
mod quorum;
mod refusals;
mod rolling;
