//! What other sources say beside the framework's tables: the list of early-years qualifications, and the register.

use super::told;
use crate::support::{Hands, Registry, Row, csv, uln};
use registry::action::catalogue::{conflicts, import_early_years};
use registry::action::framework::{TableFile, import};
use serde_json::{Value, json};

/// The diploma, full and relevant for whoever began at any time; synthetic.
const LIST: &[u8] = b"Qualification Ref,Qualification Level,From which date,To which date,Qualification Name,Awarding Organisation Title,\
Qualification Number,Notes/Additional Requirements,AdditionalRequirementQuestions,RatioRequirements\n\
EYQ-901,3,null,null,Diploma for the Children and Young People's Workforce,Invented Awards,500/9170/0,None,,one:two\n";

fn counts(registry: &Registry, facts: &str) -> Value {
    let query = format!(
        "{{ me {{ countsInRatio(on: \"2026-06-01\"{facts}) {{ outcome countsAt declaredFactsUsed mustAlsoHold {{ rule }} }} }} }}"
    );
    registry.data(&registry.practitioner(&uln(1)), &query, Value::Null)["me"]["countsInRatio"]
        .clone()
}

#[test]
fn who_counts_in_the_ratios_is_decided_once_the_list_is_loaded() {
    let registry = Registry::at(Hands::at("2026-06-01").clock(), |_| ())
        .with_register()
        .with_framework();
    registry.push_csv("RN5217", &csv(&[Row::award(1, "R-1")]));
    let open = counts(&registry, "");
    assert_eq!(
        (&open["outcome"], &open["countsAt"]),
        (&json!("UNDETERMINED"), &json!([0]))
    );
    import_early_years(&registry.app.db, [("list.csv".to_owned(), LIST)]).unwrap();
    // The next answer knows it. A level 3 of 2015 asks for English at level 2, which no record shows.
    let listed = counts(&registry, "");
    assert_eq!(listed["countsAt"], json!([2, 0]), "{listed}");
    let asked = listed["mustAlsoHold"].as_array().unwrap();
    assert!(asked.iter().any(|one| one["rule"] == "R34"), "{listed}");
    assert_eq!(listed["declaredFactsUsed"], json!([]));
    let declared = counts(&registry, ", facts: { englishLevel2: true }");
    assert_eq!(declared["countsAt"], json!([3, 2, 0]), "{declared}");
    assert_eq!(declared["declaredFactsUsed"], json!(["englishLevel2"]));
}

#[test]
fn qualifications_are_found_in_the_sectors_of_the_framework() {
    let registry = Registry::new().with_register().with_framework();
    let within = |sector: &str| {
        let query = format!(
            "{{ qualifications(sector: [\"{sector}\"]) {{ edges {{ node {{ number sectors {{ code }} }} }} }} }}"
        );
        told(&registry, &query)["qualifications"]["edges"].clone()
    };
    let of = told(
        &registry,
        "{ qualification(number: \"500/9170/0\") { sectors { code } } }",
    );
    let sectors = of["qualification"]["sectors"].as_array().unwrap().clone();
    assert!(!sectors.is_empty());
    for sector in &sectors {
        let found = within(sector["code"].as_str().unwrap());
        let numbers: Vec<&Value> = found
            .as_array()
            .unwrap()
            .iter()
            .map(|edge| &edge["node"]["number"])
            .collect();
        assert!(numbers.contains(&&json!("500/9170/0")), "{found}");
    }
    assert_eq!(within("no-such-sector"), json!([]));
}

#[test]
fn where_the_framework_and_the_register_disagree_is_listed() {
    let registry = Registry::new().with_register().with_framework();
    let found = |registry: &Registry| {
        let read = |connection: &mut _| conflicts(connection, None);
        registry.app.db.read_blocking(read).unwrap()
    };
    assert!(found(&registry).is_empty());
    let shipped = TableFile::shipped();
    let structures = shipped
        .iter()
        .find(|file| file.name == "structures.csv")
        .unwrap();
    let text = String::from_utf8(structures.content.clone()).unwrap();
    let other = text.replace("Workforce (QCF),3,", "Workforce (QCF),5,");
    assert_ne!(other, text);
    let file = TableFile {
        name: structures.name.clone(),
        content: other.into_bytes(),
    };
    let imported = import(&registry.app.db, registry.app.clock.now(), vec![file]).unwrap();
    assert!(!imported.is_rejected());
    let conflicts = found(&registry);
    let told: Vec<(&str, &str)> = conflicts
        .iter()
        .map(|one| (one.number.as_str(), one.code.as_str()))
        .collect();
    assert_eq!(told, [("500/9170/0", "level-differs")]);
    let says: Vec<&str> = conflicts[0]
        .says
        .iter()
        .map(|one| one.source.as_str())
        .collect();
    assert_eq!(says, ["register", "framework"]);
}
