//! Standing against a role on a day.

use crate::support::{day, qualification};
use framework::catalogue::{Requirement, Role, requirements, roles};
use framework::ratio::{RatioFacts, counts_in_ratio, ratio_rules};
use framework::shipped::Table;
use framework::{Award, Holder, Standing, Ternary, standing};
use schema::{Level, RegistrationState, Subject};
use std::collections::BTreeMap;

fn tables() -> (Vec<Role>, Vec<Requirement>) {
    (
        roles(Table::Roles.shipped()).expect("roles"),
        requirements(Table::Requirements.shipped()).expect("requirements"),
    )
}

fn ask(role: &str, awards: &[Award], on: &str) -> Standing {
    let (roles, requirements) = tables();
    let role = roles.iter().find(|one| one.code == role).expect("a role");
    let rules = ratio_rules(Table::RatioRules.shipped()).expect("rules");
    let ratio = counts_in_ratio(&rules, &RatioFacts::new(day(on)));
    let holder = Holder {
        awards,
        ratio: Some(&ratio),
        completed: &BTreeMap::new(),
    };
    standing(role, &requirements, &holder, day(on))
}

fn registered(register: &str, from: &str, until: Option<&str>) -> Award {
    let mut award = Award::new(register, Subject::Registration(register.into()));
    award.valid_from = Some(day(from));
    award.valid_until = until.map(day);
    award.state = Some(RegistrationState::Current);
    award
}

#[test]
fn a_social_worker_is_in_the_register_of_the_day() {
    let hcpc = registered("HCPC", "2012-08-01", None);
    let with_hcpc = |on| ask("social-worker", std::slice::from_ref(&hcpc), on).meets;
    assert_eq!(with_hcpc("2019-12-01"), Ternary::Yes);
    assert_eq!(with_hcpc("2019-12-02"), Ternary::No);
    assert_eq!(with_hcpc("2012-07-31"), Ternary::No);
    let now = registered("Social Work England", "2019-12-02", None);
    assert_eq!(
        ask("social-worker", &[now], "2026-01-01").meets,
        Ternary::Yes
    );
}

#[test]
fn a_registration_lapses_and_can_be_suspended() {
    let mut nmc = registered("NMC", "2015-01-01", Some("2024-12-31"));
    assert_eq!(
        ask("midwife", &[nmc.clone()], "2024-12-31").meets,
        Ternary::Yes
    );
    let lapsed = ask("midwife", &[nmc.clone()], "2025-01-01");
    assert_eq!(lapsed.meets, Ternary::No);
    assert_eq!(lapsed.missing[0].achievements, ["NMC"]);
    assert!(
        lapsed.missing[0]
            .text(schema::Language::English)
            .contains("no longer in force")
    );
    for state in [
        RegistrationState::Suspended,
        RegistrationState::Lapsed,
        RegistrationState::Removed,
    ] {
        nmc.state = Some(state);
        assert_eq!(
            ask("midwife", &[nmc.clone()], "2024-01-01").meets,
            Ternary::No,
            "{state:?}"
        );
    }
}

#[test]
fn what_a_role_asks_depends_on_the_day() {
    let npqh = Award::new("npqh", Subject::ProfessionalStatus("NPQH".into()));
    assert_eq!(ask("headteacher", &[], "2010-01-01").meets, Ternary::No);
    assert_eq!(
        ask("headteacher", &[npqh], "2010-01-01").meets,
        Ternary::Yes
    );
    assert_eq!(
        ask("headteacher", &[], "2005-01-01").meets,
        Ternary::Undetermined
    );
    let free = ask("headteacher", &[], "2012-02-08");
    assert_eq!(free.meets, Ternary::Yes);
    assert_eq!(free.met.len(), 1, "it says that nothing is asked");
}

#[test]
fn one_of_several_alternatives_is_enough() {
    let diploma = qualification("award", "501/0476/7", Level::L3);
    let standing = ask("ta-l3", &[diploma], "2026-01-01");
    assert_eq!(standing.meets, Ternary::Yes);
    assert_eq!(standing.met[0].achievements, ["award"]);
    assert!(standing.missing.is_empty());
    let none = ask("ta-l3", &[], "2026-01-01");
    assert_eq!((none.meets, none.missing.len()), (Ternary::No, 2));
}

#[test]
fn a_qualification_in_the_roles_sector_meets_a_level() {
    let mut award = qualification("award", "600/3264/9", Level::L2);
    award.areas = vec!["youth".into()];
    assert_eq!(
        ask("youth-support-worker", &[award.clone()], "2026-01-01").meets,
        Ternary::Yes
    );
    assert_eq!(
        ask("youth-worker-l3", &[award.clone()], "2026-01-01").meets,
        Ternary::No
    );
    award.areas.clear();
    assert_eq!(
        ask("youth-support-worker", &[award], "2026-01-01").meets,
        Ternary::No
    );
}

#[test]
fn rules_met_without_the_award_count_and_are_cited() {
    let (roles, requirements) = tables();
    let role = roles
        .iter()
        .find(|one| one.code == "learning-mentor")
        .expect("a role");
    let completed = BTreeMap::from([("500/9170/0".to_owned(), vec!["unit".to_owned()])]);
    let holder = Holder {
        awards: &[],
        ratio: None,
        completed: &completed,
    };
    let standing = standing(role, &requirements, &holder, day("2014-01-01"));
    assert_eq!(standing.meets, Ternary::Yes);
    assert_eq!(standing.met[0].achievements, ["unit"]);
}

#[test]
fn every_requirement_is_of_a_role_and_has_its_source() {
    let (roles, requirements) = tables();
    assert_eq!(roles.len(), 43);
    for one in &requirements {
        assert!(
            roles.iter().any(|role| role.code == one.role),
            "{}",
            one.role
        );
        assert!(!one.source.is_empty());
    }
    let rules = ratio_rules(Table::RatioRules.shipped()).expect("rules");
    let ratio = counts_in_ratio(&rules, &RatioFacts::new(day("2026-01-01")));
    let holder = Holder {
        awards: &[],
        ratio: Some(&ratio),
        completed: &BTreeMap::new(),
    };
    for role in &roles {
        let standing = standing(role, &requirements, &holder, day("2026-01-01"));
        assert_eq!(
            standing.meets == Ternary::Yes,
            standing.missing.is_empty(),
            "{}",
            role.code
        );
    }
}
