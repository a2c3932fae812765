//! Carries bytes one way, as the road allows.

use super::road::Road;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Bytes of a piece at most.
const PIECE_BYTES: usize = 16 << 10;

/// Pieces under way: beyond them whoever sends is held back, as by a full pipe.
const PIECES_MAX: usize = 64;

/// How one way ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Everything was said.
    Said,
    /// The connection broke in the middle.
    Torn,
}

/// Some bytes, and when they arrive.
struct Piece {
    bytes: Vec<u8>,
    due: Instant,
}

/// Carries everything from one end to the other.
pub(super) async fn run(from: &mut OwnedReadHalf, to: &mut OwnedWriteHalf, road: Road) -> End {
    let (send, receive) = mpsc::channel(PIECES_MAX);
    let reading = read(from, send, road.clone());
    let writing = write(receive, to, road);
    tokio::pin!(writing);
    tokio::select! {
        () = reading => writing.await,
        end = &mut writing => end,
    }
}

/// Takes pieces in until there are no more.
async fn read(from: &mut OwnedReadHalf, send: mpsc::Sender<Piece>, road: Road) {
    let mut bytes = vec![0; PIECE_BYTES];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let piece = Piece { bytes: bytes[..count].to_vec(), due: Instant::now() + road.delay() };
        if send.send(piece).await.is_err() {
            return;
        }
    }
}

/// Gives pieces out in order, each when it is due and the road is open.
async fn write(mut receive: mpsc::Receiver<Piece>, to: &mut OwnedWriteHalf, mut road: Road) -> End {
    loop {
        let piece = tokio::select! {
            () = road.torn() => return End::Torn,
            piece = receive.recv() => piece,
        };
        road.passable().await;
        let Some(Piece { bytes, due }) = piece else {
            drop(to.shutdown().await);
            return End::Said;
        };
        tokio::time::sleep_until(due).await;
        if road.is_torn() {
            // Half of a message arrives.
            drop(to.write_all(&bytes[..bytes.len() / 2]).await);
            return End::Torn;
        }
        if to.write_all(&bytes).await.is_err() {
            return End::Torn;
        }
        if let Some(rate) = road.condition().rate {
            tokio::time::sleep(
                Duration::from_secs(1).mul_f64(bytes.len() as f64 / f64::from(rate)),
            )
            .await;
        }
    }
}
