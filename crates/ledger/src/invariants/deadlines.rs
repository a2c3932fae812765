//! Every hold ends: what has a deadline is in the order of deadlines, and nothing else is.

use super::Violation;
use crate::state::{Due, State};
use crate::words::{CommitmentId, Moment, Status};

pub(super) fn check(state: &State) -> Option<Violation> {
    let (mut due, mut ended) = (0, 0);
    for (number, commitment) in state.commitments.iter_from(0) {
        let id = CommitmentId(number);
        if !commitment.status.is_live() {
            ended += 1;
            continue;
        }
        let waits = commitment.deadline < Moment::MAX;
        if commitment.status == Status::Held && !waits {
            return Some(Violation::DeadlineLost(Some(id)));
        }
        if waits && !state.deadlines.contains(&(commitment.deadline, Due::Commitment(id))) {
            return Some(Violation::DeadlineLost(Some(id)));
        }
        due += usize::from(waits);
    }
    if due as u64 + state.agendas.len() != state.deadlines.len() as u64 {
        return Some(Violation::DeadlineLost(None));
    }
    (ended != state.ended.len()).then_some(Violation::EndedMiscounted)
}
