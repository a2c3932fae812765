//! Replicas of one process over a network and disks in memory, in simulated time: what a cluster
//! promises, through the public interface alone.

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod membership;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod survival;
#[cfg(test)]
mod world;
