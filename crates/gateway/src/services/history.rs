//! What happened to bookings, as far as this node's history has followed.

use crate::complaint::Complaint;
use crate::edge::Edge;
use crate::pages;
use ledger::View;
use replica::history::{By, HistoryEntry, HistoryQuery, HistoryToken, PAGE_ENTRIES_MAX};
use std::sync::Arc;
use v1::list_booking_history_request::By as Asked;
use wire::{FieldError, InputError, Problem, event, names, request, time, v1};

/// A page of history.
pub(super) async fn page(
    edge: &Arc<Edge>,
    asked: &v1::ListBookingHistoryRequest,
) -> Result<v1::ListBookingHistoryResponse, Complaint> {
    let view = edge.replica.view();
    let limit = pages::size(asked.page_size, PAGE_ENTRIES_MAX)?;
    let query = HistoryQuery { by: by(&view, asked)?, after: after(&asked.page_token)?, limit };
    // The index reads from disk.
    let replica = edge.replica.clone();
    let read = tokio::task::spawn_blocking(move || replica.history(&query));
    let page = read.await.map_err(|_| Complaint::Stopping)??;
    let histories = page.entries.iter().map(|entry| history(&view, entry)).collect();
    let next = page.next.map_or_else(String::new, |token| hexadecimal(&token.to_bytes()));
    let (next_page_token, revision) = (next, page.revision.0);
    Ok(v1::ListBookingHistoryResponse { histories, next_page_token, revision })
}

fn by(view: &View, asked: &v1::ListBookingHistoryRequest) -> Result<By, InputError> {
    let missing = |field| FieldError::new(field, Problem::Missing);
    Ok(match &asked.by {
        None => return Err(missing("by").into()),
        Some(Asked::Person(bytes)) => {
            By::Person(request::person("person", bytes)?.ok_or_else(|| missing("person"))?)
        }
        Some(Asked::Name(name)) => By::Commitment(names::commitment("name", name)?),
        Some(Asked::FacilityTimes(given)) => {
            let moment = |field, given: &Option<prost_types::Timestamp>| {
                time::moment(field, given.as_ref().ok_or_else(|| missing(field))?)
            };
            By::Facility {
                facility: names::facility(view, "facility_times.facility", &given.facility)?,
                from: moment("facility_times.start_time", &given.start_time)?,
                until: moment("facility_times.end_time", &given.end_time)?,
            }
        }
    })
}

fn history(view: &View, entry: &HistoryEntry) -> v1::BookingHistory {
    v1::BookingHistory {
        name: names::booking_name(entry.commitment),
        id: entry.commitment.0,
        events: entry.events.iter().map(|happened| event::message(view, happened)).collect(),
    }
}

/// The token of a request; none for the first page.
fn after(text: &str) -> Result<Option<HistoryToken>, Complaint> {
    if text.is_empty() {
        return Ok(None);
    }
    let bytes = from_hexadecimal(text).ok_or(Complaint::PageToken)?;
    HistoryToken::from_bytes(&bytes).map(Some).ok_or(Complaint::PageToken)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits?;
    let pairs = digits.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    Some(pairs.map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_read_back() {
        let bytes = [0, 1, 0xab, 0xff];
        assert_eq!(hexadecimal(&bytes), "0001abff");
        assert_eq!(from_hexadecimal("0001abff").as_deref(), Some(&bytes[..]));
        for wrong in ["0", "xy", "é1"] {
            assert_eq!(from_hexadecimal(wrong), None, "{wrong}");
        }
    }
}
