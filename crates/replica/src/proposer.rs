//! The one task through which all commands of a node go: on the leader it stamps and groups them
//! into entries, elsewhere it forwards them in groups, and while nobody leads it keeps them.
//!
//! There is no timer: while a group is under way the next one fills, and before a group leaves
//! everybody who is ready has had a turn to join it.

use crate::codec;
use crate::core::Core;
use crate::error::ProposeError;
use crate::forward::{self, Returned};
use crate::limits::{
    FORWARDS_IN_FLIGHT_MAX, GATHER_TURNS_MAX, GROUP_BESIDE_COMMANDS_MIN, GROUP_BYTES_MAX,
    GROUP_COMMANDS_MAX, GROUPS_IN_FLIGHT_MAX, RETRY_PAUSE, TICK_INTERVAL_MIN,
};
use crate::member::{Member, NodeId};
use crate::raft::config::Proposal;
use crate::raft::members;
use crate::raft::waiting::Waiting;
use crate::runtime::Instant;
use crate::stamp::Stamper;
use crate::submission::Submission;
use bytes::Bytes;
use futures::future::BoxFuture;
use futures::stream::{FuturesUnordered, StreamExt};
use ledger::words::Moment;
use ledger::{Act, Command};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// What the proposer works with.
pub(crate) struct Proposer {
    pub core: Core,
    pub waiting: Arc<Waiting>,
    pub incoming: mpsc::UnboundedReceiver<Submission>,
    pub back: mpsc::UnboundedReceiver<Vec<Submission>>,
}

/// What goes on while it works.
struct Work {
    queue: VecDeque<Submission>,
    /// Groups of this leader whose end is awaited: their tickets, and whether openraft took them.
    groups: FuturesUnordered<BoxFuture<'static, (u64, bool)>>,
    /// The same of former leaderships of this node.
    former: FuturesUnordered<BoxFuture<'static, (u64, bool)>>,
    forwards: FuturesUnordered<BoxFuture<'static, Returned>>,
    /// The term this node leads in, and its stamps there.
    stamper: Option<(u64, Stamper)>,
    /// Nobody is asked again before this.
    pause: Instant,
    /// No empty passing of time is proposed before this.
    next_tick: Instant,
}

/// What this node is for commands just now.
enum Role {
    /// It leads, its term has begun, and these are the voters.
    Leader(u64, Vec<NodeId>),
    /// Another node leads.
    Follower(Member),
    /// Nobody leads, or it is not known who.
    Nobody,
}

/// When nothing happens, the proposer looks around after this time: clocks may have become known,
/// or a member's address.
const LOOK_AROUND: Duration = Duration::from_millis(20);

impl Proposer {
    /// Works until the node stops and everything that waited has its answer.
    pub async fn run(mut self) {
        let now = Instant::now();
        let mut work = Work {
            queue: VecDeque::new(),
            groups: FuturesUnordered::new(),
            former: FuturesUnordered::new(),
            forwards: FuturesUnordered::new(),
            stamper: None,
            pause: now,
            next_tick: now,
        };
        let mut positions = self.core.published.positions();
        loop {
            self.gather(&mut work).await;
            let role = self.role();
            self.pump(&role, &mut work).await;
            let wake = self.wake(&role, &work);
            tokio::select! {
                biased;
                Some((ticket, taken)) = work.groups.next(), if !work.groups.is_empty() => {
                    if !taken {
                        self.waiting.withdrawn(ticket);
                    }
                }
                Some((ticket, taken)) = work.former.next(), if !work.former.is_empty() => {
                    if !taken {
                        self.waiting.withdrawn(ticket);
                    }
                }
                Some(returned) = work.forwards.next(), if !work.forwards.is_empty() => {
                    let again = returned.tell();
                    work.put_back(again);
                }
                Some(group) = self.back.recv() => work.put_back(group),
                submission = self.incoming.recv() => match submission {
                    Some(submission) => work.queue.push_back(submission),
                    None => break,
                },
                changed = self.core.metrics.changed() => if changed.is_err() {
                    break;
                },
                changed = positions.changed() => if changed.is_err() {
                    break;
                },
                () = tokio::time::sleep_until(wake) => {}
            }
            self.take_in(&mut work);
            self.core.gate.set_idle(work.is_idle());
        }
    }

    fn take_in(&mut self, work: &mut Work) {
        while let Ok(submission) = self.incoming.try_recv() {
            work.queue.push_back(submission);
        }
    }

    /// Before a first group leaves, lets those who are ready on this thread hand in theirs: a call
    /// just too late would wait for that whole group, and the next would be as small.
    async fn gather(&mut self, work: &mut Work) {
        let mut waiting = 0;
        for _ in 0..GATHER_TURNS_MAX {
            if !work.groups.is_empty() || work.queue.len() == waiting {
                break;
            }
            waiting = work.queue.len();
            tokio::task::yield_now().await;
            self.take_in(work);
        }
    }

    fn role(&self) -> Role {
        let metrics = self.core.metrics.borrow();
        let Some(leader) = metrics.current_leader else {
            return Role::Nobody;
        };
        if leader != self.core.node.0 {
            return match members::member(&metrics, leader) {
                Some(member) => Role::Follower(member),
                None => Role::Nobody,
            };
        }
        let begun = self.core.published.position().term == metrics.current_term;
        if metrics.state.is_leader() && begun {
            Role::Leader(metrics.current_term, members::voters(&metrics))
        } else {
            Role::Nobody
        }
    }

    /// Sends what can be sent.
    async fn pump(&self, role: &Role, work: &mut Work) {
        match role {
            Role::Leader(term, voters) if !self.core.gate.is_handing_over() => {
                if work.stamper.is_none_or(|(leading, _)| leading != *term) {
                    work.stop_leading();
                    // The ledger holds everything of earlier terms by now, so its moment is the
                    // last one of the log.
                    let last = self.core.published.position().moment;
                    let stamper = Stamper::begin(last, &self.core.clocks, voters);
                    work.stamper = stamper.map(|stamper| (*term, stamper));
                }
                while work.may_lead_another() && self.lead(voters, work).await {}
            }
            Role::Leader(..) => work.send_forwarded_back(),
            Role::Follower(leader) => {
                work.stop_leading();
                while work.forwards.len() < FORWARDS_IN_FLIGHT_MAX && work.pause <= Instant::now() {
                    let group = work.group();
                    if group.is_empty() {
                        break;
                    }
                    let forward = forward::forward(self.core.clone(), leader.clone(), group);
                    work.forwards.push(Box::pin(forward));
                }
            }
            Role::Nobody => work.stop_leading(),
        }
    }

    /// Proposes one group, or the passing of time when something is due. False when there is
    /// nothing to propose.
    async fn lead(&self, voters: &[NodeId], work: &mut Work) -> bool {
        let Some((_, stamper)) = &mut work.stamper else {
            return false;
        };
        let mut stamper = *stamper;
        let moment = stamper.stamp(&self.core.clocks, voters);
        let group = work.group();
        let commands: Vec<Bytes> = if group.is_empty() {
            if !self.is_due(moment) || work.next_tick > Instant::now() || !work.groups.is_empty() {
                return false;
            }
            vec![codec::encode_command(&Command::natural(Act::Tick))]
        } else {
            group.iter().flat_map(|submission| submission.commands.iter().cloned()).collect()
        };
        work.next_tick = Instant::now() + TICK_INTERVAL_MIN;
        if let Some((_, last)) = &mut work.stamper {
            *last = stamper;
        }
        let entry = codec::assemble_entry(moment, &commands);
        let ticket = self.waiting.ticket(group);
        let proposed = self.core.raft.client_write_ff(Proposal { entry, ticket }).await;
        work.groups.push(match proposed {
            Ok(written) => Box::pin(async move {
                // Told when applied, by the one who applies. An error means that openraft did not
                // take the group, or took it out of the log again.
                (ticket, !matches!(written.await, Ok(Err(_))))
            }),
            // Agreement has ended, and this node with it: asking again at once would never stop.
            Err(_) => Box::pin(async move {
                tokio::time::sleep(RETRY_PAUSE).await;
                (ticket, false)
            }),
        });
        true
    }

    fn is_due(&self, now: Moment) -> bool {
        self.core.published.view().next_due().is_some_and(|due| due <= now)
    }

    /// When to look around again although nothing happened.
    fn wake(&self, role: &Role, work: &Work) -> Instant {
        let now = Instant::now();
        match role {
            Role::Leader(..) if work.stamper.is_none() => now + LOOK_AROUND,
            Role::Leader(..) if work.groups.is_empty() => {
                let due = self.core.published.view().next_due();
                let far = now + Duration::from_secs(60);
                due.map_or(far, |due| {
                    let wait = due.micros().saturating_sub(self.core.clocks.own().micros());
                    let wake = now + Duration::from_micros(wait).min(Duration::from_secs(60));
                    wake.max(work.next_tick).max(now + Duration::from_millis(1))
                })
            }
            Role::Leader(..) => now + Duration::from_secs(60),
            _ if work.queue.is_empty() => now + Duration::from_secs(60),
            _ => (now + LOOK_AROUND).max(work.pause.min(now + RETRY_PAUSE)),
        }
    }
}

impl Work {
    /// Whether a group may leave now: the first one always, another beside it only when it is
    /// large, for each costs every node a write and a sync, whatever its size.
    fn may_lead_another(&self) -> bool {
        let mut commands = 0;
        let mut is_large = || {
            self.queue.iter().any(|waiting| {
                commands += waiting.commands.len();
                commands >= GROUP_BESIDE_COMMANDS_MIN
            })
        };
        self.groups.is_empty() || (self.groups.len() < GROUPS_IN_FLIGHT_MAX && is_large())
    }

    /// The next group: calls in their order, as many as fit, at least one.
    fn group(&mut self) -> Vec<Submission> {
        let (mut commands, mut bytes) = (0, 0);
        let mut group: Vec<Submission> = Vec::new();
        while let Some(next) = self.queue.front() {
            let fits = commands + next.commands.len() <= GROUP_COMMANDS_MAX
                && bytes + next.bytes <= GROUP_BYTES_MAX;
            if !fits && !group.is_empty() {
                break;
            }
            let Some(next) = self.queue.pop_front() else {
                break;
            };
            // Who has gone meanwhile has been told that nothing was carried out.
            if next.set_out() {
                commands += next.commands.len();
                bytes += next.bytes;
                group.push(next);
            }
        }
        group
    }

    fn put_back(&mut self, group: Vec<Submission>) {
        if !group.is_empty() {
            self.pause = Instant::now() + RETRY_PAUSE;
        }
        for submission in group.into_iter().rev() {
            self.queue.push_front(submission);
        }
    }

    /// Groups of a leadership that is over are found again by whoever applies their places, or
    /// takes them.
    fn stop_leading(&mut self) {
        if self.stamper.take().is_some() {
            self.former.extend(std::mem::take(&mut self.groups));
        }
        self.send_forwarded_back();
    }

    /// What another node forwarded goes back to it: it knows better whom to ask next.
    fn send_forwarded_back(&mut self) {
        if self.queue.iter().any(|submission| submission.forwarded) {
            let (back, own): (VecDeque<_>, VecDeque<_>) =
                std::mem::take(&mut self.queue).into_iter().partition(|s| s.forwarded);
            self.queue = own;
            for submission in back {
                submission.tell(Err(ProposeError::NotReady));
            }
        }
    }

    fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.groups.is_empty() && self.forwards.is_empty()
    }
}
