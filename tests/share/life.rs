//! The life of a share.

use super::support::*;
use crate::support::{Hands, Registry, Row, csv, uln};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use registry::access::Caller;
use registry::action::import::Origin;
use registry::app::App;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

#[test]
fn a_share_lives_from_its_token_to_its_revocation() {
    let registry = filled(Registry::configured(|config| {
        config.server.origin = Some("https://registry.example.org/".to_owned());
    }));
    let awards = awards(&registry, 1);
    let made = share(&registry, 1, &awards, None);
    let token = text(&made["token"]);
    assert_eq!(URL_SAFE_NO_PAD.decode(&token).unwrap().len(), 32);
    assert_eq!(
        made["url"],
        format!("https://registry.example.org/check/{token}")
    );
    assert_eq!(made["fields"].as_array().unwrap().len(), 12);
    assert_eq!(
        (&made["views"], &made["revokedAt"]),
        (&json!(0), &Value::Null)
    );
    let shared: Vec<&Value> = made["achievements"].as_array().unwrap().iter().collect();
    assert_eq!(shared[0]["id"], awards[0]);
    assert_eq!(shared[1]["id"], awards[1]);

    let answer = look(&registry, &registry.employer(), &made["token"]);
    assert_eq!(
        (answer["outcome"].as_str(), checks(&answer).join(", ")),
        (
            Some("VALID"),
            "SHARE PASSED share-stands, STATUS PASSED status-final, REGISTER PASSED registered"
                .to_owned()
        )
    );
    let record = &answer["record"];
    assert_eq!(
        (&record["givenName"], &record["familyName"]),
        (&json!("Ada"), &json!("Inventedb"))
    );
    let seen = &record["achievements"];
    assert_eq!(seen[0]["registerEntry"], "500/9170/0");
    assert_eq!(
        (&seen[0]["grade"], &seen[0]["awardedOn"], &seen[0]["level"]),
        (&json!("Pass"), &json!("2015-06-30"), &json!("L3"))
    );
    assert_eq!(
        (&seen[1]["title"], &seen[1]["grade"]),
        (&json!("An invented unit"), &json!("Merit"))
    );
    assert_eq!(
        record["expiresAt"].as_str().unwrap()[..10],
        made["expiresAt"].as_str().unwrap()[..10]
    );

    // The look is in her ledger, by whom and through which share, and counted.
    assert_eq!(
        ledger(&registry, 1),
        [
            json!({"by": "little-acorns (employer-of-the-test)", "role": "employer", "what": "verification",
            "purpose": "An appointment", "via": made["id"]})
        ]
    );
    let listed = shares(&registry, 1);
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (&listed[0]["id"], &listed[0]["views"]),
        (&made["id"], &json!(1))
    );
    assert!(listed[0]["token"].is_null());
    // The address without what opens it.
    let whole = made["url"].as_str().unwrap();
    assert_eq!(
        Some(whole),
        listed[0]["url"]
            .as_str()
            .map(|start| format!("{start}{}", made["token"].as_str().unwrap()))
            .as_deref()
    );
    let node = "query($id: ID!) { node(id: $id) { id ... on Share { token views } } }";
    let own = registry.data(
        &registry.practitioner(&uln(1)),
        node,
        json!({"id": made["id"]}),
    );
    assert_eq!(
        own["node"],
        json!({"id": made["id"], "token": null, "views": 1})
    );
    // Her own look is no row, and no view.
    assert_eq!(
        look(&registry, &registry.practitioner(&uln(1)), &made["token"])["outcome"],
        "VALID"
    );
    assert_eq!(
        (
            ledger(&registry, 1).len(),
            &shares(&registry, 1)[0]["views"]
        ),
        (1, &json!(1))
    );

    // The receipt is kept, says what was asked to whoever has the token, and names nobody.
    let jwt = text(&answer["receipt"]["jwt"]);
    let claims = URL_SAFE_NO_PAD
        .decode(jwt.split('.').nth(1).unwrap())
        .unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    let asked = format!("{}\n{token}", claims["salt"].as_str().unwrap());
    assert_eq!(
        claims["asked"],
        URL_SAFE_NO_PAD.encode(Sha256::digest(asked))
    );
    assert_eq!(claims["achievements"], json!(awards));
    let said = claims.to_string();
    assert!(
        !said.contains("Invented") && !said.contains(&token),
        "{said}"
    );
    let receipts = "{ receipts { edges { node { id jwt } } } }";
    let kept = registry.data(&registry.employer(), receipts, Value::Null);
    assert_eq!(kept["receipts"]["edges"][0]["node"]["jwt"], jwt);

    // Only the digest is kept.
    let kept = registry.lines("SELECT fields || coalesce(purpose, '') AS line FROM share");
    assert!(!kept[0].contains(&token));
    let digests = match registry.app.db.engine() {
        registry::db::Engine::Sqlite => "SELECT lower(hex(token_hash)) AS line FROM share",
        registry::db::Engine::Postgres => "SELECT encode(token_hash, 'hex') AS line FROM share",
    };
    let digest = Sha256::digest(&token);
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(registry.lines(digests), [digest]);

    let revoke = |caller: &Caller| registry.ask(caller, REVOKE, json!({"id": made["id"]}));
    let revoked = revoke(&registry.practitioner(&uln(1)))["data"]["revokeShare"].clone();
    assert!(
        revoked["revokedAt"].is_string() && revoked["token"].is_null(),
        "{revoked}"
    );
    says_nothing(&look(&registry, &registry.employer(), &made["token"]));
    assert_eq!(
        ledger(&registry, 1).len(),
        1,
        "there was nothing to look at"
    );
    assert_eq!(shares(&registry, 1)[0]["revokedAt"], revoked["revokedAt"]);
    let again = revoke(&registry.practitioner(&uln(1)))["data"]["revokeShare"].clone();
    assert_eq!(again, revoked, "taken back twice it is as the first time");
}

#[test]
fn it_is_taken_back_at_once_on_every_server() {
    let registry = filled(Registry::new());
    let made = share(&registry, 1, &awards(&registry, 1), None);
    // Another server on the same database, which has answered by this token before.
    let other = App::open(registry.app.config.clone(), registry.app.clock.clone()).unwrap();
    let documents = registry::graphql::Documents::new(registry::graphql::build(&other)).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let employer = registry.employer();
    let elsewhere = || {
        let input = json!({"i": {"shareToken": made["token"]}});
        let asked = documents.ask(VERIFY, input, employer.clone());
        let answer: Value = serde_json::from_str(&runtime.block_on(asked).unwrap()).unwrap();
        answer["data"]["verify"].clone()
    };
    for _ in 0..3 {
        assert_eq!(elsewhere()["outcome"], "VALID");
    }
    registry.data(
        &registry.practitioner(&uln(1)),
        REVOKE,
        json!({"id": made["id"]}),
    );
    says_nothing(&elsewhere());
    assert_eq!(shares(&registry, 1)[0]["views"], 3);
}

#[test]
fn it_ends_with_its_time() {
    let hands = Hands::at("2026-03-01");
    let registry = filled(Registry::at(hands.clock(), |_| ()));
    let made = share(&registry, 1, &awards(&registry, 1), None);
    hands.put(TimeDelta::days(7) - TimeDelta::microseconds(1));
    assert_eq!(
        look(&registry, &Caller::nobody(), &made["token"])["outcome"],
        "VALID"
    );
    hands.put(TimeDelta::microseconds(1));
    says_nothing(&look(&registry, &Caller::nobody(), &made["token"]));
}

#[test]
fn what_is_shared_is_told_as_it_stands() {
    let registry = filled(Registry::new());
    let made = share(&registry, 1, &awards(&registry, 1), None);
    let body = registry.body("RN5217");
    let correct = "mutation($id: ID!) { correctAchievement(id: $id, input: {grade: \"Distinction\", reason: \"An error\"}) { id } }";
    let id = json!({"id": made["achievements"][0]["id"]});
    registry.data(&body, correct, id.clone());
    let seen = look(&registry, &registry.employer(), &made["token"]);
    assert_eq!(seen["record"]["achievements"][0]["grade"], "Distinction");
    let withdraw =
        "mutation($id: ID!) { withdrawAchievement(id: $id, reason: \"An error\") { id } }";
    registry.data(&body, withdraw, id);
    let seen = look(&registry, &registry.employer(), &made["token"]);
    assert_eq!(
        (seen["outcome"].as_str(), checks(&seen)[1].as_str()),
        (Some("INVALID"), "STATUS FAILED status-withdrawn")
    );
    let statuses: Vec<&Value> = seen["record"]["achievements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["status"])
        .collect();
    assert_eq!(statuses, ["WITHDRAWN", "FINAL"]);
    assert_eq!(
        shares(&registry, 1)[0]["achievements"][0]["status"],
        "WITHDRAWN"
    );
    // And as of a day: before it was withdrawn, and before it was awarded.
    let on = |day: &str| {
        let input = json!({"i": {"shareToken": made["token"], "asOf": day}});
        registry.data(&registry.employer(), VERIFY, input)["verify"].clone()
    };
    let before = on("2016-01-01");
    assert_eq!(
        (
            &before["outcome"],
            &before["record"]["achievements"][0]["status"]
        ),
        (&json!("VALID"), &json!("FINAL"))
    );
    assert_eq!(on("2015-01-01")["outcome"], "INVALID", "not awarded yet");
}

#[test]
fn a_day_that_is_not_shared_is_not_found_by_asking_for_one_after_the_other() {
    let registry = filled(Registry::new());
    let awards = awards(&registry, 1);
    let employer = registry.employer();
    let ask = |token: &Value, day: &str| {
        let input = json!({"i": {"shareToken": token, "asOf": day}});
        registry.watched(|| registry.data(&employer, VERIFY, input)["verify"].clone())
    };
    let made = share(&registry, 1, &awards, Some(&["grade", "level"]));
    // Around the day of the award, and long after it: the answer is one.
    let days = ["2015-06-29", "2015-06-30", "2016-01-01", "2090-01-01"];
    let told = days.map(|day| {
        let (mut answer, _) = ask(&made["token"], day);
        assert_eq!(
            (answer["outcome"].as_str(), checks(&answer)[1].as_str()),
            (Some("UNDETERMINED"), "STATUS NOT_CHECKED day-not-shared")
        );
        answer["receipt"] = Value::Null;
        answer
    });
    assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
    let today = registry.app.clock.now().date().to_string();
    assert_eq!(ask(&made["token"], &today).0["outcome"], "VALID");
    // By the same statements as where there is nothing, or where the day is shared.
    let dated = share(&registry, 1, &awards, Some(&["awardedOn"]));
    let (before, by) = ask(&dated["token"], days[0]);
    assert_eq!(before["outcome"], "INVALID");
    assert_eq!(ask(&dated["token"], days[2]).0["outcome"], "VALID");
    assert_eq!(ask(&made["token"], days[0]).1, by);
    assert_eq!(ask(&json!("nobody's"), days[0]).1, by);
}

#[test]
fn two_shares_of_different_fields_tell_what_was_chosen_for_each() {
    let registry = filled(Registry::new());
    let awards = awards(&registry, 1);
    let names = share(&registry, 1, &awards[..1], Some(&["familyName", "grade"]));
    let dates = share(&registry, 1, &awards[1..], Some(&["awardedOn", "level"]));
    let bare = share(&registry, 1, &awards[..1], Some(&[]));
    let told = |made: &Value| {
        let answer = look(&registry, &registry.employer(), &made["token"]);
        assert_eq!(
            answer["outcome"], "VALID",
            "the checks see everything: {answer}"
        );
        let record = answer["record"].clone();
        assert_eq!(record["achievements"].as_array().unwrap().len(), 1);
        let mut all = record["achievements"][0].as_object().unwrap().clone();
        all.extend(record.as_object().unwrap().clone());
        let mut told: Vec<String> = all
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, _)| name)
            .collect();
        told.sort();
        told.join(" ")
    };
    assert_eq!(
        told(&names),
        "achievements expiresAt familyName grade route standing status title"
    );
    assert_eq!(
        told(&dates),
        "achievements awardedOn expiresAt route standing status title"
    );
    assert_eq!(
        told(&bare),
        "achievements expiresAt route standing status title"
    );
    assert_eq!(names["fields"], json!(["familyName", "grade"]));
    let listed = shares(&registry, 1);
    assert_eq!(listed.len(), 3);
    assert_eq!(listed[0]["id"], bare["id"], "the newest first");
    let page =
        "{ me { shares(first: 1) { edges { cursor node { id } } pageInfo { hasNextPage } } } }";
    let page =
        registry.data(&registry.practitioner(&uln(1)), page, Value::Null)["me"]["shares"].clone();
    assert_eq!(page["pageInfo"]["hasNextPage"], true);
    let after = format!(
        "{{ me {{ shares(first: 2, after: {}) {{ edges {{ node {{ id }} }} }} }} }}",
        page["edges"][0]["cursor"]
    );
    let after = registry.data(&registry.practitioner(&uln(1)), &after, Value::Null);
    let ids: Vec<&Value> = after["me"]["shares"]["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| &edge["node"]["id"])
        .collect();
    assert_eq!(ids, [&dates["id"], &names["id"]]);
}

#[test]
fn what_the_person_brought_is_shown_and_never_valid() {
    let registry = filled(Registry::new());
    let learner = registry.learner_or_made(&uln(1));
    let own = Row::award(1, "")
        .without("result_id")
        .with("qualification_number", "601/7898/X")
        .with("awarding_body", "RN5156");
    registry.push("csv", Origin::Learner(learner), &csv(&[own]));
    let made = share(&registry, 1, &awards(&registry, 1), None);
    let seen = look(&registry, &registry.employer(), &made["token"]);
    assert_eq!(
        (seen["outcome"].as_str(), checks(&seen)[1].as_str()),
        (Some("UNDETERMINED"), "STATUS NOT_CHECKED self-presented")
    );
    let brought = &seen["record"]["achievements"][2];
    assert_eq!(
        (&brought["standing"], &brought["registerEntry"]),
        (&json!("SELF_PRESENTED"), &Value::Null)
    );
    assert_eq!(seen["record"]["achievements"][0]["standing"], "ATTESTED");
}

#[test]
fn shares_and_awards_are_verified_together_in_their_order() {
    let registry = filled(Registry::new());
    let made = share(&registry, 1, &awards(&registry, 1), None);
    let by_facts =
        json!({"certificateNumber": "C1", "familyName": "Inventedb", "dateOfBirth": "1971-04-02"});
    let inputs = json!([{"shareToken": made["token"]}, by_facts, {"shareToken": "nobody's"}, {"shareToken": made["token"]}]);
    let query = "query($inputs: [VerifyInput!]!) { verifyMany(inputs: $inputs) { outcome record { familyName } achievement { title } receipt { id } } }";
    let answers =
        registry.data(&registry.employer(), query, json!({"inputs": inputs}))["verifyMany"].clone();
    let kinds: Vec<(bool, bool)> = answers
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["record"].is_object(), one["achievement"].is_object()))
        .collect();
    assert_eq!(
        kinds,
        [(true, false), (false, true), (false, false), (true, false)]
    );
    assert_eq!(shares(&registry, 1)[0]["views"], 2);
    assert_eq!(ledger(&registry, 1).len(), 3);
    assert_eq!(registry.count("receipt"), 4);
}
