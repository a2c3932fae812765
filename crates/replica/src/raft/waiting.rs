//! Who waits for which entry of the log, on the node that proposed it.
//!
//! A group gets a ticket. openraft gives it its place in the log; the one who applies that place
//! finds the group again, and answers it straight away. When another leader's entry takes the
//! place, the group certainly was not carried out and may be proposed again.

use super::config::LogId;
use crate::error::ProposeError;
use crate::submission::Submission;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc;

/// Groups whose outcome is awaited.
pub(crate) struct Waiting {
    state: Mutex<State>,
    back: mpsc::UnboundedSender<Vec<Submission>>,
}

#[derive(Default)]
struct State {
    last_ticket: u64,
    groups: BTreeMap<u64, Vec<Submission>>,
    places: BTreeMap<u64, (LogId, u64)>,
}

impl Waiting {
    /// Nobody waits. Groups that may be proposed again come out of the receiver.
    pub fn new() -> (Self, mpsc::UnboundedReceiver<Vec<Submission>>) {
        let (back, receiver) = mpsc::unbounded_channel();
        (Self { state: Mutex::default(), back }, receiver)
    }

    /// A ticket for a group that is about to be proposed.
    pub fn ticket(&self, group: Vec<Submission>) -> u64 {
        let mut state = self.lock();
        state.last_ticket += 1;
        let ticket = state.last_ticket;
        state.groups.insert(ticket, group);
        ticket
    }

    /// The group has this place in the log.
    pub fn placed(&self, ticket: u64, log_id: &LogId) {
        if ticket == 0 {
            return;
        }
        let former = self.lock().places.insert(log_id.index, (*log_id, ticket));
        assert!(former.is_none(), "a place is free again only after a truncation or a purge");
    }

    /// The group that waits for the entry at this place, which is now applied.
    pub fn applied(&self, log_id: &LogId) -> Option<Vec<Submission>> {
        let mut state = self.lock();
        let (placed, ticket) = state.places.remove(&log_id.index)?;
        let group = state.groups.remove(&ticket)?;
        drop(state);
        if placed == *log_id {
            return Some(group);
        }
        self.come_back(group);
        None
    }

    /// openraft did not take the group, or took it out of the log again.
    pub fn withdrawn(&self, ticket: u64) {
        let mut state = self.lock();
        let group = state.groups.remove(&ticket);
        state.places.retain(|_, (_, placed)| *placed != ticket);
        drop(state);
        if let Some(group) = group {
            self.come_back(group);
        }
    }

    /// The log was cut off before this index: what stood there was not carried out, and never will
    /// be.
    pub fn truncated(&self, index: u64) {
        let mut state = self.lock();
        let places = state.places.split_off(&index);
        let tickets = places.into_values().map(|(_, ticket)| ticket);
        let groups: Vec<_> = tickets.filter_map(|ticket| state.groups.remove(&ticket)).collect();
        drop(state);
        for group in groups {
            self.come_back(group);
        }
    }

    /// A checkpoint took the place of all entries up to this one: whether the groups placed there
    /// were among them is unknown. Those with ids are proposed again; the ledger knows them.
    pub fn jumped(&self, index: u64) {
        let mut state = self.lock();
        let mut groups = Vec::new();
        while let Some(entry) = state.places.first_entry() {
            if *entry.key() > index {
                break;
            }
            let (_, ticket) = entry.remove();
            groups.extend(state.groups.remove(&ticket).into_iter().flatten());
        }
        drop(state);
        for submission in &mut groups {
            submission.doubt();
        }
        let (identified, others): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|submission| submission.identified);
        for submission in others {
            submission.tell(Err(ProposeError::OutcomeUnknown));
        }
        if !identified.is_empty() {
            drop(self.back.send(identified));
        }
    }

    fn come_back(&self, group: Vec<Submission>) {
        for submission in &group {
            submission.came_back();
        }
        // Without a proposer the node is stopping; dropping the group tells the callers.
        drop(self.back.send(group));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::Instant;
    use crate::submission::Waitroom;
    use bytes::Bytes;
    use openraft::CommittedLeaderId;
    use std::sync::Arc;

    fn group() -> Vec<Submission> {
        let room = Arc::new(Waitroom::default()).enter(1, 1).unwrap();
        let commands = vec![Bytes::from_static(b"x")];
        vec![Submission::new(room, commands, true, false, Instant::now()).0]
    }

    fn place(term: u64, index: u64) -> LogId {
        LogId::new(CommittedLeaderId::new(term, 1), index)
    }

    #[tokio::test]
    async fn a_group_is_found_at_its_place_and_comes_back_when_another_took_it() {
        let (waiting, mut back) = Waiting::new();
        let ticket = waiting.ticket(group());
        waiting.placed(ticket, &place(1, 5));
        assert!(waiting.applied(&place(1, 4)).is_none());
        assert!(waiting.applied(&place(1, 5)).is_some());

        let ticket = waiting.ticket(group());
        waiting.placed(ticket, &place(1, 6));
        assert!(waiting.applied(&place(2, 6)).is_none());
        assert_eq!(back.try_recv().map(|group| group.len()), Ok(1));

        let ticket = waiting.ticket(group());
        waiting.withdrawn(ticket);
        waiting.withdrawn(ticket);
        assert_eq!(back.try_recv().map(|group| group.len()), Ok(1));

        let ticket = waiting.ticket(group());
        waiting.placed(ticket, &place(2, 9));
        waiting.truncated(10);
        assert!(back.try_recv().is_err());
        waiting.truncated(8);
        assert_eq!(back.try_recv().map(|group| group.len()), Ok(1));

        let ticket = waiting.ticket(group());
        waiting.placed(ticket, &place(2, 7));
        waiting.jumped(7);
        assert_eq!(back.try_recv().map(|group| group.len()), Ok(1));
        assert!(back.try_recv().is_err());
    }
}
