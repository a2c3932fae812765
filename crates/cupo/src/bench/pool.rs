//! Places to book, each as often as it has room.

use crate::demo::founding::{Published, slot_number};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Places by number, in an order that goes through all agendas before it returns to one, as people
/// all over the country do.
#[derive(Debug)]
pub struct Pool {
    places: Vec<u64>,
    next: AtomicUsize,
}

impl Pool {
    /// The places of these agendas.
    #[must_use]
    pub fn of(agendas: &[Published]) -> Self {
        let longest = agendas.iter().map(|agenda| agenda.shape.slots()).max().unwrap_or(0);
        let roomiest = agendas.iter().map(|agenda| agenda.shape.capacity).max().unwrap_or(0);
        let mut places = Vec::new();
        for round in 0..roomiest {
            for index in 0..longest {
                let index = u16::try_from(index).unwrap_or(u16::MAX);
                let has =
                    |a: &&Published| u32::from(index) < a.shape.slots() && round < a.shape.capacity;
                let some = agendas.iter().filter(has);
                places.extend(some.map(|agenda| slot_number(agenda.number, index)));
            }
        }
        Self { places, next: AtomicUsize::new(0) }
    }

    /// A place that has room; none when all were given.
    pub fn take(&self) -> Option<u64> {
        self.places.get(self.next.fetch_add(1, Ordering::Relaxed)).copied()
    }

    /// The same for those who soon cancel what they book: after the last place comes the first one
    /// again. None when there is no place at all.
    pub fn cycle(&self) -> Option<u64> {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        self.places.get(next.checked_rem(self.places.len())?).copied()
    }

    /// Begins anew, after everything booked was cancelled.
    pub fn rewind(&self) {
        self.next.store(0, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::words::{AgendaShape, Moment};
    use std::collections::BTreeMap;

    #[test]
    fn every_place_comes_as_often_as_it_has_room() {
        let agenda = |number, columns, capacity| Published {
            number,
            shape: AgendaShape {
                start: Moment::from_seconds(1_000),
                step_seconds: 600,
                length_seconds: 600,
                columns,
                row_seconds: 86_400,
                rows: 2,
                capacity,
            },
        };
        let pool = Pool::of(&[agenda(1, 3, 1), agenda(2, 2, 3)]);
        let mut seen: BTreeMap<u64, u32> = BTreeMap::new();
        while let Some(place) = pool.take() {
            *seen.entry(place).or_default() += 1;
        }
        assert_eq!(seen.len(), 6 + 4);
        assert!(seen.iter().all(|(place, times)| *times == if place >> 17 == 1 { 1 } else { 3 }));
        assert_eq!(seen.values().sum::<u32>(), 6 + 12);
        assert_eq!(pool.take(), None);
        assert_eq!(pool.cycle(), Some(slot_number(1, 1)));
        assert_eq!(Pool::of(&[]).cycle(), None);
        pool.rewind();
        assert_eq!(pool.take(), Some(slot_number(1, 0)));
    }
}
