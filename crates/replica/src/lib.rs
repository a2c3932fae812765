//! Agreement: stamps time, groups commands, replicates them with openraft and publishes the view.

pub mod checkpoint;
pub mod codec;
pub mod history;
pub mod messages;

#[cfg(test)]
mod fixture;
