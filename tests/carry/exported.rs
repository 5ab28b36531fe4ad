//! What is exported, and what is not.

use super::support::{
    DID, ORIGIN, achievements, badge, change, exported, first, learner, registry, text,
};
use crate::support::{Registry, Row, command, csv, uln};
use registry::action::credential::{Chosen, Format, export};
use registry::db::Id;
use serde_json::Value;

#[test]
fn only_what_somebody_else_told_that_is_final_and_stands_is_signed() {
    let registry = registry();
    let standing: Vec<String> = achievements(&registry)
        .iter()
        .map(|one| format!("{} {}", one["standing"], one["status"]).replace('"', ""))
        .collect();
    assert_eq!(standing.len(), 5, "{standing:?}");
    let export = exported(&registry, Chosen::All, Format::Clr);
    assert_eq!((export.awards, export.left_out), (3, 2), "{standing:?}");
    let record: Value = serde_json::from_str(&text(&export)).unwrap();
    assert_eq!(record["partial"], true);
    assert_eq!(record["issuer"]["id"], DID);
    let badges = record["credentialSubject"]["verifiableCredential"]
        .as_array()
        .unwrap();
    assert_eq!(badges.len(), 3);
    let narratives: Vec<&str> = badges
        .iter()
        .filter_map(|badge| badge["credentialSubject"]["narrative"].as_str())
        .collect();
    assert!(
        narratives.iter().any(|one| one.contains("prior learning")),
        "{narratives:?}"
    );
    assert!(
        narratives
            .iter()
            .any(|one| one.contains("trusted recorder")),
        "{narratives:?}"
    );
    // Neither number by which the person is known elsewhere.
    for secret in [uln(1), "1971-04-02".to_owned(), "C1\"".to_owned()] {
        assert!(!text(&export).contains(&secret), "{secret}");
    }
    change(
        &registry,
        "withdrawAchievement(id: \"AWARD\", reason: \"An error\") { id }",
    );
    assert_eq!(exported(&registry, Chosen::All, Format::Clr).awards, 2);
}

#[test]
fn each_format_says_the_same_awards() {
    let registry = registry();
    for (format, media) in [
        (Format::OpenBadges, "application/vp"),
        (Format::Clr, "application/vc"),
        (Format::VcJwt, "application/vc+jwt"),
        (Format::Elm, "application/ld+json"),
        (Format::Pdf, "application/pdf"),
    ] {
        let export = exported(&registry, Chosen::All, format);
        assert_eq!((export.media_type, export.awards), (media, 3));
    }
    let one = Chosen::These(vec![Id::read("achievement", &first(&registry)).unwrap()]);
    let badge = exported(&registry, one.clone(), Format::OpenBadges);
    assert_eq!(badge.media_type, "application/vc");
    let badge: Value = serde_json::from_str(&text(&badge)).unwrap();
    assert_eq!(
        badge["credentialSubject"]["achievement"]["humanCode"],
        "500/9170/0"
    );
    assert_eq!(badge["credentialSubject"]["creditsEarned"], 65);
    assert_eq!(badge["awardedDate"], "2015-06-30T00:00:00Z");
    let token = text(&exported(&registry, one, Format::VcJwt));
    assert_eq!(token.split('.').count(), 3);
}

/// What was issued and says the same is handed out again to the byte; what says something else is another credential, at
/// another place that nobody had.
#[test]
fn a_credential_is_issued_once_for_what_it_says() {
    let registry = registry();
    let (before, again) = (badge(&registry), badge(&registry));
    assert_eq!(before, again);
    let record = text(&exported(&registry, Chosen::All, Format::Clr));
    assert_eq!(record, text(&exported(&registry, Chosen::All, Format::Clr)));
    change(
        &registry,
        "correctAchievement(id: \"AWARD\", input: {grade: \"Merit\", reason: \"An error\"}) { id }",
    );
    let after = badge(&registry);
    let [before, after]: [Value; 2] =
        [before, after].map(|text| serde_json::from_str(&text).unwrap());
    assert_eq!(after["credentialSubject"]["result"][0]["value"], "Merit");
    assert_ne!(before["id"], after["id"]);
    assert_ne!(
        before["credentialStatus"]["statusListIndex"],
        after["credentialStatus"]["statusListIndex"]
    );
    assert_eq!(
        before["credentialStatus"]["statusListCredential"],
        format!("{ORIGIN}/status/1")
    );
}

#[test]
fn nobody_exports_what_is_not_there() {
    let registry = registry();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let ask = |learner: Id, chosen: Chosen| {
        let exporting = export(&registry.app, learner, chosen, Format::Clr, None);
        runtime.block_on(exporting).unwrap_err().code().as_str()
    };
    assert_eq!(ask(Id::new(), Chosen::All), "not-found");
    let anothers = Chosen::These(vec![Id::read("achievement", &first(&registry)).unwrap()]);
    assert_eq!(ask(learner(&registry, 2), anothers), "not-found");
    let brought = achievements(&registry);
    let brought = brought
        .iter()
        .find(|one| one["standing"] == "SELF_PRESENTED")
        .unwrap();
    let brought = Id::read("achievement", brought["id"].as_str().unwrap()).unwrap();
    assert_eq!(
        ask(learner(&registry, 1), Chosen::These(vec![brought])),
        "nothing-to-export"
    );
}

/// The command line, from a file to a judgement, by the keys in the data directory and without a database.
#[test]
fn the_commands_export_and_verify() {
    let registry = Registry::new().with_register();
    registry.push_csv("RN5217", &csv(&[Row::award(1, "R1")]));
    let database = registry.app.config.database_url();
    let folder = registry.folder();
    let run = |arguments: &[&str]| {
        let done = command(folder, &database, arguments).output().unwrap();
        let text = String::from_utf8(done.stdout).unwrap();
        let last = text.lines().last().unwrap_or_default();
        let document: Value = serde_json::from_str(last).unwrap_or_default();
        (done.status.code().unwrap(), document)
    };
    for (format, file, outcome, code) in [
        ("open-badges", "badge.json", "VALID", 0),
        ("clr", "record.json", "VALID", 0),
        ("vc-jwt", "badge.jwt", "VALID", 0),
        ("pdf", "badge.pdf", "VALID", 0),
        // The model is not signed, so that nothing proves it.
        ("elm", "model.json", "UNDETERMINED", 3),
    ] {
        let (done, said) = run(&[
            "--json",
            "export",
            "--learner",
            &uln(1),
            "--format",
            format,
            "--out",
            file,
        ]);
        assert_eq!(
            (done, &said["awards"]),
            (0, &Value::from(1)),
            "{format} {said}"
        );
        let (done, judged) = run(&["--json", "verify", "--offline", file]);
        assert_eq!(
            (judged["outcome"].as_str(), done),
            (Some(outcome), code),
            "{judged}"
        );
        // Online nobody serves the list: nothing is known, which is not enough.
        let (done, judged) = run(&["--json", "verify", file]);
        assert_eq!(
            (judged["outcome"].as_str(), done),
            (Some("UNDETERMINED"), 3),
            "{judged}"
        );
    }
    let path = folder.join("badge.json");
    let badge = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, badge.replace("Pass", "Distinction")).unwrap();
    let (done, judged) = run(&["--json", "verify", "--offline", "badge.json"]);
    assert_eq!((judged["outcome"].as_str(), done), (Some("INVALID"), 1));
    let proof = judged["checks"].as_array().unwrap();
    let proof = proof.iter().find(|check| check["name"] == "PROOF").unwrap();
    assert_eq!(proof["code"], "proof-mismatch");
    assert_eq!(
        run(&[
            "export",
            "--learner",
            &uln(9),
            "--format",
            "clr",
            "--out",
            "none"
        ])
        .0,
        1
    );
    assert_eq!(run(&["verify", "no-such-file"]).0, 2);
    // The person sees who exported.
    let ledger = registry.data(
        &registry.practitioner(&uln(1)),
        "{ me { accessLedger(first: 10) { edges { node { by what via } } } } }",
        Value::Null,
    );
    let rows = ledger["me"]["accessLedger"]["edges"].as_array().unwrap();
    assert_eq!(rows.len(), 5, "{ledger}");
    assert_eq!(rows[0]["node"]["what"], "export");
    assert_eq!(rows[0]["node"]["by"], "operator");
}
