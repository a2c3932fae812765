//! One connection, which ends by itself when nobody greets, or when there was no seat for it.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Sleep};
use tonic::transport::server::Connected;

/// Bytes with which every client of HTTP/2 begins; before them nothing is known of it.
const GREETING_BYTES: usize = 24;

/// How a connection is received.
#[derive(Clone, Copy, Debug)]
pub(super) enum Welcome {
    /// It stays, if it has greeted by then.
    Until(Instant),
    /// There is no seat: it may ask, is told so, and is closed.
    None {
        /// When it is closed.
        until: Instant,
    },
}

/// What services know of the connection a call came by.
#[derive(Clone, Copy, Debug)]
pub struct Visitor {
    /// The other end, where it is known.
    pub address: Option<SocketAddr>,
    /// Whether there was a seat for it: without one, every call is refused.
    pub seated: bool,
}

/// A connection with its seat.
pub struct Connection {
    stream: TcpStream,
    visitor: Visitor,
    /// Greeting bytes that have not come yet.
    ungreeted: usize,
    /// When it ends, unless that is no longer so.
    end: Option<Pin<Box<Sleep>>>,
    _seat: OwnedSemaphorePermit,
}

impl Connection {
    pub(super) fn new(stream: TcpStream, seat: OwnedSemaphorePermit, welcome: Welcome) -> Self {
        let (until, seated) = match welcome {
            Welcome::Until(until) => (until, true),
            Welcome::None { until } => (until, false),
        };
        let visitor = Visitor { address: stream.peer_addr().ok(), seated };
        let end = Some(Box::pin(tokio::time::sleep_until(until)));
        Self { stream, visitor, ungreeted: GREETING_BYTES, end, _seat: seat }
    }
}

impl Connected for Connection {
    type ConnectInfo = Visitor;

    fn connect_info(&self) -> Visitor {
        self.visitor
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Some(end) = &mut self.end
            && end.as_mut().poll(context).is_ready()
        {
            // As if the other side had said its last.
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if self.ungreeted > 0 {
            self.ungreeted = self.ungreeted.saturating_sub(buffer.filled().len() - before);
            if self.ungreeted == 0 && self.visitor.seated {
                self.end = None;
            }
        }
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
