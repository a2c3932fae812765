//! Pages of a list: all of one revision, however long the reader takes within a bound.

use crate::complaint::Complaint;
use crate::limits::{PAGE_SIZE_DEFAULT, PINNED_VIEW_AGE_MAX, PINNED_VIEWS_MAX};
use ledger::View;
use ledger::words::Revision;
use prost::Message;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use wire::{FieldError, Problem};

/// Where a list goes on. The text is opaque to callers: it names the revision, the position, and
/// the filter it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// The revision of the first page.
    pub revision: Revision,
    /// Where the next page begins, as the list counts.
    pub position: u64,
    /// The filter's fingerprint.
    filter: u64,
}

impl Token {
    /// The token of a list's next page.
    pub const fn new(revision: Revision, position: u64, filter: u64) -> Self {
        Self { revision, position, filter }
    }

    /// The token as text.
    pub fn text(self) -> String {
        format!("{:x}.{:x}.{:x}", self.revision.0, self.position, self.filter)
    }

    /// Reads a request's token; `None` for the first page.
    pub fn read(text: &str, filter: u64) -> Result<Option<Self>, Complaint> {
        if text.is_empty() {
            return Ok(None);
        }
        let numbers: Option<Vec<u64>> =
            text.splitn(4, '.').map(|part| u64::from_str_radix(part, 16).ok()).collect();
        match numbers.as_deref() {
            Some([revision, position, of]) if *of == filter => {
                Ok(Some(Self::new(Revision(*revision), *position, filter)))
            }
            _ => Err(Complaint::PageToken),
        }
    }
}

/// A filter's fingerprint (FNV-1a): a request without its page.
pub(crate) fn filter(request: &impl Message) -> u64 {
    request.encode_to_vec().iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// How many entries a page has: what is more than `max` is less, as AIP-158 has it.
///
/// # Errors
/// A negative number, which nobody can have meant.
pub(crate) fn size(asked: i32, max: usize) -> Result<usize, Complaint> {
    match usize::try_from(asked) {
        Ok(0) => Ok(PAGE_SIZE_DEFAULT.min(max)),
        Ok(asked) => Ok(asked.min(max)),
        Err(_) => {
            let problem = Problem::Range { given: asked.into(), min: 0, max: max as i64 };
            Err(FieldError::new("page_size", problem).into())
        }
    }
}

/// Views that later pages will need: few, and not for long.
#[derive(Default)]
pub(crate) struct Pinned(Mutex<VecDeque<(Instant, Arc<View>)>>);

impl Pinned {
    /// Keeps a view for a list's later pages.
    pub fn keep(&self, view: &Arc<View>) {
        let mut views = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        views.retain(|(at, kept)| {
            at.elapsed() < PINNED_VIEW_AGE_MAX && kept.revision() != view.revision()
        });
        if views.len() >= PINNED_VIEWS_MAX {
            views.pop_front();
        }
        views.push_back((Instant::now(), Arc::clone(view)));
    }

    /// The view of a list's later page: the kept one, or one in which what is listed is the same.
    pub fn find(
        &self,
        revision: Revision,
        current: Arc<View>,
        unchanged_since: impl Fn(&View) -> Revision,
    ) -> Result<Arc<View>, Complaint> {
        let views = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = views
            .iter()
            .find(|(at, view)| view.revision() == revision && at.elapsed() < PINNED_VIEW_AGE_MAX);
        if let Some((_, view)) = kept {
            return Ok(Arc::clone(view));
        }
        if unchanged_since(&current) <= revision && revision <= current.revision() {
            return Ok(current);
        }
        Err(Complaint::PageToken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_read_back_and_refused_for_another_filter() {
        let token = Token::new(Revision(77), u64::MAX, 5);
        assert_eq!(Token::read(&token.text(), 5), Ok(Some(token)));
        assert_eq!(Token::read("", 5), Ok(None));
        for wrong in ["x", "1.2", "1.2.5.4", "1.2.-5", "1.2.6", "é.2.5", "11111111111111111.2.5"] {
            assert_eq!(Token::read(wrong, 5), Err(Complaint::PageToken), "{wrong}");
        }
    }

    #[test]
    fn pages_are_as_large_as_asked_within_their_bound() {
        for (asked, expected) in [(0, 100), (1, 1), (1_000, 1_000), (1_001, 1_000)] {
            assert_eq!(size(asked, 1_000), Ok(expected), "{asked}");
        }
        for asked in [-1, i32::MIN] {
            let problem = Problem::Range { given: asked.into(), min: 0, max: 500 };
            let wrong = FieldError::new("page_size", problem);
            assert_eq!(size(asked, 500), Err(wrong.into()), "{asked}");
        }
    }

    #[test]
    fn kept_views_are_few_and_found_by_revision() {
        let pinned = Pinned::default();
        let mut ledger = ledger::Ledger::new(1);
        let mut views = Vec::new();
        for second in 0..=PINNED_VIEWS_MAX as u64 {
            let tick = ledger::Command::natural(ledger::Act::Tick);
            ledger.apply(ledger::words::Moment::from_seconds(second), &[tick], &mut Vec::new());
            views.push(Arc::new(ledger.clone()));
            pinned.keep(views.last().expect("just pushed"));
        }
        let newest = Arc::new(ledger.clone());
        let find = |revision, since: Revision| {
            let found = pinned.find(Revision(revision), Arc::clone(&newest), |_| since);
            found.map(|view| view.revision())
        };
        let never = Revision(u64::MAX);
        assert_eq!(find(2, never), Ok(Revision(2)));
        assert_eq!(find(1, never), Err(Complaint::PageToken), "the oldest made room");
        assert_eq!(find(1, Revision(1)), Ok(newest.revision()), "nothing listed has changed");
        assert_eq!(find(1_000, Revision(1)), Err(Complaint::PageToken));
    }
}
