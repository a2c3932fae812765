//! The replicated state machine: every rule about places, people and permission, as one pure function.
