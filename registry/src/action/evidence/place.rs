//! Putting a file that was taken in into its place, within the transaction that tells of it.

use super::Taken;
use crate::db::Connection;
use crate::error::Error;
use crate::model::evidence_file::{self, FileRow};
use chrono::NaiveDateTime;
use std::fs::File;

impl Taken {
    /// The row of its content, which nobody else changes until the transaction ends: of two who bring the same content at once
    /// the second sees what the first one brought.
    ///
    /// # Errors
    /// The database's failure.
    pub(crate) fn hold(
        &self,
        connection: &mut Connection,
        now: NaiveDateTime,
    ) -> Result<FileRow, Error> {
        let own = FileRow {
            digest: self.digest.clone(),
            name: self.name.clone(),
            size: self.size,
            media_type: self.media_type.as_str().to_owned(),
            stored_at: now,
            erased_at: None,
        };
        Ok(evidence_file::hold(connection, &own)?)
    }

    /// Puts the file in its place, unless the same content lies there already. It is the last thing that its transaction does:
    /// where the commit fails, it is a file without a row, which is swept.
    ///
    /// # Errors
    /// [`Error`] where the database or the disk does not take it.
    pub(crate) fn place(
        mut self,
        connection: &mut Connection,
        held: FileRow,
        now: NaiveDateTime,
    ) -> Result<(), Error> {
        let kept = self.files.path(&held.name);
        if held.erased_at.is_none() && kept.exists() {
            return Ok(());
        }
        let row = FileRow {
            name: self.name.clone(),
            stored_at: now,
            erased_at: None,
            ..held
        };
        evidence_file::change(connection, &row)?;
        if let Some(path) = &self.path {
            let folder = &self.files.folder;
            std::fs::rename(path, self.files.path(&self.name))
                .and_then(|()| File::open(folder)?.sync_all())
                .map_err(|error| Error::file(folder, &error))?;
            self.path = None;
        }
        Ok(())
    }
}
