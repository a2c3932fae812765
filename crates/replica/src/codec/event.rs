//! What happened, as `journal.proto` numbers it.

use super::error::DecodeError;
use super::field::{maybe, one};
use super::limits::EVENTS_BYTES_MAX;
use super::message::{Choice, choices};
use super::value::Format;
use super::wire::{Input, expect, next_key, read_delimited, skip, write_delimited, write_key};
use bytes::Bytes;
use ledger::words::{Moment, Revision};
use ledger::{Event, Happening};
use prost::encoding::WireType;

/// What one event takes on average.
const EVENT_BYTES_USUAL: usize = 80;

/// The first event's revision and moment, from which the others are counted: those of one entry
/// share the moment, and their revisions are close.
#[derive(Clone, Copy)]
struct Base {
    revision: u64,
    moment: u64,
}

/// The bytes of events, in order: equal events give equal bytes on every node.
#[must_use]
pub fn encode_events(events: &[Event]) -> Bytes {
    let base = Base {
        revision: events.first().map_or(0, |event| event.revision.0),
        moment: events.first().map_or(0, |event| event.moment.micros()),
    };
    let mut out = Vec::with_capacity(24 + EVENT_BYTES_USUAL * events.len());
    one::put(1, &Format, &mut out);
    one::put(2, &base.revision, &mut out);
    one::put(3, &Moment::from_micros(base.moment), &mut out);
    for event in events {
        write_key(4, WireType::LengthDelimited, &mut out);
        write_delimited(&mut out, |out| write_event(event, base, out));
    }
    out.into()
}

/// The events in these bytes.
///
/// # Errors
/// When they are no events, or some that only a newer version understands.
pub fn decode_events(bytes: &[u8]) -> Result<Vec<Event>, DecodeError> {
    DecodeError::bounded("bytes", bytes.len(), EVENTS_BYTES_MAX)
        .and_then(|()| read_events(bytes))
        .map_err(|error| error.within("events"))
}

fn read_events(mut input: Input<'_>) -> Result<Vec<Event>, DecodeError> {
    let (mut format, mut revision, mut moment) = (None::<Format>, None, None::<Moment>);
    let mut events: Vec<Event> = Vec::new();
    while let Some((number, wire)) = next_key(&mut input)? {
        match number {
            1 => one::merge(&mut format, wire, &mut input).map_err(|e| e.within("format"))?,
            2 => one::merge(&mut revision, wire, &mut input).map_err(|e| e.within("revision"))?,
            3 => one::merge(&mut moment, wire, &mut input).map_err(|e| e.within("moment"))?,
            4 => {
                expect(wire, WireType::LengthDelimited)?;
                let fields = read_delimited(&mut input)?;
                let base = Base {
                    revision: revision.unwrap_or_default(),
                    moment: moment.unwrap_or_default().micros(),
                };
                events.push(read_event(fields, base).map_err(|e| e.within("events"))?);
            }
            _ => skip(number, wire, &mut input)?,
        }
    }
    one::finish(format).map_err(|error| error.within("format"))?;
    Ok(events)
}

fn write_event(event: &Event, base: Base, out: &mut Vec<u8>) {
    event.happening.put(out);
    // The differences wrap, so that any events in any order come back as they were.
    one::put(10, &event.revision.0.wrapping_sub(base.revision), out);
    one::put(11, &event.moment.micros().wrapping_sub(base.moment), out);
    maybe::put(12, &event.facility, out);
    maybe::put(13, &event.author, out);
    maybe::put(14, &event.policy, out);
}

fn read_event(mut input: Input<'_>, base: Base) -> Result<Event, DecodeError> {
    let (mut happening, mut revision, mut moment) = (None, None, None);
    let (mut facility, mut author, mut policy) = (None, None, None);
    while let Some((number, wire)) = next_key(&mut input)? {
        let input = &mut input;
        match number {
            10 => one::merge(&mut revision, wire, input).map_err(|e| e.within("revision"))?,
            11 => one::merge(&mut moment, wire, input).map_err(|e| e.within("moment"))?,
            12 => one::merge(&mut facility, wire, input).map_err(|e| e.within("facility"))?,
            13 => one::merge(&mut author, wire, input).map_err(|e| e.within("author"))?,
            14 => one::merge(&mut policy, wire, input).map_err(|e| e.within("policy"))?,
            _ => match Happening::read(number, wire, input).map_err(|e| e.within("happening"))? {
                Some(found) => happening = Some(found),
                None if matches!(number, 1..=9 | 20..=255) => {
                    return Err(DecodeError::newer(u64::from(number)).within("happening"));
                }
                None => skip(number, wire, input)?,
            },
        }
    }
    let moment: u64 = moment.unwrap_or_default();
    Ok(Event {
        revision: Revision(base.revision.wrapping_add(revision.unwrap_or_default())),
        moment: Moment::from_micros(base.moment.wrapping_add(moment)),
        facility,
        author,
        policy,
        happening: happening.ok_or_else(|| DecodeError::missing().within("happening"))?,
    })
}

choices! {
    Happening {
        1 InstitutionPut { 1 one code, 2 one institution },
        2 FacilityPut { 1 one clues },
        3 FacilityClosed { 1 one clues },
        4 FacilityMerged { 1 one clues, 2 one into },
        5 ServiceClosed { 1 one service },
        6 CapacityProposed { 1 one service, 2 one beds },
        7 CapacityConfirmed { 1 one service, 2 one beds },
        8 ClaimHeld { 1 one service, 2 one beds, 3 one registered },
        9 BedsChanged { 1 one service, 2 one available, 3 one overcommitted, 4 one sequence },
        20 AgendaPublished { 1 one service, 2 one agenda, 3 one shape },
        21 SlotsBlocked { 1 one agenda, 2 one first, 3 one count, 4 one blocked },
        22 AgendaWithdrawn { 1 one agenda },
        30 Granted {
            1 one commitment, 2 one place, 3 one service, 4 one number, 5 one start, 6 one joint,
            7 one booked, 8 one deadline, 9 maybe person, 10 maybe basis,
            11 maybe transferred_from, 12 one overcapacity
        },
        31 Booked { 1 one commitment, 2 one deadline },
        32 Extended { 1 one commitment, 2 one deadline },
        33 Arrived { 1 one commitment },
        34 Overdue { 1 one commitment },
        35 Disputed { 1 one commitment },
        36 Ended {
            1 one commitment, 2 one place, 3 one number, 4 one ending, 5 maybe person, 6 one start
        },
        37 Returned { 1 one service, 2 one number },
    }
}
