//! What the edge needs of agreement: the replica, seen from above.

use async_trait::async_trait;
use ledger::words::Revision;
use ledger::{Applied, Command, View};
use replica::{
    CheckpointError, Consistency, Happenings, Instant, Member, MembershipError, NodeId,
    ProposeError, ReadError, Replica, Status, Watch, WatchError,
};
use std::sync::Arc;

/// Agreement as the edge uses it. The replica is one; tests have another, over the same ledger.
#[async_trait]
pub trait Agreement: Send + Sync + 'static {
    /// The newest picture here, possibly behind.
    fn view(&self) -> Arc<View>;

    /// How this node sees itself and its cluster.
    fn status(&self) -> Status;

    /// Carries commands out, in order, and tells what became of each.
    ///
    /// # Errors
    /// When no outcome can be told; the error says whether one may still come about.
    async fn propose(
        &self,
        commands: Vec<Command>,
        until: Instant,
    ) -> Result<Vec<Applied>, ProposeError>;

    /// A picture as fresh as is asked for.
    ///
    /// # Errors
    /// When there is none in time.
    async fn read(&self, want: Consistency, until: Instant) -> Result<Arc<View>, ReadError>;

    /// What happens after a revision.
    ///
    /// # Errors
    /// When that revision is gone or has not come, or there are too many watchers.
    fn watch(&self, after: Revision) -> Result<Box<dyn Watching>, WatchError>;

    /// Changes who is in the cluster.
    ///
    /// # Errors
    /// When that cannot be, or did not end in time; it may be asked again.
    async fn change(&self, change: MembershipChange) -> Result<(), MembershipError>;

    /// Writes a checkpoint and waits until it is durable.
    ///
    /// # Errors
    /// When it is not complete in time.
    async fn checkpoint(&self) -> Result<(), CheckpointError>;
}

/// A change of who is in the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MembershipChange {
    /// Founds it of these members.
    Initialize(Vec<Member>),
    /// Lets a node in.
    Join(Member),
    /// Lets a node in, in the place of one that is gone for good.
    Replace(NodeId, Member),
    /// Lets a node go.
    Remove(NodeId),
}

/// A watcher's place in what happens.
#[async_trait]
pub trait Watching: Send {
    /// What happened next; waits until something does. It may be dropped and asked again without
    /// losing anything.
    ///
    /// # Errors
    /// When the watcher was too slow, or the node is stopping.
    async fn next(&mut self) -> Result<Happenings, WatchError>;
}

#[async_trait]
impl Watching for Watch {
    async fn next(&mut self) -> Result<Happenings, WatchError> {
        Self::next(self).await
    }
}

#[async_trait]
impl Agreement for Replica {
    fn view(&self) -> Arc<View> {
        Self::view(self)
    }

    fn status(&self) -> Status {
        Self::status(self)
    }

    async fn propose(
        &self,
        commands: Vec<Command>,
        until: Instant,
    ) -> Result<Vec<Applied>, ProposeError> {
        Self::propose(self, commands, until).await
    }

    async fn read(&self, want: Consistency, until: Instant) -> Result<Arc<View>, ReadError> {
        Self::read(self, want, until).await
    }

    fn watch(&self, after: Revision) -> Result<Box<dyn Watching>, WatchError> {
        Ok(Box::new(Self::watch(self, after)?))
    }

    async fn change(&self, change: MembershipChange) -> Result<(), MembershipError> {
        match change {
            MembershipChange::Initialize(members) => self.initialize(members).await,
            MembershipChange::Join(member) => self.join(member).await,
            MembershipChange::Replace(dead, member) => self.replace(dead, member).await,
            MembershipChange::Remove(id) => self.remove(id).await,
        }
    }

    async fn checkpoint(&self) -> Result<(), CheckpointError> {
        self.checkpoint_now().await
    }
}
