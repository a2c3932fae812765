//! A node.
mod error;
pub use error::StartError;
pub fn run(_: &crate::arguments::NodeFiles) -> Result<crate::exit::Exit, crate::command::Failure> {
    Ok(crate::exit::Exit::Done)
}
