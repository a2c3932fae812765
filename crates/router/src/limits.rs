//! Bounds of a search.

/// Candidates of one ranking. A hold takes as many per leg.
pub const CANDIDATES_MAX: usize = ledger::limits::CANDIDATES_MAX;

/// Institutions a need may name. There are about twenty.
pub const INSTITUTIONS_MAX: usize = 32;

/// Free places counted in one service's window: beyond it "many" says enough.
pub const FREE_COUNTED_MAX: u32 = 1_000;

/// Slots looked at in one service. A month of ten rooms has fewer; a service that is full for
/// longer than that has no place to offer.
pub const SLOTS_LOOKED_AT_MAX: u32 = 16_384;

const _: () = assert!(FREE_COUNTED_MAX <= SLOTS_LOOKED_AT_MAX);
