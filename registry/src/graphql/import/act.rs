//! What can be done to an import by GraphQL: push, cancel, take back.

use super::{ImportJob, ImportMode};
use crate::action::import::{self, Origin, Push, Queue, see, undo};
use crate::action::view;
use crate::db::Id;
use crate::error::Error;
use crate::graphql::problem::{fail, told};
use crate::graphql::upload::uploaded;
use crate::graphql::{app, caller};
use crate::limits::Allowance;
use async_graphql::{Context, ID, Result, Upload};
use schema::{Code, RecognitionNumber};
use std::sync::Arc;
use std::time::Duration;

/// How long an import that is being taken back is waited for: most are by then.
const UNDONE_WITHIN: Duration = Duration::from_secs(3);

/// What a push by GraphQL says of itself.
pub(in crate::graphql) struct Asked {
    pub(in crate::graphql) adapter: String,
    pub(in crate::graphql) awarding_body: Option<String>,
    pub(in crate::graphql) mode: Option<ImportMode>,
    pub(in crate::graphql) dry_run: bool,
    pub(in crate::graphql) despite_quarantine: bool,
    pub(in crate::graphql) idempotency_key: Option<String>,
}

pub(in crate::graphql) async fn undo(context: &Context<'_>, id: &ID) -> Result<ImportJob> {
    let taken_back = async {
        let (app, caller) = match (app(context), caller(context)) {
            (Ok(app), Ok(caller)) => (app, caller),
            _ => return Err(Error::internal("a resolver without its context")),
        };
        // One that is none is told of after the right, as one that is another's.
        let id = Id::read("import", id).unwrap_or_else(|| Id::from_bytes([0; 16]));
        let (seen, marked) = undo::ask(app, caller, id).await?;
        if !marked {
            return Ok(seen);
        }
        let queue = context
            .data::<Arc<Queue>>()
            .map_err(|_| Error::from(Code::Unavailable))?;
        // Longer work goes on after the answer, and after a restart, as the mark that is stored says.
        drop(tokio::time::timeout(UNDONE_WITHIN, queue.undos().take_back(id)).await);
        Ok(see::see(app, caller, id).await?.unwrap_or(seen))
    };
    taken_back
        .await
        .map(ImportJob)
        .map_err(|error| told(context, &error))
}

pub(in crate::graphql) async fn start(
    context: &Context<'_>,
    asked: Asked,
    file: Upload,
) -> Result<ImportJob> {
    let job = push(context, asked, file)
        .await
        .map_err(|error| told(context, &error))?;
    Ok(ImportJob(job))
}

pub(in crate::graphql) async fn cancel(context: &Context<'_>, id: &ID) -> Result<ImportJob> {
    let id = Id::read("import", id).ok_or_else(|| fail(context, Code::NotFound, None));
    let queue = context.data_opt::<Arc<Queue>>();
    let seen = import::cancel::cancel(app(context)?, queue, caller(context)?, id?).await;
    seen.map(ImportJob).map_err(|error| told(context, &error))
}

async fn push(
    context: &Context<'_>,
    asked: Asked,
    file: Upload,
) -> std::result::Result<see::Seen, Error> {
    let (app, caller) = match (app(context), caller(context)) {
        (Ok(app), Ok(caller)) => (app.clone(), caller.clone()),
        _ => return Err(Error::internal("a resolver without its context")),
    };
    let named = match &asked.awarding_body {
        Some(number) => {
            Some(RecognitionNumber::parse(number).map_err(|_| Error::from(Code::BodyInvalid))?)
        }
        None => None,
    };
    let learner = view::own_learner_of(&app, &caller).await?.map(|row| row.id);
    let origin = Origin::of(&caller, named, learner)?;
    if let Some(allowance) = context.data_opt::<Allowance>() {
        allowance.push(caller.body())?;
    }
    let content = uploaded(context, file)?.content;
    let queue = context
        .data::<Arc<Queue>>()
        .map_err(|_| Error::from(Code::Unavailable))?
        .clone();
    let key = caller.pushing_key();
    let again = match &asked.idempotency_key {
        Some(asked) => import::quota::is_known(&app, key.clone(), asked.clone()).await?,
        None => false,
    };
    if !again {
        import::quota::look(&app, &origin, 0).await?;
    }
    let span = tracing::Span::current();
    let job = tokio::task::spawn_blocking(move || {
        let _span = span.entered();
        let mut spooling =
            import::spool::Spooling::begin(&app.config, app.config.server.import_limit)?;
        spooling.copy(app.files.passed(content)?)?;
        let push = Push {
            caller: key,
            origin,
            adapter: asked.adapter,
            mode: asked.mode.map(Into::into).unwrap_or_default(),
            dry_run: asked.dry_run,
            despite_quarantine: asked.despite_quarantine,
            idempotency_key: asked.idempotency_key,
            file: spooling.finish()?,
        };
        import::enqueue(&app, &queue, &push)
    })
    .await
    .map_err(Error::internal)??;
    Ok(see::Seen {
        job,
        restricted_too: false,
        own: true,
    })
}
