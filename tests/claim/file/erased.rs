//! Retention: so long after a claim's end as its terms say, and not longer than any claim needs the content.

use super::super::support::{POLICY, add, assign, assure, caller, employment, judge, look};
use super::super::support::{plain, submit, table};
use super::{Desk, Sent, letter};
use crate::support::Hands;
use chrono::TimeDelta;
use registry::access::Role;
use registry::action::claim::sweep;
use registry::action::evidence::{erase, orphans};
use serde_json::{Value, json};
use std::fs::File;
use std::time::{Duration, SystemTime};

fn erased(desk: &Desk) -> usize {
    erase(&desk.registry().app).unwrap()
}

fn gone(desk: &Desk, piece: &Value) {
    let answer = desk.download(Some(&desk.jan), piece);
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (410, Some("evidence-erased")),
        "{}",
        answer.body
    );
}

/// Brings a claim to its decision.
fn decide(desk: &Desk, claim: &str) {
    let registry = desk.registry();
    let one = |role, subject: &str, learner, body| caller(registry, role, subject, learner, body);
    let jan = one(Role::Practitioner, "jan", Some(1), None);
    add(registry, &jan, claim, employment(&["1", "2"])).unwrap();
    submit(registry, &jan, claim).unwrap();
    let officer = one(Role::AwardingBody, "officer", None, Some("RN5217"));
    assign(registry, &officer, claim, Some("ann"), Some("quentin")).unwrap();
    let ann = one(Role::Assessor, "ann", None, None);
    let seen = look(registry, &ann, claim);
    let met = [("1", "YES"), ("2", "YES")];
    let judged = judge(registry, &ann, &seen, &met).unwrap();
    let quentin = one(Role::QualityAssurer, "quentin", None, None);
    let done = assure(registry, &quentin, &judged, "AGREE", None).unwrap();
    assert_eq!(done["state"], "AWARDED");
}

#[test]
fn a_file_is_erased_when_its_time_is_over_and_what_it_showed_stays_to_be_seen() {
    let hands = Hands::at("2026-06-01");
    let desk = Desk::of(hands.clock(), |_| ());
    let policy = format!(
        "{POLICY}RN5217,rpl,2020-01-01,,yes,,,,any,full,,42,21,28,7,12,V,an invented policy"
    );
    table(desk.registry(), &policy);
    let claim = desk.claim(&desk.jan);
    let content = letter(1, 100_000);
    let piece = desk.add(&desk.jan, &claim, Sent::of("a.txt", &content));
    decide(&desk, &claim);
    // Decided, and not closed: nobody knows yet how long it is needed.
    hands.put(TimeDelta::days(28));
    assert_eq!(sweep(&desk.registry().app).unwrap().closed, 0);
    assert_eq!(erased(&desk), 0);
    hands.put(TimeDelta::days(1));
    assert_eq!(sweep(&desk.registry().app).unwrap().closed, 1);
    // Closed on the 30th of June; kept for twelve months from then.
    hands.put(TimeDelta::days(364));
    assert_eq!(erased(&desk), 0);
    let desk = desk.renewed();
    assert_eq!(
        desk.download(Some(&desk.jan), &piece).body.as_bytes(),
        &content[..]
    );
    hands.put(TimeDelta::days(1));
    assert_eq!(erased(&desk), 1);
    assert_eq!(erased(&desk), 0, "once");
    assert_eq!(desk.files(), Vec::<String>::new());
    let desk = desk.renewed();
    gone(&desk, &piece);
    let jan = caller(desk.registry(), Role::Practitioner, "jan", Some(1), None);
    let query =
        "query($id: ID!) { claim(id: $id) { state evidence { title digest size erasedAt } } }";
    let seen = desk.registry().data(&jan, query, json!({"id": claim}));
    let shown = &seen["claim"]["evidence"][0];
    assert_eq!(seen["claim"]["state"], "CLOSED");
    assert_eq!(shown["digest"], piece["digest"]);
    assert_eq!(shown["size"], 100_000);
    assert_eq!(shown["erasedAt"], "2027-06-30T12:00:00.000000Z");
    // It is still known again, and can be brought anew.
    let other = desk.claim(&desk.sam);
    let again = desk.add(&desk.sam, &other, Sent::of("a.txt", &content));
    assert_eq!(again["seenElsewhere"], true);
    assert_eq!(desk.files().len(), 1);
    let answer = desk.download(Some(&desk.sam), &again);
    assert_eq!(answer.body.as_bytes(), &content[..]);
    gone(&desk, &piece);
}

#[test]
fn a_draft_that_is_taken_back_leaves_no_file_but_what_another_claim_needs() {
    let desk = Desk::new();
    let registry = desk.registry();
    let jan = caller(registry, Role::Practitioner, "jan", Some(1), None);
    let (first, second, other) = (
        desk.claim(&desk.jan),
        desk.claim(&desk.jan),
        desk.claim(&desk.sam),
    );
    let (shared, own) = (letter(1, 5000), letter(2, 5000));
    let pieces = [
        desk.add(&desk.jan, &first, Sent::of("a.txt", &shared)),
        desk.add(&desk.jan, &first, Sent::of("b.txt", &own)),
    ];
    let kept = desk.add(&desk.jan, &second, Sent::of("a.txt", &shared));
    let theirs = desk.add(&desk.sam, &other, Sent::of("a.txt", &shared));
    assert_eq!(desk.files().len(), 2);
    plain(registry, &jan, "withdrawClaim", &first).unwrap();
    assert_eq!(erased(&desk), 2);
    assert_eq!(desk.files().len(), 1);
    pieces.iter().for_each(|piece| gone(&desk, piece));
    for (token, piece) in [(&desk.jan, &kept), (&desk.sam, &theirs)] {
        let answer = desk.download(Some(token), piece);
        assert_eq!(answer.body.as_bytes(), &shared[..]);
    }
    // One that was handed in is kept for its terms' time, since others have looked at it.
    add(registry, &jan, &second, employment(&["1", "2"])).unwrap();
    submit(registry, &jan, &second).unwrap();
    plain(registry, &jan, "withdrawClaim", &second).unwrap();
    assert_eq!(erased(&desk), 0);
    assert_eq!(desk.download(Some(&desk.jan), &kept).status, 200);
    let sam = caller(registry, Role::Practitioner, "sam", Some(2), None);
    plain(registry, &sam, "withdrawClaim", &other).unwrap();
    assert_eq!(erased(&desk), 1);
    assert_eq!(desk.files().len(), 1, "the other still needs it");
}

#[test]
fn a_kill_between_the_file_and_its_row_is_made_good() {
    let desk = Desk::new();
    let registry = desk.registry();
    let jan = caller(registry, Role::Practitioner, "jan", Some(1), None);
    let claim = desk.claim(&desk.jan);
    let content = letter(1, 5000);
    let piece = desk.add(&desk.jan, &claim, Sent::of("a.txt", &content));
    let name = desk.files().remove(0);
    // The file went, and what tells of it did not come to be: the next who brings it puts it back.
    std::fs::remove_file(desk.folder().join(&name)).unwrap();
    desk.add(&desk.jan, &claim, Sent::of("a.txt", &content));
    assert_eq!(
        desk.download(Some(&desk.jan), &piece).body.as_bytes(),
        &content[..]
    );
    std::fs::remove_file(desk.folder().join(&name)).unwrap();
    plain(registry, &jan, "withdrawClaim", &claim).unwrap();
    assert_eq!(erased(&desk), 2);
    gone(&desk, &piece);
    // Files came, and no row: they go once nobody can be about to tell of them.
    let lost = ["a".repeat(64), "00ff.new".to_owned()];
    let long_ago = SystemTime::now() - Duration::from_secs(7200);
    for name in &lost {
        std::fs::write(desk.folder().join(name), b"x").unwrap();
    }
    assert_eq!(orphans(&registry.app).unwrap(), 0);
    let kept = desk.claim(&desk.jan);
    desk.add(&desk.jan, &kept, Sent::of("b.txt", &letter(2, 100)));
    std::fs::write(desk.folder().join("somebody-elses.txt"), b"x").unwrap();
    for name in desk.files() {
        let file = File::options().write(true).open(desk.folder().join(name));
        file.unwrap().set_modified(long_ago).unwrap();
    }
    let held = File::open(desk.folder().join(&lost[1])).unwrap();
    held.lock().unwrap();
    assert_eq!(orphans(&registry.app).unwrap(), 1);
    held.unlock().unwrap();
    drop(held);
    assert_eq!(orphans(&registry.app).unwrap(), 1);
    assert_eq!(desk.files().len(), 2);
}
