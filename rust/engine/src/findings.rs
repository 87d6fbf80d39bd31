//! All that was found in an input, or in the parts of a data set.

use crate::Engine;
use crate::memory::{Budget, MemoryRefused, ReservedBuffer};
use crate::profile::Profile;
use crate::report::{Report, Times};
use crate::state::{Extent, PartKey, Parts, Writer};
use std::sync::Arc;

/// Report and profile, and whose they are. One thread at a time.
#[derive(Debug)]
pub(crate) struct Findings {
    pub(crate) report: Report,
    /// None where nothing is measured, or until the input has ended.
    pub(crate) profile: Option<Profile>,
    /// None until the input has ended.
    pub(crate) parts: Parts,
}

impl Findings {
    pub(crate) fn new(report: Report) -> Self {
        Self { report, profile: None, parts: Parts::default() }
    }

    /// Adds those of other parts. Tells whether that is not too much to be counted.
    pub(crate) fn merge(&mut self, other: Self) -> Result<bool, MemoryRefused> {
        if !self.parts.merge(other.parts) {
            return Ok(false);
        }
        self.report.merge(other.report)?;
        match (&mut self.profile, other.profile) {
            (Some(ours), Some(theirs)) => ours.merge(theirs)?,
            (ours @ None, theirs) => *ours = theirs,
            (Some(_), None) => {}
        }
        Ok(true)
    }

    /// Becomes what was found in parts of a whole, which stand one after the other.
    pub(crate) fn put_into(&mut self, parts: &[(u32, Extent)]) {
        let mut starts = Vec::with_capacity(parts.len());
        let mut records = 0;
        self.parts = Parts::default();
        for (number, extent) in parts {
            starts.push((records, PartKey::new(Some(*number))));
            records += extent.records;
            // Never too much: all of it has been read.
            self.parts.merge(Parts::one(Some(*number), *extent));
        }
        self.report.put_into(&starts);
        if let Some(profile) = &mut self.profile {
            profile.put_into(&starts);
        }
    }

    /// The state of it; records whose part is not told are of `own`.
    pub(crate) fn store(&mut self, own: PartKey, budget: Arc<Budget>) -> Result<ReservedBuffer, MemoryRefused> {
        let mut writer = Writer::new(budget)?;
        let told = self.profile.as_mut().map_or((false, false), Profile::keep_told);
        self.report.store(own, &self.parts, told, &mut writer)?;
        if let Some(profile) = &self.profile {
            profile.store(own, &mut writer)?;
        }
        writer.end()
    }

    /// Positions become those in the whole, if all its parts are there; where they are kept, only the order of records does.
    pub(crate) fn settle(&mut self, keep_positions: bool) {
        let places = self.parts.places();
        self.report.settle(&self.parts, places.as_ref(), keep_positions);
        if let (Some(profile), Some(places)) = (&mut self.profile, places) {
            profile.settle(|before| places.get(&(before + 1)).map_or(0, |place| place.records));
        }
    }

    /// The encoded `ProcessResult`; the profile and the samples are given up.
    pub(crate) fn encode(
        &mut self,
        state: Option<&ReservedBuffer>,
        times: &Times,
        engine: &Engine,
    ) -> Result<Vec<u8>, MemoryRefused> {
        let state = state.map(ReservedBuffer::as_slice);
        self.report.encode(self.profile.take(), state, times, engine.threads(), engine.kernel())
    }
}
