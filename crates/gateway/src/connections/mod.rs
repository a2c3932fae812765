//! Connections that come in, of which never more are open than there may be.
//!
//! Whoever comes when all seats are taken is let in for a moment, to be told so in the words of the
//! service, while there are seats for that; beyond them the connection is closed at once. Whoever
//! connects and says nothing is cut. When the system itself has no descriptor left, taking
//! connections pauses instead of failing again and again.

mod connection;

pub use connection::{Connection, Visitor};

use crate::limits::{ACCEPT_PAUSE, GREETING_TIMEOUT, TOLD_CONNECTIONS_MAX, TOLD_TIMEOUT};
use connection::Welcome;
use futures::{Stream, stream};
use std::io;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// A listener with as many seats as connections may be open.
struct Gate {
    listener: TcpListener,
    seats: Arc<Semaphore>,
    /// Seats for those who are only told that there are no others.
    stools: Arc<Semaphore>,
    /// Whether somebody was turned away since a seat was last free: it is said once.
    crowded: bool,
}

/// The connections of a listener, of which at most so many are open at once.
pub fn connections(
    listener: TcpListener,
    open_max: usize,
) -> impl Stream<Item = io::Result<Connection>> + Send {
    let seats = |count: usize| Arc::new(Semaphore::new(count.min(Semaphore::MAX_PERMITS)));
    let (seats, stools) = (seats(open_max), seats(TOLD_CONNECTIONS_MAX));
    let gate = Gate { listener, seats, stools, crowded: false };
    stream::unfold(gate, |mut gate| async move {
        let connection = gate.next().await;
        Some((Ok(connection), gate))
    })
}

impl Gate {
    async fn next(&mut self) -> Connection {
        loop {
            match self.listener.accept().await {
                Ok((stream, _)) => {
                    if let Some(connection) = self.seat(stream) {
                        return connection;
                    }
                }
                // Its caller has gone again, or it never was a connection.
                Err(error) if is_its_own(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "no connection can be taken in: a pause");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    /// Gives a connection a seat, or a stool; it is closed when there is neither.
    fn seat(&mut self, stream: TcpStream) -> Option<Connection> {
        // Without it, small messages wait for each other's acknowledgements.
        drop(stream.set_nodelay(true));
        let now = Instant::now();
        if let Ok(seat) = Arc::clone(&self.seats).try_acquire_owned() {
            self.crowded = false;
            return Some(Connection::new(stream, seat, Welcome::Until(now + GREETING_TIMEOUT)));
        }
        if !self.crowded {
            self.crowded = true;
            tracing::warn!("as many connections are open as there may be: others are turned away");
        }
        let stool = Arc::clone(&self.stools).try_acquire_owned().ok()?;
        Some(Connection::new(stream, stool, Welcome::None { until: now + TOLD_TIMEOUT }))
    }
}

/// Whether only one connection failed, not the taking in of connections.
fn is_its_own(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted, TimedOut};
    matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted | TimedOut)
}
