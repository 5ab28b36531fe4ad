//! Records that are not plain: what has lapsed, what is of the same rules under another number, what the framework says
//! otherwise than results do.

use crate::support::{Hands, Registry, Row, csv, uln};
use ::framework::shipped::Table;
use registry::action::catalogue::import_early_years;
use registry::action::framework::{Imported, TableFile, import};
use serde_json::{Value, json};

/// The diploma, full and relevant for whoever began at any time; synthetic.
const LIST: &[u8] = b"Qualification Ref,Qualification Level,From which date,To which date,Qualification Name,Awarding Organisation Title,\
Qualification Number,Notes/Additional Requirements,AdditionalRequirementQuestions,RatioRequirements\n\
EYQ-901,3,null,null,Diploma for the Children and Young People's Workforce,Invented Awards,500/9170/0,None,,one:two\n";

fn registry() -> Registry {
    Registry::at(Hands::at("2026-06-01").clock(), |_| ())
        .with_register()
        .with_framework()
}

fn load(registry: &Registry, tables: &[(Table, String)]) -> Imported {
    let files = tables.iter().map(|(table, text)| TableFile {
        name: format!("{}.csv", table.name()),
        content: text.clone().into_bytes(),
    });
    import(&registry.app.db, registry.app.clock.now(), files.collect()).unwrap()
}

fn me(registry: &Registry, fields: &str) -> Value {
    let query = format!("{{ me {{ {fields} }} }}");
    registry.data(&registry.practitioner(&uln(1)), &query, Value::Null)["me"].clone()
}

fn titled(result: &str, number: &str, title: &str) -> Row {
    Row::award(1, result)
        .with("qualification_number", number)
        .with("title", title)
        .with("level", "2")
}

#[test]
fn first_aid_that_has_lapsed_lets_nobody_count() {
    let counts = |valid: &str, on: &str| {
        let registry = registry();
        import_early_years(&registry.app.db, [("list.csv".to_owned(), LIST)]).unwrap();
        let english = "Functional Skills qualification in English at Level 2";
        let aid = titled("R-3", "603/0000/2", "Award in Paediatric First Aid");
        registry.push_csv(
            "RN5217",
            &csv(&[
                Row::award(1, "R-1").with("awarded_on", "2017-06-30"),
                titled("R-2", "603/0000/1", english),
                aid.with("awarded_on", "2025-01-10")
                    .with("valid_until", valid),
            ]),
        );
        let asked = format!("countsInRatio(on: \"{on}\") {{ countsAt }}");
        me(&registry, &asked)["countsInRatio"]["countsAt"].clone()
    };
    assert_eq!(counts("2028-01-09", "2026-06-01"), json!([3, 2, 0]));
    // Its own last day goes before the three years of the rule.
    assert_eq!(counts("2026-05-31", "2026-06-01"), json!([0]));
    assert_eq!(counts("2026-05-31", "2026-05-31"), json!([3, 2, 0]));
}

#[test]
fn numbers_are_the_same_however_they_are_written_and_an_equal_award_is_cited() {
    let registry = registry();
    let all = "500/9170/0|500/8887/7|500/9704/0";
    let requirements = Table::Requirements.shipped().replace(all, "50091700");
    assert!(requirements.contains("50091700"));
    let plain = |table: Table| {
        let text = table.shipped().replace("500/9170/0", "50091700");
        (table, text.replace("500/8887/7", "50088877"))
    };
    let imported = load(
        &registry,
        &[
            (Table::Requirements, requirements),
            plain(Table::Structures),
            plain(Table::Groups),
        ],
    );
    assert!(!imported.is_rejected(), "{imported:?}");
    let award = Row::award(1, "R-1").with("qualification_number", "500/8887/7");
    registry.push_csv("RN5217", &csv(&[award]));
    let told = me(
        &registry,
        "achievements { edges { node { id } } } progress(qualification: \"500/9170/0\") { complete explanation { achievements } }
         standing(role: \"learning-mentor\") { meets met { rule achievements } }",
    );
    let id = &told["achievements"]["edges"][0]["node"]["id"];
    assert_eq!(told["progress"]["complete"], true, "{told}");
    assert_eq!(
        told["progress"]["explanation"][0]["achievements"],
        json!([id])
    );
    let met = told["standing"]["met"].as_array().unwrap();
    let asked = met.iter().find(|one| one["rule"] == "learning-mentor-1");
    assert_eq!(asked.unwrap()["achievements"], json!([id]), "{told}");
}

#[test]
fn two_structures_of_one_number_are_refused() {
    let registry = registry();
    let twice = |table: Table| {
        let text = table.shipped();
        let (_, rows) = text.split_once('\n').unwrap();
        (
            table,
            format!("{text}{}", rows.replace("500/9170/0", "600/0001/1")),
        )
    };
    let imported = load(&registry, &[twice(Table::Structures), twice(Table::Groups)]);
    let issue = &imported.files[0].issues[0];
    assert_eq!((issue.row, issue.column.as_deref()), (3, Some("also")));
    assert!(issue.message.contains("500/8887/7"), "{issue:?}");
}

#[test]
fn a_role_that_asks_nothing_any_more_is_nobodys_beginning() {
    let registry = registry();
    registry.push_csv("RN5217", &csv(&[Row::elsewhere(1, "R-1")]));
    let way = |to: &str| {
        let asked = format!("pathway(to: \"{to}\") {{ reachable from {{ code }} }}");
        let way = me(&registry, &asked)["pathway"].clone();
        (way["reachable"].clone(), way["from"]["code"].clone())
    };
    // Nursery nurses of before September 2014 could become one; nobody is one for holding nothing.
    assert_eq!(way("residential-worker"), (json!(false), Value::Null));
    // What never asked for anything is open to everybody.
    assert_eq!(way("ey-practitioner"), (json!(true), json!("ey-assistant")));
}

/// An operator imports a framework in which a unit's credit is another.
#[test]
fn another_credit_of_a_unit_is_answered_at_once_and_everywhere() {
    let registry = registry();
    let unit = |result: &str, reference: &str| {
        let row = Row::award(1, result).with("unit_reference", reference);
        row.with("title", "A unit of the diploma")
            .with("level", "3")
    };
    let exempt = unit("R-3", "Y/601/1695").with("route", "exemption");
    registry.push_csv(
        "RN5217",
        &csv(&[
            unit("R-1", "L/601/1693").with("credit", "9"),
            // No source confirmed the framework's figures of this one, so the body's word stands.
            unit("R-2", "R/601/1694").with("credit", "7"),
            exempt.with("credit", "3"),
        ]),
    );
    let told = || {
        let told = me(
            &registry,
            "creditTotal progress(qualification: \"500/9170/0\") { creditsTowards }
             achievements { edges { node { credit conflicts { field registerSays sourceSays code } } } }",
        );
        let edges = told["achievements"]["edges"].as_array().unwrap().clone();
        let first = edges.iter().map(|edge| &edge["node"]).find(|node| {
            let conflicts = node["conflicts"].as_array().unwrap();
            !conflicts.is_empty()
        });
        (
            told["creditTotal"].clone(),
            told["progress"]["creditsTowards"].clone(),
            first.unwrap().clone(),
        )
    };
    let differs = |credit: u32| {
        let says = json!({"field": "credit", "registerSays": credit.to_string(), "sourceSays": "9", "code": "credit-differs"});
        json!({"credit": credit, "conflicts": [says]})
    };
    // An exemption opens the unit and earns nothing of its own.
    assert_eq!(told(), (json!(4 + 7), json!(4 + 3 + 3), differs(4)));
    let title = "Understand child and young person development,3,";
    let text = Table::Units.shipped();
    let changed = text.replace(&format!("{title}4,"), &format!("{title}6,"));
    assert_ne!(changed, text);
    let imported = load(&registry, &[(Table::Units, changed)]);
    assert!(!imported.is_rejected(), "{imported:?}");
    assert_eq!(told(), (json!(6 + 7), json!(6 + 3 + 3), differs(6)));
}
