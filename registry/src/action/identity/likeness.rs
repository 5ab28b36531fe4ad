//! Whom a learner is like: those who share a key are compared, and who could be the same person is tied.

use crate::action::import::settle::Touched;
use crate::config;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::learner::{self, KeyRow, LearnerRow};
use crate::model::match_pair::{self, PairRow};
use identity::{Contribution, Model, Person, Prepared, Thresholds, block_keys, compare};
use schema::{Gender, name_key};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Pairs less likely than this, in log-odds, are not kept: about one in fifty-five.
pub(super) const FLOOR: f32 = -4.0;
/// Of how likely it is, in log-odds, that two of exactly the same names and birth date are one, if nobody else has
/// them. The rarer a name the surer; but that is what people go by who have no number.
const EXACT: f32 = 9.0;
/// A key that so many share tells nothing.
const CROWD: usize = 60;

/// How learners are compared.
pub struct Likeness {
    model: Model,
    pub(super) thresholds: Thresholds,
}

/// A learner made ready for comparison.
struct Ready {
    prepared: Prepared,
    names: BTreeSet<String>,
    numbered: bool,
}

impl Likeness {
    /// As it is configured.
    #[must_use]
    pub fn new(config: &config::Matching) -> Self {
        Self {
            model: Model::default().with_population(f64::from(config.population)),
            thresholds: Thresholds {
                link: config.link,
                case: config.case,
            },
        }
    }

    /// Ties the learners who were touched to those whom they are like, and unties them from those whom they are no
    /// longer like; answers all of them whose ties may have changed.
    ///
    /// # Errors
    /// The engine's error.
    pub(super) fn tie(
        &self,
        connection: &mut Connection,
        touched: &[Touched],
    ) -> Result<BTreeSet<Id>, Error> {
        let known: Vec<Id> = touched
            .iter()
            .filter_map(|one| Some(one.before.as_ref()?.id))
            .collect();
        let ulns = ulns_of(connection, touched.iter().map(|one| &one.row))?;
        let before = touched.iter().filter_map(|one| one.before.as_ref());
        let before: Vec<KeyRow> = before.flat_map(|row| keys_of(row, false)).collect();
        let keys = touched.iter().map(|one| &one.row);
        let keys: Vec<KeyRow> = keys
            .flat_map(|row| keys_of(row, ulns.contains_key(&row.id)))
            .collect();
        let mut asked: Vec<i64> = keys.iter().map(|key| key.key).collect();
        asked.sort_unstable();
        asked.dedup();
        learner::rekey(connection, &before, keys)?;
        let pairs = self.pairs(connection, touched, &asked)?;
        let stored = if known.is_empty() {
            Vec::new()
        } else {
            match_pair::of(connection, &known)?
        };
        let mut reached: BTreeSet<Id> = BTreeSet::new();
        reached.extend(pairs.keys().flat_map(|(left, right)| [*left, *right]));
        reached.extend(stored.iter().flat_map(|row| [row.left_id, row.right_id]));
        store(connection, pairs, stored)?;
        Ok(reached)
    }

    /// Everybody who is like any of those who were touched, and how much. Two who both have a number are two.
    fn pairs(
        &self,
        connection: &mut Connection,
        touched: &[Touched],
        keys: &[i64],
    ) -> Result<BTreeMap<(Id, Id), f32>, Error> {
        let touched_ids: HashSet<Id> = touched.iter().map(|one| one.row.id).collect();
        let mut sharing: HashMap<i64, Vec<KeyRow>> = HashMap::new();
        for row in learner::sharing(connection, keys)? {
            sharing.entry(row.key).or_default().push(row);
        }
        let mut candidates: BTreeSet<(Id, Id)> = BTreeSet::new();
        for rows in sharing.values() {
            let (numbered, others): (Vec<&KeyRow>, Vec<&KeyRow>) =
                rows.iter().partition(|row| row.numbered);
            if others.len() > CROWD {
                continue;
            }
            for one in &others {
                let is_touched = touched_ids.contains(&one.learner_id);
                // Of very many with numbers none is likelier than another.
                let numbered = numbered.iter().filter(|_| numbered.len() <= CROWD);
                for other in others.iter().chain(numbered) {
                    let (left, right) = (one.learner_id, other.learner_id);
                    if left != right && (is_touched || touched_ids.contains(&right)) {
                        candidates.insert((left.min(right), left.max(right)));
                    }
                }
            }
        }
        if candidates.is_empty() {
            return Ok(BTreeMap::new());
        }
        let ready = self.ready(connection, touched, &candidates)?;
        let likely = candidates.into_iter().filter_map(|(left, right)| {
            let odds = self.odds(ready.get(&left)?, ready.get(&right)?);
            (odds > FLOOR).then_some(((left, right), odds))
        });
        Ok(likely.collect())
    }

    fn ready(
        &self,
        connection: &mut Connection,
        touched: &[Touched],
        candidates: &BTreeSet<(Id, Id)>,
    ) -> Result<HashMap<Id, Ready>, Error> {
        let wanted: BTreeSet<Id> = candidates
            .iter()
            .flat_map(|(left, right)| [*left, *right])
            .collect();
        let mut rows: HashMap<Id, LearnerRow> = touched
            .iter()
            .filter(|one| wanted.contains(&one.row.id))
            .map(|one| (one.row.id, one.row.clone()))
            .collect();
        let stored: Vec<Id> = wanted
            .iter()
            .copied()
            .filter(|id| !rows.contains_key(id))
            .collect();
        if !stored.is_empty() {
            rows.extend(
                learner::all(connection, &stored)?
                    .into_iter()
                    .map(|row| (row.id, row)),
            );
        }
        let ulns = ulns_of(connection, rows.values())?;
        let ready = |(id, row): (Id, LearnerRow)| {
            let person = person(&row, ulns.get(&id).cloned());
            let ready = Ready {
                prepared: self.model.prepare(&person),
                numbered: person.uln.is_some(),
                names: names(&row),
            };
            (id, ready)
        };
        Ok(rows.into_iter().map(ready).collect())
    }

    /// How likely two are one, in log-odds.
    fn odds(&self, left: &Ready, right: &Ready) -> f32 {
        let odds = self
            .model
            .log_odds(&compare(&left.prepared, &right.prepared));
        let exact = !left.names.is_disjoint(&right.names);
        if exact && !(left.numbered && right.numbered) {
            odds.max(EXACT)
        } else {
            odds
        }
    }

    /// What each field says of two learners, and what is known beyond the two; together the pair's log-odds.
    pub(super) fn explain(
        &self,
        pair: &PairRow,
        left: &(LearnerRow, Option<String>),
        right: &(LearnerRow, Option<String>),
    ) -> Vec<Contribution> {
        let of = |(row, uln): &(LearnerRow, Option<String>)| person(row, uln.clone());
        let score = self.model.score(&of(left), &of(right));
        let mut evidence = score.contributions;
        let exact = pair.log_odds - score.log_odds;
        if exact > 0.01 {
            evidence.push(Contribution {
                field: "names",
                agreement: "names and birth date are exactly equal",
                weight: exact,
            });
        }
        let rivals = pair.total_odds - pair.log_odds;
        if rivals.abs() > 0.01 {
            evidence.push(Contribution {
                field: "rivals",
                agreement: if rivals < 0.0 {
                    "somebody else fits too"
                } else {
                    "a third learner joins them"
                },
                weight: rivals,
            });
        }
        evidence
    }
}

/// Brings what is stored of these pairs to what was found; what was decided of a pair stays.
fn store(
    connection: &mut Connection,
    mut pairs: BTreeMap<(Id, Id), f32>,
    stored: Vec<PairRow>,
) -> Result<(), Error> {
    let mut forgotten = Vec::new();
    for mut row in stored {
        match pairs.remove(&(row.left_id, row.right_id)) {
            Some(odds) if odds.to_bits() == row.log_odds.to_bits() => {}
            Some(odds) => {
                row.log_odds = odds;
                match_pair::update(connection, &row)?;
            }
            None if row.ruling.is_some() => {}
            None => forgotten.push(row.id),
        }
    }
    match_pair::forget(connection, &forgotten)?;
    let new = pairs
        .into_iter()
        .map(|((left, right), odds)| PairRow::new(left, right, odds));
    Ok(match_pair::insert_all(connection, new.collect())?)
}

/// What a learner alone was told to be, as plain data.
fn person(row: &LearnerRow, uln: Option<String>) -> Person {
    let own = row.own();
    Person {
        given_name: own.given_name,
        family_name: own.family_name,
        former_names: own.former_names,
        date_of_birth: own.date_of_birth.map(Into::into),
        gender: own.gender.and_then(|code| Gender::parse(&code.to_string())),
        postcode: own.postcode,
        uln,
        ..Person::default()
    }
}

/// The full names with birth date of a learner alone, folded.
fn names(row: &LearnerRow) -> BTreeSet<String> {
    let own = row.own();
    let (Some(given), Some(born)) = (own.given_name, own.date_of_birth) else {
        return BTreeSet::new();
    };
    let families = own.family_name.iter().chain(&own.former_names);
    families
        .map(|family| name_key(&given, family, born))
        .collect()
}

/// The ULN of each of these learners alone who has one.
pub(super) fn ulns_of<'a>(
    connection: &mut Connection,
    rows: impl Iterator<Item = &'a LearnerRow>,
) -> Result<HashMap<Id, String>, Error> {
    let kept: BTreeSet<Id> = rows.map(|row| row.merged_into.unwrap_or(row.id)).collect();
    let kept: Vec<Id> = kept.into_iter().collect();
    let mut ulns: HashMap<Id, String> = HashMap::new();
    for (id, uln) in learner::own_ulns(connection, &kept)? {
        ulns.entry(id).or_insert(uln);
    }
    Ok(ulns)
}

/// The keys of a learner alone. Keys of one field are left out: where so many are known, too many share them.
fn keys_of(row: &LearnerRow, numbered: bool) -> Vec<KeyRow> {
    let keys = block_keys(&person(row, None)).into_iter();
    keys.filter(|key| !key.coarse)
        .map(|key| KeyRow {
            key: i64::from_ne_bytes(key.key.to_ne_bytes()),
            learner_id: row.id,
            numbered,
        })
        .collect()
}
