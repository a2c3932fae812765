//! Every bound of the calendar, with its reason.

use ledger::limits::{SLOT_CAPACITY_MAX, SLOTS_PER_AGENDA_MAX, ZONE_BYTES_MAX};

/// The first year that is understood: moments count from 1970.
pub const YEAR_MIN: i32 = 1970;

/// The last year that is understood: RFC 3339 writes years with four digits.
pub const YEAR_MAX: i32 = 9999;

/// Days one pattern is laid out for at once: two years, as far as an agenda may reach.
pub const PATTERN_DAYS_MAX: u16 = 2 * 366;

/// Seconds of a day on a clock that does not change.
pub const DAY_SECONDS: u32 = 86_400;

/// The longest slot: a day.
pub const SLOT_SECONDS_MAX: u32 = DAY_SECONDS;

const _: () = {
    assert!(YEAR_MIN < YEAR_MAX);
    // A zone's name fits where the ledger keeps it.
    assert!("America/Argentina/ComodRivadavia".len() <= ZONE_BYTES_MAX);
    assert!(SLOTS_PER_AGENDA_MAX >= 1 && SLOT_CAPACITY_MAX >= 1);
};
