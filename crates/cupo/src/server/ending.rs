//! How a server ends: asked to, or because it must not go on.

use crate::exit::Exit;
use crate::language;
use crate::messages::Explanation;
use replica::Fatal;
use std::io;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Waits for somebody to ask the server to stop.
pub(super) struct Asked {
    terminate: Signal,
    interrupt: Signal,
}

impl Asked {
    /// Listens for `SIGTERM` and Ctrl-C from now on.
    ///
    /// # Errors
    /// The system's.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits until somebody asks.
    pub async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Says why this node must not go on, and ends the process at once: a node that lives on without
/// agreement would be a zombie. Whoever supervises it starts it again.
pub(super) fn fatal(reason: &Fatal) {
    // A closed stderr is nobody who could be told.
    let _ = explain(reason).print(io::stderr(), language::spoken());
    std::process::exit(Exit::Other.number().into());
}

/// What to do with a node whose data are not to be relied upon, and tell why.
const EXAMINE_AND_REPLACE: [&str; 2] = [
    "guarda sus datos para examinarlos y vuelve con otro número (cupo cluster replace)",
    "keep its data for examination and come back under another number (cupo cluster replace)",
];

fn explain(reason: &Fatal) -> Explanation {
    let (code, what, remedy) = match reason {
        Fatal::Disk { .. } => (
            "FATAL_DISK",
            ["el nodo se detuvo: el disco falló", "the node stopped: its disk failed"],
            [
                "revisa el disco y su espacio, y vuelve a ponerlo en marcha",
                "check the disk and its space, and start the node again",
            ],
        ),
        Fatal::Damaged { .. } => (
            "FATAL_DAMAGED",
            [
                "el nodo se detuvo: su disco no guarda lo que se escribió",
                "the node stopped: its disk does not hold what was written",
            ],
            EXAMINE_AND_REPLACE,
        ),
        Fatal::Diverged { .. } => (
            "FATAL_DIVERGED",
            [
                "el nodo se detuvo: su estado no es el de la mayoría",
                "the node stopped: its state is not the majority's",
            ],
            EXAMINE_AND_REPLACE,
        ),
        Fatal::Lost { .. } => (
            "FATAL_LOST_DISK",
            [
                "el nodo se detuvo: perdió su disco y no debe volver con el mismo número",
                "the node stopped: it lost its disk and must not return under the same number",
            ],
            [
                "vuelve con otro número y un directorio vacío (cupo cluster replace)",
                "come back under another number with an empty directory (cupo cluster replace)",
            ],
        ),
        Fatal::Apply { .. } => (
            "FATAL_APPLY",
            [
                "el nodo se detuvo: no pudo aplicar lo acordado",
                "the node stopped: it could not apply what was agreed",
            ],
            [
                "guarda sus datos y avisa a quien opera el clúster antes de reiniciar",
                "keep its data and tell those who run the cluster before starting again",
            ],
        ),
        Fatal::Agreement { .. } => (
            "FATAL_AGREEMENT",
            ["el nodo se detuvo: el acuerdo terminó", "the node stopped: agreement ended"],
            ["vuelve a ponerlo en marcha: nada se perdió", "start it again: nothing is lost"],
        ),
    };
    let why = reason.to_string();
    Explanation::new(Exit::Other, code, what, [why.clone(), why], remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fatal_end_is_told_with_its_reason() {
        let ends = [
            Fatal::Disk { reason: "it burns".into() },
            Fatal::Damaged { reason: "it burns".into() },
            Fatal::Diverged { revision: 7 },
            Fatal::Lost { node: replica::NodeId(7) },
            Fatal::Apply { index: 7, reason: "it burns".into() },
            Fatal::Agreement { reason: "it burns".into() },
        ];
        for end in ends {
            let told = explain(&end);
            assert!(told.reason.starts_with("FATAL_"), "{end:?}");
            assert_eq!(told.why.en, end.to_string());
            assert_ne!(told.what.es, told.what.en, "{end:?} was not translated");
            assert_ne!(told.remedy.es, told.remedy.en, "{end:?} was not translated");
        }
    }
}
