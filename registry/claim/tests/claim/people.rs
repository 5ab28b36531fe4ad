//! When two tokens are one person.

use crate::world::token;
use claim::Person;

#[test]
fn two_tokens_are_one_person_by_issuer_and_subject_or_by_learner() {
    let of = |issuer: &str, subject: &str, learner: Option<u8>| {
        let learner = learner.map(|one| [one; 16]);
        Person::of(Some(token(issuer, subject)), learner)
    };
    assert!(of("a", "x", None).same(&of("a", "x", Some(1))));
    assert!(of("a", "x", Some(1)).same(&of("b", "y", Some(1))));
    // The same subject of another issuer is somebody else.
    assert!(!of("a", "x", None).same(&of("b", "x", None)));
    assert!(!of("a", "x", Some(1)).same(&of("a", "y", Some(2))));
    assert!(!Person::default().same(&Person::default()));
}

#[test]
fn what_a_token_named_once_is_remembered_of_whoever_comes_with_it() {
    let named = [
        (token("a", "x"), [1; 16]),
        (token("b", "y"), [1; 16]),
        (token("c", "z"), [2; 16]),
    ];
    // Neither token says now whose it is; each once named the same learner.
    let one = Person::of(Some(token("a", "x")), None);
    let other = Person::of(Some(token("b", "y")), None);
    assert!(!one.same(&other));
    assert!(one.clone().known_by(&named).same(&other));
    assert!(
        !one.known_by(&named)
            .same(&Person::of(Some(token("c", "z")), None))
    );
}
