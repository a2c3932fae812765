//! A facility's local hours and the UTC moments they name, for any IANA zone.
