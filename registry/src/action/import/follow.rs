//! Following imports: whoever watches a job hears each change of it, at most a few a second. One thread asks
//! the database for all watched jobs in one query, so that jobs of another process on the same database are
//! heard of too; news from this process only make it ask sooner.

use crate::app::App;
use crate::db::Id;
use crate::error::Error;
use crate::model::import_job::{self, JobRow};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// The database is not asked oftener than this.
const OFTEN: Duration = Duration::from_millis(250);
/// Without news it is asked this often.
const SELDOM: Duration = Duration::from_secs(1);
/// How many jobs one query asks for at the most.
const AT_ONCE: usize = 10_000;

/// The jobs that somebody watches.
#[derive(Default)]
pub struct Follow {
    watched: Mutex<Watched>,
    wake: Condvar,
    /// How many jobs are watched, for those who have news for nobody.
    many: AtomicUsize,
}

#[derive(Default)]
struct Watched {
    jobs: HashMap<Id, watch::Sender<JobRow>>,
    news: bool,
    stopped: bool,
}

impl Follow {
    /// Starts the thread that asks.
    ///
    /// # Errors
    /// [`Error`] where it cannot be started.
    pub(super) fn start(app: &Arc<App>) -> Result<Arc<Self>, Error> {
        let follow = Arc::new(Self::default());
        let (asking, app) = (follow.clone(), app.clone());
        std::thread::Builder::new()
            .name("import-follow".to_owned())
            .spawn(move || asking.ask(&app))
            .map_err(Error::internal)?;
        Ok(follow)
    }

    /// Watches a job: the receiver has it as it stands here, and hears every later state. It ends with the
    /// job's last, or when the server stops.
    #[must_use]
    pub fn watch(&self, job: JobRow) -> watch::Receiver<JobRow> {
        let mut watched = self.lock();
        if watched.stopped || job.state().ended() {
            return watch::channel(job).1;
        }
        let receiver = match watched.jobs.get(&job.id) {
            Some(sender) => {
                let mut receiver = sender.subscribe();
                // What others heard already is news to this one.
                receiver.mark_changed();
                receiver
            }
            None => {
                let (sender, receiver) = watch::channel(job.clone());
                watched.jobs.insert(job.id, sender);
                receiver
            }
        };
        watched.news = true;
        self.many.store(watched.jobs.len(), Ordering::Relaxed);
        drop(watched);
        self.wake.notify_all();
        receiver
    }

    /// A job of this process has changed.
    pub(super) fn news(&self) {
        if self.many.load(Ordering::Relaxed) > 0 {
            self.lock().news = true;
            self.wake.notify_all();
        }
    }

    /// Ends the thread, and whoever watches hears no more.
    pub(super) fn stop(&self) {
        let mut watched = self.lock();
        watched.stopped = true;
        watched.jobs.clear();
        drop(watched);
        self.wake.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Watched> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask(&self, app: &App) {
        while let Some(ids) = self.wait() {
            let mut found = Vec::with_capacity(ids.len());
            for some in ids.chunks(AT_ONCE) {
                let some = some.to_vec();
                // A database that does not answer now is asked again; the failure is in the log.
                let rows = app
                    .db
                    .read_blocking(move |connection| Ok(import_job::all_of(connection, &some)?));
                found.extend(rows.unwrap_or_default());
            }
            let mut watched = self.lock();
            for row in found {
                let Some(sender) = watched.jobs.get(&row.id) else {
                    continue;
                };
                let (id, ended) = (row.id, row.state().ended());
                sender.send_if_modified(|known| {
                    let changed = *known != row;
                    *known = row;
                    changed
                });
                if ended {
                    watched.jobs.remove(&id);
                }
            }
            watched.jobs.retain(|_, sender| sender.receiver_count() > 0);
            self.many.store(watched.jobs.len(), Ordering::Relaxed);
            let rest = self
                .wake
                .wait_timeout_while(watched, OFTEN, |watched| !watched.stopped);
            drop(rest);
        }
    }

    /// Waits until it is time to ask, and says for which jobs; none when there is nothing to ask any more.
    fn wait(&self) -> Option<Vec<Id>> {
        let watched = self
            .wake
            .wait_while(self.lock(), |watched| {
                watched.jobs.is_empty() && !watched.stopped
            })
            .unwrap_or_else(PoisonError::into_inner);
        let (mut watched, _) = self
            .wake
            .wait_timeout_while(watched, SELDOM, |watched| !watched.news && !watched.stopped)
            .unwrap_or_else(PoisonError::into_inner);
        watched.news = false;
        (!watched.stopped).then(|| watched.jobs.keys().copied().collect())
    }
}
