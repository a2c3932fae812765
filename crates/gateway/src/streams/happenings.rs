//! What happens, as watchers are told it.

use crate::complaint::Complaint;
use crate::edge::Edge;
use crate::limits::{BOOKMARK_INTERVAL, EVENTS_PER_MESSAGE_MAX};
use futures::Stream;
use ledger::words::{FacilityId, Moment, Revision};
use ledger::{Event, View};
use replica::{Consistency, Happenings, Instant, Watch, WatchError};
use std::sync::Arc;
use tokio::time::timeout_at;
use wire::{event, time, v1};

/// One message to a watcher.
pub(super) enum Told {
    /// Something happened.
    Events(v1::Events),
    /// Nothing happened for a while.
    Bookmark(v1::Bookmark),
}

/// Which events a watcher is told, and how.
#[derive(Clone, Copy)]
pub(super) struct Interest {
    /// Only this facility's.
    pub facility: Option<FacilityId>,
    /// As a message; `None` for an event that is of no interest.
    pub message: fn(&View, &Event) -> Option<v1::Event>,
}

/// Everything that happened, in names.
pub(super) fn everything(view: &View, event: &Event) -> Option<v1::Event> {
    Some(event::message(view, event))
}

impl Edge {
    /// Begins to watch after a revision, waiting for it when it has not come here yet.
    pub(super) async fn watch_after(
        &self,
        revision: Revision,
        until: Instant,
    ) -> Result<Watch, Complaint> {
        match self.replica.watch(revision) {
            Err(WatchError::Ahead { .. }) => {
                self.replica.read(Consistency::AtLeast(revision), until).await?;
                Ok(self.replica.watch(revision)?)
            }
            watching => Ok(watching?),
        }
    }
}

/// What happens after `seen`, until the reader is cut.
pub(super) fn told(
    edge: Arc<Edge>,
    watching: Watch,
    seen: Revision,
    interest: Interest,
) -> impl Stream<Item = Result<Told, Complaint>> {
    let watcher = Watcher {
        edge,
        watching,
        interest,
        seen,
        moment: Moment::ZERO,
        bookmark_due: Instant::now() + BOOKMARK_INTERVAL,
        rest: None,
    };
    futures::stream::unfold(Some(watcher), |watcher| async move {
        let mut watcher = watcher?;
        match watcher.next().await {
            Ok(told) => Some((Ok(told), Some(watcher))),
            Err(complaint) => Some((Err(complaint), None)),
        }
    })
}

struct Watcher {
    edge: Arc<Edge>,
    watching: Watch,
    interest: Interest,
    /// Everything up to here was told, or is in the rest.
    seen: Revision,
    moment: Moment,
    bookmark_due: Instant,
    rest: Option<Rest>,
}

/// What is left to tell of one entry: shared with everybody who watches, and put into words only
/// as far as the reader takes it, so that a thousand who do not read cost no more than one.
struct Rest {
    events: Arc<[Event]>,
    next: usize,
}

impl Watcher {
    async fn next(&mut self) -> Result<Told, Complaint> {
        loop {
            if let Some(events) = self.part() {
                self.bookmark_due = Instant::now() + BOOKMARK_INTERVAL;
                return Ok(Told::Events(events));
            }
            match timeout_at(self.bookmark_due, self.watching.next()).await {
                Ok(happenings) => self.take(happenings?),
                Err(_) => {
                    self.bookmark_due = Instant::now() + BOOKMARK_INTERVAL;
                    let time = time::timestamp(self.moment);
                    return Ok(Told::Bookmark(v1::Bookmark { revision: self.seen.0, time }));
                }
            }
        }
    }

    fn take(&mut self, happenings: Happenings) {
        self.seen = happenings.through;
        self.moment = happenings.moment;
        self.rest = Some(Rest { events: happenings.events, next: 0 });
    }

    /// The next message of what is left; nothing when none of it is of interest.
    fn part(&mut self) -> Option<v1::Events> {
        let Rest { events, mut next } = self.rest.take()?;
        let Interest { facility, message } = self.interest;
        let view = self.edge.replica.view();
        let told = |at: usize| {
            let event = events.get(at)?;
            let concerns = facility.is_none() || event.facility == facility;
            concerns.then(|| message(&view, event)).flatten()
        };
        let mut part = Vec::new();
        while next < events.len() && part.len() < EVENTS_PER_MESSAGE_MAX {
            part.extend(told(next));
            next += 1;
        }
        // The part names a revision after which nothing of what follows is lost, which is what
        // comes before the next event that is told.
        let following = (next..events.len()).find_map(|at| Some((at, told(at)?.revision)));
        let revision = following.map_or(self.seen.0, |(_, revision)| revision.saturating_sub(1));
        if let Some((next, _)) = following {
            self.rest = Some(Rest { events, next });
        }
        (!part.is_empty()).then_some(v1::Events { events: part, revision })
    }
}
