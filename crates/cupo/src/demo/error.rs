//! Why a demo cannot go on.

use crate::client::ClientError;
use crate::exit::Exit;
use crate::messages::{Explain, Explanation};
use std::io;
use std::time::Duration;

/// Why a demo or a measurement cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The directory, the ports or the processes are not to be had.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Another demo, or its servers, use the directory.
    #[error("somebody uses {directory}")]
    Busy {
        /// The directory.
        directory: String,
        /// The other demo's process; none when only its servers are left.
        process: Option<u32>,
    },
    /// The cluster refused.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// An address is none.
    #[error(transparent)]
    Address(#[from] tonic::transport::Error),
    /// A server does not answer.
    #[error("a server does not answer: {}", .0.message())]
    Silent(Box<tonic::Status>),
    /// The servers do not agree on a leader.
    #[error("the servers did not agree on a leader within {timeout:?}")]
    NoLeader {
        /// Within which time.
        timeout: Duration,
    },
    /// The cluster refused something the nation is made of.
    #[error("the cluster refused a part of the nation: {reason}")]
    Refused {
        /// Its reason.
        reason: &'static str,
    },
    /// Hours that cannot be laid out.
    #[error(transparent)]
    Pattern(#[from] calendar::PatternError),
}

impl From<tonic::Status> for DemoError {
    fn from(status: tonic::Status) -> Self {
        Self::Silent(Box::new(status))
    }
}

impl Explain for DemoError {
    fn explain(&self) -> Explanation {
        if let Self::Client(error) = self {
            return error.explain();
        }
        if let Self::Busy { directory, process } = self {
            return busy(directory, *process);
        }
        let why = self.to_string();
        Explanation::new(
            match self {
                Self::NoLeader { .. } => Exit::NoQuorum,
                _ => Exit::Other,
            },
            "DEMO",
            ["la demostración no puede seguir", "the demo cannot go on"],
            [why.clone(), why],
            [
                "mira los archivos node-N.log de su directorio (--data DIR --keep los conserva)",
                "look at the files node-N.log of its directory (--data DIR --keep keeps them)",
            ],
        )
    }
}

fn busy(directory: &str, process: Option<u32>) -> Explanation {
    let why = match process {
        Some(process) => [
            format!("la usa otra demostración, pid {process}; no cambié nada"),
            format!("another demo uses it, pid {process}; nothing was changed"),
        ],
        None => [
            "siguen vivos servidores de una demostración que terminó mal; no cambié nada".into(),
            "servers of a demo that was killed still run on it; nothing was changed".into(),
        ],
    };
    let remedy = match process {
        Some(process) => [
            format!("termínala (kill {process}) o di otro directorio con --data"),
            format!("end it (kill {process}) or say another directory with --data"),
        ],
        None => [
            format!("termínalos (los muestra pgrep -f {directory}) o di otro --data"),
            format!("end them (pgrep -f {directory} shows them) or say another --data"),
        ],
    };
    let what = [format!("{directory} está en uso"), format!("{directory} is in use")];
    Explanation::new(Exit::Conflict, "DIRECTORY_IN_USE", what, why, remedy)
}
