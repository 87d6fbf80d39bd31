//! How many objects of a kind are alive, so that a leak can be seen from outside.

use std::sync::atomic::{AtomicU64, Ordering};

/// Plans of all engines.
pub(crate) static PLANS: Counter = Counter::new();
/// Sessions of all engines.
pub(crate) static SESSIONS: Counter = Counter::new();

/// Counts the objects of one kind.
pub(crate) struct Counter {
    count: AtomicU64,
}

impl Counter {
    const fn new() -> Self {
        Self { count: AtomicU64::new(0) }
    }

    pub(crate) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Counts one more for as long as what is returned lives.
    pub(crate) fn one(&'static self) -> Alive {
        self.count.fetch_add(1, Ordering::Relaxed);
        Alive(self)
    }
}

/// One of those that are counted.
pub(crate) struct Alive(&'static Counter);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.count.fetch_sub(1, Ordering::Relaxed);
    }
}
