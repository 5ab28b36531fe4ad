//! What is answered out of the framework, and what that costs.

use super::told;
use crate::support::{Registry, Row, codes, csv, uln};
use registry::access::Caller;
use registry::action::framework::{TableFile, import};
use serde_json::{Value, json};

fn with_tables(tables: &[(&str, &str)]) -> Registry {
    let registry = Registry::new().with_framework();
    load(&registry, tables);
    registry
}

fn load(registry: &Registry, tables: &[(&str, &str)]) {
    let files = tables.iter().map(|(name, text)| TableFile {
        name: (*name).to_owned(),
        content: text.as_bytes().to_vec(),
    });
    let imported = import(&registry.app.db, registry.app.clock.now(), files.collect());
    let imported = imported.unwrap();
    assert!(!imported.is_rejected(), "{imported:?}");
}

#[test]
fn an_empty_registry_answers_with_nothing_and_no_error() {
    let registry = Registry::new();
    let data = told(
        &registry,
        "{ sectors { code } commonCore { code } levels { level } ksf { code } priorLearningFacts { topic } role(code: \"teacher\") { id }
           unit(reference: \"L/601/1693\") { id } roles { edges { cursor } } standards(search: \"play\") { edges { cursor } } }",
    );
    assert_eq!(
        data,
        json!({"sectors": [], "commonCore": [], "levels": [], "ksf": [], "priorLearningFacts": [], "role": null, "unit": null,
            "roles": {"edges": []}, "standards": {"edges": []}})
    );
}

#[test]
fn facts_about_prior_learning_come_by_topic_however_it_is_written() {
    let registry = Registry::new().with_framework();
    let facts = |given: &str| {
        let query = format!("{{ priorLearningFacts{given} {{ topic text source confirmed }} }}");
        let data = told(&registry, &query)["priorLearningFacts"].clone();
        data.as_array().unwrap().clone()
    };
    let all = facts("");
    assert_eq!(all.len(), 18);
    assert_eq!(all[0]["topic"], "definition");
    for fact in &all {
        assert_eq!(fact["confirmed"], true, "{fact}");
        assert!(!fact["source"].as_str().unwrap().is_empty(), "{fact}");
    }
    let evidence = facts("(topic: \"  EVIDENCE  Criteria \")");
    let texts: Vec<&str> = evidence
        .iter()
        .map(|fact| fact["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts.len(), 2);
    assert!(texts[0].contains("authentic"), "{texts:?}");
    assert!(
        facts("(topic: \"evidence\")").is_empty(),
        "a topic is whole"
    );
}

#[test]
fn a_role_asks_what_was_in_force_on_the_day() {
    let registry = Registry::new().with_framework();
    let asked = |role: &str, day: &str| {
        let query =
            format!("{{ role(code: \"{role}\") {{ requirements(asOf: \"{day}\") {{ kind }} }} }}");
        let data = told(&registry, &query);
        data["role"]["requirements"].as_array().unwrap().len()
    };
    assert_eq!(
        [
            asked("nursery-nurse", "2014-08-31"),
            asked("nursery-nurse", "2014-09-01"),
            asked("ey-educator", "2014-08-31"),
            asked("ey-educator", "2014-09-01"),
        ],
        [1, 0, 0, 1]
    );
    let data = told(
        &registry,
        "{ role(code: \"ta-l3\") { id sector { code } requirements { alternative source confirmed } next { code next { code } } } }",
    );
    let role = &data["role"];
    assert_eq!(role["sector"]["code"], "education");
    let alternatives: Vec<&Value> = role["requirements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["alternative"])
        .collect();
    assert_eq!(alternatives, ["support", "support"]);
    assert_eq!(
        role["next"],
        json!([{"code": "playworker-l3", "next": []}, {"code": "hlta", "next": []}])
    );
    let node = told(
        &registry,
        "{ node(id: \"role_ta-l3\") { id ... on Role { code } } }",
    );
    assert_eq!(node["node"], json!({"id": "role_ta-l3", "code": "ta-l3"}));
    assert_eq!(
        told(&registry, "{ node(id: \"role_nobody\") { id } }")["node"],
        Value::Null
    );
}

#[test]
fn pages_of_roles_and_standards_go_on_where_the_last_ended() {
    let registry = Registry::new().with_framework();
    for (list, more, all) in [
        ("roles", "", 43),
        ("roles", "sector: \"health\", ", 6),
        ("standards", "", 103),
        ("standards", "search: \"PLAY  work\", ", 0),
    ] {
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let data = told(
                &registry,
                &format!(
                    "{{ {list}({more}first: 10{after}) {{ edges {{ cursor node {{ code }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
                ),
            );
            let page = &data[list];
            for edge in page["edges"].as_array().unwrap() {
                seen.push(edge["node"]["code"].as_str().unwrap().to_owned());
            }
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            let cursor = page["pageInfo"]["endCursor"].as_str().unwrap();
            after = format!(", after: \"{cursor}\"");
        }
        let mut once = seen.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), seen.len(), "{list}: each once");
        if all > 0 {
            assert_eq!(seen.len(), all, "{list} {more}");
        } else {
            assert!(seen.iter().any(|code| code == "SKAPW25"), "{seen:?}");
            assert!(seen.len() < 103, "{seen:?}");
        }
    }
    for wrong in [
        "roles(after: \"role_nobody\")",
        "standards(after: \"x\")",
        "roles(first: 101)",
    ] {
        let answer = registry.ask(
            &Caller::nobody(),
            &format!("{{ {wrong} {{ edges {{ cursor }} }} }}"),
            Value::Null,
        );
        assert_eq!(codes(&answer), ["input-invalid"], "{wrong}");
    }
}

#[test]
fn a_unit_is_found_however_its_reference_is_written_and_by_its_code() {
    let registry = Registry::new().with_framework();
    let found = |name: &str| {
        let query = format!(
            "{{ unit(reference: \"{name}\") {{ id reference title level credit confirmed }} }}"
        );
        told(&registry, &query)["unit"].clone()
    };
    let unit = found("L/601/1693");
    assert_eq!(
        unit,
        json!({"id": "unit_L/601/1693", "reference": "L/601/1693", "level": "L3", "credit": 4, "confirmed": true,
            "title": "Understand child and young person development"})
    );
    assert_eq!(found(" l6011693 "), unit);
    let without = found("LDSSMP 1");
    assert_eq!(
        (&without["id"], &without["confirmed"]),
        (&json!("unit_LDSSMP 1"), &json!(false))
    );
    let node = told(&registry, "{ node(id: \"unit_LDSSMP 1\") { id } }");
    assert_eq!(node["node"]["id"], without["id"]);
    // One of which nothing is known but that it stands for another.
    let named = told(
        &registry,
        "{ unit(reference: \"SHC 21\") { equivalents { id reference confirmed } } }",
    );
    let other = &named["unit"]["equivalents"][0];
    assert_eq!(other["reference"], "T/502/3651");
    assert_eq!(found("T/502/3651")["id"], other["id"]);
    assert_eq!(found("T/502/3652"), Value::Null);
}

#[test]
fn a_unit_of_a_result_shows_what_the_framework_knows_of_it() {
    let registry = with_tables(&[(
        "outcomes",
        "unit,code,title,criteria,verified,source\n\
         L/601/1693,1,Know the stages,Name them|Order them,V,an invented source\n\
         L/601/1693,2,Know what disturbs them,,V,an invented source\n",
    )]);
    let award = Row::award(1, "R1")
        .with("unit_reference", "L/601/1693")
        .without("qualification_number");
    registry.push_csv("RN5217", &csv(&[award]));
    let data = registry.data(
        &registry.practitioner(&uln(1)),
        "{ me { achievements { edges { node { subject { ... on Unit { title guidedLearningHours confirmed
           outcomes { code title criteria } areas { code edition } standards { code } ksf { code } } } } } } } }",
        Value::Null,
    );
    assert_eq!(
        data["me"]["achievements"]["edges"][0]["node"]["subject"],
        json!({"title": "Understand child and young person development", "guidedLearningHours": 30, "confirmed": true,
            "outcomes": [
                {"code": "1", "title": "Know the stages", "criteria": ["Name them", "Order them"]},
                {"code": "2", "title": "Know what disturbs them", "criteria": []}],
            "areas": [{"code": "2", "edition": 2010}],
            "standards": [{"code": "CCLD 303"}, {"code": "HSC 36"}], "ksf": []})
    );
}

#[test]
fn rules_of_combination_are_shown_whole() {
    let registry = with_tables(&[
        (
            "structures",
            "qualification,title,level,also,total_credit,floor_level,floor_credit,verified,source\n\
             50091700,An invented diploma,3,,10,3,5,V,an invented source\n",
        ),
        (
            "groups",
            "qualification,group,parent,name,kind,minimum_credit,maximum_credit,minimum_components,maximum_components,units,level,areas,within_months\n\
             50091700,all,,All,groups,,,1,2,,,,\n\
             50091700,core,all,Core,units,4,9,1,3,L/601/1693|J/601/1434|Y/601/1695,,,\n\
             50091700,other,all,From elsewhere,other,,6,,,,3,,36\n",
        ),
        (
            "barred",
            "qualification,unit,with,reason\n50091700,L/601/1693,J/601/1434|Y/601/1695,They overlap\n",
        ),
    ]);
    let data = told(
        &registry,
        "{ qualification(number: \"500/9170/0\") { title level totalCredit registered structure {
           totalCredit minimumCreditAtOrAboveLevel minimumCreditLevel confirmed source
           groups { name minimumComponents maximumComponents units { id } groups { name minimumCredit maximumCredit
             minimumComponents maximumComponents units { reference } otherCreditWithinMonths } }
           barred { units { reference } reason } } equivalents { id } sectors { code } } }",
    );
    let qualification = &data["qualification"];
    // The register does not know it: the framework does.
    assert_eq!(
        (
            &qualification["title"],
            &qualification["level"],
            &qualification["registered"]
        ),
        (&json!("An invented diploma"), &json!("L3"), &json!(false))
    );
    assert_eq!(
        qualification["structure"],
        json!({"totalCredit": 10, "minimumCreditAtOrAboveLevel": 5, "minimumCreditLevel": "L3", "confirmed": false,
            "source": "an invented source",
            "groups": [{"name": "All", "minimumComponents": 1, "maximumComponents": 2, "units": [], "groups": [
                {"name": "Core", "minimumCredit": 4, "maximumCredit": 9, "minimumComponents": 1, "maximumComponents": 3,
                 "units": [{"reference": "L/601/1693"}, {"reference": "J/601/1434"}, {"reference": "Y/601/1695"}],
                 "otherCreditWithinMonths": null},
                {"name": "From elsewhere", "minimumCredit": null, "maximumCredit": 6, "minimumComponents": null,
                 "maximumComponents": null, "units": [], "otherCreditWithinMonths": 36}]}],
            "barred": [
                {"units": [{"reference": "L/601/1693"}, {"reference": "J/601/1434"}], "reason": "They overlap"},
                {"units": [{"reference": "L/601/1693"}, {"reference": "Y/601/1695"}], "reason": "They overlap"}]})
    );
    assert_eq!(qualification["equivalents"], json!([]));
    assert_eq!(
        qualification["sectors"],
        json!([{"code": "education"}, {"code": "social"}])
    );
    let data = told(
        &registry,
        "{ qualification(number: \"601/7898/X\") { id } }",
    );
    assert_eq!(data["qualification"], Value::Null);
}

#[test]
fn two_qualifications_are_compared_side_by_side() {
    let registry = Registry::new().with_register().with_framework();
    let data = told(
        &registry,
        "{ compareQualifications(left: \"500/9170/0\", right: \"500/8887/7\") { left { number registered }
           right { number registered } transferableCredit sharedUnits { reference } differences } }",
    );
    let compared = &data["compareQualifications"];
    assert_eq!(compared["left"]["registered"], true);
    assert_eq!(compared["right"]["registered"], false);
    assert_eq!(compared["transferableCredit"], 65);
    assert_eq!(compared["sharedUnits"].as_array().unwrap().len(), 22);
    for (right, code) in [("601/7898/X", "not-found"), ("x", "input-invalid")] {
        let answer = registry.ask(
            &Caller::nobody(),
            &format!("{{ compareQualifications(left: \"500/9170/0\", right: \"{right}\") {{ transferableCredit }} }}"),
            Value::Null,
        );
        assert_eq!(codes(&answer), [code], "{right}");
    }
}

#[test]
fn a_page_costs_as_many_statements_as_a_single_one() {
    let registry = Registry::new().with_register().with_framework();
    let statements = |query: &str| {
        // The first makes the framework ready.
        told(&registry, query);
        let (_, statements) = registry.watched(|| told(&registry, query));
        statements
    };
    let roles = "{ roles(first: FIRST) { edges { node { sector { name } requirements { text } next { title next { sector { code } } } } } }
        standards(first: FIRST) { edges { node { title } } } sectors { code } commonCore { code } levels { level } ksf { code } }";
    for first in ["1", "40"] {
        let asked = statements(&roles.replace("FIRST", first));
        assert_eq!(asked.len(), 1, "{asked:#?}");
        assert!(asked[0].contains("framework_version"), "{asked:?}");
    }
    // Each qualification is asked for by itself; those of equal rules of all of them together.
    let one = "equivalents { number title awardingBody { name } structure { totalCredit groups { name } } }";
    let two = format!(
        "{{ a: qualification(number: \"500/8887/7\") {{ {one} }} b: qualification(number: \"500/9704/0\") {{ {one} }} }}"
    );
    let asked = statements(&two);
    let of = |table: &str| {
        let of = asked.iter().filter(|one| one.contains(table));
        of.count()
    };
    assert_eq!(of("framework_version"), 1, "{asked:#?}");
    assert!(of("awarding_body") <= 2 && asked.len() <= 7, "{asked:#?}");
}

#[test]
fn limits_of_cost_and_depth_count_the_framework() {
    let registry = Registry::new().with_framework();
    let round = |times: usize| {
        format!(
            "{{ role(code: \"ey-assistant\") {{ {}code{} }} }}",
            "next { ".repeat(times),
            " }".repeat(times)
        )
    };
    let refused = |query: &str| {
        let answer = registry.ask(&Caller::nobody(), query, Value::Null);
        codes(&answer)
    };
    assert_eq!(refused(&round(4)), [""; 0]);
    assert_eq!(refused(&round(6)), ["query-too-complex"], "cost");
    assert_eq!(refused(&round(20)), ["query-too-complex"], "depth");
    let round = |times: usize| {
        format!(
            "{{ unit(reference: \"SHC 21\") {{ {}title{} }} }}",
            "equivalents { ".repeat(times),
            " }".repeat(times)
        )
    };
    assert_eq!(refused(&round(4)), [""; 0]);
    assert_eq!(refused(&round(6)), ["query-too-complex"]);
}
