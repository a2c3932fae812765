//! Chance from a seed: the same draws on every machine, in integers only.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// A stream of draws. `ChaCha8` is specified bit by bit, and the ways to draw from it are written
/// here, so that neither a platform nor a newer library changes a nation.
#[derive(Clone, Debug)]
pub struct Chance(ChaCha8Rng);

impl Chance {
    /// One of the many streams of a seed; streams do not shift each other.
    #[must_use]
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let mut source = ChaCha8Rng::from_seed(bytes);
        source.set_stream(stream);
        Self(source)
    }

    /// A number below `bound`; 0 for a bound of 0. The bias of the multiplication is below one in
    /// four thousand million divided by the bound.
    pub fn below(&mut self, bound: u32) -> u32 {
        let scaled = u64::from(self.0.next_u32()) * u64::from(bound);
        u32::try_from(scaled >> 32).unwrap_or(0)
    }

    /// A number from `least` to `most`, both included.
    pub fn between(&mut self, least: u32, most: u32) -> u32 {
        least + self.below(most.saturating_sub(least).saturating_add(1))
    }

    /// A signed number at most `reach` away from zero, those near zero more often.
    pub fn around(&mut self, reach: u32) -> i32 {
        let (one, other) = (self.below(reach + 1), self.below(reach + 1));
        i32::try_from(one).unwrap_or(0) - i32::try_from(other).unwrap_or(0)
    }

    /// True `percent` times in a hundred.
    pub fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of these, all alike; the slice must not be empty.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let index = self.below(u32::try_from(from.len()).unwrap_or(u32::MAX));
        &from[index as usize]
    }

    /// The index of one of these weights, the heavier the more often; 0 when all are zero.
    pub fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let mut left = self.below(weights.clone().sum());
        for (index, weight) in weights.enumerate() {
            if left < weight {
                return index;
            }
            left -= weight;
        }
        0
    }

    /// 128 bits, never all zero.
    pub fn bits(&mut self) -> u128 {
        (u128::from(self.0.next_u64()) << 64 | u128::from(self.0.next_u64())).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_the_same_for_ever() {
        let mut chance = Chance::new(42, 7);
        let drawn: Vec<u32> = (0..6).map(|_| chance.below(1_000)).collect();
        assert_eq!(drawn, DRAWN);
        let mut other = Chance::new(42, 8);
        let others: Vec<u32> = (0..6).map(|_| other.below(1_000)).collect();
        assert_ne!(others, drawn);
    }

    const DRAWN: [u32; 6] = [634, 185, 810, 580, 397, 945];

    #[test]
    fn draws_stay_within_their_bounds() {
        let mut chance = Chance::new(1, 1);
        let mut seen = [false; 3];
        for _ in 0..1_000 {
            assert!((5..=7).contains(&chance.between(5, 7)));
            assert!(chance.around(10).abs() <= 10);
            assert_eq!(chance.weighted([0, 5, 0].into_iter()), 1);
            seen[*chance.pick(&[0, 1, 2])] = true;
            assert_ne!(chance.bits(), 0);
        }
        assert_eq!(seen, [true; 3]);
        assert_eq!(chance.below(0), 0);
        assert_eq!(chance.weighted([0, 0].into_iter()), 0);
        assert!(!chance.percent(0) && chance.percent(100));
    }
}
