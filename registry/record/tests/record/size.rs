//! A person of whom very much is told. The bound is wide, for slow machines and builds without optimisation;
//! what grew with the square of the statements took many times as long.

use crate::teller::{Teller, UNIT, all, attested, presented, recorded};
use record::{Effect, combine, describe, judge};
use schema::Verb;
use std::time::{Duration, Instant};

const MANY: usize = 2_000;
const BOUND: Duration = Duration::from_secs(3);

fn date(place: usize) -> String {
    format!(
        "{}-{:02}-{:02}",
        1970 + place / 336,
        place / 28 % 12 + 1,
        place % 28 + 1
    )
}

#[test]
fn thousands_of_statements_are_combined_and_judged_in_time() {
    let number = |place: usize| place.to_string();
    let shapes: [(&str, fn(usize) -> Teller); 9] = [
        ("awards of many days", |place| {
            attested("RN5133").awarded(&date(place))
        }),
        ("results of one day", |place| {
            attested("RN5133").result(&place.to_string())
        }),
        ("one result, many grades", |place| {
            attested("RN5133")
                .result("1")
                .grade(&place.to_string())
                .acted(&date(place))
        }),
        (
            "one result, many days, subjects and certificates",
            |place| {
                let teller = attested("RN5133")
                    .result("1")
                    .certificate(&place.to_string());
                let teller = teller.awarded(&date(place));
                if place % 2 == 0 {
                    teller.unit(UNIT)
                } else {
                    teller
                }
            },
        ),
        ("certificates of one day", |place| {
            attested("RN5133").certificate(&place.to_string())
        }),
        ("updates among awards", |place| {
            let teller = attested("RN5133").awarded(&date(place));
            if place % 2 == 0 {
                teller
            } else {
                teller.verb(Verb::Update)
            }
        }),
        ("results, and records beside them", |place| {
            match place % 3 {
                0 => attested("RN5133").result(&place.to_string()),
                1 => recorded("RN5133").record(&place.to_string()),
                _ => recorded("RN5133").certificate(&place.to_string()),
            }
        }),
        ("badges beside awards", |place| {
            let of = |teller: Teller| teller.awarded(&date(place / 2));
            if place % 2 == 0 {
                of(attested("RN5133"))
            } else {
                of(presented("RN5133"))
            }
        }),
        ("withdrawn and reinstated", |place| {
            let verb = if place % 2 == 0 {
                Verb::Withdraw
            } else {
                Verb::Reinstate
            };
            attested("RN5133").verb(verb).acted(&date(place))
        }),
    ];
    for (words, shape) in shapes {
        let told = all(&(0..MANY)
            .map(|place| shape(place).family_name(&number(place)))
            .collect::<Vec<_>>());
        let timed = |what: &str, work: &dyn Fn() -> usize| {
            let start = Instant::now();
            let found = work();
            let took = start.elapsed();
            println!("{words}: {what} {took:?}, {found}");
            assert!(took < BOUND, "{words}: {what} took {took:?}");
        };
        timed("combine", &|| combine(&told).len());
        let (before, new) = told.split_at(MANY / 2);
        timed("judge", &|| judge(&[], &told).len());
        timed("judge, half known", &|| judge(before, new).len());
        timed("judge, later half known", &|| judge(new, before).len());
        timed("describe", &|| describe(&told).former_names.len());
        let again = judge(&told, &told);
        assert!(again.iter().all(|effect| *effect == Effect::Unchanged));
    }
}
