//! What is taken is exactly what live commitments take: no place twice, none lost.

use super::Violation;
use crate::state::State;
use crate::words::{AgendaId, CommitmentId, Place, ServiceId};
use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

/// Live commitments by ward and number, and by agenda and slot, from the commitments' own words.
#[derive(Default)]
struct Claims {
    wards: BTreeMap<ServiceId, BTreeMap<u64, CommitmentId>>,
    agendas: BTreeMap<AgendaId, Vec<(u16, CommitmentId)>>,
}

pub(super) fn check(state: &State) -> Option<Violation> {
    let mut claims = Claims::default();
    for (number, commitment) in state.commitments.iter_from(0) {
        let id = CommitmentId(number);
        if !commitment.status.is_live() {
            continue;
        }
        match commitment.place {
            Place::Bed(service) => {
                let ward = claims.wards.entry(service).or_default();
                if ward.insert(commitment.number, id).is_some() {
                    return Some(Violation::Homeless(id));
                }
            }
            Place::Slot(slot) => {
                claims.agendas.entry(slot.agenda).or_default().push((slot.index, id));
            }
        }
    }
    wards(state, &mut claims).or_else(|| agendas(state, &mut claims)).or_else(|| {
        let bed = claims.wards.values().flat_map(BTreeMap::values).next();
        let slot = claims.agendas.values().flatten().map(|(_, id)| id).next();
        bed.or(slot).map(|id| Violation::Homeless(*id))
    })
}

fn wards(state: &State, claims: &mut Claims) -> Option<Violation> {
    state.services.iter_from(0).find_map(|(number, service)| {
        let id = ServiceId(u32::try_from(number).unwrap_or(u32::MAX));
        let ward = service.ward.as_ref()?;
        let live = claims.wards.remove(&id).unwrap_or_default();
        let known = *ward.live.0 == live
            && *ward.unaccounted == ward.count_unaccounted()
            && live.keys().all(|n| *n <= ward.last_number)
            && ward.awaiting_return.iter().all(|n| ward.accounts_for(*n) && !live.contains_key(n));
        (!known).then_some(Violation::WardMiscounts(id))
    })
}

fn agendas(state: &State, claims: &mut Claims) -> Option<Violation> {
    state.agendas.iter_from(0).find_map(|(number, agenda)| {
        let id = AgendaId(u32::try_from(number).unwrap_or(u32::MAX));
        let live = claims.agendas.remove(&id).unwrap_or_default();
        let mut taken = vec![0_u8; agenda.taken.len()];
        for (slot, _) in &live {
            let Some(count) = taken.get_mut(usize::from(*slot)) else {
                return Some(Violation::AgendaMiscounts(id));
            };
            *count = count.saturating_add(1);
        }
        let known = *agenda.taken.0 == taken && agenda.live.iter().eq(live.iter().map(|(_, c)| c));
        (!known).then_some(Violation::AgendaMiscounts(id))
    })
}
