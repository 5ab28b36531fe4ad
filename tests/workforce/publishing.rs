//! Publishing: once for each day, for good.

use super::support::*;
use crate::support::command;
use schema::Code;
use serde_json::{Value, json};

#[test]
fn a_published_day_never_changes() {
    let registry = empty();
    people(&registry, 1..61);
    hold(&registry, &posts(1..21, "playworker", "E1"));
    registry.publish(DAY).unwrap();
    let told = table(&registry, &["ROLE", "LEVEL", "AREA"]);
    // What comes to be known of the day afterwards is not in it, and it is not published again.
    hold(&registry, &posts(21..61, "playworker", "E1"));
    let again = registry.publish(DAY).unwrap_err();
    assert_eq!(again.code(), Code::StateConflict);
    assert!(again.to_string().contains("published already"), "{again}");
    assert_eq!(table(&registry, &["ROLE", "LEVEL", "AREA"]), told);
    assert_eq!(registry.count("workforce_snapshot"), 1);
    registry.publish("2026-06-02").unwrap();
    assert_eq!(counts(&registry, &[]), are(&[("", Some(60))]));
    let first = answer(&registry, &["ROLE", "LEVEL", "AREA"], Some(DAY));
    assert_eq!(first["data"]["workforce"], told);
}

#[test]
fn a_day_to_come_is_not_published() {
    let registry = empty();
    let tomorrow = registry.app.clock.now().date().succ_opt().unwrap();
    let refused = registry.publish(&tomorrow.to_string()).unwrap_err();
    assert_eq!(refused.code(), Code::InputInvalid);
    registry
        .publish(&registry.app.clock.now().date().to_string())
        .unwrap();
}

#[test]
fn of_two_who_publish_a_day_at_once_one_does() {
    let registry = empty();
    people(&registry, 1..31);
    hold(&registry, &posts(1..31, "playworker", "E1"));
    let both: Vec<_> = std::thread::scope(|scope| {
        let publish = || registry.publish(DAY).map_err(|error| error.code());
        let both = [scope.spawn(publish), scope.spawn(publish)];
        both.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let done = both.iter().filter(|one| one.is_ok()).count();
    assert_eq!(done, 1, "{both:?}");
    assert!(both.contains(&Err(Code::StateConflict)), "{both:?}");
    assert_eq!(counts(&registry, &[]), are(&[("", Some(30))]));
}

#[test]
fn nothing_is_half_published() {
    let registry = empty();
    people(&registry, 1..31);
    hold(&registry, &posts(1..31, "playworker", "E1"));
    crate::team::refuse(&registry, "workforce_row");
    registry.publish(DAY).unwrap_err();
    assert_eq!(registry.count("workforce_snapshot"), 0);
    assert_eq!(registry.count("workforce_table"), 0);
}

#[test]
fn the_command_publishes_and_says_what() {
    let registry = empty();
    people(&registry, 1..31);
    hold(&registry, &posts(1..31, "playworker", "E1"));
    let url = registry.app.config.database_url();
    let run = |day: &str| {
        let arguments = ["workforce", "publish", "--on", day, "--json"];
        let mut command = command(registry.folder(), &url, &arguments);
        let done = command.output().unwrap();
        let said = String::from_utf8(done.stdout).unwrap();
        let document: Value = said
            .lines()
            .last()
            .map_or(Value::Null, |line| serde_json::from_str(line).unwrap());
        (done.status.code(), document)
    };
    assert_eq!(
        run(DAY),
        (
            Some(0),
            json!({"day": DAY, "tables": 26, "tooLarge": 0, "rows": 26, "suppressed": 0})
        )
    );
    let (code, said) = run(DAY);
    assert_eq!(
        (code, &said["error"]["code"]),
        (Some(1), &json!("state-conflict"))
    );
    let (code, said) = run("2999-01-01");
    assert_eq!(
        (code, &said["error"]["code"]),
        (Some(2), &json!("input-invalid"))
    );
    assert_eq!(run("yesterday").0, Some(2));
}
