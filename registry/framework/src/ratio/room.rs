//! Whether a room has the staff that the ratios ask, from rows of a table by setting, age and day.

use super::{RatioNumber, StaffNeed};
use crate::place::at;
use crate::reason::{Reason, Says, Ternary};
use schema::{Date, fold_name};

/// Children of one age in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgeBand {
    /// The youngest, in months.
    pub from_months: u32,
    /// Up to this age in months, not with it.
    pub to_months: u32,
    /// How many.
    pub children: u32,
}

/// Somebody who works in the room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomStaff {
    /// Whether they count at level 6, 3 and 2, as [`super::counts_in_ratio`] says.
    pub levels: [Ternary; 3],
    /// Whether they are a school teacher.
    pub teacher: Ternary,
    /// Whether they hold full paediatric first aid that is in date.
    pub first_aid: Ternary,
}

impl RoomStaff {
    fn rank(&self, rank: usize) -> Ternary {
        match rank {
            0 => self.teacher,
            1..=3 => self.levels.get(rank - 1).copied().unwrap_or(Ternary::No),
            _ => Ternary::Yes,
        }
    }
}

/// Whether a room is in ratio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomStanding {
    /// Whether it is.
    pub outcome: Ternary,
    /// Why.
    pub explanation: Vec<Reason>,
}

/// School teachers, level 6, level 3, level 2, anybody: who is of one rank is of all that follow.
const RANKS: usize = 5;

/// How many a band asks of each rank.
#[derive(Default)]
struct Demand {
    ranks: [u32; RANKS],
    unrecorded: bool,
}

/// A way to staff a room: what it asks, and of which rows, with their children and adults.
type Way<'a> = (Demand, Vec<(&'a RatioNumber, u32, u32)>);

/// Whether a room with these children and this staff is in ratio on a day, in a setting given by code or in words.
/// Each age band is staffed by itself; staff who are not needed to satisfy a band are not counted in it.
#[must_use]
pub fn in_ratio(
    numbers: &[RatioNumber],
    setting: &str,
    children: &[AgeBand],
    staff: &[RoomStaff],
    on: Date,
) -> RoomStanding {
    // A setting in words stands for the codes of the rows that call it so.
    let wanted = fold_name(setting);
    let named: Vec<&String> = numbers
        .iter()
        .filter(|row| fold_name(&row.setting) == wanted)
        .flat_map(|row| &row.settings)
        .collect();
    let here: Vec<&RatioNumber> = numbers
        .iter()
        .filter(|row| {
            row.settings
                .iter()
                .any(|code| code == "any" || fold_name(code) == wanted || named.contains(&code))
        })
        .filter(|row| {
            row.valid_from.is_none_or(|from| from <= on)
                && row.valid_until.is_none_or(|until| on <= until)
        })
        .collect();
    let mut explanation = Vec::new();
    // Bands that lie across two of the table's are looked at with all children the youngest, and all the oldest.
    let strict = ways(&here, children, true, &mut explanation);
    let loose = ways(&here, children, false, &mut Vec::new());
    let (Some(strict), Some(loose)) = (strict, loose) else {
        return RoomStanding {
            outcome: Ternary::Undetermined,
            explanation,
        };
    };
    let supply = |possible: bool| {
        std::array::from_fn::<u32, RANKS, _>(|rank| {
            let counts = staff.iter().filter(|one| {
                let state = one.rank(rank);
                state == Ternary::Yes || (possible && state == Ternary::Undetermined)
            });
            u32::try_from(counts.count()).unwrap_or(u32::MAX)
        })
    };
    let (sure, possible) = (supply(false), supply(true));
    let certain = strict
        .iter()
        .any(|way| enough(&way.0, &sure) && !way.0.unrecorded);
    let thinkable = loose.iter().any(|way| enough(&way.0, &possible));
    let mut outcome = match (certain, thinkable) {
        (true, _) => Ternary::Yes,
        (false, true) => Ternary::Undetermined,
        (false, false) => Ternary::No,
    };
    let chosen = strict
        .iter()
        .find(|way| enough(&way.0, &sure))
        .or_else(|| strict.iter().find(|way| enough(&way.0, &possible)))
        .or_else(|| strict.last());
    if let Some((demand, rows)) = chosen {
        tell(demand, rows, &sure, &mut explanation);
    }
    for row in here
        .iter()
        .filter(|row| row.staff.contains(&StaffNeed::FirstAid))
    {
        let held = staff
            .iter()
            .fold(Ternary::No, |all, one| all.or(one.first_aid));
        let requirement = row.text.clone();
        let says = match held {
            Ternary::Yes => Says::Met { requirement },
            Ternary::No => Says::Missing { requirement },
            Ternary::Undetermined => Says::NotKnown { requirement },
        };
        explanation.push(cite(says, row));
        outcome = outcome.and(held);
    }
    RoomStanding {
        outcome,
        explanation,
    }
}

fn cite(says: Says, row: &RatioNumber) -> Reason {
    Reason::new(says, row.code.clone(), Some(&row.source), row.confirmed)
}

/// Every way in which the bands can be staffed, by alternatives; none where a band has no rule.
fn ways<'a>(
    here: &[&'a RatioNumber],
    children: &[AgeBand],
    strict: bool,
    explanation: &mut Vec<Reason>,
) -> Option<Vec<Way<'a>>> {
    let mut groups: Vec<(Vec<&'a RatioNumber>, u32)> = Vec::new();
    for band in children.iter().filter(|band| band.children > 0) {
        let last = band.to_months.max(band.from_months + 1);
        let touches = |row: &&&RatioNumber| {
            row.most.is_some()
                && row
                    .ages
                    .is_some_and(|(from, to)| from < last && band.from_months < to)
        };
        let mut rows: Vec<&RatioNumber> = here.iter().filter(touches).copied().collect();
        let from = |row: &&RatioNumber| row.ages.map_or(0, |(from, _)| from);
        let pick = if strict {
            rows.iter().map(from).min()
        } else {
            rows.iter().map(from).max()
        };
        let Some(pick) = pick else {
            let what = format!("{}–{}", band.from_months, band.to_months);
            explanation.push(Reason::new(Says::NoRule { what }, "ratio", None, true));
            return None;
        };
        rows.retain(|row| from(row) == pick);
        match groups.iter_mut().find(|(known, _)| *known == rows) {
            Some((_, count)) => *count += band.children,
            None => groups.push((rows, band.children)),
        }
    }
    let mut ways = vec![(Demand::default(), Vec::new())];
    for (rows, count) in groups {
        let mut next = Vec::new();
        for (demand, told) in &ways {
            for row in &rows {
                let mut told: Vec<(&RatioNumber, u32, u32)> = told.clone();
                let adults = count.div_ceil(row.most.unwrap_or(1).max(1));
                told.push((row, count, adults));
                next.push((add(demand, row, adults), told));
            }
        }
        ways = next;
    }
    Some(ways)
}

/// What a row asks of each rank, added to what others do: who is asked for a higher rank answers for a lower one too.
fn add(demand: &Demand, row: &RatioNumber, adults: u32) -> Demand {
    let mut ranks = [0; RANKS];
    let mut unrecorded = demand.unrecorded;
    let rank = |level: u8| match level {
        6.. => 1,
        3..=5 => 2,
        1..=2 => 3,
        0 => 4,
    };
    let mut ask = |place: usize, more: u32| {
        let asked = at(&ranks, place) + more;
        crate::place::set(&mut ranks, place, asked);
    };
    for need in &row.staff {
        match need {
            StaffNeed::Teacher => ask(0, 1),
            StaffNeed::TeacherEach => ask(0, adults),
            StaffNeed::Some(level, count) => ask(rank(*level), *count),
            StaffNeed::HalfOfOthers(level) => {
                ask(rank(*level), adults.saturating_sub(1).div_ceil(2));
            }
            StaffNeed::Unrecorded(_) => unrecorded = true,
            StaffNeed::FirstAid => {}
        }
    }
    let sum: u32 = ranks.iter().sum();
    let rest = at(&ranks, RANKS - 1) + adults.saturating_sub(sum);
    crate::place::set(&mut ranks, RANKS - 1, rest);
    Demand {
        ranks: std::array::from_fn(|place| at(&demand.ranks, place) + at(&ranks, place)),
        unrecorded,
    }
}

/// Whether there are enough of each rank: of the highest, of the two highest, and so on.
fn enough(demand: &Demand, supply: &[u32; RANKS]) -> bool {
    let mut asked = 0;
    (0..RANKS).all(|rank| {
        asked += at(&demand.ranks, rank);
        at(supply, rank) >= asked
    })
}

fn tell(
    demand: &Demand,
    rows: &[(&RatioNumber, u32, u32)],
    supply: &[u32; RANKS],
    explanation: &mut Vec<Reason>,
) {
    for (row, count, adults) in rows {
        let says = Says::BandNeeds {
            band: row.band.clone(),
            children: *count,
            most: row.most.unwrap_or(0),
            adults: *adults,
        };
        explanation.push(cite(says, row));
        for need in &row.staff {
            if let StaffNeed::Unrecorded(what) = need {
                let says = Says::NotKnown {
                    requirement: what.clone(),
                };
                explanation.push(cite(says, row));
            }
        }
    }
    let names = [
        "school teachers",
        "level 6",
        "level 3 or above",
        "level 2 or above",
        "adults",
    ];
    let mut asked = 0;
    for (rank, name) in names.iter().enumerate() {
        let own = at(&demand.ranks, rank);
        asked += own;
        if own == 0 {
            continue;
        }
        let (have, need, what) = (at(supply, rank), asked, (*name).to_owned());
        let says = if have >= need {
            Says::StaffEnough { have, need, what }
        } else {
            Says::StaffLacks { have, need, what }
        };
        if let Some((row, _, _)) = rows.first() {
            explanation.push(cite(says, row));
        }
    }
}
