//! What a person holds, against one structure: which units, by which award, and what else could count.

use super::OtherCredit;
use super::compile::{Compiled, NONE};
use crate::award::Award;
use crate::bits::Bits;
use chrono::Months;
use schema::{Date, Route, Subject};
use std::collections::{BTreeMap, HashSet};

/// A way for an award to count that is no plain unit in its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extra {
    pub(crate) award: u16,
    /// The unit in whose place it counts.
    pub(crate) slot: Option<u16>,
    pub(crate) group: u16,
    pub(crate) credit: u16,
    pub(crate) at: u16,
    /// Whether it counts in the place of [its parts](Holding::parts), and not beside them.
    pub(crate) instead: bool,
}

/// What a person holds, against one structure on one day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Holding {
    /// Places of units held.
    pub(crate) held: Bits,
    /// The award that gives each unit.
    pub(crate) given: BTreeMap<u16, u16>,
    pub(crate) extra: Vec<Extra>,
    /// The award of the whole qualification.
    pub(crate) whole: Option<u16>,
    /// Awards that a group of other credit would take, were they younger, with the group.
    pub(crate) too_old: Vec<(u16, u16)>,
    /// Awards of other qualifications whose credit could count, each with one of a unit taken as a part of it.
    pub(crate) parts: Vec<(u16, u16)>,
    /// Awards beyond what may come by their route, with the most credit that may.
    pub(crate) over_cap: Vec<(u16, u32)>,
}

impl Holding {
    /// What of `awards` counts on `day` in `compiled`. Awards made after that day do not.
    #[must_use]
    pub fn new(compiled: &Compiled, awards: &[Award], day: Date) -> Self {
        // Awards are known by their place.
        let awards = awards.get(..usize::from(NONE)).unwrap_or(awards);
        let mut holding = Self {
            over_cap: over_cap(compiled, awards, day),
            ..Self::default()
        };
        let mut giving = Vec::new();
        let mut several = Vec::new();
        let mut outside = Vec::new();
        for (number, award) in (0_u16..).zip(awards) {
            if !award.awarded_by(day) || !award.valid_on(day) || holding.is_over_cap(number) {
                continue;
            }
            let structure = &compiled.structure;
            if award.code() == structure.qualification
                || structure.also.iter().any(|also| also == award.code())
            {
                holding.whole.get_or_insert(number);
                continue;
            }
            match compiled.by_code.get(award.code()).map(Vec::as_slice) {
                Some([slot]) => {
                    holding.give(compiled, awards, *slot, number);
                    giving.push((*slot, number));
                }
                Some(slots) if !slots.is_empty() => several.push((number, slots)),
                _ => outside.push(number),
            }
        }
        // An award that can stand for one of several units is a choice, unless all but one are held anyway. What is held
        // by a part of another qualification is not, where that qualification counts in the part's place.
        for (number, slots) in several {
            let open: Vec<u16> = slots
                .iter()
                .copied()
                .filter(|slot| {
                    let given = holding.given.get(slot);
                    let given = given.and_then(|number| awards.get(usize::from(*number)));
                    given.is_none_or(|given| of_a_whole(given, awards))
                })
                .collect();
            for slot in open {
                holding.offer(compiled, number, slot);
            }
        }
        holding.elsewhere(compiled, awards, (&giving, &outside), day);
        holding
    }

    fn give(&mut self, compiled: &Compiled, awards: &[Award], slot: u16, number: u16) {
        let better = |old: u16| {
            let rank = |number: u16| {
                awards.get(usize::from(number)).map(|award| {
                    let own = compiled
                        .slot_at(slot)
                        .is_some_and(|slot| slot.facts.key == award.code());
                    (
                        of_a_whole(award, awards),
                        award.route == Route::Exemption,
                        !own,
                        award.awarded_on.is_none(),
                        award.awarded_on,
                        award.id.clone(),
                    )
                })
            };
            rank(number) < rank(old)
        };
        if self.given.get(&slot).is_none_or(|old| better(*old)) {
            self.given.insert(slot, number);
        }
        for place in compiled
            .slot_at(slot)
            .into_iter()
            .flat_map(|slot| &slot.options)
        {
            self.held.insert(*place);
        }
    }

    fn offer(&mut self, compiled: &Compiled, award: u16, slot: u16) {
        for place in compiled
            .slot_at(slot)
            .into_iter()
            .flat_map(|slot| &slot.options)
        {
            if let Some(place) = compiled.places.get(*place) {
                self.extra.push(Extra {
                    award,
                    slot: Some(slot),
                    group: place.group,
                    credit: place.credit,
                    at: place.at,
                    instead: false,
                });
            }
        }
    }

    /// What groups of other credit take: awards that no group lists, and listed units that count nowhere else.
    fn elsewhere(
        &mut self,
        compiled: &Compiled,
        awards: &[Award],
        (giving, outside): (&[(u16, u16)], &[u16]),
        day: Date,
    ) {
        let level = compiled.structure.floor.map(|floor| floor.level);
        for (group, form) in (0_u16..).zip(&compiled.forms) {
            let Some((_, rule)) = &form.other else {
                continue;
            };
            for (slot, number) in giving {
                let (Some(award), Some(unit)) =
                    (awards.get(usize::from(*number)), compiled.slot_at(*slot))
                else {
                    continue;
                };
                let mut seen = award.clone();
                seen.level = seen.level.or(unit.facts.level);
                if let Admission::Yes = admits(rule, &seen, compiled, day) {
                    self.extra.push(Extra {
                        award: *number,
                        slot: Some(*slot),
                        group,
                        credit: unit.credit,
                        at: if unit.at_level { unit.credit } else { 0 },
                        instead: false,
                    });
                }
            }
            let mut taken = HashSet::new();
            for number in outside {
                let Some(award) = awards.get(usize::from(*number)) else {
                    continue;
                };
                let credit = award.credit.unwrap_or(0);
                if credit == 0 {
                    continue;
                }
                match admits(rule, award, compiled, day) {
                    Admission::Yes if taken.insert(award.code()) => {
                        let at_level =
                            level.is_none_or(|floor| award.level.is_some_and(|l| l >= floor));
                        let extra = |credit: u16, instead: bool| Extra {
                            award: *number,
                            slot: None,
                            group,
                            credit,
                            at: if at_level { credit } else { 0 },
                            instead,
                        };
                        // Units that are held as awards of their own carry its credit too, which counts once: it counts in
                        // their place, or as much of it beside them as they do not carry.
                        let carried = self.parts_of(*number, award, awards, day);
                        self.extra.push(extra(credit, carried.is_some()));
                        let rest = carried.and_then(|carried| credit.checked_sub(carried));
                        if let Some(rest) = rest.filter(|rest| *rest > 0) {
                            self.extra.push(extra(rest, false));
                        }
                    }
                    Admission::TooOld => self.too_old.push((*number, group)),
                    Admission::Yes | Admission::No => {}
                }
            }
        }
    }

    /// Notes the units held that were taken as parts of a qualification; their credit, none where there are none.
    fn parts_of(&mut self, number: u16, award: &Award, awards: &[Award], day: Date) -> Option<u16> {
        if !matches!(award.subject, Subject::Qualification(_)) {
            return None;
        }
        let mut carried = None;
        for (part, other) in (0_u16..).zip(awards) {
            let held = other.awarded_by(day) && other.valid_on(day) && !self.is_over_cap(part);
            if !held || other.part_of.as_deref() != Some(award.code()) {
                continue;
            }
            let before = carried.unwrap_or(0_u16);
            carried = Some(before.saturating_add(other.credit.unwrap_or(0)));
            if !self.parts.contains(&(number, part)) {
                self.parts.push((number, part));
            }
        }
        carried
    }

    /// The award of the whole qualification, where there is one among `awards`.
    #[must_use]
    pub fn whole<'a>(&self, awards: &'a [Award]) -> Option<&'a Award> {
        awards.get(usize::from(self.whole?))
    }

    fn is_over_cap(&self, number: u16) -> bool {
        self.over_cap.iter().any(|(award, _)| *award == number)
    }

    /// Whether nothing of the person matters to the structure.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.held.is_empty() && self.extra.is_empty() && self.whole.is_none()
    }
}

/// Whether an award is of a unit taken as a part of a qualification that is held too.
fn of_a_whole(award: &Award, awards: &[Award]) -> bool {
    award.part_of.as_deref().is_some_and(|code| {
        let mut others = awards.iter();
        others.any(|one| matches!(one.subject, Subject::Qualification(_)) && one.code() == code)
    })
}

/// Awards that do not count since, with those of the same body and route before them, more of the qualification would come
/// so than may. They count in the order of their days; one that does not fit leaves room for a smaller one after it. What
/// is held in another way too takes none of it.
fn over_cap(compiled: &Compiled, awards: &[Award], day: Date) -> Vec<(u16, u32)> {
    let held = |award: &Award| award.awarded_by(day) && award.valid_on(day);
    let capped = (0_u16..).zip(awards).filter(|(_, award)| {
        let mut others = awards.iter();
        award.cap.is_some()
            && held(award)
            && !others
                .any(|other| other.cap.is_none() && other.code() == award.code() && held(other))
    });
    let mut capped: Vec<(u16, &Award)> = capped.collect();
    capped.sort_by_key(|(_, award)| (award.awarded_on, &award.id));
    let mut come: BTreeMap<(&str, Route), u32> = BTreeMap::new();
    let mut over = Vec::new();
    for (number, award) in capped {
        let Some(cap) = &award.cap else { continue };
        let slots = compiled.by_code.get(award.code());
        let slot = slots.and_then(|slots| compiled.slot_at(*slots.first()?));
        let credit = slot.map_or(award.credit.unwrap_or(0), |slot| slot.credit);
        let most = u32::from(compiled.structure.total_credit) * u32::from(cap.share) / 100;
        let so_far = come.entry((&cap.body, award.route)).or_insert(0);
        if *so_far + u32::from(credit) > most {
            over.push((number, most));
        } else {
            *so_far += u32::from(credit);
        }
    }
    over
}

enum Admission {
    Yes,
    TooOld,
    No,
}

fn admits(rule: &OtherCredit, award: &Award, compiled: &Compiled, day: Date) -> Admission {
    let structure = &compiled.structure;
    // An exemption earns no credit of its own: it opens the unit it exempts from, and nothing else.
    let credit_bearing = award.route != Route::Exemption;
    let level = rule
        .level
        .is_none_or(|least| award.level.is_some_and(|level| level >= least));
    let area = rule.areas.is_empty() || rule.areas.iter().any(|area| award.areas.contains(area));
    let part = !rule.part_only
        || award
            .part_of
            .as_ref()
            .is_some_and(|part| *part == structure.qualification || structure.also.contains(part));
    if !(credit_bearing && level && area && part) {
        return Admission::No;
    }
    let young = rule.within_months.is_none_or(|months| {
        award.awarded_on.is_some_and(|awarded| {
            awarded
                .checked_add_months(Months::new(u32::from(months)))
                .is_none_or(|last| day <= last)
        })
    });
    if young {
        Admission::Yes
    } else {
        Admission::TooOld
    }
}
