//! What a body can learn of other people's results: nothing. It sees learners through its own results only,
//! and no answer to a push tells whether a person was known before.

use crate::support::{Introspected, Registry, Row, csv, learning_events, uln};
use registry::action::import::{Mode, Origin};
use serde_json::{Value, json};

const NCFE: &str = "RN5156";

/// Everything that a body can see, with identifiers and times taken out.
fn seen(registry: &Registry, query: &str) -> Value {
    let mut answer = registry.ask(&registry.body("RN5217"), query, Value::Null);
    plain(&mut answer);
    answer
}

fn plain(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let hidden = [
                    "id",
                    "job",
                    "startedAt",
                    "endedAt",
                    "receivedAt",
                    "knownFrom",
                    "knownUntil",
                    "cursor",
                    "startCursor",
                    "endCursor",
                ];
                if hidden.contains(&name.as_str()) && value.is_string() {
                    *value = "hidden".into();
                } else {
                    plain(value);
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(plain),
        _ => {}
    }
}

fn roomy() -> Registry {
    Registry::configured(|config| {
        config.graphql.cost = usize::MAX;
        config.graphql.depth = 60;
    })
    .with_register()
}

fn everything_of(registry: &Registry, uln: &str) -> String {
    everything(registry).replace("ULN", uln)
}

/// A query for all of a learner, but for the number.
fn everything(registry: &Registry) -> String {
    let all = Introspected::of(registry).all_of(
        "Learner",
        5,
        &["accessLedger", "shares", "claims", "development"],
    );
    format!("{{ learner(uln: \"ULN\") {{ {all} }} }}")
}

/// What others told of the people of one case, whose numbers begin after `first`.
type Before = fn(&Registry, &[u32]);

/// Rows of each case in one file.
fn rows(firsts: &[u32], of: impl Fn(u32) -> Vec<Row>) -> Vec<u8> {
    csv(&firsts
        .iter()
        .flat_map(|first| of(*first))
        .collect::<Vec<_>>())
}

fn others() -> Vec<(&'static str, Before)> {
    vec![
        ("nothing", |_, _| ()),
        ("the same person, from another body", |registry, firsts| {
            registry.push_csv(
                NCFE,
                &rows(firsts, |n| vec![theirs(n + 1, "S1"), theirs(n + 2, "S2")]),
            );
        }),
        (
            "the same person without a ULN, from another body",
            |registry, firsts| {
                registry.push_csv(
                    NCFE,
                    &rows(firsts, |n| vec![theirs(n + 1, "S1").without("uln")]),
                );
            },
        ),
        ("two of the same name and birth date", |registry, firsts| {
            let twins = |n| {
                vec![
                    theirs(n + 1, "S1").with("uln", uln(n + 70)),
                    theirs(n + 1, "S2").with("uln", uln(n + 71)),
                ]
            };
            registry.push_csv(NCFE, &rows(firsts, twins));
        }),
        ("somebody else under the same ULN", |registry, firsts| {
            registry.push_csv(
                NCFE,
                &rows(firsts, |n| vec![other_under(n + 1), other_under(n + 2)]),
            );
        }),
        ("the same person under another name", |registry, firsts| {
            registry.push_csv(
                NCFE,
                &rows(firsts, |n| {
                    vec![theirs(n + 1, "S1").with("family_name", "Married")]
                }),
            );
        }),
        (
            "the married name with the ULN, the maiden name without",
            |registry, firsts| {
                let both = |n| {
                    vec![
                        theirs(n + 1, "S1").with("family_name", "Married"),
                        theirs(n + 1, "S2").without("uln"),
                    ]
                };
                registry.push_csv(NCFE, &rows(firsts, both));
            },
        ),
        (
            "learning events of the ULN, and somebody else under it",
            |registry, firsts| {
                for n in firsts {
                    let events = [
                        ("1", "50091700", "2015-06-30", "Pass"),
                        ("2", "60178981", "2014-06-30", "Pass"),
                    ];
                    registry.push(
                        "lrs",
                        Origin::Operator,
                        &learning_events(&uln(n + 1), &events),
                    );
                }
                registry.push_csv(
                    NCFE,
                    &rows(&firsts[firsts.len() / 2..], |n| vec![other_under(n + 1)]),
                );
            },
        ),
        ("the same numbers, from another body", |registry, firsts| {
            let same = |n| vec![theirs(n + 5, "R1").with("certificate_number", format!("C1-{n}"))];
            registry.push_csv(NCFE, &rows(firsts, same));
        }),
        ("what the person says of themselves", |registry, firsts| {
            registry.push_csv(NCFE, &rows(firsts, |n| vec![theirs(n + 1, "S1")]));
            for n in firsts {
                let me = registry.data(
                    &registry.practitioner(&uln(n + 1)),
                    "{ me { id } }",
                    Value::Null,
                );
                let id =
                    registry::db::Id::read("learner", me["me"]["id"].as_str().unwrap()).unwrap();
                let own = Row::award(n + 1, &format!("R1-{n}")).with("grade", "Distinction");
                registry.push("csv", Origin::Learner(id), &csv(&[own]));
            }
        }),
    ]
}

fn theirs(number: u32, result: &str) -> Row {
    let first = number - number % 100;
    Row::elsewhere(number, &format!("{result}-{first}"))
}

fn other_under(number: u32) -> Row {
    theirs(number, &format!("S{}", number % 100))
        .with("given_name", "Someone")
        .with("family_name", "Else")
        .with("date_of_birth", "1950-01-01")
}

/// What the body pushes in one case, one file after another; and whether some of it is rejected.
type Pushed = (&'static str, bool, fn(u32) -> Vec<Vec<Row>>);

fn ours(number: u32, result: &str) -> Row {
    let first = number - number % 100;
    Row::award(number, &format!("{result}-{first}"))
}

fn one(first: u32) -> Row {
    ours(first + 1, "R1").with("certificate_number", format!("C1-{first}"))
}

fn pushes() -> Vec<Pushed> {
    vec![
        ("one award", false, |n| vec![vec![one(n)]]),
        ("two people", false, |n| {
            vec![vec![one(n), ours(n + 2, "R2")]]
        }),
        ("the same again", false, |n| {
            vec![vec![one(n)], vec![one(n)]]
        }),
        ("without a ULN", false, |n| {
            vec![vec![one(n).without("uln")]]
        }),
        ("without a ULN, then with", false, |n| {
            vec![vec![one(n).without("uln")], vec![one(n)]]
        }),
        ("without a ULN, then with it and a new name", false, |n| {
            vec![
                vec![one(n).without("uln")],
                vec![one(n).with("family_name", "Married")],
            ]
        }),
        ("with one ULN, then with another", false, |n| {
            vec![vec![one(n).with("uln", uln(n + 60))], vec![one(n)]]
        }),
        ("with the ULN, then with one of somebody else", false, |n| {
            vec![vec![one(n)], vec![one(n).with("uln", uln(n + 2))]]
        }),
        (
            "a provisional award, its end, its withdrawal, its return",
            false,
            |n| {
                vec![
                    vec![one(n).with("status", "provisional")],
                    vec![one(n)],
                    vec![one(n).with("action", "withdraw")],
                    vec![one(n).with("action", "reinstate")],
                ]
            },
        ),
        ("a withdrawal of what was never told", false, |n| {
            vec![vec![one(n).with("action", "withdraw")]]
        }),
        ("one number for two people", true, |n| {
            vec![vec![one(n), ours(n + 2, "R1").with("given_name", "Bob")]]
        }),
        ("a wrong date", true, |n| {
            vec![vec![
                one(n).with("date_of_birth", "2199-01-01"),
                ours(n + 2, "R2"),
            ]]
        }),
    ]
}

/// The most files of a case.
const FILES: usize = 4;

const JOB: &str = "{ importJob(id: \"ID\") { state adapter mode dryRun digest bytesRead bytesTotal
    awardingBody { recognitionNumber } error { code message }
    counts { records created updated promoted withdrawn reinstated unchanged rejected needsPerson }
    issues { totalCount edges { cursor node { severity code message row column path offset } } } } }";

/// All that the body is told in all cases, each with what it is about.
fn answers(before: Before, mode: Mode, dry_run: bool) -> Vec<(String, Value)> {
    let registry = roomy();
    let cases: Vec<(u32, Pushed)> = (0..)
        .step_by(100)
        .zip(pushes())
        // One rejection takes the whole of an atomic import back.
        .filter(|(_, (_, rejected, _))| mode == Mode::Partial || !rejected)
        .collect();
    before(
        &registry,
        &cases.iter().map(|(first, _)| *first).collect::<Vec<_>>(),
    );
    let mut answers = Vec::new();
    for place in 0..FILES {
        // Cases of fewer files begin later, so that the last file of all is the one that is tried out.
        let file = cases.iter().flat_map(|(first, (.., files))| {
            let mut files = files(*first);
            let late = FILES - files.len();
            place
                .checked_sub(late)
                .map(|own| files.swap_remove(own))
                .unwrap_or_default()
        });
        let file = csv(&file.collect::<Vec<_>>());
        let dry_run = dry_run && place + 1 == FILES;
        let origin = Origin::Body(schema::RecognitionNumber::parse("RN5217").unwrap());
        let report = registry
            .push_as("csv", origin, &file, mode, dry_run)
            .unwrap();
        answers.push((
            format!("file {place}"),
            seen(&registry, &JOB.replace("ID", &report.id)),
        ));
    }
    let all = everything(&registry);
    for (first, (what, ..)) in cases {
        for number in [1, 2, 60] {
            let query = all.replace("ULN", &uln(first + number));
            answers.push((format!("{what}, learner {number}"), seen(&registry, &query)));
        }
    }
    answers
}

/// The first place at which two answers differ.
fn difference(left: &Value, right: &Value, path: &str) -> String {
    match (left, right) {
        (Value::Object(one), Value::Object(two)) if one.len() == two.len() => {
            let name = one
                .keys()
                .find(|name| one.get(*name) != two.get(*name))
                .unwrap();
            difference(&left[name], &right[name], &format!("{path}.{name}"))
        }
        (Value::Array(one), Value::Array(two)) if one.len() == two.len() => {
            let place = (0..one.len())
                .find(|place| one[*place] != two[*place])
                .unwrap();
            difference(&left[place], &right[place], &format!("{path}.{place}"))
        }
        _ => format!("{path}: {left}\n  {path}: {right}"),
    }
}

#[test]
fn no_answer_to_a_push_tells_whether_a_person_was_known() {
    let others = others();
    let mut told = Vec::new();
    for (mode, dry_run) in [
        (Mode::Partial, false),
        (Mode::Partial, true),
        (Mode::Atomic, false),
    ] {
        let expected = answers(others[0].1, mode, dry_run);
        for (before, tell) in &others[1..] {
            for ((what, expected), (_, given)) in expected.iter().zip(answers(*tell, mode, dry_run))
            {
                if *expected != given {
                    let difference = difference(expected, &given, "");
                    told.push(format!(
                        "{what} ({mode:?}, dry {dry_run}) after {before}:\n  {difference}"
                    ));
                }
            }
        }
    }
    assert!(
        told.is_empty(),
        "{} of them told:\n{}",
        told.len(),
        told.join("\n")
    );
}

#[test]
fn a_body_sees_a_learner_through_its_own_results_only() {
    let registry = roomy();
    registry.push_csv(
        "RN5217",
        &csv(&[Row::award(1, "R1").with("certificate_number", "C1")]),
    );
    let alone = seen(&registry, &everything_of(&registry, &uln(1)));
    assert_eq!(alone["data"]["learner"]["achievements"]["totalCount"], 1);
    // Others tell more of the person, and otherwise: names, another award, a ULN, and facts that disagree.
    let married = Row::elsewhere(1, "S1")
        .with("family_name", "Married")
        .with("given_name", "Adelaide");
    registry.push_csv(
        NCFE,
        &csv(&[
            married.clone().with("given_name", "Ada"),
            Row::elsewhere(3, "S3"),
        ]),
    );
    let events = [
        ("1", "50091700", "2015-06-29", "Merit"),
        ("2", "60178981", "2014-06-30", "Pass"),
    ];
    registry.push("lrs", Origin::Operator, &learning_events(&uln(1), &events));
    let whole = registry.record(&uln(1));
    assert!(whole.len() > 1, "{whole:?}");
    assert_eq!(seen(&registry, &everything_of(&registry, &uln(1))), alone);
    // The body's own correction is seen at once, and what the record takes from others is not.
    registry.push_csv(
        "RN5217",
        &csv(&[Row::award(1, "R1")
            .with("certificate_number", "C1")
            .with("grade", "Merit")]),
    );
    let corrected = seen(&registry, &everything_of(&registry, &uln(1)));
    assert_eq!(
        corrected["data"]["learner"]["achievements"]["edges"][0]["node"]["grade"],
        "Merit"
    );
    assert_eq!(corrected["data"]["learner"]["formerNames"], json!([]));
    // Another's learner and another's award do not exist for it.
    let theirs = registry.data(
        &registry.body(NCFE),
        &format!(
            "{{ learner(uln: \"{}\") {{ id achievements {{ edges {{ node {{ id }} }} }} }} }}",
            uln(3)
        ),
        Value::Null,
    );
    let learner = theirs["learner"]["id"].as_str().unwrap();
    let award = theirs["learner"]["achievements"]["edges"][0]["node"]["id"]
        .as_str()
        .unwrap();
    for query in [
        format!("{{ learner(uln: \"{}\") {{ id }} }}", uln(3)),
        format!("{{ learner(id: \"{learner}\") {{ id }} }}"),
        format!("{{ node(id: \"{learner}\") {{ id }} }}"),
        format!("{{ node(id: \"{award}\") {{ id }} }}"),
    ] {
        let unknown = query
            .replace(learner, &format!("learner_{}", "0".repeat(26)))
            .replace(award, &format!("achievement_{}", "0".repeat(26)));
        assert_eq!(
            seen(&registry, &query),
            seen(&registry, &unknown),
            "{query}"
        );
    }
    // The ledger of a learner is nobody's but their own.
    let ledger = format!(
        "{{ learner(uln: \"{}\") {{ accessLedger {{ edges {{ node {{ by }} }} }} }} }}",
        uln(1)
    );
    for caller in [registry.body("RN5217"), registry.steward()] {
        assert_eq!(
            crate::support::codes(&registry.ask(&caller, &ledger, Value::Null)),
            ["forbidden"]
        );
    }
}

#[test]
fn the_history_of_an_award_is_what_the_body_told_of_it() {
    let registry = Registry::new().with_register();
    let told = Row::award(1, "R1").without("grade");
    registry.push_csv("RN5217", &csv(std::slice::from_ref(&told)));
    // The recorder knows the grade, and from when to when.
    let events = [("1", "50091700", "2015-06-30", "Merit")];
    registry.push("lrs", Origin::Operator, &learning_events(&uln(1), &events));
    let query = format!(
        "{{ learner(uln: \"{}\") {{ achievements {{ edges {{ node {{ grade history {{ grade status knownUntil }} }} }} }} }} }}",
        uln(1)
    );
    let of = |caller| {
        let data = registry.data(&caller, &query, Value::Null);
        data["learner"]["achievements"]["edges"][0]["node"].clone()
    };
    let steward = of(registry.steward());
    assert_eq!(
        steward["grade"], "Merit",
        "the recorder's fact counts: {steward}"
    );
    assert_eq!(
        of(registry.body("RN5217")),
        json!({"grade": null, "history": [{"grade": null, "status": "FINAL", "knownUntil": null}]})
    );
    registry.push_csv("RN5217", &csv(&[told.with("grade", "Pass")]));
    let history = of(registry.body("RN5217"))["history"].clone();
    assert_eq!(history.as_array().map(Vec::len), Some(2), "{history}");
    assert_eq!(
        (&history[0]["grade"], &history[1]["grade"]),
        (&Value::Null, &json!("Pass"))
    );
    assert!(history[0]["knownUntil"].is_string(), "{history}");
}
