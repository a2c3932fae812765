//! Why a server does not start, and what to do about each.

use crate::exit::Exit;
use crate::messages::{Explain, Explanation};
use std::io;
use store::StoreError;
use store::identity::IdentityError;

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Its port is not to be had.
    #[error("cannot listen on {address}: {error}")]
    Bind {
        /// Where.
        address: String,
        /// What the system says.
        error: io::Error,
    },
    /// The directory of its data is not to be had.
    #[error("cannot use {directory}: {error}")]
    Directory {
        /// Which.
        directory: String,
        /// What the system says.
        error: io::Error,
    },
    /// The data are not this node's.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The disk refuses, or what is on it is damaged.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Agreement does not begin.
    #[error(transparent)]
    Replica(#[from] replica::StartError),
    /// Threads are not to be had.
    #[error("cannot start threads: {0}")]
    Threads(io::Error),
}

impl Explain for StartError {
    fn explain(&self) -> Explanation {
        match self {
            Self::Bind { address, error } => bind(address, error),
            Self::Directory { directory, error } => Explanation::new(
                Exit::Other,
                "DATA_DIRECTORY",
                [format!("no puedo usar {directory}"), format!("cannot use {directory}")],
                [error.to_string(), error.to_string()],
                [
                    "revisa sus permisos, o di otro directorio con --data",
                    "check its permissions, or say another directory with --data",
                ],
            ),
            Self::Identity(error) => identity(error),
            Self::Store(error) => store(error),
            Self::Replica(error) => agreement(error),
            Self::Threads(error) => Explanation::new(
                Exit::Other,
                "THREADS",
                ["no hay hilos para el servidor", "there are no threads for the server"],
                [error.to_string(), error.to_string()],
                [
                    "revisa los límites del sistema (ulimit -u)",
                    "check the system's limits (ulimit -u)",
                ],
            ),
        }
    }
}

fn bind(address: &str, error: &io::Error) -> Explanation {
    let taken = error.kind() == io::ErrorKind::AddrInUse;
    let remedy = if taken {
        [
            "otro servidor la tiene: detenlo, o di otra con --listen",
            "another server has it: stop that one, or say another with --listen",
        ]
    } else {
        ["di otra dirección con --listen", "say another address with --listen"]
    };
    Explanation::new(
        if taken { Exit::Conflict } else { Exit::Other },
        if taken { "ADDRESS_IN_USE" } else { "ADDRESS" },
        [format!("no puedo escuchar en {address}"), format!("cannot listen on {address}")],
        [error.to_string(), error.to_string()],
        remedy,
    )
}

fn identity(error: &IdentityError) -> Explanation {
    let said = |reason, what: [String; 2], remedy: [&str; 2]| {
        let why = [error.to_string(), error.to_string()];
        Explanation::new(Exit::Conflict, reason, what, why, remedy)
    };
    match error {
        IdentityError::OtherCluster { .. } => said(
            "OTHER_CLUSTER",
            ["los datos son de otro clúster".into(), "the data are another cluster's".into()],
            [
                "di otro directorio con --data, o usa el cluster.toml de esos datos",
                "say another directory with --data, or use the cluster.toml of these data",
            ],
        ),
        IdentityError::OtherNode { found, given } => said(
            "OTHER_NODE",
            [
                format!("los datos son del nodo {found}, no del {given}"),
                format!("the data are node {found}'s, not node {given}'s"),
            ],
            [
                "cada nodo tiene su número y su directorio: corrige node o data",
                "each node has its own number and directory: correct node or data",
            ],
        ),
        IdentityError::OtherFingerprint { .. } => said(
            "OTHER_FINGERPRINT",
            [
                "cluster.toml no es el de cuando nacieron los datos".into(),
                "cluster.toml is not what the data were begun with".into(),
            ],
            [
                "usa el mismo cluster.toml en todos los nodos; cupo config check dice su huella",
                "use the same cluster.toml on all nodes; cupo config check says its fingerprint",
            ],
        ),
        IdentityError::OtherFormat { .. } => said(
            "OTHER_FORMAT",
            [
                "los datos son de otra versión del programa".into(),
                "the data are of another version of the program".into(),
            ],
            ["usa la versión que los escribió", "use the version that wrote them"],
        ),
        IdentityError::Locked { directory } => said(
            "LOCKED",
            [format!("otro proceso usa {directory}"), format!("another process uses {directory}")],
            [
                "detén el otro servidor, o di otro directorio con --data",
                "stop the other server, or say another directory with --data",
            ],
        ),
        IdentityError::Store(error) => store(error),
    }
}

fn store(error: &StoreError) -> Explanation {
    let (reason, what, remedy) = match error {
        StoreError::Full { .. } => (
            "DISK_FULL",
            ["el disco está lleno", "the disk is full"],
            [
                "libera espacio y vuelve a empezar: nada se perdió",
                "free space and start again: nothing is lost",
            ],
        ),
        StoreError::ReadOnly { .. } => (
            "DISK_READ_ONLY",
            ["el disco no admite escrituras", "the disk takes no writes"],
            ["móntalo para escribir y vuelve a empezar", "mount it writable and start again"],
        ),
        StoreError::Damaged { .. } => (
            "STORE_DAMAGED",
            ["los datos están dañados", "the data are damaged"],
            [
                "este nodo ya no puede votar: vuelve con otro número y un directorio vacío \
                 (cupo cluster replace)",
                "this node must not vote any more: let it come back under another number with an \
                 empty directory (cupo cluster replace)",
            ],
        ),
        StoreError::SyncFailed { .. } => (
            "SYNC_FAILED",
            ["el disco no confirma lo escrito", "the disk does not confirm what was written"],
            [
                "revisa el disco; si está dañado, vuelve con otro número (cupo cluster replace)",
                "check the disk; if it is damaged, come back under another number \
                 (cupo cluster replace)",
            ],
        ),
        StoreError::Missing { .. }
        | StoreError::OutOfOrder { .. }
        | StoreError::TooLarge { .. }
        | StoreError::Io { .. } => (
            "STORE_UNUSABLE",
            ["los datos no se dejan abrir", "the data cannot be opened"],
            [
                "revisa permisos y disco; si no hay remedio, vuelve con otro número \
                 (cupo cluster replace)",
                "check permissions and disk; if nothing helps, come back under another number \
                 (cupo cluster replace)",
            ],
        ),
    };
    let why = [error.to_string(), error.to_string()];
    Explanation::new(Exit::Other, reason, what, why, remedy)
}

fn agreement(error: &replica::StartError) -> Explanation {
    if let replica::StartError::Store(error) = error {
        return store(error);
    }
    Explanation::new(
        Exit::Other,
        "AGREEMENT",
        ["el nodo no puede volver al clúster", "the node cannot return to the cluster"],
        [error.to_string(), error.to_string()],
        [
            "guarda sus datos para quien opera y vuelve con otro número (cupo cluster replace)",
            "keep its data for those who run the cluster, and come back under another number \
             (cupo cluster replace)",
        ],
    )
}
