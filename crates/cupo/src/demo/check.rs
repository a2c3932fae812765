//! Compares what an outside observer wrote down with what every node says afterwards.

use super::doors::Doors;
use super::founding::{Founded, slot_number};
use super::notebook::{Person, Told};
use crate::language::Texts;
use std::collections::{BTreeMap, BTreeSet};
use tonic::Status;
use wire::v1::booking_service_client::BookingServiceClient;
use wire::v1::consistency::Want;
use wire::v1::{Commitment, CommitmentStatus, Consistency, ListBookingsRequest};

/// Bookings of one page.
const PAGE: i32 = 1_000;

/// Lists that are asked for at once.
const AT_ONCE: usize = 16;

/// How long one list may take.
const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(15);

/// A promise that was found broken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Broken {
    /// An acknowledged booking is not there.
    Lost {
        /// Its id.
        id: u64,
    },
    /// An acknowledged booking is somewhere else than was answered.
    Moved {
        /// Its id.
        id: u64,
    },
    /// One request came to more than one booking.
    Doubled {
        /// Their ids.
        ids: Vec<u64>,
    },
    /// A request that was refused, or never sent, came to a booking.
    Unasked {
        /// Its id.
        id: u64,
    },
    /// A booking lives on although its cancellation was acknowledged.
    Undead {
        /// Its id.
        id: u64,
    },
    /// Two requests were answered with the same booking.
    Shared {
        /// Its id.
        id: u64,
    },
    /// A place has more bookings than room.
    Overfull {
        /// The place: a slot's number, or a service's name.
        place: String,
        /// Holds and bookings there.
        live: u64,
        /// What it has room for.
        room: u64,
    },
}

/// A hold or booking as a node tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its id.
    pub id: u64,
    /// For whom.
    pub person: Vec<u8>,
    /// Whether it is a hold.
    pub held: bool,
    /// Its place by number.
    pub place: Place,
}

/// A place as a node tells it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A bed of this service, by name.
    Bed(String),
    /// This slot, by number.
    Slot(u64),
}

/// How much room places have, as whoever founded the nation knows it.
#[derive(Clone, Debug, Default)]
pub struct Room {
    slots: BTreeMap<u32, u64>,
    beds: BTreeMap<String, u64>,
}

impl Room {
    /// The room of a nation. A ward's room is what it first reported free: while the check runs,
    /// nobody comes or goes whom cupo has not heard of.
    #[must_use]
    pub fn of(founded: &Founded) -> Self {
        let slots = founded.agendas.iter().map(|a| (a.number, u64::from(a.shape.capacity)));
        let beds = founded.wards.iter();
        Self {
            slots: slots.collect(),
            beds: beds
                .map(|ward| (ward.service.clone(), ward.simulated.said().available.into()))
                .collect(),
        }
    }

    fn at(&self, place: &Place) -> Option<u64> {
        match place {
            Place::Bed(service) => self.beds.get(service).copied(),
            Place::Slot(number) => {
                let agenda = u32::try_from(number >> 17).ok()?;
                self.slots.get(&agenda).copied()
            }
        }
    }
}

/// Every hold and booking that one node has at the facilities named, with nothing acknowledged
/// before left out.
///
/// # Errors
/// The node's.
pub async fn read(
    doors: &Doors,
    node: usize,
    facilities: &BTreeSet<String>,
) -> Result<Vec<Found>, Status> {
    let mut found = Vec::new();
    let names: Vec<&String> = facilities.iter().collect();
    for some in names.chunks(AT_ONCE) {
        let lists = some.iter().map(|facility| list(doors, node, facility));
        for list in futures::future::try_join_all(lists).await? {
            found.extend(list);
        }
    }
    Ok(found)
}

async fn list(doors: &Doors, node: usize, facility: &str) -> Result<Vec<Found>, Status> {
    let mut client = BookingServiceClient::new(doors.door(node));
    let mut found = Vec::new();
    let mut page_token = String::new();
    loop {
        let consistency = Consistency { want: Some(Want::Linearizable(true)) };
        let mut request = tonic::Request::new(ListBookingsRequest {
            parent: facility.to_owned(),
            page_size: PAGE,
            page_token,
            consistency: Some(consistency),
        });
        request.set_timeout(TIMEOUT);
        let page = client.list_bookings(request).await?.into_inner();
        found.extend(page.commitments.into_iter().map(as_found));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(found);
        }
    }
}

fn as_found(commitment: Commitment) -> Found {
    let held = commitment.status() == CommitmentStatus::Held;
    let slot = commitment.place.split_once("/slots/").and_then(|(_, slot)| {
        let (agenda, index) = slot.split_once('-')?;
        Some(slot_number(agenda.parse().ok()?, index.parse().ok()?))
    });
    let place = slot.map_or_else(|| Place::Bed(commitment.service.clone()), Place::Slot);
    Found { id: commitment.id, person: commitment.person.to_vec(), held, place }
}

/// Judges one node's picture by the observer's notes.
#[must_use]
pub fn judge(notes: &BTreeMap<Person, Told>, found: &[Found], room: &Room) -> BTreeSet<Broken> {
    let mut broken = BTreeSet::new();
    let mut by_person: BTreeMap<&[u8], Vec<&Found>> = BTreeMap::new();
    let mut by_place: BTreeMap<&Place, u64> = BTreeMap::new();
    for one in found {
        *by_place.entry(&one.place).or_default() += 1;
        if !one.held {
            by_person.entry(&one.person).or_default().push(one);
        }
    }
    let mut acknowledged = BTreeSet::new();
    for (person, told) in notes {
        let live = by_person.get(person.as_slice()).map_or(&[][..], Vec::as_slice);
        if live.len() > 1 {
            broken.insert(Broken::Doubled { ids: live.iter().map(|one| one.id).collect() });
        }
        match told {
            Told::Booked { id, place } => {
                if !acknowledged.insert(*id) {
                    broken.insert(Broken::Shared { id: *id });
                }
                match live.iter().find(|one| one.id == *id) {
                    None => {
                        broken.insert(Broken::Lost { id: *id });
                    }
                    Some(Found { place: Place::Slot(number), .. }) if number != place => {
                        broken.insert(Broken::Moved { id: *id });
                    }
                    Some(_) => {}
                }
            }
            Told::Cancelled { id, surely } => {
                if !acknowledged.insert(*id) {
                    broken.insert(Broken::Shared { id: *id });
                }
                broken.extend(live.iter().filter(|_| *surely).map(|o| Broken::Undead { id: o.id }));
            }
            Told::Refused => {
                broken.extend(live.iter().map(|one| Broken::Unasked { id: one.id }));
            }
            Told::Nothing => {}
        }
    }
    for (place, live) in by_place {
        if let Some(room) = room.at(place).filter(|room| live > *room) {
            let place = match place {
                Place::Bed(service) => service.clone(),
                Place::Slot(number) => number.to_string(),
            };
            broken.insert(Broken::Overfull { place, live, room });
        }
    }
    broken
}

impl Broken {
    /// Its text.
    #[must_use]
    pub fn texts(&self) -> Texts<String> {
        let [es, en] = match self {
            Self::Lost { id } => [
                format!("bookings/{id} fue confirmada y no está"),
                format!("bookings/{id} was acknowledged and is not there"),
            ],
            Self::Moved { id } => [
                format!("bookings/{id} está en otro lugar que el confirmado"),
                format!("bookings/{id} is in another place than was answered"),
            ],
            Self::Doubled { ids } => [
                format!("una sola solicitud hizo varias reservas: {ids:?}"),
                format!("one request made several bookings: {ids:?}"),
            ],
            Self::Unasked { id } => [
                format!("bookings/{id} viene de una solicitud rechazada"),
                format!("bookings/{id} came of a request that was refused"),
            ],
            Self::Undead { id } => [
                format!("bookings/{id} fue cancelada y sigue viva"),
                format!("bookings/{id} was cancelled and lives on"),
            ],
            Self::Shared { id } => [
                format!("bookings/{id} fue la respuesta a dos solicitudes"),
                format!("bookings/{id} was the answer to two requests"),
            ],
            Self::Overfull { place, live, room } => [
                format!("{place} tiene {live} compromisos y lugar para {room}"),
                format!("{place} has {live} commitments and room for {room}"),
            ],
        };
        Texts { es, en }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGENDA: u32 = 7;

    fn room() -> Room {
        Room {
            slots: BTreeMap::from([(AGENDA, 1)]),
            beds: BTreeMap::from([("ward".to_owned(), 2)]),
        }
    }

    fn at(id: u64, person: u8, index: u16) -> Found {
        let place = Place::Slot(slot_number(AGENDA, index));
        Found { id, person: vec![person; 16], held: false, place }
    }

    fn bed(id: u64, person: u8) -> Found {
        Found { place: Place::Bed("ward".to_owned()), ..at(id, person, 0) }
    }

    const fn booked(id: u64, index: u16) -> Told {
        Told::Booked { id, place: slot_number(AGENDA, index) }
    }

    #[track_caller]
    fn check(notes: &[(u8, Told)], found: &[Found], expected: &[Broken]) {
        let notes = notes.iter().map(|(person, told)| ([*person; 16], told.clone())).collect();
        let judged: Vec<Broken> = judge(&notes, found, &room()).into_iter().collect();
        assert_eq!(judged, expected);
    }

    #[test]
    fn promises_that_are_kept_are_not_complained_of() {
        check(&[(1, booked(10, 0)), (2, booked(11, 1))], &[at(10, 1, 0), at(11, 2, 1)], &[]);
        // What was never answered may have come to something or not.
        check(&[(1, Told::Nothing), (2, Told::Nothing)], &[at(10, 1, 0)], &[]);
        check(&[(1, Told::Cancelled { id: 10, surely: true }), (2, Told::Refused)], &[], &[]);
        check(&[(1, Told::Cancelled { id: 10, surely: false })], &[at(10, 1, 0)], &[]);
        // A hold that was not confirmed is not a booking, and somebody else's is not ours.
        check(&[(1, Told::Refused)], &[Found { held: true, ..at(10, 1, 0) }], &[]);
        check(&[], &[at(10, 9, 0), bed(11, 8), bed(12, 7)], &[]);
    }

    #[test]
    fn every_broken_promise_is_found() {
        check(&[(1, booked(10, 0))], &[], &[Broken::Lost { id: 10 }]);
        check(&[(1, booked(10, 0))], &[at(10, 2, 0)], &[Broken::Lost { id: 10 }]);
        check(&[(1, booked(10, 0))], &[at(10, 1, 1)], &[Broken::Moved { id: 10 }]);
        let twice = [at(10, 1, 0), at(11, 1, 1)];
        check(&[(1, booked(10, 0))], &twice, &[Broken::Doubled { ids: vec![10, 11] }]);
        check(&[(1, Told::Nothing)], &twice, &[Broken::Doubled { ids: vec![10, 11] }]);
        check(&[(1, Told::Refused)], &[at(10, 1, 0)], &[Broken::Unasked { id: 10 }]);
        let cancelled = Told::Cancelled { id: 10, surely: true };
        check(&[(1, cancelled)], &[at(10, 1, 0)], &[Broken::Undead { id: 10 }]);
        let shared = [Broken::Lost { id: 10 }, Broken::Shared { id: 10 }];
        check(&[(1, booked(10, 0)), (2, booked(10, 0))], &[at(10, 1, 0)], &shared);
        let slot = slot_number(AGENDA, 0).to_string();
        let full = Broken::Overfull { place: slot, live: 2, room: 1 };
        check(&[], &[at(10, 1, 0), Found { held: true, ..at(11, 2, 0) }], &[full]);
        let ward = Broken::Overfull { place: "ward".to_owned(), live: 3, room: 2 };
        check(&[], &[bed(1, 1), bed(2, 2), bed(3, 3)], &[ward]);
    }
}
