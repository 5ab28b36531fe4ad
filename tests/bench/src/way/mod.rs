//! The ways in which a record can be read.

pub(crate) mod diesel_async;
pub(crate) mod pgbench;
pub(crate) mod threads;
pub(crate) mod tokio_postgres;

use crate::load::WORKERS;

/// Which of `count` shared connections a worker opens: all are spread over the workers, and a worker that gets
/// none opens none.
pub(crate) fn share(worker: usize, count: usize) -> usize {
    count / WORKERS + usize::from(worker < count % WORKERS)
}
