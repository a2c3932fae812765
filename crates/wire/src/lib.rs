//! The public and peer messages generated from proto/, and their conversion to ledger words.
