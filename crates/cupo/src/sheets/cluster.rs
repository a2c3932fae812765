//! The members of the cluster and how each stands.

use super::{times, words};
use crate::language::{Language, Texts};
use crate::output::{Cell, Column};
use wire::v1;

/// The columns of a server and how it stands.
pub const MEMBER: [Column; 13] = [
    Column::new("node", "nodo", "node"),
    Column::new("address", "dirección", "address"),
    Column::new("voter", "vota", "votes"),
    Column::new("role", "papel", "role"),
    Column::new("ready", "listo", "ready"),
    Column::new("leader", "dirige", "leader"),
    Column::new("term", "periodo", "term"),
    Column::new("revision", "revisión", "revision"),
    Column::new("moment", "momento", "moment"),
    Column::new("facilities", "establecimientos", "facilities"),
    Column::new("live_commitments", "compromisos", "commitments"),
    Column::new("digest", "huella", "digest"),
    Column::new("problem", "problema", "problem"),
];

/// How a server stands towards the cluster.
#[derive(Debug)]
pub enum Standing<'a> {
    /// A member that answers.
    Member {
        /// As the cluster names it.
        member: &'a v1::Member,
        /// What it says of itself.
        status: &'a v1::GetStatusResponse,
    },
    /// Somebody who does not answer: a member, or whoever is meant to be at an address.
    Silent {
        /// As the cluster names it, where it does.
        member: Option<&'a v1::Member>,
        /// What was heard.
        heard: Texts<String>,
    },
    /// A node that answers and is no member: taken out, or not let in yet.
    Stranger {
        /// What it says of itself.
        status: &'a v1::GetStatusResponse,
    },
    /// A node that answers while there is no cluster.
    Unfounded {
        /// What it says of itself.
        status: &'a v1::GetStatusResponse,
    },
}

/// A server, or why nothing is known of it.
#[must_use]
pub fn member(address: &str, standing: &Standing, language: Language) -> Vec<Cell> {
    let (member, status, problem) = match standing {
        Standing::Member { member, status } => (Some(*member), Some(*status), None),
        Standing::Silent { member, heard } => (*member, None, Some(heard.clone())),
        Standing::Stranger { status } => (None, Some(*status), Some(stranger(status))),
        Standing::Unfounded { status } => {
            let problem = Texts {
                es: "aún no hay clúster: cupo cluster init".to_owned(),
                en: "there is no cluster yet: cupo cluster init".to_owned(),
            };
            (None, Some(*status), Some(problem))
        }
    };
    let is_stranger = matches!(standing, Standing::Stranger { .. });
    let told = |of: fn(&v1::GetStatusResponse) -> Cell| status.map_or(Cell::Nothing, of);
    let number = status.map(|status| status.node_id).or(member.map(|member| member.id));
    let votes = member.map(|member| member.voter).or(is_stranger.then_some(false));
    vec![
        number.map_or(Cell::Nothing, Cell::Number),
        Cell::text(address),
        votes.map_or(Cell::Nothing, Cell::Flag),
        // What a stranger believes of itself is no longer so.
        if is_stranger { Cell::Nothing } else { told(|status| words::role(status.role)) },
        if is_stranger { Cell::Flag(false) } else { told(|status| Cell::Flag(status.ready)) },
        told(|status| status.leader_id.map_or(Cell::Nothing, Cell::Number)),
        told(|status| Cell::Number(status.term)),
        told(|status| Cell::Number(status.revision)),
        told(|status| times::time(status.moment.as_ref(), "")),
        told(|status| Cell::Whole(status.facility_count)),
        told(|status| Cell::Whole(status.live_commitment_count)),
        told(|status| Cell::text(status.digest.get(..16).unwrap_or(&status.digest))),
        problem.map_or(Cell::Nothing, |texts| Cell::text(texts.into_language(language))),
    ]
}

/// Why a node that answers is no member.
fn stranger(status: &v1::GetStatusResponse) -> Texts<String> {
    let [es, en] = if status.revision > 0 || !status.members.is_empty() {
        ["se sacó del clúster: detenlo", "was removed from the cluster: stop it"]
    } else {
        ["no es miembro: cupo cluster join", "is no member: cupo cluster join"]
    };
    Texts { es: es.to_owned(), en: en.to_owned() }
}

/// The columns of a member as the cluster names it.
pub const MEMBERSHIP: [Column; 3] = [
    Column::new("node", "nodo", "node"),
    Column::new("address", "dirección", "address"),
    Column::new("voter", "vota", "votes"),
];

/// A member as the cluster names it.
#[must_use]
pub fn membership(member: &v1::Member) -> Vec<Cell> {
    vec![Cell::Number(member.id), Cell::text(&member.address), Cell::Flag(member.voter)]
}

/// The columns of a checkpoint that was written.
pub const SNAPSHOT: [Column; 4] = [
    Column::new("address", "dirección", "address"),
    Column::new("revision", "revisión", "revision"),
    Column::new("digest", "huella", "digest"),
    Column::new("problem", "problema", "problem"),
];

/// A checkpoint that was written, or why not.
#[must_use]
pub fn snapshot(address: &str, answer: Result<&v1::SaveSnapshotResponse, &str>) -> Vec<Cell> {
    let (revision, digest, problem) = match answer {
        Ok(saved) => (Cell::Number(saved.revision), Cell::text(&saved.digest), Cell::Nothing),
        Err(problem) => (Cell::Nothing, Cell::Nothing, Cell::text(problem)),
    };
    vec![Cell::text(address), revision, digest, problem]
}

/// The columns of a state that was verified.
pub const VERIFIED: [Column; 8] = [
    Column::new("address", "dirección", "address"),
    Column::new("revision", "revisión", "revision"),
    Column::new("equal", "igual", "equal"),
    Column::new("digest", "huella", "digest"),
    Column::new("recomputed_digest", "recalculada", "recomputed"),
    Column::new("checkpoint_bytes", "bytes leídos", "bytes read"),
    Column::new("journal_revision", "diario hasta", "journal up to"),
    Column::new("problem", "problema", "problem"),
];

/// A state that was verified, or why not.
#[must_use]
pub fn verified(address: &str, answer: Result<&v1::VerifySnapshotResponse, &str>) -> Vec<Cell> {
    let mut row = vec![Cell::Nothing; VERIFIED.len()];
    row[0] = Cell::text(address);
    match answer {
        Ok(found) => {
            row[1] = Cell::Number(found.revision);
            row[2] = Cell::Flag(found.equal);
            row[3] = Cell::text(&found.digest);
            row[4] = Cell::text(&found.recomputed_digest);
            row[5] = Cell::Number(found.checkpoint_bytes);
            // A copy of a checkpoint has no journal.
            if found.journal_revision > 0 {
                row[6] = Cell::Number(found.journal_revision);
            }
            if !found.damage.is_empty() {
                row[7] = Cell::text(&found.damage);
            }
        }
        Err(problem) => row[7] = Cell::text(problem),
    }
    row
}
