//! Documents of their own: transcripts, credentials, learner records. Each is a file, and they lie in folders of
//! which none holds more than can still be listed.

use crate::catalogue::{Body, Subject};
use crate::folder::{Counted, Folder};
use crate::manifest::{Counts, Outcome, ResultFile};
use crate::person::Person;
use crate::stated::Stated;
use schema::Date;
use std::io::{self, Write};

/// How many documents a folder holds.
const EACH: u64 = 1000;

/// Whom a document is about, as its maker has them, and in what manner it is written.
pub(crate) struct Holder<'a> {
    pub(crate) person: &'a Person,
    pub(crate) stated: &'a Stated<'a>,
    /// The birth date as it is written.
    pub(crate) born: String,
    /// The day on which the document was made.
    pub(crate) made_on: Date,
    /// What follows a day where the format lets something follow.
    pub(crate) zone: &'static str,
}

/// An award as documents tell of it.
pub(crate) struct Entry<'a> {
    /// The award's name in the truth.
    pub(crate) award: &'a str,
    pub(crate) subject: &'a Subject,
    /// The qualification of which it is a part.
    pub(crate) whole: Option<&'a Subject>,
    pub(crate) body: &'a Body,
    pub(crate) started_on: Date,
    pub(crate) awarded_on: Date,
    pub(crate) grade: &'static str,
}

/// The documents of one kind.
pub(crate) struct Shelf {
    adapter: &'static str,
    extension: &'static str,
    open: Option<Open>,
    done: Vec<ResultFile>,
}

/// The folder that is being filled.
struct Open {
    path: String,
    documents: u64,
    bytes: u64,
    counts: Counts,
}

impl Shelf {
    pub(crate) fn new(adapter: &'static str, extension: &'static str) -> Self {
        Self {
            adapter,
            extension,
            open: None,
            done: Vec::new(),
        }
    }

    /// Writes a document with these outcomes; answers its path.
    pub(crate) fn put(
        &mut self,
        folder: &mut dyn Folder,
        name: &str,
        text: &str,
        outcomes: impl Iterator<Item = Outcome>,
    ) -> io::Result<String> {
        if let Some(full) = self.open.take_if(|open| open.documents >= EACH) {
            self.done.push(full.finish(self.adapter));
        }
        let number = self.done.len() + 1;
        let open = self.open.get_or_insert_with(|| Open {
            path: format!("{}/{number:06}", self.adapter),
            documents: 0,
            bytes: 0,
            counts: Counts::default(),
        });
        let path = format!("{}/{name}.{}", open.path, self.extension);
        let mut file = Counted::create(folder, &path)?;
        file.write_all(text.as_bytes())?;
        file.flush()?;
        open.documents += 1;
        open.bytes += file.bytes;
        outcomes.for_each(|outcome| open.counts.count(outcome));
        Ok(path)
    }

    /// What was written, a folder after the other.
    pub(crate) fn finish(mut self) -> Vec<ResultFile> {
        if let Some(last) = self.open.take() {
            self.done.push(last.finish(self.adapter));
        }
        self.done
    }
}

impl Open {
    fn finish(self, adapter: &'static str) -> ResultFile {
        ResultFile {
            path: self.path,
            documents: Some(self.documents),
            adapter,
            awarding_body: None,
            bytes: self.bytes,
            expected: self.counts,
        }
    }
}
