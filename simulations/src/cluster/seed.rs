//! One seed, many streams of chance.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// What all chance of a run follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(pub u64);

impl Seed {
    /// The number of one stream. Streams do not shift each other: a change in what the network
    /// draws leaves the workload as it was.
    pub fn number(self, stream: &str) -> u64 {
        let hash = Sha256::new().chain_update(self.0.to_be_bytes()).chain_update(stream).finalize();
        let mut first = [0; 8];
        first.copy_from_slice(&hash[..8]);
        u64::from_be_bytes(first)
    }

    /// One stream.
    pub fn stream(self, stream: &str) -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(self.number(stream))
    }
}
