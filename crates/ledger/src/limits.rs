//! Every bound of the ledger, with its reason. A bound met is a clear refusal, never a crash.

/// Bytes of a name. The longest in the published catalogue has 164.
pub const NAME_BYTES_MAX: usize = 200;

/// Bytes of an IANA zone name. The longest today, `America/Argentina/ComodRivadavia`, has 32.
pub const ZONE_BYTES_MAX: usize = 48;

/// Bytes of a service's code within its facility.
pub const SERVICE_CODE_BYTES_MAX: usize = 48;

/// Bytes of a reason somebody gives. Room for a sentence, not for a clinical note.
pub const REASON_BYTES_MAX: usize = 200;

/// Institutions. The CLUES catalogue knows about twenty.
pub const INSTITUTIONS_MAX: usize = 256;

/// Facilities. The catalogue has 64,450 rows (August 2026), about half of them operating.
pub const FACILITIES_MAX: u64 = 131_072;

/// Other codes of one facility.
pub const ALIASES_PER_FACILITY_MAX: usize = 16;

/// Services of one facility.
pub const SERVICES_PER_FACILITY_MAX: usize = 256;

/// Beds of one service that may be registered. Mexico's largest hospital has about 2,000.
pub const BEDS_PER_SERVICE_MAX: u32 = 10_000;

/// Live commitments of one service of beds: every bed, and as many again promised.
pub const LIVE_PER_WARD_MAX: usize = 20_000;

/// Exceptions a report may name: commitments it does not account for although it accounts for
/// later ones. A ward that has more is better served by an older watermark.
pub const EXCEPTIONS_MAX: usize = 256;

/// Slots of one agenda: a month of a room with 10-minute slots around the clock is 4,464, and of
/// one with a morning is 400.
pub const SLOTS_PER_AGENDA_MAX: u32 = 4_096;

/// Agendas of one service that are not over.
pub const AGENDAS_PER_SERVICE_MAX: usize = 1_024;

/// People a slot has room for. One is usual; a group session has dozens.
pub const SLOT_CAPACITY_MAX: u8 = 200;

/// How far ahead an agenda may reach, in seconds: two years.
pub const AGENDA_AHEAD_SECONDS_MAX: u64 = 2 * 366 * 86_400;

/// Places one command may take together.
pub const LEGS_MAX: usize = 8;

/// Candidates of one leg, in order of preference.
pub const CANDIDATES_MAX: usize = 64;

/// The shortest hold, in seconds: less cannot be confirmed by a person.
pub const HOLD_SECONDS_MIN: u32 = 5;

/// The longest hold, in seconds: more would keep a bed from somebody who needs it now.
pub const HOLD_SECONDS_MAX: u32 = 2 * 3_600;

/// The longest a booked bed waits for its patient, in seconds. After that it is overdue, and still
/// counted until the ward answers.
pub const ARRIVAL_SECONDS_MAX: u32 = 7 * 86_400;

/// How long a booked bed waits when the command does not say, in seconds.
pub const ARRIVAL_SECONDS_DEFAULT: u32 = 4 * 3_600;

/// How long after an agenda's end its bookings wait for somebody to say what became of them, in
/// seconds: three days, so that a weekend does not decide.
pub const UNREPORTED_AFTER_SECONDS: u64 = 3 * 86_400;

/// A ward not heard of for this long ranks lower, in seconds.
pub const AGED_AFTER_SECONDS: u64 = 30 * 60;

/// A ward not heard of for this long drops out: nothing is granted there, in seconds.
pub const SILENT_AFTER_SECONDS: u64 = 2 * 3_600;

/// Deadlines handled at the beginning of one entry. A thousand that fall due at 08:00 must not
/// stall the nation; what is left is handled with the next entry, and every check compares
/// deadlines itself.
pub const EXPIRIES_PER_ENTRY_MAX: usize = 1_024;

/// How long an ended commitment is remembered, in seconds, so that a late confirmation is told
/// *expired* rather than *unknown*. Its history stays in the journal.
pub const ENDED_SECONDS: u64 = 600;

/// Ended commitments remembered at most; beyond it the oldest are forgotten sooner.
pub const ENDED_MAX: u64 = 262_144;

/// Live commitments of the whole ledger: a nation's open bookings, several times over.
pub const COMMITMENTS_MAX: u64 = 50_000_000;

/// Requests remembered. At the nation's 1.2 million bookings a day, with a hold and a confirmation
/// each, this is a day and a half. When it is full the oldest are forgotten and the floor rises:
/// a request older than the floor is refused, so it can never book twice.
pub const REQUESTS_MAX: usize = 4_194_304;

/// How long a request is remembered, in seconds, as long as there is room.
pub const REQUEST_SECONDS: u64 = 86_400;

/// How far ahead of the log's moment a request's own clock may be, in seconds.
pub const REQUEST_AHEAD_SECONDS: u64 = 300;

/// Bulk streams remembered. A stream unused for [`REQUEST_SECONDS`] is forgotten.
pub const STREAMS_MAX: usize = 8_192;

/// Outcomes remembered of one stream, the newest. A sender may have this many in flight.
pub const STREAM_WINDOW: u64 = 32_768;

/// The greatest sequence of a stream: at a million commands a second, nine years. It keeps the
/// arithmetic of windows and of the tables behind them far from where numbers end.
pub const STREAM_SEQUENCE_MAX: u64 = (1 << 48) - 1;

/// Outcomes remembered of all streams together.
pub const STREAM_RECEIPTS_MAX: u64 = 4_194_304;

/// Commands of one entry. A group of them shares one sync.
pub const COMMANDS_PER_ENTRY_MAX: usize = 16_384;

/// Commitments named when something is refused because of them.
pub const NAMED_COMMITMENTS_MAX: usize = 32;

const _: () = {
    assert!(HOLD_SECONDS_MIN < HOLD_SECONDS_MAX);
    assert!(ARRIVAL_SECONDS_DEFAULT <= ARRIVAL_SECONDS_MAX);
    assert!(AGED_AFTER_SECONDS < SILENT_AFTER_SECONDS);
    // An index of a slot is a u16, and joint commitments are counted in a u8.
    assert!(SLOTS_PER_AGENDA_MAX <= u16::MAX as u32);
    assert!(LEGS_MAX <= u8::MAX as usize);
    assert!(CANDIDATES_MAX <= u8::MAX as usize);
    // A slot filled beyond its capacity, with reason, is still counted in a u8.
    assert!(SLOT_CAPACITY_MAX < u8::MAX);
    assert!(LIVE_PER_WARD_MAX >= 2 * BEDS_PER_SERVICE_MAX as usize);
    // A table of records grows by a factor of sixteen until a number fits: the last 16 never do.
    assert!(STREAM_SEQUENCE_MAX < u64::MAX >> 4);
    // A whole entry of one stream is replayed from its window.
    assert!(STREAM_WINDOW >= 2 * COMMANDS_PER_ENTRY_MAX as u64);
};
