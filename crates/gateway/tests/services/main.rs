//! The services as clients see them: real sockets, real agreement, disks in memory.

mod booking;
mod bulk;
mod facility;
mod history;
mod lists;
mod refusals;
mod serving;
mod watching;
mod world;
