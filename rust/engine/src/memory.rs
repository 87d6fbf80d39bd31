//! The budget of bytes that all sessions of an engine share.
//!
//! Whoever is about to allocate by an amount that depends on the data reserves it first. A refusal ends the call that asked, never
//! another one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A refused reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{asked} bytes more would exceed the memory limit of {limit} bytes, of which {reserved} are in use")]
pub struct MemoryRefused {
    /// Bytes asked for.
    pub asked: u64,
    /// Bytes reserved at that moment.
    pub reserved: u64,
    /// Bytes that may be reserved in all.
    pub limit: u64,
}

/// A limit and what is taken of it. Any thread.
#[derive(Debug)]
pub struct Budget {
    limit: u64,
    reserved: AtomicU64,
}

impl Budget {
    /// A budget of `limit` bytes.
    pub fn new(limit: u64) -> Self {
        Self { limit, reserved: AtomicU64::new(0) }
    }

    /// Bytes that may be reserved in all.
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// Bytes reserved at this moment.
    pub fn reserved(&self) -> u64 {
        self.reserved.load(Ordering::Relaxed)
    }

    /// Takes `bytes`, all or nothing.
    pub fn reserve(&self, bytes: u64) -> Result<(), MemoryRefused> {
        self.reserved
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |reserved| {
                reserved.checked_add(bytes).filter(|sum| *sum <= self.limit)
            })
            .map(drop)
            .map_err(|reserved| MemoryRefused { asked: bytes, reserved, limit: self.limit })
    }

    /// Gives back `bytes` that were reserved. More than is reserved counts as all of it.
    pub fn release(&self, bytes: u64) {
        let _ = self.reserved.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |reserved| Some(reserved.saturating_sub(bytes)));
    }
}

/// A share of a budget that grows with what it pays for, and returns when dropped.
#[derive(Debug)]
pub struct Reservation {
    budget: Arc<Budget>,
    bytes: u64,
}

impl Reservation {
    /// An empty share of `budget`.
    pub fn new(budget: Arc<Budget>) -> Self {
        Self { budget, bytes: 0 }
    }

    /// Bytes held.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Holds `bytes` from now on, more or less than before. When more are refused, it holds what it held.
    pub fn set(&mut self, bytes: u64) -> Result<(), MemoryRefused> {
        if bytes > self.bytes {
            self.budget.reserve(bytes - self.bytes)?;
        } else {
            self.budget.release(self.bytes - bytes);
        }
        self.bytes = bytes;
        Ok(())
    }

    /// Holds at least `bytes` from now on.
    pub fn grow_to(&mut self, bytes: u64) -> Result<(), MemoryRefused> {
        self.set(bytes.max(self.bytes))
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.budget.release(self.bytes);
    }
}

/// A byte buffer whose capacity is reserved before it is allocated.
#[derive(Debug)]
pub struct ReservedBuffer {
    bytes: Vec<u8>,
    reservation: Reservation,
}

impl ReservedBuffer {
    /// An empty buffer that pays from `budget`.
    pub fn new(budget: Arc<Budget>) -> Self {
        Self { bytes: Vec::new(), reservation: Reservation::new(budget) }
    }

    /// What was appended since the last clear.
    pub fn as_slice(&self) -> &[u8] {
        &self.bytes
    }

    /// Appends `bytes`; the capacity doubles, but not beyond `most` unless they need it.
    pub fn extend(&mut self, bytes: &[u8], most: usize) -> Result<(), MemoryRefused> {
        let needed = self.bytes.len() + bytes.len();
        if needed > self.bytes.capacity() {
            let capacity = needed.max((self.bytes.capacity() * 2).min(most));
            // While the bytes move, the old buffer and the new one are both there.
            self.reservation.set((self.bytes.capacity() + capacity) as u64)?;
            self.bytes.reserve_exact(capacity - self.bytes.len());
            self.reservation.set(self.bytes.capacity() as u64)?;
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// Forgets the bytes and keeps the capacity.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    /// Takes bytes and capacity out, and gives their reservation back.
    pub fn release(&mut self) {
        self.bytes = Vec::new();
        // A smaller share is never refused.
        let _ = self.reservation.set(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserve_up_to_the_limit_is_granted_and_one_more_refused() {
        let budget = Budget::new(10);
        assert_eq!(budget.reserve(10), Ok(()));
        assert_eq!(budget.reserve(1), Err(MemoryRefused { asked: 1, reserved: 10, limit: 10 }));
        budget.release(10);
        assert_eq!(budget.reserved(), 0);
    }

    #[test]
    fn reserve_that_overflows_is_refused() {
        let budget = Budget::new(u64::MAX);
        assert_eq!(budget.reserve(1), Ok(()));
        assert!(budget.reserve(u64::MAX).is_err());
    }

    #[test]
    fn reservation_dropped_returns_its_bytes() {
        let budget = Arc::new(Budget::new(100));
        let mut share = Reservation::new(budget.clone());
        share.set(60).unwrap();
        assert!(share.set(101).is_err());
        assert_eq!(budget.reserved(), 60);
        share.set(20).unwrap();
        assert_eq!(budget.reserved(), 20);
        drop(share);
        assert_eq!(budget.reserved(), 0);
    }

    #[test]
    fn buffer_growth_is_reserved_and_refused_beyond_the_budget() {
        let budget = Arc::new(Budget::new(100));
        let mut buffer = ReservedBuffer::new(budget.clone());
        buffer.extend(&[1; 40], 1000).unwrap();
        assert_eq!(budget.reserved(), 40);
        assert!(buffer.extend(&[2; 30], 1000).is_err());
        assert_eq!(buffer.as_slice(), &[1; 40]);
        buffer.release();
        assert_eq!(budget.reserved(), 0);
    }
}
