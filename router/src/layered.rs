//! A map of an immutable shared base and a small overlay, so that a copy with one change is cheap.
//!
//! Copying costs the overlay only; an overlay that has grown past its share is folded into a new
//! base. Readers look in the overlay, then in the base.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

/// Folding costs a pass over the base, so it happens rarely; each change costs the overlay's copy.
const OVERLAY_LIMIT: usize = 512;

#[derive(Debug, Clone)]
pub(crate) struct Layered<K, V> {
    base: Arc<HashMap<K, V>>,
    /// `None` hides the base's value.
    overlay: HashMap<K, Option<V>>,
    len: usize,
}

impl<K: Eq + Hash + Clone, V: Clone> Layered<K, V> {
    pub(crate) fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        match self.overlay.get(key) {
            Some(change) => change.as_ref(),
            None => self.base.get(key),
        }
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        self.len += usize::from(self.get(&key).is_none());
        self.overlay.insert(key, Some(value));
    }

    pub(crate) fn remove(&mut self, key: &K) {
        if self.get(key).is_some() {
            self.len -= 1;
            self.overlay.insert(key.clone(), None);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Folds the overlay into the base when it is large, or `now` when nobody shares the base yet.
    pub(crate) fn compact(&mut self, now: bool) {
        if !now && self.overlay.len() <= OVERLAY_LIMIT {
            return;
        }
        let base = Arc::make_mut(&mut self.base);
        for (key, change) in self.overlay.drain() {
            match change {
                Some(value) => drop(base.insert(key, value)),
                None => drop(base.remove(&key)),
            }
        }
        self.overlay = HashMap::new();
    }
}

impl<K, V> Default for Layered<K, V> {
    fn default() -> Self {
        Self {
            base: Arc::default(),
            overlay: HashMap::new(),
            len: 0,
        }
    }
}
