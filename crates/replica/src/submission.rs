//! Commands of one call on their way, and the room they take while they wait.

use crate::error::ProposeError;
use crate::limits::{OVERLOADED_RETRY, QUEUE_BYTES_MAX, QUEUE_COMMANDS_MAX};
use crate::runtime::Instant;
use bytes::Bytes;
use ledger::Applied;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use tokio::sync::oneshot;

/// What becomes of a call.
pub(crate) type Answer = Result<Vec<Applied>, ProposeError>;

/// The commands of one call: they stay together and have one answer.
pub(crate) struct Submission {
    /// Each command, encoded.
    pub commands: Vec<Bytes>,
    /// Their bytes.
    pub bytes: usize,
    /// Whether each has an id by which the ledger knows it again, so that it may be sent twice.
    pub identified: bool,
    /// Whether it came from another node, which keeps it and asks again if need be.
    pub forwarded: bool,
    /// When nobody waits for it any more.
    pub until: Instant,
    /// Whether an earlier attempt may have been carried out.
    uncertain: bool,
    stage: Stage,
    answer: oneshot::Sender<Answer>,
    _room: Room,
}

/// How far a call has come, shared by the one who waits and the one who carries it on.
#[derive(Clone, Debug)]
pub(crate) struct Stage(Arc<AtomicU8>);

/// It waits, and nothing of it has left this node.
const WAITING: u8 = 0;
/// It may be carried out by now.
const UNDER_WAY: u8 = 1;
/// Its caller has gone before it left, and it never will.
const ABANDONED: u8 = 2;

impl Stage {
    /// Gives up. True when nothing was carried out and nothing will be.
    pub fn abandon(&self) -> bool {
        let change =
            self.0.compare_exchange(WAITING, ABANDONED, Ordering::AcqRel, Ordering::Acquire);
        change.is_ok()
    }
}

impl Submission {
    /// A call and where its answer comes; none when there is no room.
    pub fn new(
        room: Room,
        commands: Vec<Bytes>,
        identified: bool,
        forwarded: bool,
        until: Instant,
    ) -> (Self, Stage, oneshot::Receiver<Answer>) {
        let (answer, receiver) = oneshot::channel();
        let stage = Stage(Arc::new(AtomicU8::new(WAITING)));
        let bytes = commands.iter().map(Bytes::len).sum();
        let submission = Self {
            commands,
            bytes,
            identified,
            forwarded,
            until,
            uncertain: false,
            stage: stage.clone(),
            answer,
            _room: room,
        };
        (submission, stage, receiver)
    }

    /// Takes it on its way. False when its caller has gone.
    pub fn set_out(&self) -> bool {
        self.stage.0.fetch_max(UNDER_WAY, Ordering::AcqRel) != ABANDONED
    }

    /// This attempt carried out nothing of it: it waits as if it had never left, unless an earlier
    /// attempt leaves doubt.
    pub fn came_back(&self) {
        if !self.uncertain {
            self.stage.0.store(WAITING, Ordering::Release);
        }
    }

    /// Nobody knows whether this attempt was carried out.
    pub fn doubt(&mut self) {
        self.uncertain = true;
    }

    /// Tells the caller.
    pub fn tell(self, answer: Answer) {
        // Every other error says that nothing was carried out.
        let unknown = answer.is_err() && self.uncertain;
        let answer = if unknown { Err(ProposeError::OutcomeUnknown) } else { answer };
        // A caller that has gone asks by request id, should it come back.
        drop(self.answer.send(answer));
    }
}

/// The room for commands that wait on this node.
#[derive(Debug, Default)]
pub(crate) struct Waitroom {
    commands: AtomicUsize,
    bytes: AtomicUsize,
}

/// Room taken, given back when dropped.
#[derive(Debug)]
pub(crate) struct Room {
    waitroom: Arc<Waitroom>,
    commands: usize,
    bytes: usize,
}

impl Waitroom {
    /// Takes room.
    ///
    /// # Errors
    /// [`ProposeError::Overloaded`] when there is none.
    pub fn enter(self: &Arc<Self>, commands: usize, bytes: usize) -> Result<Room, ProposeError> {
        let relaxed = Ordering::Relaxed;
        let commands_before = self.commands.fetch_add(commands, relaxed);
        let bytes_before = self.bytes.fetch_add(bytes, relaxed);
        let room = Room { waitroom: self.clone(), commands, bytes };
        if commands_before + commands > QUEUE_COMMANDS_MAX || bytes_before + bytes > QUEUE_BYTES_MAX
        {
            return Err(ProposeError::Overloaded { retry_after: OVERLOADED_RETRY });
        }
        Ok(room)
    }

    /// Commands that wait.
    pub fn commands(&self) -> usize {
        self.commands.load(Ordering::Relaxed)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.waitroom.commands.fetch_sub(self.commands, Ordering::Relaxed);
        self.waitroom.bytes.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_waitroom_refuses_and_has_room_again() {
        let waitroom = Arc::new(Waitroom::default());
        let most = waitroom.enter(QUEUE_COMMANDS_MAX, 1).unwrap();
        assert!(waitroom.enter(1, 1).is_err());
        drop(most);
        assert!(waitroom.enter(1, QUEUE_BYTES_MAX + 1).is_err());
        assert!(waitroom.enter(1, 1).is_ok());
        assert_eq!(waitroom.commands(), 0);
    }

    #[tokio::test]
    async fn a_caller_that_goes_knows_whether_anything_left() {
        let waitroom = Arc::new(Waitroom::default());
        let make = || {
            let room = waitroom.enter(1, 1).unwrap();
            Submission::new(room, vec![Bytes::from_static(b"x")], true, false, Instant::now())
        };
        let (submission, stage, _answer) = make();
        assert!(stage.abandon() && !submission.set_out());
        let (submission, stage, _answer) = make();
        assert!(submission.set_out() && !stage.abandon());
        submission.came_back();
        assert!(stage.abandon());
        let (mut submission, stage, answer) = make();
        assert!(submission.set_out());
        submission.doubt();
        submission.came_back();
        assert!(!stage.abandon(), "an earlier attempt may have been carried out");
        submission.tell(Err(ProposeError::Full));
        assert_eq!(answer.await, Ok(Err(ProposeError::OutcomeUnknown)));
    }
}
