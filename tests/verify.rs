//! Verification: three values, their checks, receipts that others can check, and nothing told to those who
//! do not hold the facts.

use crate::support::{Registry, Row, csv, learning_events, uln};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use registry::action::import::Origin;
use serde_json::{Value, json};

const VERIFY: &str = "query($input: VerifyInput!) { verify(input: $input) { outcome checks { name result code }
    achievement { title grade status standing registerEntry } receipt { id jwt outcome purpose } } }";

/// The award of learner 1, whose facts are these.
fn award() -> Row {
    Row::award(1, "R-1")
        .with("family_name", "Prover")
        .with("date_of_birth", "1980-02-03")
        .with("certificate_number", "C-1")
}

fn ask(registry: &Registry, number: &str, family: &str, born: &str) -> Value {
    let input = json!({"input": {"certificateNumber": number, "familyName": family, "dateOfBirth": born, "purpose": "A post"}});
    registry.data(&registry.employer(), VERIFY, input)["verify"].clone()
}

fn codes(verification: &Value) -> Vec<String> {
    let checks = verification["checks"].as_array().unwrap();
    checks
        .iter()
        .map(|check| {
            format!("{} {} {}", check["name"], check["result"], check["code"]).replace('"', "")
        })
        .collect()
}

#[test]
fn right_facts_are_valid_and_say_whose_word_it_is() {
    let registry = Registry::new().with_register();
    registry.push_csv("RN5217", &csv(&[award()]));
    let answer = ask(&registry, "C-1", "  PROVER ", "1980-02-03");
    assert_eq!(answer["outcome"], "VALID");
    assert_eq!(
        codes(&answer),
        [
            "FOUND PASSED attested",
            "FACTS PASSED facts-agree",
            "STATUS PASSED status-final",
            "REGISTER PASSED registered"
        ]
    );
    assert_eq!(answer["achievement"]["registerEntry"], "500/9170/0");
    assert_eq!(answer["achievement"]["standing"], "ATTESTED");
}

#[test]
fn wrong_and_unknown_are_undetermined_and_alike() {
    let registry = Registry::new().with_register();
    registry.push_csv("RN5217", &csv(&[award()]));
    let unknown = ask(&registry, "C-2", "Prover", "1980-02-03");
    let wrong_name = ask(&registry, "C-1", "Approver", "1980-02-03");
    let wrong_day = ask(&registry, "C-1", "Prover", "1980-02-04");
    for answer in [&unknown, &wrong_name, &wrong_day] {
        assert_eq!(answer["outcome"], "UNDETERMINED");
        assert!(answer["achievement"].is_null());
        assert!(
            codes(answer)
                .iter()
                .all(|code| code.ends_with("NOT_CHECKED not-established")),
            "{answer}"
        );
        assert_eq!(codes(answer).len(), 4);
        let lengths = answer["receipt"]["jwt"].as_str().unwrap().len();
        assert_eq!(
            lengths,
            unknown["receipt"]["jwt"].as_str().unwrap().len(),
            "the receipt's length tells"
        );
    }
}

#[test]
fn withdrawn_is_invalid_provisional_is_undetermined_and_reinstated_is_valid_again() {
    let registry = Registry::new().with_register();
    registry.push_csv("RN5217", &csv(&[award().with("status", "provisional")]));
    let provisional = ask(&registry, "C-1", "Prover", "1980-02-03");
    assert_eq!(
        (&provisional["outcome"], codes(&provisional)[2].as_str()),
        (
            &json!("UNDETERMINED"),
            "STATUS NOT_CHECKED status-provisional"
        )
    );
    registry.push_csv("RN5217", &csv(&[award().with("action", "promote")]));
    let body = registry.body("RN5217");
    let find = "query($uln: String!) { learner(uln: $uln) { achievements { edges { node { id status } } } } }";
    let id = registry.data(&body, find, json!({"uln": uln(1)}))["learner"]["achievements"]["edges"]
        [0]["node"]["id"]
        .clone();
    let change = |verb: &str| {
        let query = format!(
            "mutation($id: ID!) {{ {verb}Achievement(id: $id, reason: \"A reason\") {{ status history {{ status reason }} }} }}"
        );
        registry.data(&body, &query, json!({"id": id}))
    };
    assert_eq!(
        change("withdraw")["withdrawAchievement"]["status"],
        "WITHDRAWN"
    );
    let withdrawn = ask(&registry, "C-1", "Prover", "1980-02-03");
    assert_eq!(
        (&withdrawn["outcome"], codes(&withdrawn)[2].as_str()),
        (&json!("INVALID"), "STATUS FAILED status-withdrawn")
    );
    assert_eq!(withdrawn["achievement"]["status"], "WITHDRAWN");
    assert_eq!(
        change("reinstate")["reinstateAchievement"]["status"],
        "FINAL"
    );
    assert_eq!(
        ask(&registry, "C-1", "Prover", "1980-02-03")["outcome"],
        "VALID"
    );
    // The same file again lifts nothing and takes nothing back.
    registry.push_csv("RN5217", &csv(&[award().with("status", "provisional")]));
    assert_eq!(
        ask(&registry, "C-1", "Prover", "1980-02-03")["outcome"],
        "VALID"
    );
}

#[test]
fn the_register_can_contradict_and_can_be_silent() {
    let registry = Registry::new();
    registry.push_csv("RN5217", &csv(&[award()]));
    let silent = ask(&registry, "C-1", "Prover", "1980-02-03");
    assert_eq!(
        (&silent["outcome"], codes(&silent)[3].as_str()),
        (
            &json!("UNDETERMINED"),
            "REGISTER NOT_CHECKED not-registered"
        )
    );
    let registry = registry.with_register();
    assert_eq!(
        ask(&registry, "C-1", "Prover", "1980-02-03")["outcome"],
        "VALID"
    );
    registry.push_csv(
        "RN5217",
        &csv(&[award()
            .with("awarded_on", "2018-01-01")
            .with("certificate_number", "C-2")
            .with("result_id", "R-2")]),
    );
    let late = ask(&registry, "C-2", "Prover", "1980-02-03");
    assert_eq!(
        (&late["outcome"], codes(&late)[3].as_str()),
        (&json!("INVALID"), "REGISTER FAILED outside-register-dates")
    );
}

#[test]
fn a_trusted_recorders_results_verify_and_say_whose_word_they_are() {
    let registry = Registry::new().with_register();
    registry.push(
        "lrs",
        Origin::Operator,
        &learning_events(&uln(1), &[("71", "500/9170/0", "2015-06-30", "Pass")]),
    );
    // Only a number was told; the facts come from the body's push of something else.
    registry.push_csv(
        "RN5156",
        &csv(&[award()
            .with("qualification_number", "601/7898/X")
            .with("awarding_body", "RN5156")]),
    );
    let find = "{ me { achievements { edges { node { id standing awardingBody { recognitionNumber } } } } } }";
    let data = registry.data(&registry.practitioner(&uln(1)), find, Value::Null);
    let edges = data["me"]["achievements"]["edges"].as_array().unwrap();
    let recorded = edges
        .iter()
        .find(|edge| edge["node"]["standing"] == "RECORDED")
        .unwrap();
    assert_eq!(
        recorded["node"]["awardingBody"]["recognitionNumber"], "RN5217",
        "the register names the owner"
    );
    let input = json!({"input": {"credentialId": recorded["node"]["id"], "familyName": "Prover", "dateOfBirth": "1980-02-03"}});
    let answer = registry.data(&registry.employer(), VERIFY, input)["verify"].clone();
    assert_eq!(
        (&answer["outcome"], codes(&answer)[0].as_str()),
        (&json!("VALID"), "FOUND PASSED recorded")
    );
    assert_eq!(answer["achievement"]["standing"], "RECORDED");
}

#[test]
fn what_a_person_brings_is_shown_and_never_verifies() {
    let registry = Registry::new().with_register();
    let other = award()
        .with("qualification_number", "601/7898/X")
        .with("awarding_body", "RN5156")
        .with("certificate_number", "C-0");
    registry.push_csv("RN5156", &csv(&[other]));
    let learner = registry.learner_or_made(&uln(1));
    let brought = registry.push(
        "csv",
        Origin::Learner(learner),
        &csv(&[award().with("awarding_body", "RN5217")]),
    );
    assert_eq!(brought.counts.created, 1, "{brought:?}");
    let shown = registry.record(&uln(1));
    assert!(
        shown
            .iter()
            .any(|award| award["standing"] == "SELF_PRESENTED"
                && award["awardingBody"]["recognitionNumber"] == "RN5217")
    );
    let answer = ask(&registry, "C-1", "Prover", "1980-02-03");
    assert_eq!(
        (&answer["outcome"], codes(&answer)[0].as_str()),
        (&json!("UNDETERMINED"), "FOUND NOT_CHECKED self-presented")
    );
    assert!(answer["achievement"].is_null());
    let credit = registry.data(
        &registry.practitioner(&uln(1)),
        "{ me { creditTotal } }",
        Value::Null,
    );
    assert_eq!(
        credit["me"]["creditTotal"], 0,
        "what nobody proved counts for nothing"
    );
    // And it cannot be about somebody else.
    let stranger = registry.push(
        "csv",
        Origin::Learner(learner),
        &csv(&[Row::award(2, "R-9")]),
    );
    assert_eq!(
        (stranger.counts.rejected, stranger.issues[0].code.as_str()),
        (1, "learner-mismatch")
    );
}

#[test]
fn a_former_day_is_answered_as_it_was() {
    let registry = Registry::new().with_register();
    registry.push_csv("RN5217", &csv(&[award().with("action_date", "2015-07-01")]));
    registry.push_csv(
        "RN5217",
        &csv(&[award()
            .with("action", "withdraw")
            .with("action_date", "2016-03-01")
            .without("status")]),
    );
    let on = |day: &str| {
        let input = json!({"input": {"certificateNumber": "C-1", "familyName": "Prover", "dateOfBirth": "1980-02-03", "asOf": day}});
        registry.data(&registry.employer(), VERIFY, input)["verify"]["outcome"].clone()
    };
    assert_eq!(on("2016-02-29"), "VALID");
    assert_eq!(on("2016-03-01"), "INVALID");
    assert_eq!(on("2015-01-01"), "INVALID", "not awarded yet");
}

#[test]
fn a_receipt_is_kept_for_its_caller_and_verifies_with_the_published_key() {
    let served = Registry::new().with_register().served();
    let registry = &served.registry;
    registry.push_csv("RN5217", &csv(&[award()]));
    let answer = ask(registry, "C-1", "Prover", "1980-02-03");
    let jwt = answer["receipt"]["jwt"].as_str().unwrap();
    // The key as anybody gets it, and a verifier that is not ours.
    let set: jsonwebtoken::jwk::JwkSet =
        serde_json::from_str(&served.get("/.well-known/jwks.json", None).body).unwrap();
    let header = jsonwebtoken::decode_header(jwt).unwrap();
    let key = jsonwebtoken::DecodingKey::from_jwk(set.find(header.kid.as_ref().unwrap()).unwrap())
        .unwrap();
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::EdDSA);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    let claims = jsonwebtoken::decode::<Value>(jwt, &key, &validation)
        .unwrap()
        .claims;
    assert_eq!(claims["outcome"], "VALID");
    assert_eq!(claims["jti"], answer["receipt"]["id"]);
    let text = claims.to_string();
    assert!(
        !text.contains("Prover") && !text.contains("1980") && !text.contains(&uln(1)),
        "a receipt names nobody: {text}"
    );
    // One changed byte, and it does not hold.
    let (start, signature) = jwt.rsplit_once('.').unwrap();
    let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
    bytes[0] ^= 1;
    let forged = format!("{start}.{}", URL_SAFE_NO_PAD.encode(bytes));
    assert!(jsonwebtoken::decode::<Value>(&forged, &key, &validation).is_err());
    let mine = registry.data(
        &registry.employer(),
        "{ receipts { edges { node { id jwt purpose } } } }",
        Value::Null,
    );
    assert_eq!(mine["receipts"]["edges"][0]["node"]["jwt"], *jwt);
    let others = registry.data(
        &registry.steward(),
        "{ receipts { edges { node { id } } } }",
        Value::Null,
    );
    assert_eq!(others["receipts"]["edges"], json!([]));
}

#[test]
fn many_are_verified_at_once_in_their_order() {
    let registry = Registry::new().with_register();
    registry.push_csv("RN5217", &csv(&[award()]));
    let one = |number: &str| json!({"certificateNumber": number, "familyName": "Prover", "dateOfBirth": "1980-02-03"});
    let query = "query($inputs: [VerifyInput!]!) { verifyMany(inputs: $inputs) { outcome receipt { id } } }";
    let data = registry.data(
        &registry.employer(),
        query,
        json!({"inputs": [one("C-1"), one("C-9"), one("C-1")]}),
    );
    let outcomes: Vec<_> = data["verifyMany"]
        .as_array()
        .unwrap()
        .iter()
        .map(|answer| answer["outcome"].clone())
        .collect();
    assert_eq!(outcomes, ["VALID", "UNDETERMINED", "VALID"]);
    let too_many: Vec<Value> = (0..101).map(|_| one("C-1")).collect();
    let refused = registry.ask(&registry.employer(), query, json!({"inputs": too_many}));
    assert_eq!(
        refused["errors"][0]["extensions"]["code"], "too-many",
        "{refused}"
    );
}

#[test]
fn a_hit_and_a_miss_run_the_same_statements() {
    let registry = Registry::new().with_register();
    registry.push_csv("RN5217", &csv(&[award()]));
    let statements = |number: &str, family: &str| {
        let (answer, seen) = registry.watched(|| ask(&registry, number, family, "1980-02-03"));
        assert!(answer["receipt"]["id"].is_string());
        seen.into_iter()
            .map(|sql| sql.chars().take(60).collect::<String>())
            .collect::<Vec<_>>()
    };
    let hit = statements("C-1", "Prover");
    assert_eq!(hit, statements("C-1", "Approver"), "wrong facts");
    assert_eq!(hit, statements("C-9", "Prover"), "an unknown number");
    assert!(hit.len() >= 3, "{hit:?}");
    assert_eq!(
        hit.iter()
            .filter(|sql| sql.contains("access_entry"))
            .count(),
        1
    );
}

#[test]
fn a_share_that_stands_and_one_that_does_not_run_the_same_statements() {
    use crate::share::support::{REVOKE, awards, filled, share};
    let hands = crate::support::Hands::at("2026-03-01");
    let registry = filled(Registry::at(hands.clock(), |_| ()));
    let own = awards(&registry, 1);
    let expired = share(&registry, 1, &own, None)["token"].clone();
    hands.put(chrono::TimeDelta::days(7));
    let made = [
        share(&registry, 1, &own, None),
        share(&registry, 1, &own[..1], None),
        share(&registry, 1, &own, None),
    ];
    let [two, one, revoked] = made.each_ref().map(|made| made["token"].clone());
    let practitioner = registry.practitioner(&uln(1));
    registry.data(&practitioner, REVOKE, json!({"id": made[2]["id"]}));
    let statements = |token: &Value, day: Option<&str>, caller: &registry::access::Caller| {
        let input = json!({"input": {"shareToken": token, "asOf": day, "purpose": "A post"}});
        let (answer, seen) = registry.watched(|| registry.data(caller, VERIFY, input));
        assert!(answer["verify"]["receipt"]["id"].is_string());
        (answer["verify"]["outcome"].clone(), seen)
    };
    for caller in [registry.employer(), registry::access::Caller::nobody()] {
        for (day, outcome) in [(None, "VALID"), (Some("2015-07-01"), "VALID")] {
            let (said, hit) = statements(&two, day, &caller);
            assert_eq!(said, outcome);
            for (what, token) in [
                ("one of one achievement", &one),
                ("a revoked one", &revoked),
                ("an expired one", &expired),
                ("an unknown one", &json!("AAAA")),
                ("none", &json!("")),
            ] {
                let (said, seen) = statements(token, day, &caller);
                assert_eq!(hit, seen, "{what}");
                assert_eq!(said == "VALID", what == "one of one achievement");
            }
            // The share, its achievements, the record, with a day its statements, and three that are kept.
            assert_eq!(
                hit.len(),
                3 + usize::from(day.is_some()) + 3 + TRANSACTION,
                "{hit:#?}"
            );
        }
    }
    // The person's own look takes the same way as their own miss.
    let (_, hit) = statements(&two, None, &practitioner);
    assert_eq!(hit, statements(&json!("AAAA"), None, &practitioner).1);
}

/// How many statements begin and end a change that nobody else shares a transaction with.
const TRANSACTION: usize = 2;
