//! The members of the cluster and how each stands.

use super::{times, words};
use crate::output::{Cell, Column};
use wire::v1;

/// The columns of a server that was asked how it stands.
pub const MEMBER: [Column; 12] = [
    Column::new("node", "nodo", "node"),
    Column::new("address", "dirección", "address"),
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

/// A server, or why it did not answer.
#[must_use]
pub fn member(address: &str, answer: Result<&v1::GetStatusResponse, &str>) -> Vec<Cell> {
    let status = match answer {
        Ok(status) => status,
        Err(problem) => {
            let mut row = vec![Cell::Nothing; MEMBER.len()];
            row[1] = Cell::text(address);
            row[MEMBER.len() - 1] = Cell::text(problem);
            return row;
        }
    };
    vec![
        Cell::Whole(status.node_id),
        Cell::text(address),
        words::role(status.role),
        Cell::Flag(status.ready),
        status.leader_id.map_or(Cell::Nothing, Cell::Whole),
        Cell::Whole(status.term),
        Cell::Whole(status.revision),
        times::time(status.moment.as_ref(), ""),
        Cell::Whole(status.facility_count),
        Cell::Whole(status.live_commitment_count),
        Cell::text(status.digest.get(..16).unwrap_or(&status.digest)),
        Cell::Nothing,
    ]
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
    vec![Cell::Whole(member.id), Cell::text(&member.address), Cell::Flag(member.voter)]
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
        Ok(saved) => (Cell::Whole(saved.revision), Cell::text(&saved.digest), Cell::Nothing),
        Err(problem) => (Cell::Nothing, Cell::Nothing, Cell::text(problem)),
    };
    vec![Cell::text(address), revision, digest, problem]
}

/// The columns of a state that was verified.
pub const VERIFIED: [Column; 6] = [
    Column::new("address", "dirección", "address"),
    Column::new("revision", "revisión", "revision"),
    Column::new("equal", "igual", "equal"),
    Column::new("digest", "huella", "digest"),
    Column::new("recomputed_digest", "recalculada", "recomputed"),
    Column::new("problem", "problema", "problem"),
];

/// A state that was verified, or why not.
#[must_use]
pub fn verified(address: &str, answer: Result<&v1::VerifySnapshotResponse, &str>) -> Vec<Cell> {
    let mut row = vec![Cell::Nothing; VERIFIED.len()];
    row[0] = Cell::text(address);
    match answer {
        Ok(found) => {
            row[1] = Cell::Whole(found.revision);
            row[2] = Cell::Flag(found.equal);
            row[3] = Cell::text(&found.digest);
            row[4] = Cell::text(&found.recomputed_digest);
        }
        Err(problem) => row[5] = Cell::text(problem),
    }
    row
}
