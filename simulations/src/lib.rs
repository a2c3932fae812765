//! Whole clusters under faults, derived from one seed.
