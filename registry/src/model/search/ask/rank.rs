//! The words of a search and the ranks in which entries have them: each rank is a statement over the words' entries.

use super::super::Kind;
use super::super::text::{Conditions, Values};
use super::super::word::{deletions, mistakes};
use super::statement::{LOOKED_UP, Ranked};
use super::{After, Filter, Found, Hit, Manner, RANKS, only, past, placed};
use crate::db::Connection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use std::collections::{BTreeSet, HashMap};

/// How many words somebody may have begun to type, at the most: the commonest.
const BEGUN: usize = 32;
/// How many words may have been meant by a mistyped one, at the most.
const MEANT: usize = 64;
/// How many are looked at to see which words go together, where no entry has all.
const LOOKED_AT: usize = 500;

/// How many words are given up, the rarest first, because nothing that has them fits the filter.
const GIVEN_UP: usize = 4;

#[derive(QueryableByName)]
struct Entries {
    #[diesel(sql_type = Text)]
    word: String,
    #[diesel(sql_type = BigInt)]
    entries: i64,
}

#[derive(QueryableByName)]
struct Having {
    #[diesel(sql_type = BigInt)]
    words: i64,
}

/// A word that is sought.
pub(super) struct Term {
    typed: String,
    /// What it can stand for, by rank: itself, longer words, words with one mistake, with two.
    meant: [Vec<(String, i64)>; RANKS],
}

impl Term {
    /// What it can stand for at a rank, with all before it.
    pub(super) fn words(&self, rank: usize) -> impl Iterator<Item = &(String, i64)> {
        self.meant.iter().take(rank + 1).flatten()
    }

    pub(super) fn entries(&self, rank: usize) -> i64 {
        self.words(rank).map(|(_, entries)| entries).sum()
    }

    /// Whether a rank adds something to those before it.
    pub(super) fn grows(&self, rank: usize) -> bool {
        self.meant.get(rank).is_some_and(|words| !words.is_empty())
    }
}

pub(super) struct Search<'a> {
    pub(super) kind: Kind,
    terms: Vec<Term>,
    pub(super) filter: &'a Filter,
    corrected: bool,
    /// How many the body of the filter owns.
    owned: Option<i64>,
}

impl<'a> Search<'a> {
    /// Looks up how many are found by each word.
    pub(super) fn begin(
        connection: &mut Connection,
        kind: Kind,
        words: &[String],
        open: bool,
        filter: &'a Filter,
    ) -> QueryResult<Self> {
        let mut values = Values::new(connection);
        let (name, texts) = (
            values.text(kind.name()),
            values.texts(words.iter().map(String::as_str)),
        );
        let known: Vec<Entries> = values.load(
            connection,
            &format!(
                "SELECT word, entries FROM search_word WHERE kind = {name} AND word IN {texts} AND entries > 0"
            ),
        )?;
        let known: HashMap<String, i64> = known
            .into_iter()
            .map(|one| (one.word, one.entries))
            .collect();
        let mut terms: Vec<Term> = words
            .iter()
            .map(|word| {
                let exact = known.get(word).map(|entries| (word.clone(), *entries));
                Term {
                    typed: word.clone(),
                    meant: [
                        exact.into_iter().collect(),
                        Vec::new(),
                        Vec::new(),
                        Vec::new(),
                    ],
                }
            })
            .collect();
        if let Some(last) = terms.last_mut().filter(|_| open) {
            let mut values = Values::new(connection);
            let (name, from, until) = (
                values.text(kind.name()),
                values.text(&last.typed),
                values.text(&past(&last.typed)),
            );
            let longer: Vec<Entries> = values.load(
                connection,
                &format!(
                    "SELECT word, entries FROM search_word WHERE kind = {name} AND word > {from} AND word < {until} \
                     AND entries > 0 ORDER BY entries DESC, word LIMIT {BEGUN}"
                ),
            )?;
            if let Some(words) = last.meant.get_mut(1) {
                // A level's own word is no longer form of the word "level".
                let longer = longer.into_iter().filter(|one| !one.word.contains(' '));
                words.extend(longer.map(|one| (one.word, one.entries)));
            }
        }
        Ok(Self {
            kind,
            terms,
            filter,
            corrected: false,
            owned: None,
        })
    }

    /// Looks up which words could have been meant by those that were typed.
    fn correct(&mut self, connection: &mut Connection) -> QueryResult<()> {
        if std::mem::replace(&mut self.corrected, true) {
            return Ok(());
        }
        let mut all = BTreeSet::new();
        for term in &self.terms {
            all.extend(deletions(&term.typed));
        }
        if all.is_empty() {
            return Ok(());
        }
        let mut values = Values::new(connection);
        let (name, all) = (
            values.text(self.kind.name()),
            values.texts(all.iter().map(String::as_str)),
        );
        // SQLite keeps this order of the two: of its own accord it looks in all words, a kind having ten by its guess.
        let near: Vec<Entries> = values.load(
            connection,
            &format!(
                "SELECT w.word AS word, w.entries AS entries \
                 FROM (SELECT DISTINCT word FROM search_spelling WHERE deletion IN {all}) AS s CROSS JOIN search_word w \
                 WHERE w.kind = {name} AND w.word = s.word AND w.entries > 0"
            ),
        )?;
        for term in &mut self.terms {
            let mut found: Vec<(usize, &Entries)> = near
                .iter()
                .filter_map(|one| Some((mistakes(&term.typed, &one.word)?, one)))
                .collect();
            found.sort_by(|(one, left), (other, right)| {
                (one, &left.word).cmp(&(other, &right.word))
            });
            for (distance, one) in found.into_iter().take(MEANT) {
                let longer = term
                    .meant
                    .get(1)
                    .is_some_and(|words| words.iter().any(|(word, _)| *word == one.word));
                if let Some(words) = term.meant.get_mut(distance + 1).filter(|_| !longer) {
                    words.push((one.word.clone(), one.entries));
                }
            }
        }
        Ok(())
    }

    pub(super) fn page(
        &mut self,
        connection: &mut Connection,
        after: Option<&After>,
        limit: usize,
    ) -> QueryResult<Vec<Found>> {
        if let Some(body) = self
            .filter
            .body
            .as_deref()
            .filter(|_| self.kind == Kind::Qualification)
        {
            let mut values = Values::new(connection);
            let place = values.text(body);
            let sql = format!(
                "SELECT {place} AS word, count(*) AS entries FROM qualification WHERE body = {place}"
            );
            self.owned = values
                .load::<Entries>(connection, &sql)?
                .first()
                .map(|one| one.entries);
        }
        if let Some(after) = after {
            let words = self.terms.len();
            let in_bounds = after
                .words
                .checked_shr(u32::try_from(words).unwrap_or(32))
                .unwrap_or(0)
                == 0;
            let words = if in_bounds { after.words } else { 0 };
            return self.ranks(connection, words, Some(after), limit);
        }
        if self.terms.iter().any(|term| term.entries(1) == 0) {
            self.correct(connection)?;
        }
        // What nothing is found by cannot be asked for.
        let known = self.terms.iter().enumerate();
        let known = known.filter(|(_, term)| term.entries(RANKS) > 0);
        let words = known.fold(0, |words, (place, _)| words | bit(place));
        let found = self.ranks(connection, words, None, limit)?;
        if !found.is_empty() || words.count_ones() < 2 || limit == 0 {
            return Ok(found);
        }
        self.correct(connection)?;
        let mut left = words;
        for _ in 0..GIVEN_UP {
            let Some((place, rarest)) = self.rarest(left, RANKS - 1) else {
                break;
            };
            let fewer = self.together(connection, left, rarest)?;
            if fewer != 0 {
                return self.ranks(connection, fewer, None, limit);
            }
            // Nothing that has the word fits the filter: it is as if nothing had it.
            left &= !bit(place);
        }
        Ok(Vec::new())
    }

    /// What has these words, rank by rank until it is enough.
    fn ranks(
        &mut self,
        connection: &mut Connection,
        words: u32,
        after: Option<&After>,
        limit: usize,
    ) -> QueryResult<Vec<Found>> {
        let mut found: Vec<Found> = Vec::new();
        let first = after.map_or(0, |after| usize::from(after.rank));
        for rank in first..RANKS {
            if found.len() >= limit || words == 0 {
                break;
            }
            if rank > 1 {
                self.correct(connection)?;
            }
            let grows = rank == 0 || self.wanted(words).any(|term| term.grows(rank));
            let possible = self.wanted(words).all(|term| term.entries(rank) > 0);
            if !grows || !possible {
                continue;
            }
            let after = after.filter(|after| usize::from(after.rank) == rank);
            let hits = self.hits(connection, words, rank, after, limit - found.len())?;
            found.extend(placed(hits, words, u8::try_from(rank).unwrap_or_default()));
        }
        Ok(found)
    }

    /// The word, of these, by which the fewest are found, and its place.
    fn rarest(&self, words: u32, rank: usize) -> Option<(usize, &Term)> {
        let terms = self.terms.iter().enumerate();
        let terms = terms.filter(|(place, _)| words & bit(*place) != 0);
        terms.min_by_key(|(_, term)| term.entries(rank))
    }

    pub(super) fn wanted(&self, words: u32) -> impl Iterator<Item = &Term> {
        let terms = self.terms.iter().enumerate();
        terms
            .filter(move |(place, _)| words & bit(*place) != 0)
            .map(|(_, term)| term)
    }

    /// What has these words at a rank, and not at one before it.
    fn hits(
        &self,
        connection: &mut Connection,
        words: u32,
        rank: usize,
        after: Option<&After>,
        limit: usize,
    ) -> QueryResult<Vec<Hit>> {
        let Some((_, rarest)) = self.rarest(words, rank) else {
            return Ok(Vec::new());
        };
        let ranked = Ranked {
            search: self,
            words,
            rank,
            after,
            limit,
            rarest,
        };
        let entries = rarest.entries(rank);
        // A body that owns few is the better beginning.
        if self.owned.is_some_and(|owned| owned < entries) {
            return ranked.of_body(connection);
        }
        // Looking up one by one is what takes the time on PostgreSQL, and mostly a page is full before long.
        let one_by_one =
            self.wanted(words).count() > 1 || rank > 0 || *self.filter != Filter::default();
        if one_by_one && entries > LOOKED_UP && matches!(connection, Connection::Postgres(_)) {
            let first = ranked.among_first(connection)?;
            if first.len() < limit {
                return ranked.of_all(connection);
            }
            return Ok(first);
        }
        ranked.in_order(connection)
    }

    /// Which words go together, where no entry has all: of those that the entries with the rarest word have, the
    /// ones that tell the most. A word tells the more the fewer are found by it. None where nothing that has the
    /// rarest fits the filter.
    fn together(&self, connection: &mut Connection, words: u32, rarest: &Term) -> QueryResult<u32> {
        let last = RANKS - 1;
        let mut values = Values::new(connection);
        let name = values.text(self.kind.name());
        let mut sum = vec!["0".to_owned()];
        for (place, term) in self.terms.iter().enumerate() {
            if words & bit(place) != 0 {
                let has = has(&mut values, &name, term, last, Manner::Each);
                sum.push(format!("CASE WHEN {has} THEN {} ELSE 0 END", bit(place)));
            }
        }
        let mut conditions = Conditions::default();
        let rare = values.texts(rarest.words(last).map(|(word, _)| word.as_str()));
        conditions.and(&format!("p.kind = {name} AND p.word IN {rare}"));
        only(
            self.kind,
            self.filter,
            Manner::Each,
            &mut values,
            &mut conditions,
        );
        let sql = format!(
            "SELECT DISTINCT CAST({} AS BIGINT) AS words FROM (SELECT p.key AS key FROM search_posting p \
             WHERE {} ORDER BY p.size, p.key LIMIT {LOOKED_AT}) AS p",
            sum.join(" + "),
            conditions.as_str()
        );
        let having: Vec<Having> = values.load(connection, &sql)?;
        let tells = |having: u32| -> f64 {
            let terms = self.wanted(having);
            #[expect(
                clippy::cast_precision_loss,
                reason = "far fewer than that are counted"
            )]
            let weights = terms.map(|term| 1.0 / (2.0 + term.entries(last) as f64).ln());
            weights.sum()
        };
        let all = having
            .iter()
            .filter_map(|one| u32::try_from(one.words).ok());
        Ok(all
            .max_by(|one, other| tells(*one).total_cmp(&tells(*other)).then(other.cmp(one)))
            .unwrap_or_default())
    }
}

/// Whether the entry `p` has what a word can stand for at a rank.
pub(super) fn has(
    values: &mut Values,
    kind: &str,
    term: &Term,
    rank: usize,
    manner: Manner,
) -> String {
    let words = values.texts(term.words(rank).map(|(word, _)| word.as_str()));
    let rows = format!("search_posting a WHERE a.kind = {kind} AND a.word IN {words}");
    manner.among("p.key", "a.key", &rows)
}

/// The bit of the word at a place. There are never more words than bits.
fn bit(place: usize) -> u32 {
    u32::try_from(place)
        .ok()
        .and_then(|place| 1_u32.checked_shl(place))
        .unwrap_or(0)
}
