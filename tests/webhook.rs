//! Telling an awarding body that its import has ended: what is sent, that it is the registry's, that it arrives
//! whatever happens, and that it goes nowhere else.

mod claims;
mod receiver;

use crate::support::meaning::lines;
use crate::support::{Hands, Process, Registry, Row, Served, csv, database};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use httpsig::prelude::message_component::HttpMessageComponent;
use httpsig::prelude::{AlgorithmName, HttpSignatureBase, HttpSignatureHeaders, PublicKey};
use receiver::{HOLD, Heard, Receiver};
use registry::access::Role;
use registry::action::import::Origin;
use registry::action::import::undo::undo;
use registry::config::Webhook;
use registry::db::{Connection, Id, Purpose};
use registry::model::webhook_delivery;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn webhook(url: &str) -> Webhook {
    Webhook {
        awarding_body: "RN5217".to_owned(),
        url: url.to_owned(),
        timeout: 5,
        plain_http: true,
        private_network: false,
    }
}

fn served(webhooks: Vec<Webhook>) -> Served {
    Registry::configured(|config| config.webhooks = webhooks)
        .with_register()
        .served()
}

fn one() -> Vec<u8> {
    csv(&[Row::award(1, "R1")])
}

/// The one delivery, when it has come to that state.
fn delivery(registry: &Registry, state: &str) -> String {
    let sql = "SELECT state || ' ' || CAST(attempts AS TEXT) || ' ' || coalesce(problem, '') AS line FROM webhook_delivery";
    for _ in 0..600 {
        let lines = registry.lines(sql);
        if lines.len() == 1 && lines[0].starts_with(state) {
            return lines[0].clone();
        }
        std::thread::park_timeout(std::time::Duration::from_millis(50));
    }
    panic!("no delivery is {state}: {:?}", registry.lines(sql));
}

/// Whether the signature of what was heard is the key's, as a library that is not the registry's own sees it.
/// `target` is the address that the receiver knows as its own.
fn verifies(heard: &Heard, target: &str, jwks: &Value) -> bool {
    let inputs = heard.header("signature-input");
    let headers = HttpSignatureHeaders::try_parse(heard.header("signature"), inputs).unwrap();
    let (_, headers) = headers.into_iter().next().unwrap();
    let parameters = headers.signature_params();
    let covered: Vec<String> = parameters
        .covered_components
        .iter()
        .map(ToString::to_string)
        .collect();
    let lines: Vec<HttpMessageComponent> = covered
        .iter()
        .map(|name| {
            let value = match name.trim_matches('"') {
                "@method" => heard.method.as_str(),
                "@target-uri" => target,
                header => heard.header(header),
            };
            HttpMessageComponent::try_from(format!("{name}: {value}").as_str()).unwrap()
        })
        .collect();
    let keyid = parameters.keyid.clone().unwrap();
    let keys = jwks["keys"].as_array().unwrap();
    let key = keys
        .iter()
        .find(|key| key["kid"] == keyid.as_str())
        .unwrap();
    let key = URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap();
    let key = PublicKey::from_bytes(&AlgorithmName::Ed25519, &key).unwrap();
    let base = HttpSignatureBase::try_new(&lines, parameters).unwrap();
    base.verify_signature_headers(&key, &headers).is_ok()
}

fn digest_of(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(body)))
}

#[test]
fn an_end_is_told_until_it_is_taken_and_signed_each_time() {
    let receiver = Receiver::start(
        "127.0.0.1",
        &["500 Internal Server Error", "", "204 No Content"],
    );
    let address = format!("{}/registry?of=results", receiver.url);
    let served = served(vec![webhook(&address)]);
    let token = served
        .registry
        .token(Role::AwardingBody, None, Some("RN5217"));
    let bearer = format!("Bearer {token}");
    let headers = [("Authorization", bearer.as_str())];
    let file = csv(&[
        Row::award(1, "R1"),
        Row::award(2, "R2").with("date_of_birth", "2199-01-01"),
    ]);
    let pushed = served.request("POST", "/imports/csv", &headers, &file);
    assert_eq!(pushed.status, 202, "{}", pushed.body);
    let location = pushed.header("location").to_owned();
    let job = served.ended(&token, &location);
    // Refused, cut off without an answer, taken.
    let heard = receiver.wait(3);
    assert_eq!(delivery(&served.registry, "delivered"), "delivered 3 ");
    let jwks = served.get("/.well-known/jwks.json", None).json();
    let mut created = Vec::new();
    for one in &heard {
        assert_eq!(
            (one.method.as_str(), one.target.as_str()),
            ("POST", "/registry?of=results")
        );
        assert_eq!(
            one.header("content-type"),
            "application/cloudevents+json; charset=UTF-8"
        );
        assert_eq!(one.header("content-digest"), digest_of(&one.body));
        assert_eq!(one.body, heard[0].body, "the same event each time");
        assert!(verifies(one, &address, &jwks), "{one:?}");
        let input = one.header("signature-input");
        let covered =
            "registry=(\"@method\" \"@target-uri\" \"content-digest\" \"content-type\");created=";
        let rest = input.strip_prefix(covered).unwrap();
        let (time, rest) = rest.split_once(';').unwrap();
        let kid = served.registry.app.keys.kid();
        assert_eq!(rest, format!("alg=\"ed25519\";keyid=\"{kid}\""));
        created.push(time.parse::<i64>().unwrap());
    }
    assert!(
        created[0] < created[2],
        "each attempt has its own time: {created:?}"
    );
    // What was changed on the way does not verify.
    let mut forged = heard[0].clone();
    forged.set("content-digest", &digest_of(b"another"));
    assert!(!verifies(&forged, &address, &jwks));
    assert!(!verifies(
        &heard[0],
        &format!("{}/elsewhere", receiver.url),
        &jwks
    ));
    let mut forged = heard[0].clone();
    forged.method = "PUT".to_owned();
    assert!(!verifies(&forged, &address, &jwks));

    // CloudEvents 1.0, section "REQUIRED attributes", and those that are sent beside them.
    let event: Value = serde_json::from_slice(&heard[0].body).unwrap();
    assert_eq!(event["specversion"], "1.0");
    assert_eq!(event["type"], "org.iqf-registry.import.ended");
    assert_eq!(event["source"], "urn:iqf-registry:imports");
    assert!(Id::read("event", event["id"].as_str().unwrap()).is_some());
    assert_eq!(event["subject"], job["id"]);
    assert_eq!(event["datacontenttype"], "application/json");
    let time = event["time"].as_str().unwrap();
    assert!(chrono::DateTime::parse_from_rfc3339(time).is_ok() && time.ends_with('Z'));
    // The data is the job's own document, without its issues.
    let mut expected = job.clone();
    expected.as_object_mut().unwrap().remove("issues");
    assert_eq!(event["data"], expected);
    assert_eq!(
        (&event["data"]["state"], &event["data"]["issueCount"]),
        (&json!("DONE_WITH_ISSUES"), &json!(1))
    );
    let text = String::from_utf8(heard[0].body.clone()).unwrap();
    for fact in ["Ada", "Invented", "2199", &crate::support::uln(1)] {
        assert!(!text.contains(fact), "{fact}: {text}");
    }
}

#[test]
fn only_a_bodys_own_imports_are_told_and_failures_without_an_adapters_words() {
    let receiver = Receiver::start("127.0.0.1", &[]);
    let registry = Registry::configured(|config| {
        let other = Webhook {
            awarding_body: "RN5156".to_owned(),
            ..webhook(&receiver.url)
        };
        config.webhooks = vec![webhook(&receiver.url), other];
    });
    // The command line stores events too; a server sends them.
    registry.push("csv", Origin::Operator, &one());
    registry.push_csv("RN5218", &one());
    registry.push_csv("RN5217", b"no,column,that,is,known\n1,2,3,4,5\n");
    registry.push_csv("RN5156", &csv(&[Row::elsewhere(2, "S1")]));
    assert_eq!(registry.count("webhook_delivery"), 2);
    let served = registry.served();
    let heard = receiver.wait(2);
    drop(served);
    let mut told: Vec<(String, Value)> = heard
        .iter()
        .map(|one| {
            let event: Value = serde_json::from_slice(&one.body).unwrap();
            let data = &event["data"];
            (
                data["awardingBody"].as_str().unwrap().to_owned(),
                data["error"].clone(),
            )
        })
        .collect();
    told.sort_by(|left, right| left.0.cmp(&right.0));
    assert_eq!((told[0].0.as_str(), &told[0].1), ("RN5156", &Value::Null));
    let (body, error) = &told[1];
    assert_eq!(body, "RN5217");
    assert!(error["code"].is_string(), "{error}");
    let code = schema::Code::parse(error["code"].as_str().unwrap());
    let words = code.map(|code| code.message(schema::Language::English));
    assert_eq!(
        error["message"],
        json!(words),
        "the registry's words, or none"
    );
}

#[test]
fn a_cancelled_import_has_ended_and_one_that_is_taken_back_is_told_of_again() {
    let receiver = Receiver::start("127.0.0.1", &[]);
    let registry = Registry::configured(|config| config.webhooks = vec![webhook(&receiver.url)])
        .with_register();
    let cancelled = crate::queue::stored(&registry.app, "RN5217", "csv", false, &one());
    let answer = registry.data(
        &registry.body("RN5217"),
        "mutation ($id: ID!) { cancelImport(id: $id) { state } }",
        json!({"id": cancelled.id.show("import")}),
    );
    assert_eq!(answer["cancelImport"]["state"], "CANCELLED");
    let done = registry.push_csv("RN5217", &one());
    let id = Id::read("import", &done.id).unwrap();
    undo(&registry.app, id, &()).unwrap();
    // There is nothing left to take back, so nothing happened.
    undo(&registry.app, id, &()).unwrap();
    let served = registry.served();
    let heard = receiver.wait(3);
    let mut told: Vec<String> = heard
        .iter()
        .map(|one| {
            let event: Value = serde_json::from_slice(&one.body).unwrap();
            let data = &event["data"];
            assert_eq!(event["subject"], data["id"]);
            let kind = event["type"].as_str().unwrap();
            let kind = kind.strip_prefix("org.iqf-registry.import.").unwrap();
            let error = data["error"]["code"].as_str().unwrap_or("well");
            let created = &data["counts"]["created"];
            let (state, id) = (
                data["state"].as_str().unwrap(),
                data["id"].as_str().unwrap(),
            );
            format!("{id} {kind} {state} {error} {created}")
        })
        .collect();
    told.sort();
    let mut expected = [
        format!(
            "{} ended CANCELLED import-cancelled 0",
            cancelled.id.show("import")
        ),
        format!("{} ended DONE well 1", done.id),
        format!("{} undone UNDONE well 1", done.id),
    ];
    expected.sort();
    assert_eq!(told, expected);
    assert_eq!(served.registry.count("webhook_delivery"), 3);
}

#[test]
fn nothing_goes_where_it_may_not() {
    // An address of this machine that is not said to be one.
    let hidden = Receiver::start("127.0.0.2", &[]);
    let refused = served(vec![webhook(&hidden.url)]);
    refused.registry.push_csv("RN5217", &one());
    let line = delivery(&refused.registry, "waiting 1 the");
    assert_eq!(line, "waiting 1 the address may not be used");
    // Where it is allowed it is reached.
    let allowed = served(vec![Webhook {
        private_network: true,
        ..webhook(&hidden.url)
    }]);
    allowed.registry.push_csv("RN5217", &one());
    delivery(&allowed.registry, "delivered 1");
    assert_eq!(hidden.wait(1).len(), 1);
    // A redirect is an answer like any other that is not good.
    let elsewhere = Receiver::start("127.0.0.1", &[]);
    let moved = format!("307 Temporary Redirect\r\nLocation: {}/", elsewhere.url);
    let redirecting = Receiver::start("127.0.0.1", &[&moved]);
    let redirected = served(vec![webhook(&redirecting.url)]);
    redirected.registry.push_csv("RN5217", &one());
    redirecting.wait(2);
    delivery(&redirected.registry, "delivered 2");
    assert_eq!(elsewhere.heard().len(), 0);
}

#[test]
fn a_receiver_that_wants_no_more_or_takes_nothing_for_a_day_is_given_up() {
    let gone = Receiver::start("127.0.0.1", &["410 Gone"]);
    let first = served(vec![webhook(&gone.url)]);
    first.registry.push_csv("RN5217", &one());
    assert_eq!(
        delivery(&first.registry, "given-up"),
        "given-up 1 status 410"
    );

    let hands = Hands::at("2026-03-01");
    let away = Receiver::start(
        "127.0.0.1",
        &[
            "503 Service Unavailable\r\nRetry-After: 600",
            "503 Service Unavailable",
        ],
    );
    let second = Registry::at(hands.clock(), |config| {
        config.webhooks = vec![webhook(&away.url)];
    })
    .served();
    second.registry.push_csv("RN5217", &one());
    assert_eq!(
        delivery(&second.registry, "waiting 1 s"),
        "waiting 1 status 503"
    );
    // What the receiver asks for is waited for.
    let due = second.registry.app.db.read_blocking({
        let (url, soon) = (away.url.clone(), hands.now() + TimeDelta::seconds(590));
        move |connection| Ok(webhook_delivery::due(connection, &[&url], soon)?)
    });
    assert_eq!(due.unwrap().len(), 0);
    hands.put(TimeDelta::hours(24));
    assert_eq!(
        delivery(&second.registry, "given-up"),
        "given-up 2 status 503"
    );
    assert_eq!(away.heard().len(), 2);
}

#[test]
fn a_receiver_that_does_not_answer_holds_up_nobody_else() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let stuck = format!("http://{}", silent.local_addr().unwrap());
    let quick = Receiver::start("127.0.0.1", &[]);
    let served = served(vec![
        Webhook {
            timeout: 60,
            ..webhook(&stuck)
        },
        webhook(&quick.url),
    ]);
    for number in 1..4 {
        served
            .registry
            .push_csv("RN5217", &csv(&[Row::award(number, &format!("R{number}"))]));
    }
    // The silent one has taken the connection and would have a minute.
    assert_eq!(quick.wait(3).len(), 3);
}

#[test]
fn a_killed_server_loses_no_event_and_another_sends_it_under_the_same_identifier() {
    let receiver = Receiver::start("127.0.0.1", &["503 Service Unavailable", HOLD]);
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path());
    let configuration = format!(
        "[[webhooks]]\nawarding_body = \"RN5217\"\nurl = \"{}/told\"\n",
        receiver.url
    );
    std::fs::write(folder.path().join("registry.toml"), configuration).unwrap();
    let server = Process::serve(folder.path(), &database);
    let token = server.token(Role::AwardingBody, None, Some("RN5217"));
    assert_eq!(server.push(&token, &one()).status, 202);
    // The second time it is heard and not answered: the server is killed while it sends.
    receiver.wait(2);
    server.kill();
    let mut beside = Connection::open(&database, Purpose::Write).unwrap();
    let sql = "SELECT state || ' ' || problem || ' ' || CAST(attempts AS TEXT) || ' ' ||
        CASE WHEN due_at > created_at THEN 'claimed' ELSE 'due' END AS line FROM webhook_delivery";
    assert_eq!(
        lines(&mut beside, sql).unwrap(),
        ["waiting status 503 2 claimed"]
    );
    // The claim's time is over.
    beside
        .batch("UPDATE webhook_delivery SET due_at = created_at")
        .unwrap();
    let server = Process::serve(folder.path(), &database);
    let heard = receiver.wait(3);
    let ids: Vec<Value> = heard
        .iter()
        .map(|one| serde_json::from_slice::<Value>(&one.body).unwrap()["id"].clone())
        .collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    for _ in 0..100 {
        let metrics = server.request("GET", "/metrics", &[], b"").body;
        if metrics.contains("registry_webhook_deliveries_total{result=\"delivered\"} 1") {
            break;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(50));
    }
    let metrics = server.request("GET", "/metrics", &[], b"").body;
    assert!(
        metrics.contains("registry_webhook_deliveries_total{result=\"delivered\"} 1"),
        "{metrics}"
    );
    // The log says it by the event, and names no address and nobody.
    let log = server.log();
    assert!(log.contains("an event is delivered"), "{log}");
    assert!(!log.contains("/told"), "{log}");
    server.kill();
    database::drop_database(&database);
}
