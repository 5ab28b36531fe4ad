//! Random rules of combination and holdings, for tests and trials: every kind of rule, also such as no body would
//! write. The same seed gives the same case.

use crate::Award;
use crate::structure::{
    Barred, Compiled, Contents, Group, LevelFloor, OtherCredit, Structure, UnitFacts,
};
use schema::{Date, Level, QualificationNumber, Route, Subject, UnitReference};

/// A stream of numbers that look like chance (SplitMix64).
#[derive(Debug, Clone)]
pub struct Draw(u64);

impl Draw {
    /// The stream of that seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn within(&mut self, low: u16, high: u16) -> u16 {
        let span = u64::from(high.saturating_sub(low)) + 1;
        low + u16::try_from(self.number() % span).unwrap_or(0)
    }

    /// Whether something happens that does so `percent` times in a hundred.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.number() % 100 < percent
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let place = usize::try_from(self.number())
            .unwrap_or(0)
            .checked_rem(from.len())?;
        from.get(place)
    }
}

/// A structure, its units and what a person holds.
#[derive(Debug, Clone)]
pub struct Case {
    /// The rules.
    pub structure: Structure,
    /// The units they list.
    pub units: Vec<UnitFacts>,
    /// What the person holds.
    pub awards: Vec<Award>,
    /// The day on which it is asked.
    pub day: Date,
}

/// How large cases are.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// The least and the most units.
    pub units: (u16, u16),
    /// How often in a hundred a unit stands in a second group.
    pub shared: u64,
    /// How many barred pairs there are at most.
    pub barred: u16,
    /// How often in a hundred a group lets its units count in another group too.
    pub overlaps: u64,
}

impl Default for Size {
    fn default() -> Self {
        Self {
            units: (4, 18),
            shared: 25,
            barred: 3,
            overlaps: 6,
        }
    }
}

impl Case {
    /// The case of a seed.
    #[must_use]
    pub fn new(seed: u64, size: Size) -> Self {
        let mut draw = Draw::new(seed);
        let count = draw.within(size.units.0, size.units.1);
        let units: Vec<UnitFacts> = (0..count).map(|number| unit(&mut draw, number)).collect();
        let keys: Vec<String> = units.iter().map(|unit| unit.key.clone()).collect();
        let root = Tree {
            draw: &mut draw,
            keys: &keys,
            units: &units,
            size,
            groups: 0,
            other: 0,
        }
        .root();
        let listed: Vec<String> = keys
            .iter()
            .filter(|key| {
                root.walk().iter().any(
                    |(_, group)| matches!(&group.contents, Contents::Units(units) if units.contains(key)),
                )
            })
            .cloned()
            .collect();
        let total: u16 = units.iter().filter_map(|unit| unit.credit).sum();
        let share = draw.within(20, 80);
        let total_credit = total.saturating_mul(share) / 100;
        let floor = draw.chance(40).then(|| LevelFloor {
            level: Level::L3,
            credit: total_credit.saturating_mul(draw.within(20, 90)) / 100,
        });
        let mut barred = Vec::new();
        for _ in 0..draw.within(0, size.barred) {
            if let (Some(unit), Some(with)) = (draw.pick(&listed), draw.pick(&listed))
                && unit != with
            {
                barred.push(Barred {
                    unit: unit.clone(),
                    with: vec![with.clone()],
                    reason: None,
                });
            }
        }
        let structure = Structure {
            qualification: "900/0000/0".into(),
            title: None,
            level: None,
            also: Vec::new(),
            total_credit,
            floor,
            root,
            barred,
            confirmed: true,
            source: "drawn".into(),
        };
        let day = Date::from_ymd_opt(2020, 6, 1).unwrap_or_default();
        let awards = holdings(&mut draw, &units, day);
        Self {
            structure,
            units,
            awards,
            day,
        }
    }

    /// The same where the person holds another qualification too, with awards of some of its units, the first of the awards.
    #[must_use]
    pub fn with_another_qualification(mut self, seed: u64) -> Self {
        let mut draw = Draw::new(seed ^ 0x5175_616c);
        let Ok(number) = QualificationNumber::parse("601/7898/X") else {
            return self;
        };
        for award in &mut self.awards {
            if draw.chance(40) {
                award.part_of = Some(number.to_string());
            }
        }
        let mut whole = Award::new("another", Subject::Qualification(number));
        whole.level = draw.pick(&[Level::L2, Level::L3, Level::L4]).copied();
        whole.credit = Some(draw.within(2, 30));
        let months = chrono::Months::new(u32::from(draw.within(0, 48)));
        whole.awarded_on = self.day.checked_sub_months(months);
        self.awards.insert(0, whole);
        self
    }

    /// The rules, ready; none where the case contradicts itself.
    #[must_use]
    pub fn compiled(&self) -> Option<Compiled> {
        Compiled::new(&self.structure, |key| {
            self.units.iter().find(|unit| unit.key == key)
        })
        .ok()
    }
}

fn unit(draw: &mut Draw, number: u16) -> UnitFacts {
    let equivalents = if draw.chance(20) {
        // The same other award may stand for several units, of which it can be only one.
        vec![reference(700 + draw.within(0, 3))]
    } else {
        Vec::new()
    };
    UnitFacts {
        key: reference(number),
        title: format!("Unit {number}"),
        level: draw
            .pick(&[Level::L2, Level::L3, Level::L3, Level::L4])
            .copied(),
        credit: Some(draw.within(1, 8)),
        guided_learning_hours: draw.chance(95).then(|| draw.within(5, 60)),
        equivalents,
        confirmed: true,
    }
}

fn reference(number: u16) -> String {
    format!("A/900/{number:04}")
}

struct Tree<'a> {
    draw: &'a mut Draw,
    keys: &'a [String],
    units: &'a [UnitFacts],
    size: Size,
    groups: u16,
    other: u16,
}

impl Tree<'_> {
    fn root(mut self) -> Group {
        let keys = self.keys.to_vec();
        self.group(&keys, 0)
    }

    fn group(&mut self, keys: &[String], depth: u16) -> Group {
        let code = format!("g{}", self.groups);
        self.groups += 1;
        let inner = depth < 2 && keys.len() >= 3 && (depth == 0 || self.draw.chance(35));
        let contents = if inner {
            let parts = usize::from(self.draw.within(2, 4));
            let mut groups = Vec::new();
            for part in 0..parts {
                let mine: Vec<String> = keys.iter().skip(part).step_by(parts).cloned().collect();
                if !mine.is_empty() {
                    groups.push(self.group(&mine, depth + 1));
                }
            }
            if self.other < 2 && self.draw.chance(15) {
                groups.push(self.other_credit());
            }
            Contents::Groups(groups)
        } else {
            let mut mine = keys.to_vec();
            for key in self.keys {
                if self.draw.chance(self.size.shared / 3) && !mine.contains(key) {
                    mine.push(key.clone());
                }
            }
            Contents::Units(mine)
        };
        let mut group = Group::new(code, contents);
        self.limit(&mut group, depth);
        group
    }

    fn other_credit(&mut self) -> Group {
        let code = format!("g{}", self.groups);
        self.groups += 1;
        self.other += 1;
        let mut group = Group::new(
            code,
            Contents::Other(OtherCredit {
                level: self.draw.chance(50).then_some(Level::L3),
                areas: Vec::new(),
                within_months: self.draw.chance(50).then_some(36),
                part_only: false,
            }),
        );
        if self.draw.chance(50) {
            group.maximum_credit = Some(self.draw.within(3, 12));
        }
        if self.draw.chance(30) {
            group.minimum_credit = Some(self.draw.within(1, 3));
        }
        if self.draw.chance(30) {
            group.maximum_components = Some(self.draw.within(1, 3));
        }
        group
    }

    fn limit(&mut self, group: &mut Group, depth: u16) {
        let (holds, credit) = match &group.contents {
            Contents::Units(keys) => {
                let credit: u16 = self
                    .units
                    .iter()
                    .filter(|unit| keys.contains(&unit.key))
                    .filter_map(|unit| unit.credit)
                    .sum();
                group.overlaps = depth > 0 && self.draw.chance(self.size.overlaps);
                (u16::try_from(keys.len()).unwrap_or(0), credit)
            }
            Contents::Groups(groups) => (u16::try_from(groups.len()).unwrap_or(0), 40),
            Contents::Other(_) => return,
        };
        match self.draw.within(0, 9) {
            0..=2 => {
                group.minimum_components = Some(holds);
            }
            3..=4 => {
                let least = self.draw.within(0, holds.min(3));
                group.minimum_components = Some(least);
                if self.draw.chance(60) {
                    group.maximum_components = Some(self.draw.within(least.max(1), holds.max(1)));
                }
            }
            5..=6 => {
                group.minimum_credit = Some(credit.saturating_mul(self.draw.within(10, 70)) / 100);
            }
            _ => {}
        }
        if depth > 0 && self.draw.chance(25) {
            let least = group.minimum_credit.unwrap_or(1).max(1);
            group.maximum_credit = Some(self.draw.within(least, least + 15));
        }
    }
}

fn holdings(draw: &mut Draw, units: &[UnitFacts], day: Date) -> Vec<Award> {
    let percent = u64::from(draw.within(0, 90));
    let mut awards = Vec::new();
    let mut codes: Vec<String> = units
        .iter()
        .filter(|_| draw.chance(percent))
        .map(|unit| unit.key.clone())
        .collect();
    codes.extend((700..704).filter(|_| draw.chance(30)).map(reference));
    codes.extend((800..803).filter(|_| draw.chance(20)).map(reference));
    for (number, code) in codes.iter().enumerate() {
        let Ok(unit) = UnitReference::parse(code) else {
            continue;
        };
        let mut award = Award::new(format!("a{number}"), Subject::Unit(unit));
        let facts = units.iter().find(|unit| unit.key == *code);
        award.level = facts.map_or(Some(Level::L3), |unit| unit.level);
        award.credit = Some(facts.and_then(|unit| unit.credit).unwrap_or(5));
        let months = chrono::Months::new(u32::from(draw.within(0, 60)));
        award.awarded_on = day.checked_sub_months(months);
        if draw.chance(5) {
            award.route = Route::Exemption;
        }
        awards.push(award);
    }
    awards
}
