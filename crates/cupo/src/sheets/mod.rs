//! What each message looks like as records: the columns, and a row per message.

mod bookings;
mod cluster;
mod events;
mod facilities;
mod places;
mod times;
mod words;

pub use bookings::{COMMITMENT, GRANT, commitment, grant};
pub use cluster::{
    MEMBER, MEMBERSHIP, SNAPSHOT, Standing, VERIFIED, member, membership, snapshot, verified,
};
pub use events::{EVENT, event};
pub use facilities::{CAPACITY, FACILITY, OFFER, SERVICE, capacity, facility, offers, service};
pub use places::{EXCLUSION, PLACE, exclusion, place};

pub use times::now;

/// The end of a resource name: the code of `facilities/{code}`.
fn code(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

#[cfg(test)]
mod sheets_test;
