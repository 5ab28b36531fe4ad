//! Files of evidence, handed out to those who are on the claim.

use super::{Shared, identity, problem};
use crate::action::evidence;
use crate::db::Id;
use crate::error::Error;
use ::evidence::SEGMENT;
use actix_web::body::SizedStream;
use actix_web::http::header::{self, ContentEncoding};
use actix_web::{HttpRequest, HttpResponse, web};
use std::io::Read;

/// `GET /evidence/{id}`: the file of a piece of evidence. A browser keeps it and does not show it: it is somebody else's, and may
/// be what no rule here knows.
pub(super) async fn file(
    request: HttpRequest,
    shared: web::Data<Shared>,
    id: web::Path<String>,
) -> HttpResponse {
    match give(&request, &shared, &id).await {
        Ok(answer) => answer,
        Err(error) => problem::answer(&request, &error),
    }
}

async fn give(
    request: &HttpRequest,
    shared: &web::Data<Shared>,
    id: &str,
) -> Result<HttpResponse, Error> {
    let caller = identity::caller(request, shared).await?;
    let id = Id::read("evidence", id);
    let shown = evidence::show(&shared.app, &caller, id).await?;
    let kind = shown.media_type;
    let ending = kind.endings().first().copied().unwrap_or("bin");
    let named = id.map(|id| id.show("evidence")).unwrap_or_default();
    let (length, mut content) = (shown.content.length(), shown.content);
    // Read off the event loop, and not faster than it is taken.
    let (sender, mut receiver) = tokio::sync::mpsc::channel::<std::io::Result<web::Bytes>>(2);
    let span = tracing::Span::current();
    actix_web::rt::task::spawn_blocking(move || {
        let _span = span.entered();
        loop {
            let mut part = vec![0; SEGMENT];
            let read = content.read(&mut part);
            if let Err(error) = &read {
                // The answer ends before its length; whoever asked sees that.
                drop(Error::internal(error));
            }
            let ended = !matches!(read, Ok(1..));
            let sent = read.map(|length| {
                part.truncate(length);
                web::Bytes::from(part)
            });
            if matches!(&sent, Ok(bytes) if bytes.is_empty())
                || sender.blocking_send(sent).is_err()
                || ended
            {
                break;
            }
        }
    });
    let stream = futures_util::stream::poll_fn(move |context| receiver.poll_recv(context));
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, kind.as_str()))
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{named}.{ending}\""),
        ))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "sandbox; default-src 'none'",
        ))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header(ContentEncoding::Identity)
        .body(SizedStream::new(length, stream)))
}
