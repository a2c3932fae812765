//! A ward that keeps its side of the reconciling report.
//!
//! It learns of commitments late, counts some and not others, admits people nobody told cupo
//! about, and says with each count which commitments it had in mind: every one up to a watermark,
//! except those it has heard of and not yet made room for. It never counts a bed as available that
//! it has set aside, so whatever it says is safe to add to what it does not know.

use super::chance::Chance;
use ledger::limits::EXCEPTIONS_MAX;
use ledger::words::BedCount;
use std::collections::BTreeMap;
#[cfg(test)]
use std::collections::BTreeSet;

/// A ward of one service.
#[derive(Clone, Debug)]
pub struct SimulatedWard {
    beds: u32,
    /// Beds with patients who came on their own.
    walk_ins: u32,
    /// Beds left and not yet cleaned; the number of the commitment they belonged to, 0 for none.
    dirty: Vec<u64>,
    /// Commitments a bed is set aside for, by number.
    counted: BTreeMap<u64, Bed>,
    /// Commitments heard of for which no room was made yet, by number.
    unseen: BTreeMap<u64, Heard>,
    /// The newest commitment heard of.
    heard_through: u64,
    /// The last report.
    said: Statement,
}

/// A commitment as a ward hears of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Its id, by which arrivals and departures are reported.
    pub id: u64,
    /// Where it stands.
    pub standing: Standing,
}

/// Where a commitment stands as a ward hears of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is a hold: a bed is set aside, and nobody comes yet.
    Held,
    /// It is a booking.
    Booked,
    /// The patient is there.
    Arrived,
}

/// A bed set aside for a commitment.
#[derive(Clone, Copy, Debug)]
struct Bed {
    /// The commitment's id, by which arrivals and departures are reported.
    id: u64,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Held,
    Expected,
    Arrived,
    /// The departure was reported and its confirmation has not come back.
    Leaving,
}

impl Stage {
    const fn is_inside(self) -> bool {
        matches!(self, Self::Arrived | Self::Leaving)
    }
}

/// What a ward says of its beds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// The report's number.
    pub sequence: u64,
    /// The beds on both axes.
    pub beds: BedCount,
    /// Places free and usable.
    pub available: u32,
    /// It accounts for every commitment up to this …
    pub accounted_through: u64,
    /// … except these.
    pub exceptions: Vec<u64>,
}

/// What happens in a ward that cupo should hear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// A patient arrived: the commitment's id.
    Arrived(u64),
    /// A patient left: the commitment's id.
    Discharged(u64),
    /// The bed of a commitment that ended since the last report is free again: its number.
    Returned(u64),
    /// The count changed.
    Counted,
}

/// How busy a ward is, in percent of chance per round.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// A commitment heard of is made room for.
    pub notice: u32,
    /// An expected patient arrives.
    pub arrive: u32,
    /// A patient leaves.
    pub leave: u32,
    /// A dirty bed is cleaned.
    pub clean: u32,
    /// Somebody comes or goes whom cupo never heard of.
    pub walk_in: u32,
}

impl SimulatedWard {
    /// A ward of this many beds, some of which are taken already.
    #[must_use]
    pub fn new(beds: u32, chance: &mut Chance) -> Self {
        let walk_ins = beds * chance.between(45, 85) / 100;
        Self {
            beds,
            walk_ins,
            dirty: Vec::new(),
            counted: BTreeMap::new(),
            unseen: BTreeMap::new(),
            heard_through: 0,
            said: Statement::default(),
        }
    }

    /// Goes on after what cupo remembers of it: the last report's number, and how far it accounted.
    pub fn resume(&mut self, sequence: u64, accounted_through: u64) {
        self.said.sequence = self.said.sequence.max(sequence);
        self.heard_through = self.heard_through.max(accounted_through);
    }

    /// Hears of a commitment, or that it went on.
    pub fn heard(&mut self, number: u64, heard: Heard) {
        self.heard_through = self.heard_through.max(number);
        match (self.counted.get_mut(&number), heard.standing) {
            (None, Standing::Arrived) => {
                // Whoever lies in a bed needs no making room for.
                self.unseen.remove(&number);
                self.counted.insert(number, Bed { id: heard.id, stage: Stage::Arrived });
            }
            (None, _) => {
                self.unseen.insert(number, heard);
            }
            (Some(bed), Standing::Arrived) if bed.stage != Stage::Leaving => {
                bed.stage = Stage::Arrived;
            }
            (Some(bed), Standing::Booked) if bed.stage == Stage::Held => {
                bed.stage = Stage::Expected;
            }
            (Some(_), _) => {}
        }
    }

    /// Hears that a commitment ended, in whatever way.
    pub fn ended(&mut self, number: u64) {
        self.heard_through = self.heard_through.max(number);
        self.unseen.remove(&number);
        if self.counted.remove(&number).is_some() {
            // Used or not, the bed is looked at before it is given again.
            self.dirty.push(number);
        }
    }

    /// Hears which commitments are live, by number, after it may have missed some.
    pub fn live(&mut self, live: &BTreeMap<u64, Heard>) {
        let known = self.counted.keys().chain(self.unseen.keys());
        let gone: Vec<u64> = known.filter(|number| !live.contains_key(number)).copied().collect();
        gone.into_iter().for_each(|number| self.ended(number));
        live.iter().for_each(|(number, heard)| self.heard(*number, *heard));
    }

    /// A while passes: what its people do, in the order in which cupo should hear of it.
    pub fn round(&mut self, habits: Habits, chance: &mut Chance) -> Vec<Doing> {
        let mut doings = Vec::new();
        let unseen: Vec<u64> = self.unseen.keys().copied().collect();
        let noticed: Vec<u64> =
            unseen.into_iter().filter(|_| chance.percent(habits.notice)).collect();
        let mut counted = !noticed.is_empty();
        noticed.into_iter().for_each(|number| self.make_room(number));
        self.cleaned(habits, chance, &mut doings, &mut counted);
        for bed in self.counted.values_mut() {
            match bed.stage {
                Stage::Expected if chance.percent(habits.arrive) => {
                    bed.stage = Stage::Arrived;
                    doings.push(Doing::Arrived(bed.id));
                    counted = true;
                }
                Stage::Arrived if chance.percent(habits.leave) => {
                    bed.stage = Stage::Leaving;
                    doings.push(Doing::Discharged(bed.id));
                }
                _ => {}
            }
        }
        counted |= chance.percent(habits.walk_in) && self.walk(chance);
        if counted {
            doings.push(Doing::Counted);
        }
        doings
    }

    /// Counts the beds and says so.
    pub fn count(&mut self) -> Statement {
        while self.unseen.len() > EXCEPTIONS_MAX {
            let oldest = self.unseen.keys().next().copied();
            oldest.into_iter().for_each(|number| self.make_room(number));
        }
        let dirty = u32::try_from(self.dirty.len()).unwrap_or(u32::MAX).min(self.beds);
        let occupied = self.occupied().min(self.beds - dirty);
        let free = self.beds - dirty - occupied;
        let beds = BedCount { free, occupied, dirty, open: self.beds, ..BedCount::default() };
        self.said = Statement {
            sequence: self.said.sequence + 1,
            beds,
            available: self.available(),
            accounted_through: self.heard_through,
            exceptions: self.unseen.keys().copied().collect(),
        };
        self.said.clone()
    }

    /// The last report.
    #[must_use]
    pub const fn said(&self) -> &Statement {
        &self.said
    }

    /// Beds that are free, clean and not set aside.
    #[must_use]
    pub fn available(&self) -> u32 {
        let dirty = u32::try_from(self.dirty.len()).unwrap_or(u32::MAX);
        let set_aside = self.counted.values().filter(|bed| !bed.stage.is_inside()).count();
        let set_aside = u32::try_from(set_aside).unwrap_or(u32::MAX);
        self.beds.saturating_sub(self.occupied()).saturating_sub(dirty).saturating_sub(set_aside)
    }

    fn occupied(&self) -> u32 {
        let inside = self.counted.values().filter(|bed| bed.stage.is_inside()).count();
        self.walk_ins + u32::try_from(inside).unwrap_or(u32::MAX)
    }

    fn make_room(&mut self, number: u64) {
        if let Some(heard) = self.unseen.remove(&number) {
            let stage = match heard.standing {
                Standing::Held => Stage::Held,
                Standing::Booked => Stage::Expected,
                Standing::Arrived => Stage::Arrived,
            };
            self.counted.insert(number, Bed { id: heard.id, stage });
        }
    }

    /// Beds are cleaned. One whose commitment the last report had in mind, and not as a dirty bed,
    /// comes back by its number; any other with the next count.
    fn cleaned(
        &mut self,
        habits: Habits,
        chance: &mut Chance,
        doings: &mut Vec<Doing>,
        counted: &mut bool,
    ) {
        let said = &self.said;
        self.dirty.retain(|number| {
            let clean = chance.percent(habits.clean);
            if clean {
                let had_in_mind = (1..=said.accounted_through).contains(number)
                    && !said.exceptions.contains(number)
                    && said.beds.dirty == 0;
                match had_in_mind {
                    true => doings.push(Doing::Returned(*number)),
                    false => *counted = true,
                }
            }
            !clean
        });
    }

    /// Somebody comes on their own, or goes; whether the count changed.
    fn walk(&mut self, chance: &mut Chance) -> bool {
        if chance.percent(50) && self.available() > 0 {
            self.walk_ins += 1;
        } else if self.walk_ins > 0 {
            self.walk_ins -= 1;
            self.dirty.push(0);
        } else {
            return false;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BUSY: Habits = Habits { notice: 40, arrive: 30, leave: 20, clean: 50, walk_in: 0 };

    /// What cupo does with a ward's words: the arithmetic of the ledger, written anew.
    #[derive(Default)]
    struct Desk {
        said: Statement,
        returned: u32,
        last: u64,
        live: BTreeSet<u64>,
        awaiting: BTreeSet<u64>,
    }

    impl Desk {
        fn accounts_for(&self, number: u64) -> bool {
            number <= self.said.accounted_through && !self.said.exceptions.contains(&number)
        }

        fn available(&self) -> u32 {
            let unaccounted = self.live.iter().filter(|n| !self.accounts_for(**n)).count();
            (self.said.available + self.returned)
                .saturating_sub(u32::try_from(unaccounted).expect("small"))
        }

        fn report(&mut self, said: Statement) {
            assert!(said.sequence > self.said.sequence);
            assert!(said.accounted_through >= self.said.accounted_through);
            assert!(said.accounted_through <= self.last);
            assert!(said.exceptions.iter().all(|number| *number <= said.accounted_through));
            assert_eq!(said.beds.physical_total(), said.beds.usable_total());
            assert!(said.available <= said.beds.free.min(said.beds.open));
            self.said = said;
            self.returned = 0;
            self.awaiting.clear();
        }

        fn end(&mut self, number: u64) {
            if self.live.remove(&number) && self.accounts_for(number) {
                self.awaiting.insert(number);
            }
        }

        fn give_back(&mut self, number: u64) {
            if self.awaiting.remove(&number) {
                self.returned += 1;
            }
        }
    }

    /// News on its way from cupo to the ward.
    #[derive(Clone, Copy, Debug)]
    enum News {
        Granted(u64),
        Ended(u64),
    }

    proptest! {
        /// However late news travels, no more commitments live than there are beds for them, and
        /// when all is quiet every bed is known again.
        #[test]
        fn no_bed_is_given_twice_and_none_is_lost(seed in 0..u64::MAX, beds in 1..40_u32) {
            let mut chance = Chance::new(seed, 0);
            let mut ward = SimulatedWard::new(beds, &mut chance);
            let room = beds - ward.walk_ins;
            let mut desk = Desk::default();
            let mut news: Vec<News> = Vec::new();
            for _ in 0..400 {
                match chance.below(6) {
                    0 | 1 if desk.available() > 0 => {
                        desk.last += 1;
                        desk.live.insert(desk.last);
                        news.push(News::Granted(desk.last));
                    }
                    2 => {
                        if let Some(number) = desk.live.iter().next().copied() {
                            desk.end(number);
                            news.push(News::Ended(number));
                        }
                    }
                    3 => desk.report(ward.count()),
                    4 if !news.is_empty() => hear(&mut ward, news.remove(0)),
                    _ => act(&mut ward, &mut desk, &mut news, BUSY, &mut chance),
                }
                prop_assert!(desk.live.len() <= room as usize);
            }
            for number in desk.live.clone() {
                desk.end(number);
                news.push(News::Ended(number));
            }
            news.into_iter().for_each(|news| hear(&mut ward, news));
            let spotless = Habits { clean: 100, arrive: 0, leave: 0, ..BUSY };
            act(&mut ward, &mut desk, &mut Vec::new(), spotless, &mut chance);
            desk.report(ward.count());
            prop_assert_eq!(desk.available(), room);
        }

        /// With people coming on their own the counts stay whole.
        #[test]
        fn walk_ins_keep_the_counts_whole(seed in 0..u64::MAX, beds in 1..40_u32) {
            let mut chance = Chance::new(seed, 1);
            let mut ward = SimulatedWard::new(beds, &mut chance);
            let mut desk = Desk::default();
            for number in 1..200 {
                if chance.percent(30) {
                    desk.last = number;
                    ward.heard(number, booked(number));
                }
                if chance.percent(20) {
                    ward.ended(number.saturating_sub(u64::from(chance.below(9))));
                    desk.last = desk.last.max(number);
                }
                ward.round(Habits { walk_in: 60, ..BUSY }, &mut chance);
                desk.report(ward.count());
                prop_assert_eq!(desk.said.beds.physical_total(), u64::from(beds));
            }
        }
    }

    fn hear(ward: &mut SimulatedWard, news: News) {
        match news {
            News::Granted(number) => ward.heard(number, booked(number)),
            News::Ended(number) => ward.ended(number),
        }
    }

    fn act(
        ward: &mut SimulatedWard,
        desk: &mut Desk,
        news: &mut Vec<News>,
        habits: Habits,
        chance: &mut Chance,
    ) {
        for doing in ward.round(habits, chance) {
            match doing {
                Doing::Discharged(id) => {
                    desk.end(id);
                    news.push(News::Ended(id));
                }
                Doing::Returned(number) => desk.give_back(number),
                Doing::Arrived(_) | Doing::Counted => {}
            }
        }
    }

    #[test]
    fn what_was_missed_is_made_up_for() {
        let mut ward = SimulatedWard::new(10, &mut Chance::new(1, 1));
        ward.resume(7, 3);
        ward.heard(4, booked(104));
        ward.heard(5, booked(105));
        ward.heard(5, Heard { id: 105, standing: Standing::Arrived });
        ward.live(&BTreeMap::from([(5, booked(105)), (6, booked(106))]));
        let said = ward.count();
        assert_eq!((said.sequence, said.accounted_through), (8, 6));
        assert_eq!(said.exceptions, [6]);
    }

    #[test]
    fn nobody_comes_on_a_hold() {
        let eager = Habits { notice: 100, arrive: 100, leave: 0, clean: 0, walk_in: 0 };
        let mut chance = Chance::new(1, 1);
        let mut ward = SimulatedWard::new(10, &mut chance);
        let free = ward.available();
        ward.heard(1, Heard { id: 101, standing: Standing::Held });
        assert_eq!(ward.round(eager, &mut chance), [Doing::Counted]);
        assert_eq!(ward.available(), free - 1);
        assert_eq!(ward.round(eager, &mut chance), []);
        ward.heard(1, booked(101));
        assert_eq!(ward.round(eager, &mut chance), [Doing::Arrived(101), Doing::Counted]);
        assert_eq!(ward.available(), free - 1);
    }

    const fn booked(id: u64) -> Heard {
        Heard { id, standing: Standing::Booked }
    }
}
