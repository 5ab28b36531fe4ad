//! Trusted documents: known by the SHA-256 of their text, each read and validated when the registry starts
//! (GraphQL over HTTP, appendix "Persisted Documents", draft). Clients name them; they never add one.

use super::refusal::Refusal;
use super::{Registry, builder};
use crate::app::App;
use crate::config::TrustedDocuments;
use crate::error::Error;
use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute};
use async_graphql::{Request, Response, Value};
use futures_util::FutureExt;
use schema::Code;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

/// The member of a request that names a document.
pub const DOCUMENT_ID: &str = "documentId";

/// The documents by their SHA-256, hexadecimal.
#[derive(Default)]
pub(super) struct Trusted {
    documents: HashMap<String, Arc<str>>,
    only: bool,
}

impl Trusted {
    /// Reads the configured documents.
    ///
    /// # Errors
    /// A configuration error that names the file and what is wrong with it.
    pub(super) fn open(app: &Arc<App>) -> Result<Self, Error> {
        let TrustedDocuments {
            directory,
            file,
            only,
        } = &app.config.graphql.trusted_documents;
        let mut trusted = Self {
            documents: HashMap::new(),
            only: *only,
        };
        if directory.is_none() && file.is_none() {
            return Ok(trusted);
        }
        let check = checking(app);
        if let Some(directory) = directory {
            trusted.read_directory(directory, &check)?;
        }
        if let Some(file) = file {
            trusted.read_file(file, &check)?;
        }
        tracing::info!(documents = trusted.documents.len(), "trusted documents");
        Ok(trusted)
    }

    fn read_directory(&mut self, directory: &Path, check: &Registry) -> Result<(), Error> {
        let wrong = |path: &Path, problem: String| {
            let problem = format!("{}: {problem}", path.display());
            Error::configuration("graphql.trusted_documents.directory", problem)
        };
        let entries = std::fs::read_dir(directory)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| wrong(directory, error.to_string()))?;
        for path in entries.into_iter().map(|entry| entry.path()) {
            if path.extension().is_none_or(|ending| ending != "graphql") {
                continue;
            }
            let text =
                std::fs::read_to_string(&path).map_err(|error| wrong(&path, error.to_string()))?;
            self.take(text, check)
                .map_err(|problem| wrong(&path, problem))?;
        }
        Ok(())
    }

    fn read_file(&mut self, path: &Path, check: &Registry) -> Result<(), Error> {
        let wrong = |problem: String| {
            let problem = format!("{}: {problem}", path.display());
            Error::configuration("graphql.trusted_documents.file", problem)
        };
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        let documents: BTreeMap<String, String> = serde_json::from_str(&text).map_err(|error| {
            wrong(format!(
                "is no JSON object of identifiers and documents: {error}"
            ))
        })?;
        for (id, text) in documents {
            let named = id.strip_prefix("sha256:").unwrap_or(&id).to_owned();
            if named != digest(&text) {
                return Err(wrong(format!("{id} is not the SHA-256 of its document")));
            }
            self.take(text, check)
                .map_err(|problem| wrong(format!("{id}: {problem}")))?;
        }
        Ok(())
    }

    /// Keeps a document that is valid whichever of its operations is meant.
    fn take(&mut self, text: String, check: &Registry) -> Result<(), String> {
        let document = async_graphql::parser::parse_query(&text)
            .map_err(|error| format!("cannot be read: {error}"))?;
        for (name, _) in document.operations.iter() {
            let mut request = Request::new(&text);
            request.operation_name = name.map(ToString::to_string);
            // Nothing in it waits: the documents are only looked at.
            let response = check.execute(request).now_or_never();
            let response = response.ok_or("cannot be looked at: something in it waits")?;
            if let Some(error) = response.errors.first() {
                let place = error.locations.first();
                let place =
                    place.map_or_else(String::new, |place| format!("line {}: ", place.line));
                return Err(format!("{place}{}", error.message));
            }
        }
        self.documents.insert(digest(&text), text.into());
        Ok(())
    }

    /// Puts the text of the document that the request names into it. One that is sent in full must be the
    /// one that is named, and where only trusted documents are run, named it must be.
    pub(super) fn resolve(&self, request: &mut Request) -> Result<(), Refusal> {
        let Some(named) = named(request)? else {
            return if self.only {
                Err(Refusal::new(
                    Code::DocumentNotTrusted,
                    Code::DocumentNotTrusted.message(schema::Language::English),
                ))
            } else {
                Ok(())
            };
        };
        let sent = !request.query.is_empty();
        if sent && digest(&request.query) != named {
            return Err(Refusal::new(
                Code::RequestInvalid,
                "The document that was sent is not the one that was named.",
            ));
        }
        match self.documents.get(&named) {
            Some(text) => {
                request.query = text.as_ref().to_owned();
                Ok(())
            }
            None if sent && !self.only => Ok(()),
            // The words by which clients of automatic persisted queries know that they must send the text.
            None => Err(Refusal::new(
                Code::DocumentUnknown,
                "PersistedQueryNotFound",
            )),
        }
    }
}

/// The SHA-256 that the request names, in either form.
fn named(request: &Request) -> Result<Option<String>, Refusal> {
    let wrong = |words: &str| Refusal::new(Code::RequestInvalid, words);
    let hexadecimal = |text: &str| {
        let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        text.len() == 64 && text.bytes().all(digit)
    };
    let by_id = match request.extensions.get(DOCUMENT_ID) {
        None => None,
        Some(Value::String(id)) => match id.strip_prefix("sha256:") {
            Some(digest) if hexadecimal(digest) => Some(digest.to_owned()),
            _ => {
                return Err(wrong(
                    "documentId is sha256: and 64 hexadecimal digits in lower case.",
                ));
            }
        },
        Some(_) => return Err(wrong("documentId is a text.")),
    };
    let by_hash = match request.extensions.get("persistedQuery") {
        None | Some(Value::Null) => None,
        Some(Value::Object(told)) => match (told.get("version"), told.get("sha256Hash")) {
            (Some(Value::Number(version)), Some(Value::String(digest)))
                if version.as_i64() == Some(1) && hexadecimal(digest) =>
            {
                Some(digest.clone())
            }
            _ => {
                return Err(wrong(
                    "persistedQuery has a version, 1, and a sha256Hash of 64 hexadecimal digits in lower case.",
                ));
            }
        },
        Some(_) => return Err(wrong("persistedQuery is an object.")),
    };
    match (by_id, by_hash) {
        (Some(id), Some(hash)) if id != hash => {
            Err(wrong("documentId and persistedQuery name two documents."))
        }
        (id, hash) => Ok(id.or(hash)),
    }
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The schema as one that validates and runs nothing.
fn checking(app: &Arc<App>) -> Registry {
    builder().data(app.clone()).extension(RunsNothing).finish()
}

struct RunsNothing;

impl ExtensionFactory for RunsNothing {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for RunsNothing {
    async fn execute(
        &self,
        _context: &ExtensionContext<'_>,
        _operation: Option<&str>,
        _next: NextExecute<'_>,
    ) -> Response {
        Response::new(Value::Null)
    }
}
