//! Streams: bulk operations, facilities, watches, and copies of checkpoints. None has a task of its
//! own: each is a chain of futures that runs when its connection can take more, so a reader that
//! does not read holds back only itself.

mod batch;
pub(crate) mod bookings;
pub(crate) mod copy;
pub(crate) mod facility;
mod happenings;
pub(crate) mod watch;

use crate::admission::Caller;
use crate::complaint::Complaint;
use crate::edge::Edge;
use crate::language::Language;
use futures::{Stream, StreamExt};
use std::future::ready;
use std::pin::Pin;
use tonic::{Code, Request, Status};

/// A stream of answers.
pub(crate) type Answer<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// Who opened a stream.
pub(crate) fn caller<T>(request: &Request<T>) -> Caller {
    Caller::of(request.extensions().get())
}

/// What became of a message that did not come whole: one that is too large is told so.
fn broken(status: Status, language: Language, bytes_max: usize) -> Status {
    if status.code() == Code::OutOfRange {
        return Complaint::MessageTooLarge { bytes_max }.status(language);
    }
    status
}

/// The same stream, which ends as soon as the node stops, and then says so.
fn until_closing<T: Send + 'static>(
    edge: &Edge,
    language: Language,
    stream: impl Stream<Item = Result<T, Status>> + Send + 'static,
) -> Answer<T> {
    let (mut closing, closed) = (edge.closing.clone(), edge.closing.clone());
    let stop = Box::pin(async move {
        // A node that is gone without a word has stopped as well.
        drop(closing.wait_for(|closing| *closing).await);
    });
    let farewell = futures::stream::once(async move { *closed.borrow() })
        .filter(|closed| ready(*closed))
        .map(move |_| Err(Complaint::Stopping.status(language)));
    Box::pin(stream.take_until(stop).chain(farewell))
}
