//! What happens by itself, in the order in which it falls due.

use super::{State, Step};
use crate::event::Happening;
use crate::limits::{ENDED_MAX, ENDED_SECONDS, EXPIRIES_PER_ENTRY_MAX, LEGS_MAX};
use crate::words::{AgendaId, CommitmentId, Ending, Moment, Place, Status};

/// What falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Due {
    /// A commitment's deadline.
    Commitment(CommitmentId),
    /// An agenda's last slot, and the time in which somebody may still say what became of it.
    Agenda(AgendaId),
}

impl State {
    /// When something falls due next.
    pub fn next_due(&self) -> Option<Moment> {
        let deadline = self.deadlines.get_min().map(|(moment, _)| *moment);
        let forgotten = self.oldest_ended().map(|(_, at)| at.plus_seconds(ENDED_SECONDS));
        match (deadline, forgotten) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        }
    }

    /// The longest ended commitment still remembered: its number in that order, and when it ended.
    fn oldest_ended(&self) -> Option<(u64, Moment)> {
        let (number, id) = self.ended.iter_from(0).next()?;
        // An ended commitment's deadline says when it ended.
        self.commitments.get(id.0).map(|ended| (number, ended.deadline))
    }
}

impl Step<'_> {
    /// Carries out what is due, at most [`EXPIRIES_PER_ENTRY_MAX`] of it: the rest waits for the
    /// next entry, and meanwhile every check compares deadlines itself. `commands` is the size of
    /// the entry: more is forgotten than it can end, so memory stays bounded at any rate.
    pub fn expire(&mut self, commands: usize) {
        for _ in 0..EXPIRIES_PER_ENTRY_MAX {
            let Some((due_at, due)) = self.state.deadlines.get_min().copied() else {
                break;
            };
            if due_at > self.moment {
                break;
            }
            match due {
                Due::Commitment(id) => self.commitment_due(id),
                Due::Agenda(id) => self.agenda_due(id, due_at),
            }
        }
        self.forget_ended(EXPIRIES_PER_ENTRY_MAX + 2 * LEGS_MAX * commands);
    }

    fn commitment_due(&mut self, id: CommitmentId) {
        let Some(commitment) = self.state.commitments.get(id.0) else {
            unreachable!("a deadline belongs to a commitment that is remembered")
        };
        match (commitment.status, commitment.place) {
            (Status::Held, _) => self.expire_hold(id),
            (Status::Booked, Place::Bed(service)) => {
                self.state.set_deadline(id, Moment::MAX);
                self.state.commitments.update(id.0, |c| c.overdue = true);
                let facility = self.state.services.get(u64::from(service.0)).map(|s| s.facility);
                self.happened(facility, Happening::Overdue { commitment: id });
            }
            (Status::Arrived | Status::Ended(_), _) | (Status::Booked, Place::Slot(_)) => {
                unreachable!("nothing falls due for an appointment, a patient in bed, or an end")
            }
        }
    }

    /// A hold ends with all that were granted with it: they are confirmed or over together.
    fn expire_hold(&mut self, id: CommitmentId) {
        let joined = self.state.commitments.get(id.0).map(|hold| hold.joined(id));
        joined.into_iter().flatten().for_each(|one| self.end(one, Ending::Expired));
    }

    /// An agenda that is over ends one commitment at a time that nobody reported on, and then goes.
    /// A hold that was extended until then expires, with those that were granted with it elsewhere.
    fn agenda_due(&mut self, id: AgendaId, due_at: Moment) {
        let live = self.state.agendas.get(u64::from(id.0)).and_then(|a| a.live.last());
        if let Some(id) = live.copied() {
            let held = self.state.known(id).is_ok_and(|c| c.status == Status::Held);
            return if held { self.expire_hold(id) } else { self.end(id, Ending::Unreported) };
        }
        self.state.deadlines.remove(&(due_at, Due::Agenda(id)));
        self.state.remove_agenda(id);
    }

    /// Forgets ended commitments that are old enough, or too many.
    fn forget_ended(&mut self, commitments_max: usize) {
        for _ in 0..commitments_max {
            let Some((number, ended_at)) = self.state.oldest_ended() else {
                break;
            };
            let old = self.moment.seconds_since(ended_at) >= ENDED_SECONDS;
            if !old && self.state.ended.len() <= ENDED_MAX {
                break;
            }
            if let Some(id) = self.state.ended.remove(number) {
                self.state.commitments.remove(id.0);
            }
        }
    }
}
