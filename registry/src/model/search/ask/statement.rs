//! The statement of a rank: which entries have the words that are sought. However it is asked, the answer is the same; how
//! long it takes is not.

use super::super::text::{Conditions, Values};
use super::rank::{Search, Term, has};
use super::{After, Hit, Manner, narrow, only};
use crate::db::Connection;
use diesel::prelude::*;

/// Up to how many entries are sorted; of more the first are taken of each word.
const SORTED: i64 = 1_000;
/// How many are looked up one by one before all are gathered at once.
pub(super) const LOOKED_UP: i64 = 1_000;

/// What is asked for: what has these words at a rank, and not at one before it.
pub(super) struct Ranked<'a> {
    pub(super) search: &'a Search<'a>,
    pub(super) words: u32,
    pub(super) rank: usize,
    pub(super) after: Option<&'a After>,
    pub(super) limit: usize,
    /// The word by which the fewest are found.
    pub(super) rarest: &'a Term,
}

impl Ranked<'_> {
    /// That the entry `p` is of the kind, and comes after what was shown.
    fn following(&self, values: &mut Values, name: &str) -> Conditions {
        let mut conditions = Conditions::default();
        conditions.and(&format!("p.kind = {name}"));
        if let Some(after) = self.after {
            let (size, key) = (values.small(after.size), values.text(&after.key));
            conditions.and(&format!(
                "p.size >= {size} AND (p.size > {size} OR p.key > {key})"
            ));
        }
        conditions
    }

    /// That it has all the other words, and has not all of them at the rank before.
    fn having(&self, values: &mut Values, name: &str, manner: Manner, conditions: &mut Conditions) {
        let wanted = || self.search.wanted(self.words);
        for term in wanted() {
            if !std::ptr::eq(term, self.rarest) {
                conditions.and(&has(values, name, term, self.rank, manner));
            }
        }
        let Some(before) = self.rank.checked_sub(1) else {
            return;
        };
        if wanted().all(|term| term.entries(before) > 0) {
            let had: Vec<String> = wanted()
                .filter(|term| term.grows(self.rank))
                .map(|term| has(values, name, term, before, manner))
                .collect();
            conditions.and(&format!("NOT ({})", had.join(" AND ")));
        }
    }

    fn only(&self, values: &mut Values, manner: Manner, conditions: &mut Conditions) {
        only(
            self.search.kind,
            self.search.filter,
            manner,
            values,
            conditions,
        );
    }

    /// The places of the words by which entries are looked for.
    fn driving(&self, values: &mut Values) -> Vec<String> {
        let words = self.rarest.words(self.rank);
        words.map(|(word, _)| values.text(word)).collect()
    }

    /// Beginning with what the filter's body owns.
    pub(super) fn of_body(&self, connection: &mut Connection) -> QueryResult<Vec<Hit>> {
        let mut values = Values::new(connection);
        let name = values.text(self.search.kind.name());
        let mut conditions = self.following(&mut values, &name);
        self.having(&mut values, &name, Manner::Each, &mut conditions);
        let mut of_row = Conditions::default();
        narrow(
            self.search.kind,
            self.search.filter,
            Manner::Each,
            &mut values,
            &mut of_row,
        );
        let sql = format!(
            "SELECT DISTINCT p.size AS size, p.key AS key FROM qualification t CROSS JOIN search_posting p \
             WHERE {} AND p.key = t.number AND p.word IN ({}) AND {} ORDER BY size, key LIMIT {}",
            of_row.as_str(),
            self.driving(&mut values).join(", "),
            conditions.as_str(),
            self.limit
        );
        values.load(connection, &sql)
    }

    /// One by one in their order, until there are enough.
    pub(super) fn in_order(&self, connection: &mut Connection) -> QueryResult<Vec<Hit>> {
        let mut values = Values::new(connection);
        let name = values.text(self.search.kind.name());
        let mut conditions = self.following(&mut values, &name);
        self.having(&mut values, &name, Manner::Each, &mut conditions);
        self.only(&mut values, Manner::Each, &mut conditions);
        let driving = self.driving(&mut values);
        let sql = match driving.as_slice() {
            words if words.len() > 1 && self.rarest.entries(self.rank) <= SORTED => format!(
                "SELECT DISTINCT p.size AS size, p.key AS key FROM search_posting p WHERE {} AND p.word IN ({}) \
                 ORDER BY size, key LIMIT {}",
                conditions.as_str(),
                words.join(", "),
                self.limit
            ),
            words => first(words, &conditions, self.limit),
        };
        values.load(connection, &sql)
    }

    /// Those among the first that have the rarest word.
    pub(super) fn among_first(&self, connection: &mut Connection) -> QueryResult<Vec<Hit>> {
        let mut values = Values::new(connection);
        let name = values.text(self.search.kind.name());
        let following = self.following(&mut values, &name);
        let driving = self.driving(&mut values);
        let mut conditions = Conditions::default();
        self.having(&mut values, &name, Manner::Each, &mut conditions);
        self.only(&mut values, Manner::Each, &mut conditions);
        let most = usize::try_from(LOOKED_UP).unwrap_or_default();
        let sql = format!(
            "SELECT p.size AS size, p.key AS key FROM ({}) AS p WHERE {} ORDER BY p.size, p.key LIMIT {}",
            first(&driving, &following, most),
            conditions.as_str(),
            self.limit
        );
        values.load(connection, &sql)
    }

    /// Those among all, which are gathered first. The offset has them gathered: a limit alone would promise the planner
    /// that the first come soon.
    pub(super) fn of_all(&self, connection: &mut Connection) -> QueryResult<Vec<Hit>> {
        let mut values = Values::new(connection);
        let name = values.text(self.search.kind.name());
        let mut conditions = self.following(&mut values, &name);
        self.having(&mut values, &name, Manner::All, &mut conditions);
        self.only(&mut values, Manner::All, &mut conditions);
        let sql = format!(
            "SELECT DISTINCT size, key FROM (SELECT p.size AS size, p.key AS key FROM search_posting p \
             WHERE {} AND p.word IN ({}) OFFSET 0) AS found ORDER BY size, key LIMIT {}",
            conditions.as_str(),
            self.driving(&mut values).join(", "),
            self.limit
        );
        values.load(connection, &sql)
    }
}

/// The first entries that have any of these words and are so, each once.
fn first(words: &[String], conditions: &Conditions, limit: usize) -> String {
    let of = |word: &String| {
        format!(
            "SELECT p.size AS size, p.key AS key FROM search_posting p WHERE {} AND p.word = {word} \
             ORDER BY p.size, p.key LIMIT {limit}",
            conditions.as_str()
        )
    };
    match words {
        [word] => of(word),
        words => {
            let each = words
                .iter()
                .map(|word| format!("SELECT size, key FROM ({}) AS one", of(word)));
            let each: Vec<String> = each.collect();
            format!(
                "SELECT size, key FROM ({}) AS every ORDER BY size, key LIMIT {limit}",
                each.join(" UNION ")
            )
        }
    }
}
