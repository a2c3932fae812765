//! Real processes on real disks, driven by real clients; and tidiness, which is a test too.

mod support;
mod tidy;

mod catalogue;
mod commands;
mod deaf;
mod full_disk;
mod garbage;
mod hung;
mod idle;
mod kill;
mod links;
mod members;
mod network;
mod quorum;
mod refusals;
mod rolling;
