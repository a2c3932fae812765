//! Replicas of one process over a network and disks in memory, in simulated time: what a cluster
//! promises, through the public interface alone.

mod agreement;
mod membership;
mod reading;
mod survival;
mod world;
