//! A fingerprint of the state that is kept up with every write: equal revision, equal digest.

use core::hash::{Hash, Hasher};

/// A sum of record stamps modulo 2^64. It finds replicas that have drifted apart; it is no defence
/// against somebody who forges records (that is the journal's hash chain).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Digest(pub u64);

impl Digest {
    /// The sum with this stamp.
    #[must_use]
    pub const fn plus(self, stamp: u64) -> Self {
        Self(self.0.wrapping_add(stamp))
    }

    /// The sum without this stamp.
    #[must_use]
    pub const fn minus(self, stamp: u64) -> Self {
        Self(self.0.wrapping_sub(stamp))
    }
}

/// A record's stamp under its number.
#[must_use]
pub fn stamp<T: Hash + ?Sized>(number: u64, record: &T) -> u64 {
    let mut fold = Fold(number ^ 0x9e37_79b9_7f4a_7c15);
    record.hash(&mut fold);
    fold.finish()
}

/// A hasher that gives the same on every machine and in every build: each word is folded in by a
/// 128-bit multiplication whose halves are combined.
struct Fold(u64);

impl Fold {
    const fn word(&mut self, word: u64) {
        let product = (self.0 ^ word) as u128 * 0xa076_1d64_78bd_642f_u128;
        self.0 = (product as u64) ^ ((product >> 64) as u64) ^ self.0.rotate_left(29);
    }
}

impl Hasher for Fold {
    fn finish(&self) -> u64 {
        let mut last = Self(self.0);
        last.word(0xe703_7ed1_a0b4_28db);
        last.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
        self.word(bytes.len() as u64);
    }

    fn write_u8(&mut self, number: u8) {
        self.word(u64::from(number));
    }

    fn write_u16(&mut self, number: u16) {
        self.word(u64::from(number));
    }

    fn write_u32(&mut self, number: u32) {
        self.word(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.word(number);
    }

    fn write_u128(&mut self, number: u128) {
        self.word(number as u64);
        self.word((number >> 64) as u64);
    }

    fn write_usize(&mut self, number: usize) {
        self.word(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        // Discriminants of enums come this way; their width must not depend on the machine's.
        self.word(number as i64 as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_the_same_everywhere() {
        // Written down once: a change here is a change of every digest, and thus of the format.
        assert_eq!(stamp(1, &(7_u64, 3_u8)), 0xb9ea_ac22_932f_de6e);
        assert_ne!(stamp(1, &7_u64), stamp(2, &7_u64));
        assert_ne!(stamp(1, &[1_u64, 2]), stamp(1, &[2_u64, 1]));
        assert_ne!(stamp(1, "a"), stamp(1, "b"));
    }

    #[test]
    fn close_records_have_distant_stamps() {
        for bit in 0..64 {
            let difference = stamp(0, &0_u64) ^ stamp(0, &(1_u64 << bit));
            assert!((12..=52).contains(&difference.count_ones()), "bit {bit}: {difference:x}");
        }
    }
}
