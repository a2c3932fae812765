//! ward_property
