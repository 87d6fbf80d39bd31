//! What comes in, until it is decompressed.
//!
//! There are two outputs: while one is judged, a thread of the pool fills the other. Neither goes on before both are done, so nothing
//! outlives a call. An output is judged when it is full, or at the end; so where it ends depends on the stream alone.

use super::{Phase, Session};
use crate::Halt;
use crate::decompress::{Coming, Decompressor, Filled, Magic, Output};
use crate::proto::Compression;

/// What is in front of judging.
#[derive(Debug)]
pub(super) enum Intake {
    /// The first bytes have not told yet.
    Undecided(Magic),
    /// Nothing.
    Plain,
    Compressed(Box<Unpacking>),
}

/// A compressed stream under way.
#[derive(Debug)]
pub(super) struct Unpacking {
    decompressor: Decompressor,
    /// To be judged; empty or full.
    filled: Output,
    filling: Output,
}

impl Session {
    /// Takes the next bytes of the stream as they come.
    pub(super) fn take_in(&mut self, bytes: &[u8]) -> Result<(), Halt> {
        match &mut self.intake {
            Intake::Plain => self.judge(bytes),
            Intake::Compressed(_) => self.unpack(bytes, Coming::More),
            Intake::Undecided(magic) => {
                let before = *magic;
                match self.judging.compression().or_else(|| magic.push(bytes)) {
                    Some(compression) => self.decide(compression, before.held(), bytes),
                    None => Ok(()),
                }
            }
        }
    }

    /// No more comes.
    pub(super) fn end_intake(&mut self) -> Result<(), Halt> {
        if let Intake::Undecided(magic) = self.intake {
            let compression = self.judging.compression().unwrap_or(Compression::Identity);
            self.decide(compression, magic.held(), &[])?;
        }
        self.unpack(&[], Coming::Nothing)
    }

    /// Goes on with the bytes that were held, if any, and then with `rest`.
    fn decide(&mut self, compression: Compression, held: &[u8], rest: &[u8]) -> Result<(), Halt> {
        self.judging.findings.report.decompress(compression);
        let (engine, cancelled) = (self.judging.engine(), self.cancelled.clone());
        let budget = engine.budget();
        let decompressor = Decompressor::new(compression, engine.bounds(), budget.clone(), cancelled)?;
        self.intake = match decompressor {
            None => Intake::Plain,
            Some(decompressor) => {
                let (filled, filling) = (Output::new(budget.clone()), Output::new(budget.clone()));
                Intake::Compressed(Box::new(Unpacking { decompressor, filled, filling }))
            }
        };
        if !held.is_empty() {
            self.take_in(held)?;
        }
        self.take_in(rest)
    }

    /// Judges what has been decompressed, full or not.
    pub(super) fn judge_decompressed(&mut self) -> Result<(), Halt> {
        if !matches!(self.intake, Intake::Compressed(_)) {
            return Ok(());
        }
        // It is out of the session while that judges.
        let Intake::Compressed(mut unpacking) = std::mem::replace(&mut self.intake, Intake::Plain) else { return Ok(()) };
        self.judge(unpacking.filled.filled())?;
        unpacking.filled.clear();
        self.judge(unpacking.filling.filled())?;
        unpacking.filling.take();
        self.intake = Intake::Compressed(unpacking);
        Ok(())
    }

    /// Decompresses what there is, and judges it.
    fn unpack(&mut self, mut bytes: &[u8], coming: Coming) -> Result<(), Halt> {
        // It is out of the session while that judges. After a halt, neither is of use.
        let Intake::Compressed(mut unpacking) = std::mem::replace(&mut self.intake, Intake::Plain) else { return Ok(()) };
        let mut goes_on = true;
        while goes_on {
            self.watch()?;
            goes_on = self.unpack_one(&mut unpacking, &mut bytes, coming)?;
        }
        self.intake = Intake::Compressed(unpacking);
        Ok(())
    }

    /// Fills an output while the other is judged. Whether there is more to do.
    fn unpack_one(&mut self, unpacking: &mut Unpacking, bytes: &mut &[u8], coming: Coming) -> Result<bool, Halt> {
        let Unpacking { decompressor, filled, filling } = unpacking;
        if self.is_cut || matches!(self.phase, Phase::Stopped) {
            return Ok(false);
        }
        if coming == Coming::More && decompressor.stays_hungry(bytes.len()) {
            // What is full waits for the next bytes, to be judged while they are decompressed.
            return decompressor.fill(bytes, coming, filling).map(|_| false);
        }
        let mut reached = Ok(Filled::Hungry);
        let mut fill = || reached = decompressor.fill(bytes, coming, filling);
        if filled.filled().is_empty() {
            fill();
        } else {
            let engine = self.judging.engine();
            engine.beside(fill, || self.judge(filled.filled()))?;
        }
        filled.clear();
        match reached? {
            Filled::Full => {
                std::mem::swap(filled, filling);
                Ok(true)
            }
            Filled::Hungry => Ok(false),
            Filled::Ended(cut) => {
                self.judge(filling.filled())?;
                filling.clear();
                (self.is_cut, self.cut) = (true, cut);
                Ok(false)
            }
        }
    }
}
