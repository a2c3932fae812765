//! Agreement: stamps time, groups commands, replicates them with openraft and publishes the view.

pub mod codec;
pub mod messages;
