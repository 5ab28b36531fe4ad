//! Jan and Chris, from the pamphlet of 2006 that asked for a framework: what they ask of a registry that has one. Their
//! results are synthetic, and come in as any others do: pushed, through the adapter.

use crate::support::{Hands, Registry};
use registry::action::import::Origin;
use registry::db::Id;
use serde_json::{Value, json};

const JAN: &str = "4100000439";
/// Chris's people: two playworkers, two teaching assistants.
const PAT: &str = "4100000447";
const ASH: &str = "4100000455";
const SAM: &str = "4100000463";
const KIT: &str = "4100000471";

/// The bodies that tell of Jan; neither is in the register.
const REGISTRAR: &str = "RN5998";
const UNIVERSITY: &str = "RN5999";

fn registry() -> Registry {
    Registry::at(Hands::at("2026-06-01").clock(), |_| ())
        .with_register()
        .with_framework()
}

/// Jan, a computer analyst who helped in playgroups, has registered as a childminder.
fn jan() -> Registry {
    let registry = registry();
    registry.push_csv(
        REGISTRAR,
        include_bytes!("../../registry/demo/jan-registration.csv"),
    );
    registry.push_csv(
        UNIVERSITY,
        include_bytes!("../../registry/demo/jan-degree.csv"),
    );
    let jan = registry.data(&registry.practitioner(JAN), "{ me { id } }", Value::Null);
    let id = Id::read("learner", jan["me"]["id"].as_str().unwrap()).unwrap();
    registry.push(
        "csv",
        Origin::Learner(id),
        include_bytes!("../../registry/demo/jan-brought.csv"),
    );
    registry
}

/// The people of whom Chris, head of an extended school, thinks for after-school provision.
fn after_school() -> Registry {
    let registry = registry();
    registry.push_csv("RN5156", include_bytes!("../fixtures/csv/after-school.csv"));
    registry
}

/// What somebody is told of their own record.
fn me(registry: &Registry, uln: &str, fields: &str) -> Value {
    let query = format!("{{ me {{ {fields} }} }}");
    registry.data(&registry.practitioner(uln), &query, Value::Null)["me"].clone()
}

fn texts(reasons: &Value) -> Vec<&str> {
    let each = reasons.as_array().unwrap().iter();
    each.map(|one| one["text"].as_str().unwrap()).collect()
}

const STANDING: &str =
    "meets met { text rule source achievements } missing { text rule source achievements }";

#[test]
fn jan_sees_what_she_can_do_now_and_what_is_missing() {
    let registry = jan();
    let asked = format!("standing(role: \"childminder\") {{ role {{ title }} {STANDING} }}");
    let standing = &me(&registry, JAN, &asked)["standing"];
    assert_eq!(standing["role"]["title"], "Childminder");
    assert_eq!(
        standing["meets"], "UNDETERMINED",
        "no record says what training came before registration"
    );
    assert_eq!(texts(&standing["met"]), ["Met: registration with Ofsted"]);
    assert_eq!(standing["met"][0]["rule"], "childminder-1");
    assert_eq!(
        standing["met"][0]["achievements"].as_array().unwrap().len(),
        1
    );
    let missing = texts(&standing["missing"]);
    assert_eq!(missing.len(), 1);
    assert!(missing[0].starts_with("The record does not say: training before registration"));

    // What she would need to be a teacher of young children is said, not guessed.
    let asked = format!("standing(role: \"eyt\") {{ {STANDING} }}");
    let standing = &me(&registry, JAN, &asked)["standing"];
    assert_eq!(standing["meets"], "NO");
    assert!(texts(&standing["missing"])[0].contains("Early Years Teacher Status"));
}

#[test]
fn jan_gets_a_path_that_begins_where_she_stands() {
    let registry = jan();
    let asked = "pathway(to: \"ey-educator\") { from { code } to { code } reachable credit
        steps { role { code } via qualification { number } credit explanation { text source } } }";
    let pathway = &me(&registry, JAN, asked)["pathway"];
    assert_eq!(pathway["from"]["code"], "childminder");
    assert_eq!(
        (&pathway["reachable"], &pathway["to"]["code"]),
        (&json!(true), &json!("ey-educator"))
    );
    let steps = pathway["steps"].as_array().unwrap();
    let roles: Vec<&Value> = steps.iter().map(|step| &step["role"]["code"]).collect();
    assert_eq!(roles, ["ey-practitioner", "ey-educator"]);
    assert!(steps[0]["via"].as_str().unwrap().contains("RPL"));
    assert!(texts(&steps[0]["explanation"])[0].contains("is not known"));
    assert!(steps[0]["explanation"][0]["source"].is_string());
    // Where she stands already no step is needed.
    let asked = "pathway(to: \"childminder\") { from { code } steps { via } credit reachable }";
    assert_eq!(
        me(&registry, JAN, asked)["pathway"],
        json!({"from": {"code": "childminder"}, "steps": [], "credit": 0, "reachable": true})
    );
    // And there is none to a role to which no way leads.
    let asked = "pathway(to: \"midwife\") { from { code } steps { via } credit reachable }";
    assert_eq!(
        me(&registry, JAN, asked)["pathway"],
        json!({"from": null, "steps": [], "credit": 0, "reachable": false})
    );
}

#[test]
fn jan_is_not_told_that_she_counts_before_it_is_known() {
    let registry = jan();
    let asked = "countsInRatio(on: \"2026-06-01\") {
        outcome countsAt mustAlsoHold { text rule } possibleRoutes { text } explanation { text achievements } declaredFactsUsed }";
    let ratio = &me(&registry, JAN, asked)["countsInRatio"];
    // No list of early-years qualifications is loaded, so whether her degree is on it is not known.
    assert_eq!(ratio["outcome"], "UNDETERMINED");
    assert_eq!(ratio["countsAt"], json!([0]));
    assert_eq!(ratio["declaredFactsUsed"], json!([]));

    assert!(
        texts(&ratio["explanation"]).iter().any(|text| text
            .starts_with("Whether BSc (Hons) Computing is full and relevant is not known")),
        "{ratio}"
    );

    // What is declared is told apart from what is on record: this alone lets her count, and says so.
    let asked = "countsInRatio(on: \"2026-06-01\", facts: {englishLevel2: true, answers: {studyingLevel3: true, competentAndResponsible: true}}) {
        outcome countsAt declaredFactsUsed explanation { text } }";
    let ratio = &me(&registry, JAN, asked)["countsInRatio"];
    assert_eq!(
        (&ratio["outcome"], &ratio["countsAt"]),
        (&json!("YES"), &json!([2, 0]))
    );
    assert_eq!(
        ratio["declaredFactsUsed"],
        json!(["answers.competentAndResponsible", "answers.studyingLevel3"])
    );
    assert!(
        texts(&ratio["explanation"]).contains(&"Declared, not on record: answers.studyingLevel3"),
        "{ratio}"
    );
}

#[test]
fn jan_knows_the_cheapest_way_to_the_diploma_of_the_workforce() {
    let registry = jan();
    let asked = "nearest(first: 1) { qualification { number } complete creditsTowards creditsRemaining confirmed next { title credit } }
        progress(qualification: \"500/9170/0\") { creditsRequired creditsRemaining explanation { text } }";
    let told = me(&registry, JAN, asked);
    let nearest = &told["nearest"][0];
    assert_eq!(nearest["qualification"]["number"], "500/9170/0");
    assert_eq!(
        nearest["creditsRemaining"],
        told["progress"]["creditsRemaining"]
    );
    assert_eq!(
        (&nearest["complete"], &nearest["creditsTowards"]),
        (&json!(false), &json!(0)),
        "a degree in computing is no unit of it, and what she brought herself does not count"
    );
    assert_eq!(
        nearest["confirmed"], false,
        "figures of the sample were not all confirmed"
    );
    assert!(!nearest["next"].as_array().unwrap().is_empty());
    assert!(
        texts(&told["progress"]["explanation"])
            .iter()
            .any(|text| text.contains("still to be gained"))
    );
}

#[test]
fn chris_sees_who_can_run_after_school_provision_now() {
    let registry = after_school();
    let meets = |uln: &str, role: &str| {
        let asked = format!("standing(role: \"{role}\") {{ meets }}");
        me(&registry, uln, &asked)["standing"]["meets"].clone()
    };
    assert_eq!(meets(PAT, "playworker-l3"), "YES");
    assert_eq!(
        meets(PAT, "playworker"),
        "YES",
        "who is at level 3 is at level 2"
    );
    assert_eq!(
        meets(ASH, "playworker-l3"),
        "NO",
        "a provisional result is none yet"
    );
    assert_eq!(meets(SAM, "ta-l3"), "YES");
    assert_eq!(meets(SAM, "playworker-l3"), "NO");
    assert_eq!(
        meets(KIT, "ta-l3"),
        "NO",
        "three units are no qualification"
    );
}

#[test]
fn chris_sees_the_cheapest_way_for_those_who_cannot() {
    let registry = after_school();
    let asked = "pathway(to: \"playworker-l3\") { from { code } credit reachable steps { qualification { number } credit } }";
    let sam = &me(&registry, SAM, asked)["pathway"];
    assert_eq!(sam["from"]["code"], "ta-l3");
    assert_eq!(sam["credit"], 8, "the award in transition to playwork");
    assert_eq!(sam["steps"][0]["qualification"]["number"], "603/7635/1");
    let pat = &me(&registry, PAT, asked)["pathway"];
    assert_eq!(
        (&pat["from"]["code"], &pat["credit"]),
        (&json!("playworker-l3"), &json!(0))
    );
}

#[test]
fn what_kit_learned_for_one_qualification_counts_towards_another() {
    let registry = after_school();
    let asked = "progress(qualification: \"500/9170/0\") { creditsTowards creditsRequired creditsRemaining
            groups { name satisfied credit components minimumComponents satisfiedBy { title } missing { reference } }
            next { reference } explanation { text(language: CY) achievements } }
        commonCoreCoverage { area { code edition } covered by { title } }";
    let told = me(&registry, KIT, asked);
    let progress = &told["progress"];
    assert_eq!(
        (
            &progress["creditsTowards"],
            &progress["creditsRequired"],
            &progress["creditsRemaining"]
        ),
        (&json!(7), &json!(65), &json!(58))
    );
    let groups = progress["groups"].as_array().unwrap();
    let core = groups
        .iter()
        .find(|group| group["name"] == "Core of the children's workforce");
    let core = core.unwrap();
    assert_eq!(
        (&core["components"], &core["minimumComponents"]),
        (&json!(2), &json!(7))
    );
    let by = core["satisfiedBy"].as_array().unwrap();
    assert_eq!(by.len(), 2);
    assert!(by.contains(&json!({"title": "Understand child and young person development"})));
    assert_eq!(core["missing"].as_array().unwrap().len(), 5);
    assert!(
        texts(&progress["explanation"])
            .iter()
            .any(|text| text.contains("credyd")),
        "{progress}"
    );
    let covered: Vec<(&Value, &Value)> = told["commonCoreCoverage"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["area"]["code"], &one["covered"]))
        .collect();
    assert_eq!(covered.len(), 6);
    assert_eq!(covered[1], (&json!("2"), &json!(true)));
    assert_eq!(covered[2], (&json!("3"), &json!(true)));
    assert_eq!(covered[3], (&json!("4"), &json!(false)));
}
