//! Bounds of the edge, with their reasons. A bound met is a clear refusal, never a crash.

use std::time::Duration;

/// Rows of one import: a few hundred kilobytes, applied in well under a millisecond each.
pub(crate) const IMPORT_ROWS_MAX: usize = 500;

/// Operations or items of one message of a stream: what one call of the replica takes.
pub(crate) const BATCH_MAX: usize = 8_192;

/// Messages of one stream whose outcome is awaited. While one group is agreed on the next ones
/// fill; more would only wait in another queue.
pub(crate) const STREAM_MESSAGES_IN_FLIGHT_MAX: usize = 16;

/// Entries of one page.
pub(crate) const PAGE_SIZE_MAX: usize = 1_000;

/// Entries of a page when the request does not say.
pub(crate) const PAGE_SIZE_DEFAULT: usize = 100;

/// Records looked at for one page: a filter that fits nothing must not walk the nation at once.
pub(crate) const PAGE_LOOKED_AT_MAX: usize = 20_000;

/// Views kept for later pages. Each keeps alive only what has changed since.
pub(crate) const PINNED_VIEWS_MAX: usize = 32;

/// How long a view is kept for later pages.
pub(crate) const PINNED_VIEW_AGE_MAX: Duration = Duration::from_secs(60);

/// Events of one message of a watch: some hundred kilobytes.
pub(crate) const EVENTS_PER_MESSAGE_MAX: usize = 1_024;

/// Commitments or capacities of one message of a stream's beginning.
pub(crate) const STATE_PER_MESSAGE_MAX: usize = 512;

/// The longest silence of a watch: then a bookmark says up to where nothing has happened.
pub(crate) const BOOKMARK_INTERVAL: Duration = Duration::from_secs(10);

/// How long a caller is told to wait before it asks another node.
pub(crate) const ELSEWHERE_RETRY: Duration = Duration::from_millis(100);

/// How long a caller is told to wait when the disk is full: somebody must make room.
pub(crate) const DISK_FULL_RETRY: Duration = Duration::from_secs(30);

/// How long a bulk operation may wait when its message does not say.
pub(crate) const BULK_TIMEOUT_DEFAULT: Duration = Duration::from_secs(10);

/// How long a bulk operation may wait at most.
pub(crate) const BULK_TIMEOUT_MAX: Duration = Duration::from_secs(60);

/// The window of a search for slots when the need does not say, in seconds.
pub(crate) const SLOT_WINDOW_SECONDS_DEFAULT: u64 = 30 * 86_400;

/// Candidates of a search when the request does not say.
pub(crate) const CANDIDATES_DEFAULT: usize = 10;

/// How long a map serves on although the catalogue has changed, so that an import does not have it
/// drawn anew for every search.
pub(crate) const MAP_AGE_MAX: Duration = Duration::from_secs(1);

/// Callers whose budgets are kept apart. Beyond it new ones share one.
pub(crate) const CALLERS_MAX: usize = 200_000;

/// How often budgets of callers that have gone are forgotten.
pub(crate) const CALLERS_TIDY_INTERVAL: Duration = Duration::from_secs(60);

/// The share of a caller's deadline that is kept for the way back: an answer that arrives after
/// the deadline is none.
pub(crate) const WAY_BACK_SHARE: u32 = 20;

/// The most of a deadline that is kept for the way back.
pub(crate) const WAY_BACK_MAX: Duration = Duration::from_millis(50);

/// Bytes of one request of the catalogue: an import of 500 facilities with all they offer.
pub(crate) const CATALOGUE_BYTES_MAX: usize = 4 << 20;

/// Bytes of one message of a facility: 8,192 reports take less.
pub(crate) const CAPACITY_BYTES_MAX: usize = 1 << 20;

/// Bytes of one message of a desk: 8,192 operations with several candidates each.
pub(crate) const BOOKING_BYTES_MAX: usize = 2 << 20;

/// Bytes of one request of an operator.
pub(crate) const CLUSTER_BYTES_MAX: usize = 64 << 10;

/// Bytes of a call's headers.
pub(crate) const HEADER_BYTES_MAX: u32 = 8 << 10;

/// Bytes in flight on one stream: a bulk message and the next.
pub(crate) const WINDOW_PER_STREAM_BYTES: u32 = 1 << 20;

/// Bytes in flight on one connection: several bulk streams.
pub(crate) const WINDOW_PER_CONNECTION_BYTES: u32 = 4 << 20;

/// How often a silent connection is asked whether somebody is there.
pub(crate) const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(30);

/// How long the answer may take.
pub(crate) const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(10);

/// Streams a client may reset before they are taken up (CVE-2023-44487).
pub(crate) const PENDING_RESETS_MAX: usize = 20;

/// Streams a client may have this node reset by protocol errors (CVE-2025-8671).
pub(crate) const LOCAL_RESETS_MAX: usize = 64;

/// Connections that are let in only to be told that no seat is left.
pub(crate) const TOLD_CONNECTIONS_MAX: usize = 64;

/// How long those stay: enough to greet, ask and read the answer across the country.
pub(crate) const TOLD_TIMEOUT: Duration = Duration::from_secs(2);

/// How long a new connection may say nothing: then nobody is there, or somebody who only wants the
/// seat. Once it has greeted, it is asked now and then whether it lives.
pub(crate) const GREETING_TIMEOUT: Duration = Duration::from_secs(10);

/// How long no connection is taken in after the system had no descriptor for one.
pub(crate) const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How often readiness is looked at for health.
pub(crate) const READINESS_INTERVAL: Duration = Duration::from_millis(250);

const _: () = {
    assert!(PAGE_SIZE_DEFAULT <= PAGE_SIZE_MAX);
    assert!(PAGE_SIZE_MAX <= PAGE_LOOKED_AT_MAX);
    assert!(CANDIDATES_DEFAULT <= router::limits::CANDIDATES_MAX);
    // A message sent again after a cut must still be within what the ledger remembers of a stream.
    assert!(BATCH_MAX * 2 <= ledger::limits::STREAM_WINDOW as usize);
};
