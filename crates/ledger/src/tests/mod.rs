//! Tables of commands and outcomes, and properties, over the public face of the ledger.

mod bookings;
mod catalogue;
mod requests;
mod script;
mod slots;
mod ward;
mod ward_property;

use script::check;
