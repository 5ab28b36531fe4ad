//! Keeping the index: what is found by which words, how many are found by each, and what is left of each word
//! without some letters.

use super::Kind;
use super::word::{Findable, deletions};
use crate::db::tables::{
    qualification, search_pending, search_posting, search_spelling, search_word, unit,
};
use crate::db::{Connection, either, insert};
use diesel::prelude::*;
use diesel::upsert::excluded;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// How many rows or values stand in one statement at the most.
const AT_ONCE: usize = 5_000;

/// Something that can be found, as far as it is found by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The number or reference.
    pub key: &'a str,
    /// The title.
    pub title: &'a str,
    /// The level's place.
    pub level: Option<i16>,
}

#[derive(Insertable)]
#[diesel(table_name = search_posting, treat_none_as_default_value = false)]
struct Posting {
    kind: &'static str,
    word: String,
    key: String,
    size: i16,
}

#[derive(Insertable)]
#[diesel(table_name = search_word, treat_none_as_default_value = false)]
struct Word {
    kind: &'static str,
    word: String,
    entries: i64,
}

#[derive(Insertable)]
#[diesel(table_name = search_spelling, treat_none_as_default_value = false)]
struct Spelling {
    deletion: String,
    word: String,
}

/// Must come before what can be found is read and written: until the transaction ends nobody else changes what is
/// found.
///
/// # Errors
/// The engine's error.
pub fn begin(connection: &mut Connection) -> QueryResult<()> {
    connection.index_alone()
}

/// Takes over into the index how entries were before, where they were there, and are now, where they are. After
/// [`begin`], in the transaction in which they are changed.
///
/// # Errors
/// The engine's error.
pub fn change(
    connection: &mut Connection,
    kind: Kind,
    before: &[Entry<'_>],
    after: &[Entry<'_>],
) -> QueryResult<()> {
    let now: HashMap<&str, Entry<'_>> = after.iter().map(|entry| (entry.key, *entry)).collect();
    let mut gone = Vec::new();
    let mut same = HashSet::new();
    for old in before {
        if now.get(old.key) == Some(old) {
            same.insert(old.key);
        } else {
            gone.push(*old);
        }
    }
    let come = after.iter().filter(|entry| !same.contains(entry.key));
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for old in gone {
        // By the word, since that is how the table is ordered.
        let words = Findable::of(old.key, old.title, old.level).words;
        let words: Vec<&str> = words.keys().map(String::as_str).collect();
        either!(&mut *connection, open => diesel::delete(search_posting::table
            .filter(search_posting::kind.eq(kind.name()))
            .filter(search_posting::word.eq_any(&words))
            .filter(search_posting::key.eq(old.key))).execute(open))?;
        for word in words {
            *counts.entry(word.to_owned()).or_default() -= 1;
        }
    }
    let mut postings = Vec::new();
    for entry in come {
        for (word, size) in Findable::of(entry.key, entry.title, entry.level).words {
            *counts.entry(word.clone()).or_default() += 1;
            postings.push(Posting {
                kind: kind.name(),
                word,
                key: entry.key.to_owned(),
                size,
            });
        }
        if postings.len() >= AT_ONCE {
            put(connection, std::mem::take(&mut postings))?;
        }
    }
    put(connection, postings)?;
    // Numbers are found by their beginnings and never counted.
    counts.retain(|word, count| *count != 0 && !word.starts_with(':'));
    count(connection, kind, counts)
}

fn put(connection: &mut Connection, postings: Vec<Posting>) -> QueryResult<()> {
    insert!(connection, search_posting::table, postings)
}

/// Adds to how many are found by each word, and learns words that were not known.
fn count(
    connection: &mut Connection,
    kind: Kind,
    counts: BTreeMap<String, i64>,
) -> QueryResult<()> {
    let mut known: HashSet<String> = HashSet::new();
    let words: Vec<&str> = counts.keys().map(String::as_str).collect();
    for words in words.chunks(AT_ONCE) {
        let some: Vec<String> = either!(&mut *connection, open => search_word::table
            .filter(search_word::kind.eq_any([Kind::Qualification.name(), Kind::Unit.name()]))
            .filter(search_word::word.eq_any(words)).select(search_word::word).distinct().load(open))?;
        known.extend(some);
    }
    let mut spellings = Vec::new();
    for word in counts.keys().filter(|word| !known.contains(*word)) {
        spellings.extend(deletions(word).into_iter().map(|deletion| Spelling {
            deletion,
            word: word.clone(),
        }));
    }
    while !spellings.is_empty() {
        let rest = spellings.split_off(spellings.len().min(AT_ONCE));
        insert!(
            &mut *connection,
            search_spelling::table,
            std::mem::replace(&mut spellings, rest)
        )?;
    }
    let rows = counts.into_iter().map(|(word, entries)| Word {
        kind: kind.name(),
        word,
        entries,
    });
    let rows: Vec<Word> = rows.collect();
    match connection {
        Connection::Sqlite(open) => {
            for row in &rows {
                diesel::insert_into(search_word::table)
                    .values(row)
                    .on_conflict((search_word::kind, search_word::word))
                    .do_update()
                    .set(
                        search_word::entries
                            .eq(search_word::entries + excluded(search_word::entries)),
                    )
                    .execute(open)?;
            }
        }
        Connection::Postgres(open) => {
            for rows in rows.chunks(AT_ONCE) {
                diesel::insert_into(search_word::table)
                    .values(rows)
                    .on_conflict((search_word::kind, search_word::word))
                    .do_update()
                    .set(
                        search_word::entries
                            .eq(search_word::entries + excluded(search_word::entries)),
                    )
                    .execute(open)?;
            }
        }
    }
    Ok(())
}

/// Whether all that is stored can be found.
///
/// # Errors
/// The engine's error.
pub fn is_complete(connection: &mut Connection) -> QueryResult<bool> {
    let pending: i64 = either!(connection, open => search_pending::table.count().get_result(open))?;
    Ok(pending == 0)
}

/// Makes the index of what was stored before there was one; answers of how many. Of two who do it at once the
/// second finds it done; killed, it is as if it had not been begun.
///
/// # Errors
/// The engine's error.
pub fn complete(connection: &mut Connection) -> QueryResult<usize> {
    begin(connection)?;
    let pending: Vec<String> = either!(&mut *connection, open => search_pending::table
        .select(search_pending::kind).load(open))?;
    let mut entries = 0;
    for kind in [Kind::Qualification, Kind::Unit] {
        if !pending.iter().any(|name| name == kind.name()) {
            continue;
        }
        let rows: Vec<(String, String, Option<i16>)> = match kind {
            Kind::Qualification => either!(&mut *connection, open => qualification::table
                .select((qualification::number, qualification::title, qualification::level))
                .load(open))?,
            Kind::Unit => either!(&mut *connection, open => unit::table
                .select((unit::reference, unit::title, unit::level)).load(open))?,
        };
        let all: Vec<Entry<'_>> = rows
            .iter()
            .map(|(key, title, level)| Entry {
                key,
                title,
                level: *level,
            })
            .collect();
        // What was written since by those who keep the index is in it already.
        let keys = number_keys(connection, kind)?;
        let missing: Vec<Entry<'_>> = all
            .into_iter()
            .filter(|entry| !keys.contains(entry.key))
            .collect();
        entries += missing.len();
        change(connection, kind, &[], &missing)?;
    }
    either!(connection, open => diesel::delete(search_pending::table).execute(open))?;
    Ok(entries)
}

/// Everything that is in the index already: each entry is found by its number.
fn number_keys(connection: &mut Connection, kind: Kind) -> QueryResult<BTreeSet<String>> {
    let keys: Vec<String> = either!(connection, open => search_posting::table
        .filter(search_posting::kind.eq(kind.name()))
        .filter(search_posting::word.ge(":")).filter(search_posting::word.lt(";"))
        .select(search_posting::key).load(open))?;
    Ok(keys.into_iter().collect())
}
