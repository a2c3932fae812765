//! Ranks facilities for a need over a read-only view, and says why.
