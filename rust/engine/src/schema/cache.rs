//! Compiled schemas that were used lately.

use super::{Digests, Problems, Schema};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Schemas that are kept.
const MAX_CACHED: usize = 64;
/// Bytes of all that are kept: beside the budget, so that what is reserved is what calls under way need.
const MAX_CACHED_BYTES: usize = 32 << 20;

/// Compiled schemas, those used last kept, by the digest of what they were compiled from. Any thread.
#[derive(Debug, Default)]
pub struct Schemas {
    /// The one used last comes last.
    kept: Mutex<Vec<Arc<Schema>>>,
}

impl Schemas {
    /// The compiled schema, and the bytes of it that its user is to pay for: none while it is kept here.
    pub fn get(
        &self,
        schema: &str,
        resources: &BTreeMap<String, String>,
        annotate_formats_only: bool,
    ) -> Result<(Arc<Schema>, u64), Problems> {
        let digest = Digests::of(schema, resources, annotate_formats_only).all;
        if let Some(found) = self.find(&digest) {
            return Ok((found, 0));
        }
        // Compiled by each that asks meanwhile, so that nobody waits for another one's schema.
        let compiled = Arc::new(Schema::compile(schema, resources, annotate_formats_only)?);
        let pays = if self.keep(&compiled) { 0 } else { compiled.memory() as u64 };
        Ok((compiled, pays))
    }

    fn find(&self, digest: &str) -> Option<Arc<Schema>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|schema| schema.digest() == digest)?;
        let found = kept.remove(place);
        kept.push(found.clone());
        Some(found)
    }

    /// Keeps `schema` if those that nobody uses leave room for it.
    fn keep(&self, schema: &Arc<Schema>) -> bool {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.iter().any(|it| it.digest() == schema.digest()) {
            return false;
        }
        loop {
            let bytes: usize = kept.iter().map(|schema| schema.memory()).sum();
            if kept.len() < MAX_CACHED && bytes + schema.memory() <= MAX_CACHED_BYTES {
                kept.push(schema.clone());
                return true;
            }
            let Some(unused) = kept.iter().position(|schema| Arc::strong_count(schema) == 1) else { return false };
            kept.remove(unused);
        }
    }
}
