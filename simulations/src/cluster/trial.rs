//! When all is well every node serves every kind of request, and a leader hands over when asked.

use super::desk::Counter;
use super::judges::Judge;
use super::judges::Violation;
use super::tally::{Deed, Fate};
use super::visitor::Visitor;
use super::world::World;
use ledger::words::Revision;
use rand_chacha::ChaCha8Rng;
use replica::{Consistency, Instant, Replica, Role};
use std::time::Duration;

/// Within what time a healthy cluster serves anything.
const SOON: Duration = Duration::from_secs(2);
/// How old a view may be that a healthy node shows without asking.
const STALE: Duration = Duration::from_secs(1);
/// Within what time leadership passes on: the lease of the slowest settings, and the vote. A
/// cluster whose leader only falls silent takes its followers' wait longer, 300 ms at least.
const HAND_OVER: Duration = Duration::from_millis(650);

/// Within what time a node sees that its disk has room again, for which it looks twice a second.
const ROOM_SEEN: Duration = Duration::from_secs(1);

/// Tries everything at every node, before a hand-over and after it. Says what was not served.
pub async fn try_everything(
    world: &mut World,
    counter: Counter,
    chance: ChaCha8Rng,
) -> Vec<Violation> {
    tokio::time::sleep(ROOM_SEEN).await;
    let trial = tokio::spawn(attempt(world.replicas(), counter, chance));
    while !trial.is_finished() {
        tokio::time::sleep(Duration::from_millis(50)).await;
        world.supervise().await;
    }
    let found = trial.await.unwrap_or_else(|error| vec![error.to_string()]);
    found.into_iter().map(|what| Judge::Service.finds(what)).collect()
}

async fn attempt(replicas: Vec<Replica>, counter: Counter, chance: ChaCha8Rng) -> Vec<String> {
    let mut visitor = Visitor::new(counter.clone(), chance);
    let mut found = Vec::new();
    for round in 0..2 {
        for replica in &replicas {
            found.extend(serve(replica, &mut visitor, &counter).await);
        }
        if round == 0 {
            found.extend(hand_over(&replicas, &counter).await);
        }
    }
    found
}

/// Asks one node for everything there is to ask.
async fn serve(replica: &Replica, visitor: &mut Visitor, counter: &Counter) -> Vec<String> {
    let node = replica.status().node.0;
    let mut found = Vec::new();
    let told = visitor.ask(replica, SOON).await;
    if told.is_none() {
        found.push(format!("node {node} has no answer to a request after {SOON:?}"));
    }
    let wants = [
        Consistency::Linearizable,
        Consistency::AtLeast(told.unwrap_or(Revision(0))),
        Consistency::Stale { age_max: STALE },
    ];
    for want in wants {
        let read = counter.read(replica, node, want, SOON).await;
        found.extend(read.err().map(|error| format!("node {node} shows no {want:?}: {error}")));
    }
    found
}

/// Asks the leader to hand over.
async fn hand_over(replicas: &[Replica], counter: &Counter) -> Option<String> {
    let Some(leader) = replicas.iter().find(|replica| replica.status().role == Role::Leader) else {
        return Some(String::from("nobody leads"));
    };
    let node = leader.status().node.0;
    let began = Instant::now();
    let gone = leader.step_down().await;
    let took = began.elapsed();
    counter.trace.line(format_args!("node {node} hands over: {gone} {took:?}"));
    counter.mesh.tally.count(Deed::HandOver(if gone { Fate::Done } else { Fate::Refused }));
    if !gone {
        return Some(format!("node {node} was asked to hand over, and leads still"));
    }
    (took > HAND_OVER).then(|| format!("node {node} took {took:?} to hand over"))
}
