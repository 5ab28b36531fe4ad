//! Invented rules as large as those of an adult care diploma, for tests and trials. The same seed gives the same rules.

use crate::random::Draw;
use crate::structure::{Barred, Contents, Group, LevelFloor, Structure, UnitFacts};
use schema::Level;

/// A diploma of 150 units: a mandatory group, three pathways that share units, a large optional list with units of the
/// pathways in it, barred pairs, least credit at level 3. The units' references are the same whatever the seed.
#[must_use]
pub fn large(seed: u64) -> (Structure, Vec<UnitFacts>) {
    let mut draw = Draw::new(seed);
    let all: Vec<UnitFacts> = (0..150)
        .map(|number| UnitFacts {
            key: format!("A/900/{number:04}"),
            title: format!("Unit {number}"),
            level: Some(if number < 110 { Level::L3 } else { Level::L2 }),
            credit: Some(draw.within(1, 7)),
            guided_learning_hours: Some(draw.within(5, 60)),
            equivalents: Vec::new(),
            confirmed: true,
        })
        .collect();
    let list = |from: usize, to: usize| -> Vec<String> {
        all.iter()
            .take(to)
            .skip(from)
            .map(|unit| unit.key.clone())
            .collect()
    };
    let mandatory = |code: &str, keys: Vec<String>| {
        let mut group = Group::new(code, Contents::Units(keys.clone()));
        group.minimum_components = u16::try_from(keys.len()).ok();
        group
    };
    let mut pathway = Group::new(
        "pathway",
        Contents::Groups(vec![
            mandatory("one", list(10, 15)),
            mandatory("two", list(13, 18)),
            mandatory("three", list(16, 20)),
        ]),
    );
    pathway.minimum_components = Some(1);
    pathway.maximum_components = Some(1);
    let optional = Group::new("optional", Contents::Units(list(10, 150)));
    let mut root = Group::new(
        "root",
        Contents::Groups(vec![mandatory("core", list(0, 10)), pathway, optional]),
    );
    root.minimum_components = Some(3);
    let barred = (0..10)
        .map(|pair| Barred {
            unit: format!("A/900/{:04}", 30 + pair),
            with: vec![format!("A/900/{:04}", 60 + pair)],
            reason: None,
        })
        .collect();
    let structure = Structure {
        qualification: "900/0000/0".into(),
        title: None,
        level: None,
        also: Vec::new(),
        total_credit: 90,
        floor: Some(LevelFloor {
            level: Level::L3,
            credit: 65,
        }),
        root,
        barred,
        confirmed: true,
        source: "invented".into(),
    };
    (structure, all)
}
