//! Three real servers, a nation on them, and desks that book: something to look at, something to
//! break, and a proof from outside that nothing acknowledged is lost.
//!
//! Enter at [`run`]. [`Servers`] keeps the processes running; [`founding`] makes a cluster and a
//! nation; [`wards`] and [`desk`] are its people; [`notebook`] and [`check`] are the observer, who
//! knows only what a client knows.

pub mod check;
mod claim;
mod command;
pub mod desk;
mod doors;
mod error;
pub mod feed;
mod figures;
pub mod founding;
mod layout;
pub mod notebook;
mod screen;
mod servers;
mod wards;

pub use command::run;
pub use doors::Doors;
pub use error::DemoError;
pub use layout::Layout;
pub use servers::Servers;
