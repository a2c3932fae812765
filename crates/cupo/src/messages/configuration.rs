//! What is wrong with a configuration, as people are told it.

use super::explanation::{Explain, Explanation};
use crate::configuration::ConfigurationError;
use crate::exit::Exit;

impl Explain for ConfigurationError {
    fn explain(&self) -> Explanation {
        match self {
            Self::Unreadable { file, error } => Explanation::new(
                Exit::Usage,
                "CONFIGURATION_UNREADABLE",
                [format!("no puedo leer {file}"), format!("cannot read {file}")],
                [error.to_string(), error.to_string()],
                [
                    "revisa la ruta y los permisos; cluster/three tiene un ejemplo",
                    "check the path and its permissions; cluster/three has an example",
                ],
            ),
            Self::Syntax { file, problem } => Explanation::new(
                Exit::Usage,
                "CONFIGURATION_SYNTAX",
                [format!("{file} no está bien escrito"), format!("{file} is not well written")],
                [problem, problem],
                [
                    "corrige el archivo; es TOML, y cluster/three tiene un ejemplo",
                    "correct the file; it is TOML, and cluster/three has an example",
                ],
            ),
            Self::UnknownKey { key, origin, nearest } => unknown(
                "CONFIGURATION_KEY_UNKNOWN",
                [
                    format!("no conozco la clave {key} ({origin})"),
                    format!("unknown key {key} ({origin})"),
                ],
                nearest,
            ),
            Self::UnknownVariable { name, nearest } => unknown(
                "VARIABLE_UNKNOWN",
                [format!("no conozco la variable {name}"), format!("unknown variable {name}")],
                nearest,
            ),
            Self::WrongType { key, origin, found, expected } => Explanation::new(
                Exit::Usage,
                "CONFIGURATION_TYPE",
                [
                    format!("{key} ({origin}) no lleva {found}"),
                    format!("{key} ({origin}) does not take {found}"),
                ],
                [format!("se esperaba {expected}"), format!("{expected} was expected")],
                CORRECT,
            ),
            Self::OutOfBounds { key, value, bound } => Explanation::new(
                Exit::Usage,
                "CONFIGURATION_OUT_OF_BOUNDS",
                [format!("{key} no puede ser {value}"), format!("{key} cannot be {value}")],
                [format!("va de {bound}"), format!("it is within {bound}")],
                CORRECT,
            ),
            Self::SharedAddress { one, other, address } => shared_address(*one, *other, address),
            Self::OtherListen { node, listen, member } => other_listen(*node, listen, member),
            Self::NotLoopback { address } => not_loopback(address),
        }
    }
}

fn unknown(reason: &str, what: [String; 2], nearest: &str) -> Explanation {
    Explanation::new(
        Exit::Usage,
        reason,
        what,
        [
            "mal escrita no tendría efecto, así que se rechaza",
            "misspelt it would have no effect, so it is refused",
        ],
        [format!("¿quiso decir {nearest}?"), format!("did you mean {nearest}?")],
    )
}

fn shared_address(one: u64, other: u64, address: &str) -> Explanation {
    Explanation::new(
        Exit::Usage,
        "MEMBERS_SHARE_ADDRESS",
        [
            format!("los nodos {one} y {other} necesitan la misma dirección {address}"),
            format!("nodes {one} and {other} both need the address {address}"),
        ],
        [
            "cada nodo escucha en su puerto y, para sus pares, en ese más peer_port_offset",
            "each node listens on its port and, to its peers, on that plus peer_port_offset",
        ],
        ["da a cada uno puertos propios", "give each of them ports of its own"],
    )
}

fn other_listen(node: u64, listen: &str, member: &str) -> Explanation {
    Explanation::new(
        Exit::Usage,
        "LISTEN_IS_NOT_MEMBER",
        [
            format!("el nodo {node} escucharía en {listen}, no en {member}"),
            format!("node {node} would listen on {listen}, not on {member}"),
        ],
        [
            "los demás lo buscan donde dice cluster.toml",
            "the others look for it where cluster.toml says",
        ],
        [
            "iguala listen y la dirección de este nodo en cluster.toml",
            "make listen equal to this node's address in cluster.toml",
        ],
    )
}

fn not_loopback(address: &str) -> Explanation {
    Explanation::new(
        Exit::Denied,
        "NOT_LOOPBACK",
        [
            format!("{address} no es una dirección de esta máquina"),
            format!("{address} is not a loopback address"),
        ],
        [
            "todavía no hay identidad ni TLS, así que cualquiera podría reservar",
            "there is no identity and no TLS yet, so anybody could book",
        ],
        [
            "escucha en 127.0.0.1 o ::1 y llega por un túnel (ssh -L)",
            "listen on 127.0.0.1 or ::1 and come through a tunnel (ssh -L)",
        ],
    )
}

const CORRECT: [&str; 2] = [
    "corrige el valor; cupo config check dice de dónde viene cada uno",
    "correct the value; cupo config check says where each one comes from",
];
