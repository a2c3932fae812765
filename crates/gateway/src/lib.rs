//! The edge: who asks, how often and until when; words in, status codes out.
