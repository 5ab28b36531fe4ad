//! What a submitter's new statements did, seen from what that submitter had told before.
//!
//! The answer to a push must not tell whether a person was known from elsewhere. So the counts of an import
//! compare a submitter's own awards before and after, never the whole record.

use crate::{Award, Told, combine};
use schema::AwardStatus;

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
/// reordered file counts the same.
#[must_use]
pub fn judge(before: &[Told], new: &[Told]) -> Vec<Effect> {
    let mut places: Vec<usize> = (0..new.len()).collect();
    places.sort_by_cached_key(|place| new.get(*place).map(Told::order));
    let mut known: Vec<Told> = before.to_vec();
    let mut awards = combine(&known);
    let mut effects = vec![Effect::Unchanged; new.len()];
    for place in places {
        let (Some(one), Some(effect)) = (new.get(place), effects.get_mut(place)) else {
            continue;
        };
        if known.iter().any(|old| old.digest == one.digest) {
            continue;
        }
        known.push(one.clone());
        let after = combine(&known);
        *effect = compare(&awards, &after, known.len() - 1);
        awards = after;
    }
    effects
}

/// What the statement at `added` changed.
fn compare(before: &[Award], after: &[Award], added: usize) -> Effect {
    let Some(now) = after.iter().find(|award| award.sources.contains(&added)) else {
        return Effect::Unchanged;
    };
    let Some(then) = before.iter().find(|award| {
        award
            .sources
            .iter()
            .any(|source| now.sources.contains(source))
    }) else {
        return Effect::Created;
    };
    if then.facts == now.facts {
        return Effect::Unchanged;
    }
    match (then.facts.status, now.facts.status) {
        (AwardStatus::Withdrawn, AwardStatus::Withdrawn) => Effect::Updated,
        (_, AwardStatus::Withdrawn) => Effect::Withdrawn,
        (AwardStatus::Withdrawn, _) => Effect::Reinstated,
        (AwardStatus::Provisional, AwardStatus::Final) => Effect::Promoted,
        _ => Effect::Updated,
    }
}
