//! `ledger.apply` alone at the size of the nation: 30,000 facilities, 10 million open slots, a
//! million live bookings; and what an open slot and a live booking cost in memory.
//!
//! `cargo bench -p ledger` — one core, no I/O. `CUPO_BENCH_SCALE=0.1` makes a tenth of the nation,
//! to see how the cost grows.

use criterion::{Criterion, Throughput};
use ledger::acts::*;
use ledger::words::*;
use ledger::{Act, Command, Ledger, Outcome};
use std::num::NonZeroU128;
use std::time::{Duration, Instant};

const FACILITIES: u32 = 30_000;
const SLOTS: u64 = 10_000_000;
const BOOKINGS: u64 = 1_000_000;
const GROUP: usize = 512;

/// A nation of clinics by agenda, every eighth also with a ward.
struct Nation {
    ledger: Ledger,
    agendas: u32,
    slots_per_agenda: u64,
    random: u64,
    millis: u64,
    request: u128,
}

impl Nation {
    fn new(scale: f64) -> Self {
        let facilities = (f64::from(FACILITIES) * scale) as u32;
        let slots_per_agenda = SLOTS / u64::from(FACILITIES);
        let mut nation = Self {
            ledger: Ledger::new(1),
            agendas: facilities,
            slots_per_agenda,
            random: 0x9e37_79b9_7f4a_7c15,
            millis: 1_800_000_000_000,
            request: 0,
        };
        let code = InstitutionCode::parse("IMB").expect("three letters");
        let institution = Institution { name: Text::new("IMSS-Bienestar").expect("short") };
        nation.apply(vec![Act::PutInstitution(PutInstitution { code, institution })]);
        nation.apply((0..facilities).map(|n| facility(n, code)).collect());
        let before = resident_bytes();
        let shape = AgendaShape {
            start: nation.moment().plus_seconds(86_400),
            step_seconds: 1_200,
            length_seconds: 1_200,
            columns: 18,
            row_seconds: 86_400,
            rows: (slots_per_agenda / 18) as u16,
            capacity: 1,
        };
        nation.slots_per_agenda = u64::from(shape.slots());
        let publish =
            |n| Act::PublishAgenda(PublishAgenda { service: ServiceId(service_of(n)), shape });
        nation.apply((0..facilities).map(publish).collect());
        let slots = nation.slots_per_agenda * u64::from(facilities);
        report("open slot", resident_bytes() - before, slots);
        nation
    }

    fn fill(&mut self, bookings: u64) {
        let before = resident_bytes();
        while self.ledger.live_count() < bookings {
            self.millis += 1;
            let commands: Vec<_> = (0..GROUP).map(|_| Command::natural(self.booking())).collect();
            self.ledger.apply(self.moment(), &commands, &mut Vec::new());
        }
        report("live booking", resident_bytes() - before, self.ledger.live_count());
    }

    /// Without request ids, whose memory is bounded and stated apart.
    fn apply(&mut self, acts: Vec<Act>) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        for group in acts.chunks(GROUP) {
            let author = Some(Author { principal: 1, role: Role::Operator });
            let command = |act| Command { author, ..Command::natural(act) };
            let commands: Vec<_> = group.iter().cloned().map(command).collect();
            let applied = self.ledger.apply(self.moment(), &commands, &mut Vec::new());
            assert!(!matches!(applied[0].outcome, Outcome::Refused(_)), "{:?}", applied[0]);
            outcomes.extend(applied.into_iter().map(|applied| applied.outcome));
        }
        outcomes
    }

    const fn moment(&self) -> Moment {
        Moment::from_micros(self.millis * 1_000)
    }

    /// xorshift64*: any spread will do, as long as it is the same in every run.
    const fn random(&mut self, below: u64) -> u64 {
        self.random ^= self.random >> 12;
        self.random ^= self.random << 25;
        self.random ^= self.random >> 27;
        self.random.wrapping_mul(0x2545_f491_4f6c_dd1d) % below
    }

    fn booking(&mut self) -> Act {
        let agenda = AgendaId(self.random(u64::from(self.agendas)) as u32);
        let index = self.random(self.slots_per_agenda) as u16;
        let place = Place::Slot(SlotId { agenda, index });
        Act::Hold(Hold {
            legs: vec![Leg { candidates: vec![place] }],
            terms: Terms::Book,
            arrival_seconds: 0,
            person: NonZeroU128::new(u128::from(self.random(u64::MAX)) << 64 | 1).map(PersonId),
            basis: None,
            overcapacity: None,
        })
    }

    /// A group of bookings with request ids, as the gateway sends them.
    fn bookings(&mut self) -> Vec<Command> {
        self.millis += 1;
        (0..GROUP)
            .map(|_| {
                self.request += 1;
                let uuid = u128::from(self.millis) << 80 | 0x7 << 76 | 0b10 << 62 | self.request;
                let author = Some(Author { principal: 17, role: Role::Desk });
                let request = RequestId::Unique(uuid);
                Command { request, author, ..Command::natural(self.booking()) }
            })
            .collect()
    }
}

const fn service_of(facility: u32) -> u32 {
    // One service by agenda each, and after every eighth a ward.
    facility + facility.div_ceil(8)
}

fn facility(number: u32, institution: InstitutionCode) -> Act {
    let agenda = PutService {
        code: ServiceCode::parse("family-medicine").expect("letters and hyphens"),
        kind: ServiceKind::Outpatient(Specialty(1)),
        beds: None,
        confirmed: false,
    };
    let ward = PutService {
        code: ServiceCode::parse("general").expect("letters"),
        kind: ServiceKind::Bed(BedType {
            area: BedArea::General,
            age: AgeGroup::Any,
            isolation: false,
            ventilator: false,
            censable: true,
        }),
        beds: Some(100),
        confirmed: true,
    };
    let mut services = vec![agenda];
    if number.is_multiple_of(8) {
        services.push(ward);
    }
    Act::PutFacility(PutFacility {
        clues: Clues::parse(&format!("OCIMB{number:05}0")).expect("five letters, six digits"),
        aliases: Vec::new(),
        profile: FacilityProfile {
            institution,
            name: Text::new("Centro de salud").expect("short"),
            level: Level::First,
            position: Position { latitude_e6: 17_000_000, longitude_e6: -96_000_000 },
            municipality: 20_067,
            zone: Text::new("America/Mexico_City").expect("short"),
        },
        services,
    })
}

fn report(what: &str, bytes: usize, count: u64) {
    println!("memory per {what}: {:.1} B ({count} of them)", bytes as f64 / count as f64);
}

/// What the process holds in memory, allocator's overhead included.
fn resident_bytes() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").expect("Linux says what is resident");
    let pages = statm.split(' ').nth(1).and_then(|n| n.parse::<usize>().ok());
    pages.expect("the second number is the resident set") * 4_096
}

/// Books a group and takes the time of that alone; then cancels it, so that the nation stays as
/// full as it was.
fn book_a_group(nation: &mut Nation, views: bool) -> Duration {
    let commands = nation.bookings();
    let (moment, mut events) = (nation.moment(), Vec::new());
    let view = views.then(|| nation.ledger.clone());
    let started = Instant::now();
    let applied = nation.ledger.apply(moment, &commands, &mut events);
    let elapsed = started.elapsed();
    drop(view);
    let granted = applied.iter().filter_map(|applied| applied.outcome.granted());
    let granted: Vec<_> = granted.collect();
    // One slot in ten is taken, and so is about one booking in ten refused.
    assert!(granted.len() > GROUP * 3 / 4, "most bookings find room: {:?}", applied[0]);
    let cancel = |commitment| Act::Cancel(Cancel { commitment });
    nation.apply(granted.into_iter().map(|granted| cancel(granted.first)).collect());
    elapsed
}

fn main() {
    let scale = std::env::var("CUPO_BENCH_SCALE").ok().and_then(|s| s.parse().ok()).unwrap_or(1.0);
    let mut criterion = Criterion::default().configure_from_args().sample_size(20);
    let mut nation = Nation::new(scale);
    nation.fill((BOOKINGS as f64 * scale) as u64);
    let mut group = criterion.benchmark_group("apply");
    group.throughput(Throughput::Elements(GROUP as u64));
    for (name, views) in [("bookings", false), ("bookings, a view held each group", true)] {
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|times| {
                (0..times).map(|_| book_a_group(&mut nation, views)).sum::<Duration>()
            });
        });
    }
    group.finish();
    let digest = Instant::now();
    assert_eq!(nation.ledger.digest(), nation.ledger.recomputed_digest());
    println!("digest of every record recomputed in {:?}", digest.elapsed());
    criterion.final_summary();
}
