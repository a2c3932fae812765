//! One file per service: requests become acts and reads, answers become messages.

mod booking;
mod bookings_list;
mod capacity;
mod catalogue;
mod cluster;
mod history;

pub(crate) use booking::Booking;
pub(crate) use capacity::Capacity;
pub(crate) use catalogue::Catalogue;
pub(crate) use cluster::Cluster;
