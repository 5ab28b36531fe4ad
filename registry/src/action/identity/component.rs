//! All learners who are tied to some, directly or by others, and what follows from their ties.

use super::regroup::Group;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::learner::{self, LearnerRow, MergeRow, Origin};
use crate::model::match_pair::{self, PairRow, Verdict};
use chrono::NaiveDateTime;
use identity::{Decision, Register, Thresholds, Tie};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// So many at most are looked at together: more are tied only where something is very wrong.
const MOST: usize = 5_000;

/// Learners with their ties.
pub(super) struct Component {
    rows: Vec<LearnerRow>,
    places: HashMap<Id, usize>,
    numbered: Vec<bool>,
    pairs: Vec<PairRow>,
    merges: Vec<MergeRow>,
}

/// What follows from the ties.
pub(super) struct Concluded {
    /// By pair: its odds with everybody else heard, and what becomes of it.
    pairs: Vec<(f32, Verdict)>,
    /// By learner: the first place of those who are the same person.
    first: Vec<usize>,
    /// The learners of pairs that wait for a steward and did not before.
    pub(super) opened: BTreeSet<Id>,
}

impl Component {
    /// Everybody who is tied to these learners; nobody where they are too many to be true.
    pub(super) fn of(
        connection: &mut Connection,
        learners: &BTreeSet<Id>,
    ) -> Result<Option<Self>, Error> {
        let mut reached: BTreeSet<Id> = BTreeSet::new();
        let mut frontier: Vec<Id> = learners.iter().copied().collect();
        let mut pairs: BTreeMap<Id, PairRow> = BTreeMap::new();
        let mut merges: BTreeMap<Id, MergeRow> = BTreeMap::new();
        while !frontier.is_empty() {
            reached.extend(&frontier);
            if reached.len() > MOST {
                tracing::warn!(
                    learners = reached.len(),
                    "too many learners are tied to each other by likeness: nobody is joined"
                );
                return Ok(None);
            }
            let mut next: BTreeSet<Id> = BTreeSet::new();
            for row in match_pair::of(connection, &frontier)? {
                next.extend([row.left_id, row.right_id]);
                pairs.insert(row.id, row);
            }
            for row in learner::active_of(connection, &frontier)? {
                next.extend([row.gone_id, row.kept_id]);
                merges.insert(row.id, row);
            }
            frontier = next.difference(&reached).copied().collect();
        }
        let ids: Vec<Id> = reached.into_iter().collect();
        let mut rows = learner::all(connection, &ids)?;
        rows.sort_by_key(|row| row.id);
        let places: HashMap<Id, usize> = rows.iter().map(|row| row.id).zip(0..).collect();
        let kept: BTreeSet<Id> = rows
            .iter()
            .map(|row| row.merged_into.unwrap_or(row.id))
            .collect();
        let kept: Vec<Id> = kept.into_iter().collect();
        let mut numbered = vec![false; rows.len()];
        for (id, _) in learner::own_ulns(connection, &kept)? {
            if let Some(flag) = places.get(&id).and_then(|place| numbered.get_mut(*place)) {
                *flag = true;
            }
        }
        Ok(Some(Self {
            rows,
            places,
            numbered,
            pairs: pairs.into_values().collect(),
            merges: merges.into_values().collect(),
        }))
    }

    fn place(&self, id: Id) -> usize {
        self.places.get(&id).copied().unwrap_or_default()
    }

    /// Asks the engine.
    pub(super) fn conclude(&self, thresholds: &Thresholds) -> Concluded {
        let bonds: Vec<(usize, usize)> = self
            .merges
            .iter()
            .filter(|row| !row.is_of(Origin::Registry))
            .map(|row| (self.place(row.gone_id), self.place(row.kept_id)))
            .collect();
        let ties: Vec<Tie> = self
            .pairs
            .iter()
            .map(|row| Tie {
                left: self.place(row.left_id),
                right: self.place(row.right_id),
                log_odds: row.log_odds,
                ruling: row.ruled(),
            })
            .collect();
        let register = Register {
            numbered: &self.numbered,
            bonds: &bonds,
            ties: &ties,
        };
        let clusters = identity::conclude(&register, thresholds);
        let verdict = |decision: Option<Decision>| match decision {
            Some(Decision::Link) => Verdict::Link,
            Some(Decision::Case) => Verdict::Case,
            None => Verdict::None,
        };
        let pairs: Vec<(f32, Verdict)> = clusters
            .ties
            .into_iter()
            .map(|(odds, decision)| (odds, verdict(decision)))
            .collect();
        let opened = self
            .pairs
            .iter()
            .zip(&pairs)
            .filter(|(row, (_, verdict))| *verdict == Verdict::Case && !row.is_open())
            .flat_map(|(row, _)| [row.left_id, row.right_id])
            .collect();
        Concluded {
            pairs,
            first: clusters.first,
            opened,
        }
    }

    /// Stores what follows; answers those who belong together otherwise than before.
    pub(super) fn store(
        self,
        connection: &mut Connection,
        concluded: &Concluded,
        now: NaiveDateTime,
    ) -> Result<Vec<Group>, Error> {
        let mut linked: BTreeSet<(Id, Id)> = BTreeSet::new();
        for (row, (odds, verdict)) in self.pairs.iter().zip(&concluded.pairs) {
            if *verdict == Verdict::Link {
                linked.insert((row.left_id, row.right_id));
            }
            let same = row.total_odds.to_bits() == odds.to_bits();
            if same && row.verdict == verdict.as_str() {
                continue;
            }
            let row = PairRow {
                total_odds: *odds,
                verdict: verdict.as_str().to_owned(),
                ..row.clone()
            };
            match_pair::update(connection, &row)?;
        }
        let alike = self.merges.iter();
        for row in alike.filter(|row| row.is_of(Origin::Registry)) {
            if !linked.remove(&row.pair()) {
                let by = Origin::Registry.as_str();
                learner::end(connection, row.id, now, by, "no longer alike enough")?;
            }
        }
        let by = (Origin::Registry, Origin::Registry.as_str());
        let new = linked
            .into_iter()
            .map(|(left, right)| MergeRow::new(right, left, by, "likeness", now));
        learner::begin_all(connection, new.collect())?;
        Ok(self.regrouped(&concluded.first))
    }

    /// Those who belong together otherwise than before.
    fn regrouped(&self, first: &[usize]) -> Vec<Group> {
        let mut groups: BTreeMap<usize, Vec<&LearnerRow>> = BTreeMap::new();
        for (row, first) in self.rows.iter().zip(first) {
            groups.entry(*first).or_default().push(row);
        }
        let groups = groups.into_values().filter_map(|members| {
            let kept = self.kept(&members)?;
            let stays = |row: &&LearnerRow| row.merged_into.unwrap_or(row.id) == kept;
            (!members.iter().all(stays)).then(|| Group {
                kept,
                members: members
                    .into_iter()
                    .map(|row| (row.id, row.merged_into.unwrap_or(row.id)))
                    .collect(),
            })
        });
        groups.collect()
    }

    /// As whom these answer: as the one whom a steward said last, else as the one whose number stands for the others by
    /// a report of ULNs, else as the oldest.
    fn kept(&self, members: &[&LearnerRow]) -> Option<Id> {
        let member = |id: Id| members.iter().any(|row| row.id == id);
        let said = self
            .merges
            .iter()
            .filter(|row| row.is_of(Origin::Steward) && member(row.kept_id) && member(row.gone_id))
            .max_by_key(|row| (row.merged_at, row.id));
        let reported = || {
            let both = |row: &&MergeRow| member(row.kept_id) && member(row.gone_id);
            let rows = self.merges.iter().filter(|row| row.is_reported());
            let rows: Vec<&MergeRow> = rows.filter(both).collect();
            let kept = rows.iter().map(|row| row.kept_id);
            kept.filter(|kept| rows.iter().all(|row| row.gone_id != *kept))
                .min()
        };
        said.map(|row| row.kept_id)
            .or_else(reported)
            .or_else(|| members.first().map(|row| row.id))
    }
}
