//! A persistent array: records by dense number, cloned in an instant, written by copying only what
//! a clone still looks at. The published view, the checkpoint and the state that is being changed
//! are clones of one another, so neither readers nor checkpoints ever wait for, or hold up, a
//! write.

use crate::digest::{Digest, stamp};
use alloc::sync::Arc;
use core::hash::Hash;

/// Children of a branch. Copying a branch touches the count of every child, wherever it lies in
/// memory, so branches are narrow; reading goes through more of them, the upper ones cached.
const BRANCH_WIDTH: usize = 16;

/// Records by dense number, each part of a digest that is kept up with every write. `LEAF` records
/// lie together and are copied together: many where they are small and plain, one where copying
/// it means work.
#[derive(Debug)]
pub struct Shelf<T, const LEAF: usize = 16> {
    root: Option<Arc<Node<T, LEAF>>>,
    /// Branches above a leaf.
    height: u32,
    len: u64,
    digest: Digest,
}

#[derive(Clone, Debug)]
enum Node<T, const LEAF: usize> {
    Branch([Option<Arc<Self>>; BRANCH_WIDTH]),
    Leaf([Option<T>; LEAF]),
}

impl<T, const LEAF: usize> Clone for Shelf<T, LEAF> {
    fn clone(&self) -> Self {
        Self { root: self.root.clone(), height: self.height, len: self.len, digest: self.digest }
    }
}

impl<T, const LEAF: usize> Default for Shelf<T, LEAF> {
    fn default() -> Self {
        Self { root: None, height: 0, len: 0, digest: Digest::default() }
    }
}

impl<T: Clone + Hash, const LEAF: usize> Shelf<T, LEAF> {
    /// How many records there are.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The sum of the records' stamps.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The digest computed afresh from every record, to be held against [`Shelf::digest`].
    #[must_use]
    pub fn recomputed_digest(&self) -> Digest {
        self.iter_from(0)
            .fold(Digest::default(), |sum, (number, record)| sum.plus(stamp(number, record)))
    }

    /// The record with this number.
    #[must_use]
    pub fn get(&self, number: u64) -> Option<&T> {
        if number >= capacity::<LEAF>(self.height) {
            return None;
        }
        let mut node = self.root.as_deref()?;
        let mut height = self.height;
        loop {
            match node {
                Node::Branch(children) => {
                    node = children[child::<LEAF>(number, height)].as_deref()?;
                    height -= 1;
                }
                Node::Leaf(records) => return records[leaf::<LEAF>(number)].as_ref(),
            }
        }
    }

    /// Puts a record where there was none.
    ///
    /// # Panics
    /// When there is one: numbers are never given twice.
    pub fn insert(&mut self, number: u64, record: T) {
        while self.root.is_some() && number >= capacity::<LEAF>(self.height) {
            self.grow();
        }
        if self.root.is_none() {
            while number >= capacity::<LEAF>(self.height) {
                self.height += 1;
            }
        }
        self.digest = self.digest.plus(stamp(number, &record));
        self.len += 1;
        let mut height = self.height;
        let mut node = self.root.get_or_insert_with(|| Arc::new(Node::empty(height)));
        loop {
            match Arc::make_mut(node) {
                Node::Branch(children) => {
                    let next = &mut children[child::<LEAF>(number, height)];
                    height -= 1;
                    node = next.get_or_insert_with(|| Arc::new(Node::empty(height)));
                }
                Node::Leaf(records) => {
                    let was = records[leaf::<LEAF>(number)].replace(record);
                    assert!(was.is_none(), "record number {number} was given twice");
                    return;
                }
            }
        }
    }

    /// Changes a record in place; `None` when there is none with this number.
    pub fn update<R>(&mut self, number: u64, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let record = find(self.root.as_mut()?, self.height, number)?.as_mut()?;
        let before = stamp(number, record);
        let result = change(record);
        self.digest = self.digest.minus(before).plus(stamp(number, record));
        Some(result)
    }

    /// Changes only what is derived in a record, which leaves its stamp as it is.
    pub fn derive<R>(&mut self, number: u64, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        Some(change(find(self.root.as_mut()?, self.height, number)?.as_mut()?))
    }

    /// Takes a record away. Leaves and branches left empty go with it.
    pub fn remove(&mut self, number: u64) -> Option<T> {
        let root = self.root.as_mut()?;
        let record = find(root, self.height, number)?.take()?;
        self.digest = self.digest.minus(stamp(number, &record));
        self.len -= 1;
        if prune(root, self.height, number) {
            self.root = None;
        }
        Some(record)
    }

    /// The records from this number on, in order.
    pub fn iter_from(&self, number: u64) -> impl Iterator<Item = (u64, &T)> {
        Iter { shelf: self, leaf: None, next: number }
    }

    fn grow(&mut self) {
        let mut children = [const { None }; BRANCH_WIDTH];
        children[0] = self.root.take();
        self.root = Some(Arc::new(Node::Branch(children)));
        self.height += 1;
    }

    /// The leaf that holds the first number at or after this one, and that leaf's first number.
    fn leaf_from(&self, number: u64) -> Option<(u64, &[Option<T>; LEAF])> {
        let root = self.root.as_deref()?;
        if number >= capacity::<LEAF>(self.height) {
            return None;
        }
        descend(root, self.height, number, 0)
    }
}

struct Iter<'a, T, const LEAF: usize> {
    shelf: &'a Shelf<T, LEAF>,
    leaf: Option<(u64, &'a [Option<T>; LEAF])>,
    next: u64,
}

impl<'a, T: Clone + Hash, const LEAF: usize> Iterator for Iter<'a, T, LEAF> {
    type Item = (u64, &'a T);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (first, records) = match self.leaf {
                Some(found) => found,
                None => {
                    let found = self.shelf.leaf_from(self.next)?;
                    self.next = self.next.max(found.0);
                    *self.leaf.insert(found)
                }
            };
            while self.next < first + LEAF as u64 {
                let number = self.next;
                self.next += 1;
                if let Some(record) = &records[leaf::<LEAF>(number)] {
                    return Some((number, record));
                }
            }
            self.leaf = None;
        }
    }
}

impl<T, const LEAF: usize> Node<T, LEAF> {
    const fn empty(height: u32) -> Self {
        if height == 0 {
            Self::Leaf([const { None }; LEAF])
        } else {
            Self::Branch([const { None }; BRANCH_WIDTH])
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Branch(children) => children.iter().all(Option::is_none),
            Self::Leaf(records) => records.iter().all(Option::is_none),
        }
    }
}

/// How many numbers fit under this many branches.
const fn capacity<const LEAF: usize>(height: u32) -> u64 {
    (LEAF as u64).saturating_mul((BRANCH_WIDTH as u64).saturating_pow(height))
}

const fn child<const LEAF: usize>(number: u64, height: u32) -> usize {
    (number / capacity::<LEAF>(height - 1)) as usize % BRANCH_WIDTH
}

const fn leaf<const LEAF: usize>(number: u64) -> usize {
    number as usize % LEAF
}

fn find<T: Clone, const LEAF: usize>(
    root: &mut Arc<Node<T, LEAF>>,
    height: u32,
    number: u64,
) -> Option<&mut Option<T>> {
    if number >= capacity::<LEAF>(height) {
        return None;
    }
    let (mut node, mut height) = (root, height);
    loop {
        match Arc::make_mut(node) {
            Node::Branch(children) => {
                node = children[child::<LEAF>(number, height)].as_mut()?;
                height -= 1;
            }
            Node::Leaf(records) => return Some(&mut records[leaf::<LEAF>(number)]),
        }
    }
}

/// Drops what is empty on the way to this number; says whether `node` itself is.
fn prune<T: Clone, const LEAF: usize>(
    node: &mut Arc<Node<T, LEAF>>,
    height: u32,
    number: u64,
) -> bool {
    if let Node::Branch(children) = Arc::make_mut(node) {
        let slot = &mut children[child::<LEAF>(number, height)];
        if slot.as_mut().is_some_and(|next| prune(next, height - 1, number)) {
            *slot = None;
        }
    }
    node.is_empty()
}

fn descend<T, const LEAF: usize>(
    node: &Node<T, LEAF>,
    height: u32,
    number: u64,
    base: u64,
) -> Option<(u64, &[Option<T>; LEAF])> {
    match node {
        Node::Leaf(records) => Some((base, records)),
        Node::Branch(children) => {
            let width = capacity::<LEAF>(height - 1);
            let wanted = number.saturating_sub(base) / width;
            let from = usize::try_from(wanted).unwrap_or(usize::MAX);
            (from..BRANCH_WIDTH).find_map(|at| {
                let next = children[at].as_deref()?;
                descend(next, height - 1, number, base + at as u64 * width)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeMap;
    use alloc::collections::btree_map::Entry;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    #[derive(Clone, Debug)]
    enum Step {
        Put(u64, u32),
        Change(u64, u32),
        Remove(u64),
        Clone,
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let number = prop_oneof![0..600_u64, 0..40_000_u64, Just(1_000_000_u64)];
        let step = prop_oneof![
            4 => (number.clone(), any::<u32>()).prop_map(|(n, v)| Step::Put(n, v)),
            2 => (number.clone(), any::<u32>()).prop_map(|(n, v)| Step::Change(n, v)),
            2 => number.prop_map(Step::Remove),
            1 => Just(Step::Clone),
        ];
        proptest::collection::vec(step, 1..200)
    }

    proptest! {
        /// A shelf is a map, whatever is done to it, and its clones never see later writes.
        #[test]
        fn a_shelf_is_a_map(steps in steps()) {
            let mut shelf = Shelf::<u32>::default();
            let mut map = BTreeMap::new();
            let mut clones = Vec::new();
            for step in steps {
                match step {
                    Step::Put(n, v) => {
                        if let Entry::Vacant(vacant) = map.entry(n) {
                            vacant.insert(v);
                            shelf.insert(n, v);
                        }
                    }
                    Step::Change(n, v) => {
                        let was = shelf.update(n, |old| core::mem::replace(old, v));
                        prop_assert_eq!(was, map.get_mut(&n).map(|old| core::mem::replace(old, v)));
                    }
                    Step::Remove(n) => prop_assert_eq!(shelf.remove(n), map.remove(&n)),
                    Step::Clone => clones.push((shelf.clone(), map.clone())),
                }
            }
            clones.push((shelf, map));
            for (shelf, map) in clones {
                prop_assert_eq!(shelf.len(), map.len() as u64);
                prop_assert_eq!(shelf.digest(), shelf.recomputed_digest());
                let listed: Vec<_> = shelf.iter_from(0).map(|(n, v)| (n, *v)).collect();
                prop_assert_eq!(listed, map.iter().map(|(n, v)| (*n, *v)).collect::<Vec<_>>());
                for from in [1, 17, 513, 20_000] {
                    let first = shelf.iter_from(from).next().map(|(n, _)| n);
                    prop_assert_eq!(first, map.range(from..).next().map(|(n, _)| *n));
                }
            }
        }
    }
}
