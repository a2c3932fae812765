//! What all services share: the way of one request down to agreement and back.

use crate::admission::{Admission, Call};
use crate::changing::Changing;
use crate::complaint::Complaint;
use crate::map::Map;
use crate::pages::Pinned;
use crate::settings::Settings;
use ledger::words::{Moment, RequestId, Revision};
use ledger::{Act, Command, Done, Outcome, View};
use replica::{Clock, Consistency, Replica, Role};
use std::sync::Arc;
use tokio::sync::watch;
use tonic::{Request, Status};
use wire::{FieldError, InputError, Problem, request, time, v1};

/// The edge of one node.
pub(crate) struct Edge {
    /// What decides.
    pub replica: Replica,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The settings.
    pub settings: Settings,
    /// Budgets and bounds.
    pub admission: Arc<Admission>,
    /// Views that later pages need.
    pub pinned: Pinned,
    /// Where services stand.
    pub map: Map,
    /// Turns true when the node stops: streams end first.
    pub closing: watch::Receiver<bool>,
}

/// A change that was carried out.
pub(crate) struct Changed {
    /// What it answered.
    pub done: Done,
    /// Where in the log.
    pub revision: Revision,
}

impl Edge {
    /// Takes a request in: what is known of the call, and what is asked.
    pub fn begin<T>(&self, request: Request<T>) -> Result<(Call, T), Status> {
        let call = Call::begin(request.metadata(), &self.settings, self.clock.as_ref())?;
        Ok((call, request.into_inner()))
    }

    /// Carries one act out. What it names is looked up in the newest picture here, and, should it
    /// not be there, once more in one that is certainly new enough.
    pub async fn change<T: Changing>(
        &self,
        call: &Call,
        asked: &T,
        act: impl Fn(&View, &T) -> Result<Act, InputError>,
    ) -> Result<Changed, Complaint> {
        let request = RequestId::Unique(request::uuid("request_id", asked.request_id())?);
        let author = request::author(asked.author())?;
        let built = act(&self.replica.view(), asked);
        let act = match built {
            Err(InputError::Unknown { .. }) => {
                let view = self.replica.read(Consistency::Linearizable, call.until).await?;
                act(&view, asked)?
            }
            built => built?,
        };
        let policy = request::policy(asked.policy_version());
        let command = Command { request, not_after: call.not_after, author, policy, act };
        let applied = self.replica.propose(vec![command], call.until).await?;
        let one = applied.into_iter().next().ok_or(Complaint::OutcomeUnknown)?;
        match one.outcome {
            Outcome::Done(done) => Ok(Changed { done, revision: one.revision }),
            Outcome::Refused(refusal) => Err(refusal.into()),
        }
    }

    /// A change whose answer is only where it took effect.
    pub async fn plain<T: Changing>(
        &self,
        call: &Call,
        asked: &T,
        act: impl Fn(&View, &T) -> Result<Act, InputError>,
    ) -> Result<v1::ChangeResponse, Complaint> {
        let changed = self.change(call, asked, act).await?;
        Ok(v1::ChangeResponse { revision: changed.revision.0 })
    }

    /// The picture a read asks for.
    pub async fn read(
        &self,
        call: &Call,
        wanted: Option<&v1::Consistency>,
    ) -> Result<Arc<View>, Complaint> {
        use v1::consistency::Want;
        let want = match wanted.and_then(|wanted| wanted.want.as_ref()) {
            None => Consistency::Stale { age_max: self.settings.staleness_default },
            Some(Want::Linearizable(true)) => Consistency::Linearizable,
            Some(Want::Linearizable(false)) => {
                let problem = Problem::Range { given: 0, min: 1, max: 1 };
                return Err(FieldError::new("consistency.linearizable", problem).into());
            }
            Some(Want::MinRevision(revision)) => Consistency::AtLeast(Revision(*revision)),
            Some(Want::MaxStaleness(length)) => {
                let age_max = time::length("consistency.max_staleness", length)?;
                Consistency::Stale { age_max }
            }
        };
        Ok(self.replica.read(want, call.until).await?)
    }

    /// A picture that has at least this revision; `None` when it does not come in time.
    pub async fn at_least(&self, call: &Call, revision: Revision) -> Option<Arc<View>> {
        let view = self.replica.view();
        if view.revision() >= revision {
            return Some(view);
        }
        self.replica.read(Consistency::AtLeast(revision), call.until).await.ok()
    }

    /// The time by which what is shown is judged: the newer of the log's and this node's.
    pub fn now(&self, view: &View) -> Moment {
        view.moment().max(self.clock.now())
    }

    /// Whether this node takes requests: a leader is known and was heard lately.
    pub fn is_ready(&self) -> bool {
        let status = self.replica.status();
        let fresh = status.age.is_some_and(|age| age <= self.settings.staleness_default);
        let taking = !status.full && !status.diverged && status.role != Role::Stopped;
        status.leader.is_some() && fresh && taking && !*self.closing.borrow()
    }
}
