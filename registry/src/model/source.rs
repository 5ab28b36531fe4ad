//! Sources: what was said, as it was said, and the way from a stored row to the statement it makes.

use crate::db::tables::source;
use crate::db::{Connection, Id, either, in_parts, insert};
use crate::error::Error;
use chrono::NaiveDateTime;
use diesel::prelude::*;
use prost::Message;
use record::{SourceKind, Standing, Told};
use schema::wire::ResultRecord;
use schema::{RecognitionNumber, Sentinel};
use sha2::{Digest, Sha256};

/// A stored source.
#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = source, treat_none_as_default_value = false)]
pub struct SourceRow {
    /// Its identifier.
    pub id: Id,
    /// Whom it is about.
    pub learner_id: Id,
    /// The learner as whom it arrived, whatever was merged since.
    pub arrived_as: Id,
    /// The award that it speaks of.
    pub achievement_id: Id,
    /// See [`digest`].
    pub digest: Vec<u8>,
    /// Who handed it in.
    pub submitter: String,
    /// What kind of source it is.
    pub kind: String,
    /// How far it is believed.
    pub standing: String,
    /// The body whose award it is, or is said to be.
    pub body: Option<String>,
    /// The adapter that read it, or `registry` for what was done in the registry itself.
    pub adapter: String,
    /// The import that brought it.
    pub job_id: Option<Id>,
    /// Body and result identifier, where both are known.
    pub result_key: Option<String>,
    /// Body and certificate number, where both are known.
    pub certificate_key: Option<String>,
    /// When it was received.
    pub received_at: NaiveDateTime,
    /// The adapter's record, unchanged.
    pub record: Vec<u8>,
    /// The award of which it spoke before its learner was merged, where that is another one.
    pub own_achievement_id: Option<Id>,
}

/// The fields of a statement whose value is no value, and what each means.
pub type Sentinels = Vec<(&'static str, Sentinel)>;

/// The keys of a result identifier and a certificate number, and as whom they were used.
pub type NumberedRow = (Option<String>, Option<String>, Id);

/// The digest by which equal statements of one submitter are known: everything said but the place in the
/// file, the source's own field names, and what its proofs came to.
#[must_use]
pub fn digest(submitter: &str, mut said: ResultRecord) -> [u8; 32] {
    said.position = None;
    said.stated.clear();
    // What was found out about it is not what it says: another key in the configuration makes no other word.
    said.proofs.clear();
    let mut hash = Sha256::new();
    hash.update(submitter.as_bytes());
    hash.update([0]);
    hash.update(said.encode_to_vec());
    hash.finalize().into()
}

/// The name under which a body hands in.
#[must_use]
pub fn submitter_of(body: RecognitionNumber) -> String {
    format!("body:{body}")
}

/// Whether it is the name of a body.
#[must_use]
pub fn is_body(submitter: &str) -> bool {
    submitter.starts_with("body:")
}

/// The key under which a body's own number is found.
#[must_use]
pub fn number_key(body: Option<RecognitionNumber>, number: Option<&str>) -> Option<String> {
    Some(format!("{}\u{1f}{}", body?, number?))
}

impl SourceRow {
    /// The record as the adapter gave it.
    ///
    /// # Errors
    /// [`Error`] where what is stored cannot be read.
    pub fn decode(&self) -> Result<ResultRecord, Error> {
        ResultRecord::decode(self.record.as_slice()).map_err(Error::internal)
    }

    /// The statement, checked again, with the sentinels that stand in it.
    ///
    /// # Errors
    /// [`Error`] where what is stored cannot be read, or no longer passes the checks.
    pub fn told(&self) -> Result<(Told, Sentinels), Error> {
        let corrupt = |what: &str| Error::internal(format_args!("source {}: {what}", self.id));
        let checked = schema::check(
            &self.decode()?,
            self.received_at.date(),
            schema::PersonKnown::Elsewhere,
        )
        .map_err(|rejection| corrupt(rejection.code.as_str()))?;
        let body = match &self.body {
            Some(number) => Some(RecognitionNumber::parse(number).map_err(|_| corrupt("body"))?),
            None => None,
        };
        let told = Told {
            digest: self
                .digest
                .as_slice()
                .try_into()
                .map_err(|_| corrupt("digest"))?,
            submitter: self.submitter.clone(),
            kind: SourceKind::parse(&self.kind).ok_or_else(|| corrupt("kind"))?,
            standing: Standing::parse(&self.standing).ok_or_else(|| corrupt("standing"))?,
            body,
            received_at: self.received_at,
            award: Some(self.achievement_id.bytes()),
            statement: checked.statement,
        };
        Ok((told, checked.sentinels))
    }
}

/// Everything told about these learners, the oldest first.
///
/// # Errors
/// The engine's error.
pub fn of_learners(connection: &mut Connection, learners: &[Id]) -> QueryResult<Vec<SourceRow>> {
    let mut found: Vec<SourceRow> = in_parts(learners, |learners| {
        either!(&mut *connection, open => source::table
        .filter(source::learner_id.eq_any(learners)).order(source::id).load(open))
    })?;
    found.sort_by_key(|row| row.id);
    Ok(found)
}

/// Everything told of these awards, the oldest first.
///
/// # Errors
/// The engine's error.
pub fn of_achievements(
    connection: &mut Connection,
    achievements: &[Id],
) -> QueryResult<Vec<SourceRow>> {
    let mut found: Vec<SourceRow> = in_parts(achievements, |achievements| {
        either!(&mut *connection, open => source::table
        .filter(source::achievement_id.eq_any(achievements)).order(source::id).load(open))
    })?;
    found.sort_by_key(|row| row.id);
    Ok(found)
}

/// For whom this submitter used these result identifiers and certificate numbers before.
///
/// # Errors
/// The engine's error.
pub fn numbered(
    connection: &mut Connection,
    submitter: &str,
    results: &[&str],
    certificates: &[&str],
) -> QueryResult<Vec<NumberedRow>> {
    let mut found = Vec::new();
    if !results.is_empty() {
        found.extend(either!(&mut *connection, open => source::table
            .filter(source::result_key.eq_any(results).and(source::submitter.eq(submitter)))
            .select((source::result_key, source::certificate_key, source::arrived_as))
            .load::<NumberedRow>(open))?);
    }
    if !certificates.is_empty() {
        found.extend(either!(connection, open => source::table
            .filter(source::certificate_key.eq_any(certificates).and(source::submitter.eq(submitter)))
            .select((source::result_key, source::certificate_key, source::arrived_as))
            .load::<NumberedRow>(open))?);
    }
    Ok(found)
}

/// Stores new sources.
///
/// # Errors
/// The engine's error.
pub fn insert_all(connection: &mut Connection, sources: Vec<SourceRow>) -> QueryResult<()> {
    insert!(connection, source::table, sources)
}

/// Puts a source under another award.
///
/// # Errors
/// The engine's error.
pub fn move_to(connection: &mut Connection, id: Id, achievement: Id) -> QueryResult<()> {
    either!(connection, open => diesel::update(source::table.find(id))
        .set(source::achievement_id.eq(achievement)).execute(open))?;
    Ok(())
}

/// Puts a source under another award, and remembers of which it spoke before, or no longer.
///
/// # Errors
/// The engine's error.
pub fn move_for_merge(
    connection: &mut Connection,
    id: Id,
    achievement: Id,
    before: Option<Id>,
) -> QueryResult<()> {
    either!(connection, open => diesel::update(source::table.find(id))
        .set((source::achievement_id.eq(achievement), source::own_achievement_id.eq(before))).execute(open))?;
    Ok(())
}

/// Lets statements stand under `learner`.
///
/// # Errors
/// The engine's error.
pub fn give_to(connection: &mut Connection, ids: &[Id], learner: Id) -> QueryResult<()> {
    for ids in ids.chunks(30_000) {
        either!(&mut *connection, open => diesel::update(source::table.filter(source::id.eq_any(ids)))
            .set(source::learner_id.eq(learner)).execute(open))?;
    }
    Ok(())
}

/// Of whom this import's statements tell, those after the learner `after`, at most `limit`, in order.
///
/// # Errors
/// The engine's error.
pub fn learners_of_job(
    connection: &mut Connection,
    job: Id,
    after: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<Id>> {
    let after = after.unwrap_or_else(|| Id::from_bytes([0; 16]));
    either!(connection, open => source::table
        .filter(source::job_id.eq(job).and(source::learner_id.gt(after)))
        .select(source::learner_id).distinct().order(source::learner_id).limit(limit).load(open))
}

/// How many statements stand as this import's.
///
/// # Errors
/// The engine's error.
pub fn count_of_job(connection: &mut Connection, job: Id) -> QueryResult<i64> {
    either!(connection, open => source::table.filter(source::job_id.eq(job)).count().get_result(open))
}

/// Stores a source as another import told it; what it says stays.
///
/// # Errors
/// The engine's error.
pub fn hand_over(connection: &mut Connection, row: &SourceRow) -> QueryResult<()> {
    either!(connection, open => diesel::update(source::table.find(row.id)).set((
        source::job_id.eq(row.job_id),
        source::kind.eq(&row.kind),
        source::standing.eq(&row.standing),
        source::adapter.eq(&row.adapter),
        source::received_at.eq(row.received_at),
        source::record.eq(&row.record),
    )).execute(open))?;
    Ok(())
}

/// Says that these statements came as that learner.
///
/// # Errors
/// The engine's error.
pub fn arrive_as(connection: &mut Connection, ids: &[Id], learner: Id) -> QueryResult<()> {
    for ids in ids.chunks(30_000) {
        either!(&mut *connection, open => diesel::update(source::table.filter(source::id.eq_any(ids)))
            .set(source::arrived_as.eq(learner)).execute(open))?;
    }
    Ok(())
}

/// Drops sources.
///
/// # Errors
/// The engine's error.
pub fn remove(connection: &mut Connection, ids: &[Id]) -> QueryResult<()> {
    // SQLite takes 32766 values in a statement.
    for ids in ids.chunks(30_000) {
        either!(&mut *connection, open => diesel::delete(source::table
            .filter(source::id.eq_any(ids))).execute(open))?;
    }
    Ok(())
}
