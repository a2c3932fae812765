//! Connections to every server, for what is too fast or too long to go through a session.

use std::sync::Arc;
use std::time::Duration;
use tonic::transport::{Channel, Endpoint};

/// How long a connection may take to be made: on one machine it is microseconds.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(500);

/// How often a silent connection is asked whether it lives, and how long the answer may take.
const KEEP_ALIVE: Duration = Duration::from_secs(2);

/// Connections to some servers, made when first used and again after they break.
#[derive(Clone, Debug)]
pub struct Doors(Arc<[Channel]>);

impl Doors {
    /// Connections to these addresses, so many to each. One HTTP/2 connection is one task that
    /// writes: at high rates several are faster.
    ///
    /// # Errors
    /// When an address is none.
    pub fn new(addresses: &[String], each: usize) -> Result<Self, tonic::transport::Error> {
        let wanted = (0..each).flat_map(|_| addresses);
        let channels = wanted
            .map(|address| {
                Ok(Endpoint::from_shared(format!("http://{address}"))?
                    .connect_timeout(CONNECT_TIMEOUT)
                    .tcp_nodelay(true)
                    .http2_adaptive_window(true)
                    .http2_keep_alive_interval(KEEP_ALIVE)
                    .keep_alive_timeout(KEEP_ALIVE)
                    .connect_lazy())
            })
            .collect::<Result<Arc<[Channel]>, _>>()?;
        Ok(Self(channels))
    }

    /// One of them: turn by turn every server comes.
    #[must_use]
    pub fn door(&self, turn: usize) -> Channel {
        self.0[turn % self.0.len()].clone()
    }
}
