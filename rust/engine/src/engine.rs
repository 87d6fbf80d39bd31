//! What sessions share: worker threads and the budget.

use crate::decompress::Bounds;
use crate::kernel::{Choice, UnknownKernel};
use crate::memory::Budget;
use crate::schema::Schemas;
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};
use std::sync::Arc;

/// The version of the engine.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The environment variable that names the kernel to use instead of the best one, as tests do.
pub const KERNEL_VARIABLE: &str = "JASSAY_KERNEL";

/// Why an engine cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// Threads cannot be started.
    #[error(transparent)]
    Threads(#[from] ThreadPoolBuildError),
    /// The environment names a kernel that this processor does not have.
    #[error("{KERNEL_VARIABLE}: {0}")]
    Kernel(#[from] UnknownKernel),
}

/// The kernel that [`KERNEL_VARIABLE`] names, else the best one of this processor.
pub fn chosen_kernel() -> Result<Choice, UnknownKernel> {
    match std::env::var_os(KERNEL_VARIABLE) {
        Some(name) if !name.is_empty() => name.to_string_lossy().parse(),
        _ => Ok(Choice::best()),
    }
}

/// Workers and memory for sessions. Any thread.
#[derive(Debug)]
pub struct Engine {
    threads: usize,
    /// One thread fewer than may judge at once, because the calling one judges too; none where it is alone.
    pool: Option<ThreadPool>,
    budget: Arc<Budget>,
    kernel: Choice,
    bounds: Bounds,
    schemas: Schemas,
}

impl Engine {
    /// `threads` may judge one stream at once, the calling one among them; sessions share `memory_limit` bytes.
    pub fn new(threads: usize, memory_limit: u64) -> Result<Self, EngineError> {
        Self::with_kernel(threads, memory_limit, chosen_kernel()?)
    }

    /// An engine whose sessions use `kernel`.
    pub fn with_kernel(threads: usize, memory_limit: u64, kernel: Choice) -> Result<Self, EngineError> {
        let threads = threads.max(1);
        let pool = match threads - 1 {
            0 => None,
            workers => Some(ThreadPoolBuilder::new().num_threads(workers).thread_name(|i| format!("jassay-judge-{i}")).build()?),
        };
        let (bounds, schemas) = (Bounds::default(), Schemas::default());
        Ok(Self { threads, pool, budget: Arc::new(Budget::new(memory_limit)), kernel, bounds, schemas })
    }

    /// The same engine, whose sessions take compressed streams within these bounds.
    #[must_use]
    pub fn bounded(self, bounds: Bounds) -> Self {
        Self { bounds, ..self }
    }

    /// How much a compressed stream may ask.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Threads that may judge one stream at once.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// What its sessions look at bytes with.
    pub fn kernel(&self) -> Choice {
        self.kernel
    }

    /// The budget that sessions share.
    pub fn budget(&self) -> &Arc<Budget> {
        &self.budget
    }

    /// Schemas that were compiled lately.
    pub fn schemas(&self) -> &Schemas {
        &self.schemas
    }

    /// Runs `there` on the pool while `here` runs on this thread, and returns when both are done; one after the other without a pool.
    pub(crate) fn beside<R>(&self, there: impl FnOnce() + Send, here: impl FnOnce() -> R) -> R {
        match &self.pool {
            None => {
                there();
                here()
            }
            Some(pool) => pool.in_place_scope(|scope| {
                scope.spawn(|_| there());
                here()
            }),
        }
    }

    /// Runs `work` once with each of `workers`, the first on this thread, the others on the pool, and returns when all are done.
    pub(crate) fn share<W: Send>(&self, workers: &mut [W], work: impl Fn(&mut W) + Sync) {
        match (workers, &self.pool) {
            ([], _) => {}
            ([only], _) => work(only),
            ([first, rest @ ..], Some(pool)) => pool.in_place_scope(|scope| {
                for worker in rest {
                    scope.spawn(|_| work(worker));
                }
                work(first);
            }),
            (all, None) => all.iter_mut().for_each(work),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn share_runs_every_worker_once_for_any_number_of_threads() {
        for threads in 1..=4 {
            let engine = Engine::new(threads, 1).unwrap();
            for count in 0..6 {
                let mut workers = vec![0; count];
                engine.share(&mut workers, |worker| *worker += 1);
                assert_eq!(workers, vec![1; count]);
            }
        }
    }
}
