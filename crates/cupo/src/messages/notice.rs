//! What is said on stderr on the way.

use crate::language::{Language, Texts};
use std::fmt::Display;

/// Something people may want to know, apart from the data that were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The server listens.
    Listening {
        /// Its number.
        node: u64,
        /// Where callers reach it.
        address: String,
        /// Where peers do.
        peers: String,
    },
    /// The server knows a leader and serves.
    Ready {
        /// Its number.
        node: u64,
        /// Who leads.
        leader: u64,
    },
    /// The server was asked to stop.
    Stopping {
        /// Its number.
        node: u64,
        /// How long it may take.
        seconds: u64,
    },
    /// The server has stopped.
    Stopped {
        /// Its number.
        node: u64,
    },
    /// Nothing answers to the description.
    NothingFound,
    /// There is more than was shown.
    More {
        /// How to see it.
        token: String,
    },
    /// A configuration is well said.
    ConfigurationGood {
        /// Its fingerprint.
        fingerprint: String,
    },
    /// A variable of the environment means nothing.
    UnknownVariable {
        /// Its name.
        name: String,
        /// The one that may have been meant.
        nearest: String,
    },
    /// A checkpoint was copied.
    Copied {
        /// Whose.
        address: String,
        /// To which directory.
        directory: String,
        /// The revision it is of.
        revision: u64,
        /// Its bytes.
        bytes: u64,
    },
    /// A watch begins.
    Watching {
        /// After this revision; from now on where none is said.
        revision: Option<u64>,
    },
}

impl Notice {
    /// Its text.
    #[must_use]
    pub fn texts(&self) -> Texts<String> {
        let [es, en] = match self {
            Self::Listening { node, address, peers } => [
                format!("el nodo {node} escucha en {address}; a sus pares, en {peers}"),
                format!("node {node} listens on {address}; to its peers, on {peers}"),
            ],
            Self::Ready { node, leader } => [
                format!("el nodo {node} está listo; dirige el nodo {leader}"),
                format!("node {node} is ready; node {leader} leads"),
            ],
            Self::Stopping { node, seconds } => [
                format!("el nodo {node} se detiene; le doy {seconds} s"),
                format!("node {node} is stopping; it has {seconds} s"),
            ],
            Self::Stopped { node } => {
                [format!("el nodo {node} se detuvo"), format!("node {node} has stopped")]
            }
            Self::NothingFound => ["no hay ninguno".into(), "there is none".into()],
            Self::More { token } => [
                format!("hay más; sigue con --page-token {token}"),
                format!("there is more; go on with --page-token {token}"),
            ],
            Self::ConfigurationGood { fingerprint } => [
                format!("la configuración es válida; huella {fingerprint}"),
                format!("the configuration is valid; fingerprint {fingerprint}"),
            ],
            Self::UnknownVariable { name, nearest } => [
                format!("aviso: {name} no tiene efecto; ¿quiso decir {nearest}?"),
                format!("warning: {name} has no effect; did you mean {nearest}?"),
            ],
            Self::Copied { address, directory, revision, bytes } => [
                format!("copié la de {address}, revisión {revision}, {bytes} bytes, a {directory}"),
                format!(
                    "copied that of {address}, revision {revision}, {bytes} bytes, to {directory}"
                ),
            ],
            Self::Watching { revision: None } => [
                "miro lo que pasa desde ahora; Ctrl-C para terminar".into(),
                "watching what happens from now on; Ctrl-C ends it".into(),
            ],
            Self::Watching { revision: Some(revision) } => [
                format!("miro lo que sigue a la revisión {revision}; Ctrl-C para terminar"),
                format!("watching what follows revision {revision}; Ctrl-C ends it"),
            ],
        };
        Texts { es, en }
    }

    /// Prints it to stderr in this language.
    pub fn tell(&self, language: Language) {
        tell(&self.texts().into_language(language));
    }
}

/// Prints to stderr. A closed stderr is nobody who could be told.
pub fn tell(text: &dyn Display) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{text}");
}
