//! Who follows a claim hears of its changes: at once of those made in this process, within a second of others'.

use super::look::{Seen, look};
use crate::access::Caller;
use crate::app::App;
use crate::db::Id;
use crate::error::Error;
use crate::model::claim;
use futures_util::Stream;
use futures_util::stream;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::{self, Receiver, Sender};
use tokio::time::timeout;

/// Without news the database is asked this often: a claim may change in another process.
const SELDOM: Duration = Duration::from_secs(1);
/// News that nobody came to hear yet; whoever is slower asks the database.
const ROOM: usize = 256;

/// The changes of claims in this process.
pub struct Changes(Sender<Id>);

impl Default for Changes {
    fn default() -> Self {
        Self(broadcast::channel(ROOM).0)
    }
}

impl Changes {
    /// A claim has changed.
    pub(super) fn news(&self, id: Id) {
        // Nobody may be listening.
        let _ = self.0.send(id);
    }

    /// Each later state of a claim, as the caller sees it, until it has ended or they see it no more.
    pub fn of(
        app: &Arc<App>,
        caller: &Caller,
        seen: &Seen,
    ) -> impl Stream<Item = Result<Seen, Error>> + use<> {
        let following = Following {
            app: app.clone(),
            caller: caller.clone(),
            news: app.claims.0.subscribe(),
            id: seen.stored.claim.id,
            version: seen.stored.claim.version,
            ended: seen.stored.state().ended(),
        };
        stream::unfold(following, Following::next)
    }
}

struct Following {
    app: Arc<App>,
    caller: Caller,
    news: Receiver<Id>,
    id: Id,
    version: i32,
    ended: bool,
}

impl Following {
    async fn next(mut self) -> Option<(Result<Seen, Error>, Self)> {
        loop {
            if self.ended {
                return None;
            }
            self.wait().await;
            let id = self.id;
            let asked = self
                .app
                .db
                .read(move |connection| Ok(claim::state_of(connection, id)?));
            match asked.await {
                Ok(version) if version == Some(self.version) => {}
                Ok(None) => return None,
                // A database that does not answer now is asked again; the failure is in the log.
                Err(_) => {}
                Ok(Some(_)) => {
                    return match look(&self.app, &self.caller, id).await {
                        Ok(Some(seen)) => {
                            self.version = seen.stored.claim.version;
                            self.ended = seen.stored.state().ended();
                            Some((Ok(seen), self))
                        }
                        Ok(None) => None,
                        Err(error) => {
                            self.ended = true;
                            Some((Err(error), self))
                        }
                    };
                }
            }
        }
    }

    /// Waits for news of the claim, or until it is time to ask.
    async fn wait(&mut self) {
        let (id, news) = (self.id, &mut self.news);
        let heard = async {
            loop {
                match news.recv().await {
                    Ok(changed) if changed != id => {}
                    _ => return,
                }
            }
        };
        // Either way the database is asked.
        let _ = timeout(SELDOM, heard).await;
    }
}
