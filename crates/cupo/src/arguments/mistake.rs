//! What the grammar alone cannot refuse.

use super::{Arguments, Cluster, ClusterChange, Command, Kind, Place, PlaceFind, Question};

/// What is wrong with a command line.
#[derive(Debug)]
pub enum Mistake {
    /// The grammar does not allow it, or help was asked for.
    Grammar(clap::Error),
    /// An option would have no effect beside another one.
    Ignored {
        /// The option.
        option: &'static str,
        /// What it does not go with.
        beside: &'static str,
    },
    /// A lost node is to be replaced by a node of its own number.
    SameNumber {
        /// The number.
        node: u64,
    },
    /// A span of time ends before it begins.
    Backwards {
        /// Its beginning, in RFC 3339.
        from: String,
        /// Its end.
        until: String,
    },
}

/// Refuses what is well formed and cannot be meant.
///
/// # Errors
/// What cannot be meant.
pub(super) fn check(arguments: &Arguments) -> Result<(), Mistake> {
    match &arguments.command {
        Command::Online(Question::Place(Place::Find(wanted))) => place_find(wanted),
        Command::Online(Question::Cluster(Cluster::Change(ClusterChange::Replace(wanted))))
            if wanted.dead == wanted.new.node =>
        {
            Err(Mistake::SameNumber { node: wanted.dead })
        }
        _ => Ok(()),
    }
}

fn place_find(wanted: &PlaceFind) -> Result<(), Mistake> {
    let of_beds = [
        ("--area", wanted.area.is_some()),
        ("--age", wanted.age.is_some()),
        ("--isolation", wanted.isolation),
        ("--ventilator", wanted.ventilator),
    ];
    let of_slots = [
        ("--specialty", wanted.specialty.is_some()),
        ("--from", wanted.from.is_some()),
        ("--until", wanted.until.is_some()),
    ];
    let (foreign, beside): (&[_], _) = match wanted.kind {
        Kind::Bed => (&of_slots, "--kind bed"),
        Kind::Outpatient => (&of_beds, "--kind outpatient"),
        Kind::Teleconsultation => (&of_beds, "--kind teleconsultation"),
    };
    if let Some((option, _)) = foreign.iter().find(|(_, said)| *said) {
        return Err(Mistake::Ignored { option, beside });
    }
    match (wanted.from, wanted.until) {
        (Some(from), Some(until)) if until <= from => Err(Mistake::Backwards {
            from: calendar::rfc3339::format(from),
            until: calendar::rfc3339::format(until),
        }),
        _ => Ok(()),
    }
}
