//! A place is never given twice: nothing is granted where as many commitments live as the journal
//! says that there is room for, at that revision. Beds may be registered or taken back meanwhile.

use crate::cluster::nation::SLOT_CAPACITY;
use ledger::words::{CommitmentId, Place, ServiceId};
use ledger::{Event, Happening};
use std::collections::BTreeMap;

pub fn judge(events: &[Event]) -> Vec<String> {
    let mut live: BTreeMap<CommitmentId, Place> = BTreeMap::new();
    let mut taken: BTreeMap<Place, u32> = BTreeMap::new();
    let mut beds: BTreeMap<ServiceId, u32> = BTreeMap::new();
    let mut found = Vec::new();
    for event in events {
        let revision = event.revision.0;
        match event.happening {
            Happening::CapacityConfirmed { service, beds: registered } => {
                beds.insert(service, registered);
            }
            Happening::Granted { commitment, place, .. } => {
                if live.insert(commitment, place).is_some() {
                    found.push(format!("revision {revision} grants {commitment:?} again"));
                }
                let taken = taken.entry(place).or_default();
                *taken += 1;
                let room = match place {
                    Place::Bed(service) => beds.get(&service).copied().unwrap_or(0),
                    Place::Slot(_) => u32::from(SLOT_CAPACITY),
                };
                if *taken > room {
                    found.push(format!("revision {revision}: {taken} in {place:?} of {room}"));
                }
            }
            Happening::Ended { commitment, .. } => match live.remove(&commitment) {
                Some(place) => *taken.entry(place).or_default() -= 1,
                None => found.push(format!("revision {revision} ends {commitment:?}, not live")),
            },
            Happening::Booked { commitment, .. } | Happening::Arrived { commitment }
                if !live.contains_key(&commitment) =>
            {
                found.push(format!("revision {revision} changes {commitment:?}, not live"));
            }
            _ => {}
        }
    }
    found
}
