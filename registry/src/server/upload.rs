//! File upload inside GraphQL, by the multipart request convention: first `operations`, then `map`, then the
//! one file. The file goes to disk, into a file without a name and sealed under a key that is nowhere but in this process: it may be
//! somebody's evidence. What is kept in memory has the limit of any GraphQL request.

use super::ask::one_of_body;
use super::imports::next_chunk;
use super::{Shared, web};
use crate::error::Error;
use ::evidence::Sealer;
use async_graphql::{Request, UploadValue};
use multer::{Constraints, Field, Multipart, SizeLimit};
use schema::Code;
use std::collections::HashMap;
use std::fs::File;
use std::io::{Seek, Write};
use std::path::PathBuf;
use std::time::Duration;

/// What the form's edges and headings may take beside its parts.
const EDGES: u64 = 64 * 1024;

/// The request of a form.
///
/// # Errors
/// [`Code::TooLarge`], [`Code::TooSlow`], or [`Code::BadRequest`] for a form that is not of the convention.
pub(super) async fn receive(
    shared: &web::Data<Shared>,
    kind: &str,
    mut body: web::Payload,
) -> Result<Request, Error> {
    let config = &shared.app.config.server;
    let boundary =
        multer::parse_boundary(kind).map_err(|_| wrong("names no boundary in its content type"))?;
    let evidence = shared.app.config.evidence.limit;
    let text = shared.app.config.graphql.body as u64;
    let file = config.import_limit.max(evidence);
    let limits = SizeLimit::new()
        .whole_stream(file.saturating_add(2 * text + EDGES))
        .per_field(file)
        .for_field("operations", text)
        .for_field("map", text);
    // The body stays on this worker's thread; what reads the parts must be free to move.
    let (sender, mut receiver) = tokio::sync::mpsc::channel::<Result<web::Bytes, Error>>(4);
    let silence = Duration::from_secs(config.push_silence);
    actix_web::rt::spawn(async move {
        while let Some(chunk) = next_chunk(&mut body, silence).await.transpose() {
            let last = chunk.is_err();
            if sender.send(chunk).await.is_err() || last {
                break;
            }
        }
    });
    let stream = futures_util::stream::poll_fn(move |context| receiver.poll_recv(context));
    let constraints = Constraints::new().size_limit(limits);
    let mut form = Multipart::with_constraints(stream, boundary, constraints);

    let operations = part(&mut form, "operations").await?;
    let mut request = one_of_body(&operations.bytes().await.map_err(told)?)?;
    // What a file is for is known before it comes.
    let limit = match shared.documents.imports(&mut request) {
        true => config.import_limit,
        false => evidence,
    };
    let map = part(&mut form, "map").await?;
    let map = map.bytes().await.map_err(told)?;
    let mut map: HashMap<String, Vec<String>> = serde_json::from_slice(&map)
        .map_err(|_| wrong("has a map that is no JSON of texts to lists of texts"))?;
    if map.len() > 1 {
        // Each would be a file on the disk, open until the end.
        return Err(wrong("has a map of more than one file"));
    }
    while let Some(field) = form.next_field().await.map_err(told)? {
        let name = field.name().unwrap_or_default().to_owned();
        let Some(paths) = map.remove(&name) else {
            return Err(wrong("has a part that its map does not name"));
        };
        let upload = UploadValue {
            filename: field.file_name().unwrap_or_default().to_owned(),
            content_type: field.content_type().map(ToString::to_string),
            content: store(shared, field, limit).await?,
        };
        // The convention lets one file stand in several places; no field of the schema takes two.
        let [path] = paths.as_slice() else {
            return Err(wrong(
                "has a file that its map does not put in exactly one place",
            ));
        };
        request.set_upload(path, upload);
    }
    if map.is_empty() {
        Ok(request)
    } else {
        Err(wrong("lacks a file that its map names"))
    }
}

async fn part(form: &mut Multipart<'static>, name: &str) -> Result<Field<'static>, Error> {
    let field = form.next_field().await.map_err(told)?;
    field
        .filter(|field| field.name() == Some(name))
        .ok_or_else(|| wrong("needs the parts operations, map and the file, in this order"))
}

/// Writes a part to a file without a name, sealed, off the event loop.
async fn store(
    shared: &web::Data<Shared>,
    mut field: Field<'static>,
    limit: u64,
) -> Result<File, Error> {
    let folder = shared.app.config.data_dir.join("spool");
    let files = shared.app.files.clone();
    let mut sealer = blocking(folder.clone(), move |folder| {
        std::fs::create_dir_all(folder)?;
        Sealer::new(tempfile::tempfile_in(folder)?, files.passing())
    })
    .await?;
    let mut length = 0;
    while let Some(chunk) = field.chunk().await.map_err(told)? {
        length += chunk.len() as u64;
        if length > limit {
            let words = format!("The file may have {limit} bytes at most.");
            return Err(Error::with(Code::TooLarge, words));
        }
        sealer = blocking(folder.clone(), move |_| {
            sealer.write_all(&chunk).map(|()| sealer)
        })
        .await?;
    }
    blocking(folder, move |_| {
        let mut file = sealer.finish()?;
        file.rewind().map(|()| file)
    })
    .await
}

async fn blocking<T: Send + 'static>(
    folder: PathBuf,
    act: impl FnOnce(&PathBuf) -> std::io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    super::block(move || act(&folder).map_err(|error| Error::file(&folder, &error)))
        .await
        .map_err(Error::internal)?
}

fn wrong(what: &str) -> Error {
    Error::with(Code::BadRequest, format!("The multipart request {what}."))
}

fn told(error: multer::Error) -> Error {
    match error {
        multer::Error::FieldSizeExceeded { limit, .. }
        | multer::Error::StreamSizeExceeded { limit } => Error::with(
            Code::TooLarge,
            format!("The request or a part of it has more than the {limit} bytes allowed."),
        ),
        multer::Error::StreamReadFailed(cause) => match cause.downcast::<Error>() {
            Ok(error) => *error,
            Err(_) => Error::from(Code::BadRequest),
        },
        _ => wrong("cannot be read"),
    }
}
