//! One revision, one state: whoever read a revision, anywhere, at any time, read the same.

use crate::cluster::record::Seen;
use crate::cluster::run::History;
use std::collections::BTreeMap;

pub fn judge(agreed: &History, seen: &[Seen]) -> Vec<String> {
    let mut states = BTreeMap::from([(agreed.revision, (agreed.digest, agreed.node))]);
    let mut found = Vec::new();
    for one in seen {
        let (digest, node) = *states.entry(one.revision).or_insert((one.digest, one.node));
        if digest != one.digest {
            let revision = one.revision;
            found.push(format!("nodes {node} and {} showed two states of {revision}", one.node));
        }
    }
    found
}
