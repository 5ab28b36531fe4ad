//! Jan's claim from her first draft to credit, an appeal that changes the outcome, and a claim that is declined.

use super::support::{
    ALL, Cast, add, appeal, assign, assure, caller, decided, employment, id, judge, look, open,
    registry, submit, texts,
};
use crate::support::{Hands, Registry, uln};
use registry::access::Role;
use serde_json::{Value, json};

const RECORD: &str = "{ me { creditTotal achievements { edges { node { id title credit route standing status
    subject { ... on Unit { reference } } sources { kind adapter stated } } } }
    progress(qualification: \"500/9170/0\") { creditsTowards } accessLedger { edges { node { by role what } } } } }";

#[test]
fn jan_claims_what_she_learned_and_it_counts_on_her_record() {
    let registry = registry(Registry::at(Hands::at("2026-06-01").clock(), |_| ()));
    let cast = Cast::of(&registry);
    let before = registry.data(&cast.jan, RECORD, Value::Null);
    assert_eq!(before["me"]["progress"]["creditsTowards"], 0);

    // She keeps a record of her development, and opens a claim.
    let record = "mutation($i: DevelopmentInput!) { recordDevelopment(input: $i) { id kind hours on areas { code } standards { code } } }";
    let entered = registry.data(
        &cast.jan,
        record,
        json!({"i": {"kind": "cpd", "title": "A course on development", "hours": 6.5, "on": "2026-03-02",
            "areas": ["2", "CCLD 303"]}}),
    );
    let entry = &entered["recordDevelopment"];
    assert_eq!(
        (&entry["hours"], &entry["areas"][0]["code"]),
        (&json!(6.5), &json!("2"))
    );
    assert_eq!(entry["standards"][0]["code"], "CCLD 303");
    let claim = open(&registry, &cast.jan, "RPL", &["L6011693", "A/601/1429"]).unwrap();
    let claim_id = id(&claim);
    assert_eq!(
        (&claim["state"], &claim["version"]),
        (&json!("DRAFT"), &json!(1))
    );
    assert_eq!(texts(&claim["outcomes"], "name"), ALL);
    assert_eq!(
        claim["outcomes"][0]["criteria"],
        json!(["Name the stages", "Order them"])
    );
    assert_eq!(
        claim["allowed"],
        json!(["addEvidence", "submitClaim", "withdrawClaim"])
    );
    assert_eq!(
        submit(&registry, &cast.jan, &claim_id),
        Err("evidence-missing".to_owned())
    );

    // One piece serves several outcomes; a witness says what she saw under her own token.
    add(&registry, &cast.jan, &claim_id, employment(&ALL)).unwrap();
    let development = json!({"kind": "DEVELOPMENT", "title": "The course", "outcomes": [ALL[0]],
        "details": {"development": entry["id"]}});
    add(&registry, &cast.jan, &claim_id, development).unwrap();
    let testimony = json!({"kind": "WITNESS_TESTIMONY", "title": "What I saw", "outcomes": [ALL[1], ALL[2]],
        "details": {"statement": "She planned each week for every child.", "seenOn": "2026-05-04"}});
    let witnessed = add(&registry, &cast.wendy, &claim_id, testimony).unwrap();
    assert_eq!(
        texts(&witnessed["evidence"], "by"),
        ["wendy"],
        "a witness sees their own"
    );
    assert!(witnessed["statement"].is_null() && witnessed["claimant"].is_null());
    assert!(
        look(&registry, &cast.officer, &claim_id).is_null(),
        "a draft is nobody else's"
    );
    let claim = submit(&registry, &cast.jan, &claim_id).unwrap();
    assert_eq!(
        (&claim["state"], &claim["deadline"]),
        (&json!("SUBMITTED"), &json!("2026-07-13"))
    );

    // The body gives it to two people; the assessor who read an older version is told so.
    let listed = registry.data(
        &cast.officer,
        "{ claims(state: [SUBMITTED]) { edges { node { id claimant learner { id } } } } }",
        Value::Null,
    );
    let node = &listed["claims"]["edges"][0]["node"];
    assert_eq!(
        (&node["id"], &node["learner"]),
        (&claim["id"], &Value::Null)
    );
    assert_eq!(node["claimant"], "Ada Inventedb");
    let assigned = assign(
        &registry,
        &cast.officer,
        &claim_id,
        Some("ann"),
        Some("quentin"),
    )
    .unwrap();
    assert_eq!(
        (&assigned["state"], &assigned["assessor"]),
        (&json!("IN_ASSESSMENT"), &json!("ann"))
    );
    let met = ALL.map(|outcome| (outcome, "YES"));
    assert_eq!(
        judge(&registry, &cast.ann, &claim, &met),
        Err("claim-changed".to_owned())
    );
    let seen = look(&registry, &cast.ann, &claim_id);
    let half = judge(&registry, &cast.ann, &seen, &met[..2]).unwrap();
    assert_eq!(half["state"], "IN_ASSESSMENT");
    let judged = judge(&registry, &cast.ann, &half, &met[2..]).unwrap();
    assert_eq!(
        (&judged["state"], judged["award"].as_array().unwrap().len()),
        (&json!("IN_ASSURANCE"), 0)
    );
    let assured = assure(
        &registry,
        &cast.quentin,
        &judged,
        "AGREE",
        Some("All of it was looked at"),
    )
    .unwrap();
    assert_eq!(assured["state"], "AWARDED");

    // It is on her record, says how it was gained, and counts.
    let claim = look(&registry, &cast.jan, &claim_id);
    assert_eq!(texts(&claim["award"], "route"), ["RPL", "RPL"]);
    let me = registry.data(&cast.jan, RECORD, Value::Null)["me"].clone();
    assert_eq!(me["progress"]["creditsTowards"], 7);
    assert_eq!(
        me["creditTotal"].as_i64().unwrap() - before["me"]["creditTotal"].as_i64().unwrap(),
        7
    );
    let edges = me["achievements"]["edges"].as_array().unwrap();
    let gained: Vec<&Value> = edges
        .iter()
        .map(|edge| &edge["node"])
        .filter(|node| node["route"] == "RPL")
        .collect();
    assert_eq!(gained.len(), 2);
    for node in &gained {
        assert_eq!(
            (&node["standing"], &node["status"]),
            (&json!("ATTESTED"), &json!("FINAL"))
        );
        assert_eq!(node["sources"][0]["kind"], "PRIOR_LEARNING");
        assert_eq!(
            node["sources"][0]["stated"]["judgementsDigest"],
            claim["judgementsDigest"]
        );
        assert_eq!(node["sources"][0]["stated"]["claim"], claim["id"]);
    }
    let verify = "query($i: VerifyInput!) { verify(input: $i) { outcome checks { name result } achievement { title route credit } } }";
    let facts = json!({"i": {"credentialId": gained[0]["id"], "familyName": "Inventedb", "dateOfBirth": "1971-04-02"}});
    let verified = registry.data(&cast.wendy, verify, facts)["verify"].clone();
    assert_eq!(
        (&verified["outcome"], &verified["achievement"]["route"]),
        (&json!("VALID"), &json!("RPL")),
        "{verified}"
    );
    let leaves = registry.lines("SELECT CAST(count(*) AS TEXT) AS line FROM log_leaf l JOIN achievement a ON a.id = l.achievement_id WHERE a.route = 'rpl'");
    assert_eq!(leaves, ["2"]);
    let development = registry.data(
        &cast.jan,
        "{ me { development { edges { node { title evidence { title outcomes } } } } } }",
        Value::Null,
    );
    let entry = &development["me"]["development"]["edges"][0]["node"];
    assert_eq!(
        entry["evidence"],
        json!([{"title": "The course", "outcomes": [ALL[0]]}])
    );
    // Everybody who looked stands in her ledger, and she herself does not.
    let rows: Vec<String> = me["accessLedger"]["edges"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|edge| edge["node"]["what"] == "claim")
        .map(|edge| edge["node"]["role"].as_str().unwrap().to_owned())
        .collect();
    for role in ["employer", "awarding_body", "assessor", "quality_assurer"] {
        assert!(rows.iter().any(|one| one == role), "{role}: {rows:?}");
    }
    assert!(!rows.iter().any(|one| one == "practitioner"));
    // It is carried as any other award is.
    let export = "mutation($a: [ID!]) { exportRecord(input: {format: VC_JWT, achievements: $a}) { document } }";
    let carried = registry.data(&cast.jan, export, json!({"a": [gained[0]["id"]]}));
    let judged = |registry: &Registry| {
        let asked =
            "query($document: String!) { verify(input: {document: $document}) { outcome } }";
        let document = json!({"document": carried["exportRecord"]["document"]});
        registry.data(&cast.wendy, asked, document)["verify"]["outcome"].clone()
    };
    assert_eq!(judged(&registry), "VALID");
    // The body that awarded it can withdraw it as any other award of its own; then no document of it holds.
    let withdraw =
        "mutation($id: ID!) { withdrawAchievement(id: $id, reason: \"An error\") { status } }";
    let withdrawn = registry.data(&cast.officer, withdraw, json!({"id": gained[0]["id"]}));
    assert_eq!(withdrawn["withdrawAchievement"]["status"], "WITHDRAWN");
    assert_eq!(judged(&registry), "INVALID");
}

#[test]
fn an_appeal_changes_the_outcome_and_takes_nothing_away() {
    let registry = registry(Registry::new());
    let cast = Cast::of(&registry);
    let claim = decided(&registry, &cast, ["YES", "NO", "YES"]);
    assert_eq!(claim["state"], "PARTLY_AWARDED");
    let claim_id = id(&claim);
    let own = look(&registry, &cast.jan, &claim_id);
    assert_eq!(texts(&own["award"], "title").len(), 1);
    assert_eq!(own["allowed"], json!(["appealClaim"]));
    assert_eq!(texts(&own["feedback"], "rule"), [ALL[1]]);
    let said = texts(&own["feedback"], "text").join(" ");
    for words in [
        "Know what influences development",
        "sufficient",
        "Show L/601/1693:2 once more",
    ] {
        assert!(said.contains(words), "{said}");
    }
    let appealed = appeal(&registry, &cast.jan, &claim_id).unwrap();
    assert_eq!(
        (&appealed["state"], &appealed["assessor"]),
        (&json!("UNDER_APPEAL"), &Value::Null)
    );
    for (one, other) in [("ann", "ruth"), ("rob", "quentin"), ("rob", "rob")] {
        let refused = assign(&registry, &cast.officer, &claim_id, Some(one), Some(other));
        assert_eq!(refused, Err("same-person".to_owned()), "{one} {other}");
    }
    let again = assign(
        &registry,
        &cast.officer,
        &claim_id,
        Some("rob"),
        Some("ruth"),
    )
    .unwrap();
    let settled = judge(&registry, &cast.rob, &again, &[(ALL[2], "NO")]);
    assert_eq!(settled, Err("outcome-settled".to_owned()));
    let judged = judge(
        &registry,
        &cast.rob,
        &again,
        &[(ALL[0], "YES"), (ALL[1], "YES")],
    )
    .unwrap();
    assert_eq!(judged["state"], "UNDER_APPEAL");
    let closed = assure(&registry, &cast.ruth, &judged, "AGREE", None).unwrap();
    assert_eq!(closed["state"], "CLOSED");
    let own = look(&registry, &cast.jan, &claim_id);
    assert_eq!(own["award"].as_array().unwrap().len(), 2);
    assert_eq!(own["feedback"], json!([]));
    assert_eq!(registry.count("achievement WHERE route = 'rpl'"), 2);
    let actions = texts(&own["history"], "action");
    assert_eq!(
        actions,
        [
            "openClaim",
            "addEvidence",
            "submitClaim",
            "assignClaim",
            "judgeClaim",
            "assureClaim",
            "appealClaim",
            "assignClaim",
            "judgeClaim",
            "assureClaim"
        ]
    );
}

#[test]
fn a_declined_claim_names_what_is_missing_in_both_languages() {
    let registry = registry(Registry::new());
    let cast = Cast::of(&registry);
    let claim = decided(&registry, &cast, ["NO", "UNDETERMINED", "NO"]);
    assert_eq!(claim["state"], "DECLINED");
    let query = "query($id: ID!) { claim(id: $id) { award { id } feedback { en: text(language: EN) cy: text(language: CY) rule } } }";
    let own = registry.data(&cast.jan, query, json!({"id": claim["id"]}))["claim"].clone();
    assert_eq!(texts(&own["feedback"], "rule"), ALL);
    assert_eq!(own["award"], json!([]));
    for (place, title) in [
        "Know how children develop",
        "Know what influences development",
        "Reflect on practice",
    ]
    .iter()
    .enumerate()
    {
        for language in ["en", "cy"] {
            let text = own["feedback"][place][language].as_str().unwrap();
            assert!(text.contains(title), "{text}");
        }
    }
    assert_eq!(registry.count("achievement WHERE route = 'rpl'"), 0);
}

#[test]
fn credit_is_transferred_for_what_is_certificated_and_an_exemption_earns_none() {
    use crate::support::{Row, csv};
    let registry = registry(Registry::new());
    let cast = Cast::of(&registry);
    let unit = Row::award(1, "U1")
        .without("qualification_number")
        .with("unit_reference", "L/601/1693")
        .with("title", "The unit");
    registry.push_csv("RN5156", &csv(&[unit]));
    let me = registry.data(
        &cast.jan,
        "{ me { achievements { edges { node { id subject { ... on Unit { reference } } } } } } }",
        Value::Null,
    );
    let edges = me["me"]["achievements"]["edges"]
        .as_array()
        .unwrap()
        .clone();
    let of = |unit: bool| {
        let found = edges
            .iter()
            .find(|edge| edge["node"]["subject"]["reference"].is_string() == unit);
        found.unwrap()["node"]["id"].clone()
    };
    for (route, of_unit, credit) in [
        ("CREDIT_TRANSFER", true, Some(4)),
        ("EXEMPTION", false, None),
        ("EQUIVALENCE", false, Some(4)),
    ] {
        let claim = open(&registry, &cast.jan, route, &["L/601/1693"]).unwrap();
        assert_eq!(
            texts(&claim["outcomes"], "name"),
            ["L/601/1693"],
            "{route} is judged by unit"
        );
        let piece = |achievement: &Value| json!({"kind": "ACHIEVEMENT", "title": "What I have", "outcomes": ["L/601/1693"], "achievement": achievement});
        add(&registry, &cast.jan, &id(&claim), piece(&of(!of_unit))).unwrap();
        assert_eq!(
            submit(&registry, &cast.jan, &id(&claim)),
            Err("evidence-missing".to_owned()),
            "{route}"
        );
        add(&registry, &cast.jan, &id(&claim), piece(&of(of_unit))).unwrap();
        submit(&registry, &cast.jan, &id(&claim)).unwrap();
        let claim = assign(
            &registry,
            &cast.officer,
            &id(&claim),
            Some("ann"),
            Some("quentin"),
        )
        .unwrap();
        let claim = judge(&registry, &cast.ann, &claim, &[("L/601/1693", "YES")]).unwrap();
        assure(&registry, &cast.quentin, &claim, "AGREE", None).unwrap();
        let own = look(&registry, &cast.jan, &id(&claim));
        assert_eq!(
            (&own["award"][0]["route"], &own["award"][0]["credit"]),
            (&json!(route), &json!(credit))
        );
    }
}

#[test]
fn somebody_with_no_record_can_claim_nothing() {
    let registry = registry(Registry::new());
    let stranger = caller(&registry, Role::Practitioner, "stranger", Some(77), None);
    assert_eq!(
        open(&registry, &stranger, "RPL", &["L/601/1693"]),
        Err("not-found".to_owned())
    );
    let jan = caller(&registry, Role::Practitioner, "jan", Some(1), None);
    for (route, units, code) in [
        ("AWARD", vec!["L/601/1693"], "input-invalid"),
        ("RPL", vec![], "input-invalid"),
        ("RPL", vec!["X/000/0000"], "unit-unknown"),
        ("RPL", vec!["R/601/1436"], "outcomes-not-loaded"),
    ] {
        assert_eq!(
            open(&registry, &jan, route, &units),
            Err(code.to_owned()),
            "{route} {units:?}"
        );
    }
    assert_eq!(uln(77).len(), 10);
}
