//! Why a command was not done.

use super::snapshot_copy::CopyError;
use crate::client::ClientError;
use crate::configuration::ConfigurationError;
use crate::demo::DemoError;
use crate::exit::Exit;
use crate::import::ImportError;
use crate::language::Texts;
use crate::messages::{Explain, Explanation};
use crate::server::StartError;
use std::io;

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The cluster did not do it.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// Somebody else took the place; others have room.
    #[error("{error}")]
    Taken {
        /// What the cluster said.
        #[source]
        error: Box<ClientError>,
        /// Others of the same kind, nearest first.
        instead: Vec<String>,
    },
    /// The configuration is wrong.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    /// The server did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A directory has no copy of a checkpoint.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// A file is no catalogue.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The demo or a measurement cannot go on.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// stdout does not take the data.
    #[error("stdout: {0}")]
    Output(#[from] io::Error),
}

impl Failure {
    /// Whether whoever read the data has simply gone, as `head` does.
    #[must_use]
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl Explain for Failure {
    fn explain(&self) -> Explanation {
        match self {
            Self::Client(error) => error.explain(),
            Self::Taken { error, instead } => {
                let places = instead.join(", ");
                let mut explanation = error.explain();
                explanation.remedy = Texts {
                    es: format!("hay lugar en {places}; o busca otro: cupo place find"),
                    en: format!("there is room at {places}; or look further: cupo place find"),
                };
                explanation
            }
            Self::Configuration(error) => error.explain(),
            Self::Start(error) => error.explain(),
            Self::Copy(error) => error.explain(),
            Self::Import(error) => error.explain(),
            Self::Demo(error) => error.explain(),
            Self::Output(error) => Explanation::new(
                Exit::Other,
                "OUTPUT",
                ["no pude escribir los datos", "the data could not be written"],
                [error.to_string(), error.to_string()],
                ["revisa a dónde va stdout", "check where stdout goes"],
            ),
        }
    }
}
