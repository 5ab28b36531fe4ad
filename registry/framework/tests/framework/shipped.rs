//! The shipped sample: every table reads, and what stands in it holds together.

use crate::support::{DIPLOMA, diploma, facts, shipped_units, unit};
use framework::catalogue::{
    common_core, ksf, levels, pathways, prior_learning, roles, sectors, standards, structures,
    units,
};
use framework::ratio::{evidence, evidence_rules, questions};
use framework::shipped::Table;
use framework::{Award, Compared, compare, coverage, elsewhere};
use schema::{Level, Subject, UnitReference};
use std::collections::BTreeSet;

#[test]
fn every_table_is_known_by_its_header() {
    for table in Table::ALL {
        assert_eq!(Table::recognise(table.shipped()), Some(*table));
        let marked = format!("\u{feff}{}", table.shipped());
        assert_eq!(Table::recognise(&marked), Some(*table));
    }
    assert_eq!(Table::recognise("a,b\n1,2\n"), None);
}

#[test]
fn the_workforce_is_the_sum_of_its_sectors() {
    let sectors = sectors(Table::Sectors.shipped()).expect("sectors");
    let sum: u32 = sectors
        .iter()
        .filter_map(|sector| sector.workforce_estimate)
        .sum();
    assert_eq!(sum, 2_654_631);
    let roles = roles(Table::Roles.shipped()).expect("roles");
    assert!(
        roles
            .iter()
            .all(|role| sectors.iter().any(|sector| sector.code == role.sector))
    );
    for link in pathways(Table::Pathways.shipped()).expect("pathways") {
        for end in [&link.from, &link.to] {
            assert!(roles.iter().any(|role| role.code == *end), "{end}");
        }
    }
}

#[test]
fn nothing_unconfirmed_is_shipped_but_of_the_diploma() {
    let units = shipped_units();
    let diploma = diploma();
    assert_eq!(units.len(), 50);
    for unit in &units {
        let of_diploma = diploma.unit(&unit.facts.key).is_some();
        assert!(unit.confirmed || of_diploma, "{}", unit.facts.key);
    }
    assert!(!diploma.confirmed());
    let read = [
        common_core(Table::CommonCore.shipped())
            .expect("areas")
            .iter()
            .all(|row| row.confirmed),
        standards(Table::Standards.shipped())
            .expect("standards")
            .iter()
            .all(|row| row.confirmed),
        ksf(Table::Ksf.shipped())
            .expect("ksf")
            .iter()
            .all(|row| row.confirmed),
        levels(Table::Levels.shipped())
            .expect("levels")
            .iter()
            .all(|row| row.confirmed),
        prior_learning(Table::PriorLearning.shipped())
            .expect("rpl")
            .iter()
            .all(|row| row.confirmed),
        questions(Table::Questions.shipped())
            .expect("questions")
            .iter()
            .all(|row| row.confirmed),
    ];
    assert_eq!(read, [true; 6]);
}

#[test]
fn levels_elsewhere_are_read_and_not_computed() {
    let table = levels(Table::Levels.shipped()).expect("levels");
    assert_eq!(table.len(), 11);
    let eqf = |level| elsewhere(&table, level).and_then(|row| row.eqf);
    let found: Vec<Option<u8>> = Level::ALL.into_iter().map(eqf).collect();
    let expected = [
        None,
        None,
        Some(1),
        Some(2),
        Some(3),
        Some(4),
        Some(5),
        Some(5),
        Some(6),
        Some(7),
        Some(8),
    ];
    assert_eq!(found, expected);
    let six = elsewhere(&table, Level::L6).expect("a row");
    assert_eq!(
        (six.scqf.as_deref(), six.nfq.as_deref(), six.fheq.as_deref()),
        (Some("10/9"), Some("8/7"), Some("6"))
    );
}

#[test]
fn six_areas_in_two_editions_and_what_covers_them() {
    let areas = common_core(Table::CommonCore.shipped()).expect("areas");
    assert_eq!(areas.len(), 12);
    let headings: usize = areas.iter().map(|area| area.headings.len()).sum();
    assert!(headings > 20);
    let units = shipped_units();
    let awards = [unit("CYP Core 3.3"), unit("SHC 31")];
    let covered = coverage(&areas, 2010, &units, &awards);
    let by: Vec<(&str, bool)> = covered
        .iter()
        .map(|one| (one.area.as_str(), one.covered))
        .collect();
    assert_eq!(
        by,
        [
            ("1", true),
            ("2", false),
            ("3", true),
            ("4", false),
            ("5", false),
            ("6", false)
        ]
    );
    assert_eq!(covered[2].by, ["award of CYP Core 3.3"]);
    assert!(
        !covered[2].confirmed,
        "the area is read from the unit's title"
    );
    let none = coverage(&areas, 2010, &units, &awards[1..]);
    assert!(!none[2].covered);
}

#[test]
fn an_award_accepted_in_a_units_place_covers_its_area() {
    let areas = common_core(Table::CommonCore.shipped()).expect("areas");
    let other = UnitReference::parse("T/502/3651").expect("a reference");
    let award = Award::new("equivalent", Subject::Unit(other));
    let covered = coverage(&areas, 2005, &shipped_units(), &[award]);
    assert_eq!(covered[0].by, ["equivalent"]);
}

#[test]
fn two_qualifications_share_what_counts_in_both() {
    let units: Vec<_> = shipped_units().into_iter().map(|unit| unit.facts).collect();
    let structures = structures(
        Table::Structures.shipped(),
        Table::Groups.shipped(),
        Table::Barred.shipped(),
    )
    .expect("structures");
    let left = Compared {
        number: DIPLOMA,
        title: "the diploma",
        level: Some(Level::L3),
        total_credit: Some(65),
        guided_learning_hours: None,
        kind: Some("QCF"),
        structure: structures.first(),
        units: &[],
    };
    // The diploma in specialist support has these two of its units, and one of its own.
    let theirs = ["L/601/1693", "Y/601/1695", "F/601/3327"].map(str::to_owned);
    let right = Compared {
        number: "501/0476/7",
        title: "specialist support",
        total_credit: Some(44),
        structure: None,
        units: &theirs,
        ..left
    };
    let found = compare(&left, &right, |key| facts(&units, key));
    assert_eq!(found.shared_units, ["L/601/1693", "Y/601/1695"]);
    assert_eq!(found.transferable_credit, 7);
    assert!(found.differences.contains(&"Credit: 65 and 44".to_owned()));
    assert!(
        found
            .differences
            .iter()
            .any(|text| text.starts_with("Only in 501/0476/7: Communication"))
    );
    let same = compare(&left, &left, |key| facts(&units, key));
    assert_eq!(
        (same.shared_units.len(), same.transferable_credit),
        (22, 65)
    );
    assert!(same.differences.is_empty());
}

#[test]
fn evidence_is_found_by_the_words_of_a_title() {
    let rules = evidence_rules(Table::Evidence.shipped()).expect("evidence");
    let award = |title: &str, level| {
        let mut award = Award::new(title, Subject::Unidentified(title.into()));
        award.level = level;
        award
    };
    let awards = [
        award("GCSE (9 to 1) in English Language", Some(Level::L2)),
        award(
            "Functional Skills qualification in English at Entry 3",
            Some(Level::Entry3),
        ),
        award("Level 3 Award in Paediatric First Aid", Some(Level::L3)),
        award("Award in Emergency Paediatric First Aid", Some(Level::L3)),
    ];
    let found: BTreeSet<String> = evidence(&rules, &awards)
        .into_iter()
        .map(|one| one.achievement)
        .collect();
    let expected = [
        "GCSE (9 to 1) in English Language",
        "Level 3 Award in Paediatric First Aid",
    ];
    assert_eq!(found, BTreeSet::from(expected.map(str::to_owned)));
}

#[test]
fn faults_of_structures_are_told_by_row() {
    let groups = "qualification,group,parent,name,kind,units\nQ,root,,Root,groups,\nQ,one,nowhere,One,units,A\n";
    let table = "qualification,total_credit,verified,source\nQ,5,V,invented\n";
    let barred = "qualification,unit,with\n";
    let faults = structures(table, groups, barred).expect_err("a fault");
    assert!(
        faults[0]
            .to_string()
            .starts_with("groups, row 3, column parent"),
        "{}",
        faults[0]
    );
    let none =
        structures(table, "qualification,group,parent,name,kind\n", barred).expect_err("a fault");
    assert!(none[0].to_string().contains("no groups"));
    let broken = units("reference,owner_code,title,level,credit,glh,source\nA,,T,high,1,,s\n");
    assert_eq!(
        broken.expect_err("a fault")[0].to_string(),
        "units, row 2, column level: \"high\" is not a level"
    );
}
