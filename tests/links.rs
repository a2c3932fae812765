//! Roads between the nodes that delay, throttle, fall silent one way or both, and tear.

use crate::support::proxy::Roads;
use crate::support::story::two_of_three;
use crate::support::{Cluster, Story};
use rand::Rng;
use rand::rngs::StdRng;
use std::time::Duration;

/// How long the roads are bad in the normal run; `CUPO_SECONDS` asks for more.
const SECONDS: u64 = 8;

/// What befalls roads.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// Each piece takes up to this many milliseconds, one way.
    Slow { from: usize, to: usize, milliseconds: u64 },
    /// So many bytes pass in a second, one way.
    Narrow { from: usize, to: usize, rate: u32 },
    /// Nothing passes one way; connections stay open.
    OneWay { from: usize, to: usize },
    /// Nothing passes between two nodes; connections stay open, and new ones are let in.
    Between { one: usize, other: usize },
    /// A node speaks and hears nothing.
    Deaf { node: usize },
    /// A node hears and cannot speak.
    Mute { node: usize },
    /// A node neither hears nor speaks.
    Alone { node: usize },
    /// Connections one way are reset in the middle of a message.
    Torn { from: usize, to: usize },
}

/// Kinds of faults.
const KINDS: u8 = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_the_links_do_what_was_acknowledged_is_there_once() {
    let story = Story::drawn(SECONDS, "cargo test -p tests links");
    let (mut cluster, proxy) = Cluster::behind_proxy(story.seed).await;
    let roads = &proxy.roads;
    let befall = async |kind, chance: &mut StdRng| {
        let fault = Fault::drawn(kind, chance);
        fault.befall(roads);
        tokio::time::sleep(Duration::from_millis(chance.random_range(200..1_200))).await;
        // Sometimes the next one comes on top of it.
        if chance.random_bool(0.7) {
            roads.heal();
            tokio::time::sleep(Duration::from_millis(chance.random_range(0..500))).await;
        }
        fault
    };
    story.tell(&mut cluster, KINDS, befall, || roads.heal()).await;
}

impl Fault {
    fn drawn(kind: u8, chance: &mut StdRng) -> Self {
        let (from, to) = two_of_three(chance);
        let node = from;
        match kind {
            0 => Self::Slow { from, to, milliseconds: chance.random_range(5..400) },
            1 => Self::Narrow { from, to, rate: chance.random_range(2_000..200_000) },
            2 => Self::OneWay { from, to },
            3 => Self::Between { one: from, other: to },
            4 => Self::Deaf { node },
            5 => Self::Mute { node },
            6 => Self::Alone { node },
            _ => Self::Torn { from, to },
        }
    }

    fn befall(self, roads: &Roads) {
        let hold = |from, to| roads.change(from, to, |road| road.held = true);
        let others = |node: usize| [(node + 1) % 3, (node + 2) % 3];
        match self {
            Self::Slow { from, to, milliseconds } => {
                let delay = Duration::from_millis(milliseconds);
                roads.change(from, to, |road| road.delay_max = delay);
            }
            Self::Narrow { from, to, rate } => {
                roads.change(from, to, |road| road.rate = Some(rate));
            }
            Self::OneWay { from, to } => hold(from, to),
            Self::Between { one, other } => {
                hold(one, other);
                hold(other, one);
            }
            Self::Deaf { node } => others(node).into_iter().for_each(|other| hold(other, node)),
            Self::Mute { node } => others(node).into_iter().for_each(|other| hold(node, other)),
            Self::Alone { node } => {
                Self::Deaf { node }.befall(roads);
                Self::Mute { node }.befall(roads);
            }
            Self::Torn { from, to } => roads.change(from, to, |road| road.torn += 1),
        }
    }
}
