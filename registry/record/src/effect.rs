//! What a submitter's new statements did, seen from what that submitter had told before.
//!
//! The answer to a push must not tell whether a person was known from elsewhere. So the counts of an import
//! compare a submitter's own awards before and after, never the whole record.

use crate::choice::Choice;
use crate::group::group;
use crate::{Facts, Told};
use schema::{AwardStatus, Verb};
use std::borrow::Borrow;
use std::collections::{BTreeMap, HashSet};

/// What became of a new statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// The submitter had not told of this award.
    Created,
    /// Facts changed.
    Updated,
    /// A provisional award became final.
    Promoted,
    /// The award was withdrawn.
    Withdrawn,
    /// A withdrawal was taken back.
    Reinstated,
    /// Nothing changed.
    Unchanged,
}

/// The effect of each of `new`, in its order, given what the same submitter had told of the same person.
/// The effects are counted as if the new statements had come in the order of their own days, so that a
/// reordered file counts the same. What belongs to which award is looked at once, with everything told.
#[must_use]
pub fn judge<T: Borrow<Told>>(before: &[T], new: &[T]) -> Vec<Effect> {
    let before: Vec<&Told> = before.iter().map(Borrow::borrow).collect();
    let new: Vec<&Told> = new.iter().map(Borrow::borrow).collect();
    let mut effects = vec![Effect::Unchanged; new.len()];
    let mut order: Vec<usize> = (0..new.len()).collect();
    order.sort_by_cached_key(|place| new.get(*place).map(|one| one.order()));
    let mut digests: HashSet<[u8; 32]> = before.iter().map(|one| one.digest).collect();
    order.retain(|place| {
        new.get(*place)
            .is_some_and(|one| digests.insert(one.digest))
    });
    let added = order.iter().filter_map(|place| new.get(*place));
    let told: Vec<&Told> = before.iter().chain(added).copied().collect();
    let groups = group(&told);
    let past = past(&before, &groups);
    for (members, met) in groups.iter().zip(past) {
        // Members are sorted, and the new statements follow the old ones in the order of their days.
        let (old, added) = members.split_at(members.partition_point(|at| *at < before.len()));
        let mut choice = Choice::default();
        for one in old.iter().filter_map(|place| told.get(*place)) {
            choice.hear(one);
        }
        let mut then = choice.facts().filter(|_| met != Meets::Nothing);
        let mut joins = met == Meets::Several;
        for place in added {
            let Some(one) = told.get(*place) else {
                continue;
            };
            choice.hear(one);
            let now = choice.facts();
            let slot = order
                .get(place - before.len())
                .and_then(|place| effects.get_mut(*place));
            if let (Some(slot), Some(now)) = (slot, &now) {
                *slot = match compare(then.as_ref(), now) {
                    Effect::Unchanged if joins => Effect::Updated,
                    effect => effect,
                };
            }
            (then, joins) = (now, false);
        }
    }
    effects
}

/// What old statements of one award were before new ones came to it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meets {
    /// No award: there were none, or they only stood with one that lives on elsewhere.
    Nothing,
    /// They were one award.
    One,
    /// They were several, which the new statements join.
    Several,
}

/// What each of `groups` was before. An award that came apart lives on where its numbers are, else where it is
/// told of, else where most of it is.
fn past(before: &[&Told], groups: &[Vec<usize>]) -> Vec<Meets> {
    let mut homes = vec![0; before.len()];
    for (home, members) in group(before).into_iter().enumerate() {
        for place in members {
            if let Some(slot) = homes.get_mut(place) {
                *slot = home;
            }
        }
    }
    let mut parts: BTreeMap<(usize, usize), [usize; 4]> = BTreeMap::new();
    for (now, members) in groups.iter().enumerate() {
        for place in members {
            let (Some(home), Some(one)) = (homes.get(*place), before.get(*place)) else {
                continue;
            };
            let said = &one.statement;
            let weight = [
                said.result_id.is_some(),
                said.certificate_number.is_some(),
                said.verb == Verb::Create,
                true,
            ];
            let part = parts.entry((*home, now)).or_default();
            for (sum, more) in part.iter_mut().zip(weight) {
                *sum += usize::from(more);
            }
        }
    }
    let mut heirs: BTreeMap<usize, (usize, [usize; 4])> = BTreeMap::new();
    for ((home, now), weight) in parts {
        let heir = heirs.entry(home).or_insert((now, weight));
        if weight > heir.1 {
            *heir = (now, weight);
        }
    }
    let mut met = vec![Meets::Nothing; groups.len()];
    for (now, _) in heirs.into_values() {
        if let Some(slot) = met.get_mut(now) {
            *slot = match slot {
                Meets::Nothing => Meets::One,
                Meets::One | Meets::Several => Meets::Several,
            };
        }
    }
    met
}

/// What a statement changed, by the facts before it, if there were any, and after.
fn compare(then: Option<&Facts>, now: &Facts) -> Effect {
    let Some(then) = then else {
        return Effect::Created;
    };
    if then == now {
        return Effect::Unchanged;
    }
    match (then.status, now.status) {
        (AwardStatus::Withdrawn, AwardStatus::Withdrawn) => Effect::Updated,
        (_, AwardStatus::Withdrawn) => Effect::Withdrawn,
        (AwardStatus::Withdrawn, _) => Effect::Reinstated,
        (AwardStatus::Provisional, AwardStatus::Final) => Effect::Promoted,
        _ => Effect::Updated,
    }
}
