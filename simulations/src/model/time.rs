//! What happens by itself as time passes.

use super::{Mistake, Model};
use ledger::limits::{ENDED_MAX, ENDED_SECONDS, EXPIRIES_PER_ENTRY_MAX, LEGS_MAX};
use ledger::words::{AgendaId, CommitmentId, Ending, Moment, Status};

/// What falls due; at the same moment commitments come before agendas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Commitment(CommitmentId),
    Agenda(AgendaId),
}

impl Model {
    /// Carries out what is due, a bounded number of things with each entry, and forgets what ended
    /// long ago, more of it than the entry can end.
    pub(super) fn time_passes(&mut self, commands: usize) {
        for _ in 0..EXPIRIES_PER_ENTRY_MAX {
            match self.first_due().filter(|(moment, _)| self.is_due(*moment)) {
                Some((_, Due::Commitment(id))) => self.commitment_due(id),
                Some((_, Due::Agenda(id))) => self.agenda_due(id),
                None => break,
            }
        }
        for _ in 0..EXPIRIES_PER_ENTRY_MAX + 2 * LEGS_MAX * commands {
            let Some(oldest) = self.ended.first().copied() else { break };
            let seconds = ENDED_SECONDS + u64::from(self.errs(Mistake::ForgottenTooLate));
            let ended_at = self.commitments[&oldest].deadline;
            let old = ended_at.plus_seconds(seconds) <= self.moment;
            if !old && self.ended.len() as u64 <= ENDED_MAX {
                break;
            }
            self.ended.remove(0);
            self.commitments.remove(&oldest);
        }
    }

    fn is_due(&self, moment: Moment) -> bool {
        moment < self.moment || moment == self.moment && !self.errs(Mistake::HoldOutlivesDeadline)
    }

    fn first_due(&self) -> Option<(Moment, Due)> {
        let live = self.commitments.iter().filter(|(_, c)| c.status.is_live());
        let commitments = live.map(|(id, c)| (c.deadline, Due::Commitment(*id)));
        let agendas = self.agendas.iter().map(|(id, a)| (a.forgotten(), Due::Agenda(*id)));
        commitments.chain(agendas).filter(|(moment, _)| *moment < Moment::MAX).min()
    }

    /// When something happens by itself next.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        let oldest = self.ended.first().map(|id| self.commitments[id].deadline);
        let forgotten = oldest.map(|at| at.plus_seconds(ENDED_SECONDS));
        self.first_due().map(|(moment, _)| moment).into_iter().chain(forgotten).min()
    }

    /// A hold ends with all that were granted with it; a bed's patient is overdue, and still
    /// counted.
    fn commitment_due(&mut self, id: CommitmentId) {
        let Some(commitment) = self.commitments.get_mut(&id) else { return };
        if commitment.status == Status::Held {
            return self.expire(id);
        }
        commitment.overdue = true;
        commitment.deadline = Moment::MAX;
    }

    fn expire(&mut self, id: CommitmentId) {
        let together = self.commitments[&id].together(id);
        together.into_iter().for_each(|one| self.end(one, Ending::Expired));
    }

    /// An agenda that is long over ends one of its commitments at a time, the newest first, and
    /// then goes. A hold expires, as every hold that nobody confirms.
    fn agenda_due(&mut self, id: AgendaId) {
        match self.live_in(id).last().copied() {
            Some(live) if self.commitments[&live].status == Status::Held => self.expire(live),
            Some(live) => self.end(live, Ending::Unreported),
            None => {
                self.agendas.remove(&id);
            }
        }
    }
}
