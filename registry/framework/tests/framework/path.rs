//! Ways from one role to another.

use framework::catalogue::{Link, pathways};
use framework::shipped::Table;
use framework::{Pathway, StepCost, pathway};

fn links() -> Vec<Link> {
    pathways(Table::Pathways.shipped()).expect("pathways")
}

fn way(from: &[&str], to: &str, cost: impl Fn(&Link) -> Option<u32>) -> Pathway {
    let from: Vec<String> = from.iter().map(|role| (*role).to_owned()).collect();
    pathway(&links(), &from, to, |link| StepCost {
        credit: cost(link),
        explanation: Vec::new(),
    })
}

fn roles(pathway: &Pathway) -> Vec<&str> {
    pathway
        .steps
        .iter()
        .map(|step| step.role.as_str())
        .collect()
}

#[test]
fn jan_comes_from_childminding_to_leading_a_setting() {
    let way = way(&["childminder"], "ey-manager", |link| {
        (link.to == "ey-educator").then_some(40)
    });
    assert!(way.reachable);
    assert_eq!(way.from.as_deref(), Some("childminder"));
    assert_eq!(
        roles(&way),
        ["ey-practitioner", "ey-educator", "ey-manager"]
    );
    assert!(
        !way.complete,
        "what prior learning leaves to be gained is not known"
    );
    assert_eq!(way.credit, 40);
    assert!(
        way.steps[0].explanation[0]
            .text(schema::Language::English)
            .contains("not known")
    );
}

#[test]
fn credit_held_makes_a_way_cheaper() {
    let full = way(&["nursery-nurse"], "residential-worker", |_| Some(65));
    assert_eq!(
        (full.credit, full.steps.len(), full.complete),
        (65, 1, true)
    );
    assert_eq!(full.steps[0].qualification.as_deref(), Some("500/9170/0"));
    let less = way(&["nursery-nurse"], "residential-worker", |_| Some(13));
    assert_eq!(less.credit, 13);
}

#[test]
fn the_cheapest_of_several_beginnings_is_taken() {
    let way = way(&["playworker", "ta-l3"], "playworker-l3", |_| None);
    assert_eq!(way.from.as_deref(), Some("ta-l3"), "8 credits and not 65");
    assert_eq!(way.credit, 8);
}

#[test]
fn who_is_there_needs_no_step_and_who_cannot_come_is_told() {
    let there = way(&["teacher"], "teacher", |_| None);
    assert_eq!(
        (there.reachable, there.steps.len(), there.credit),
        (true, 0, 0)
    );
    let never = way(&["teacher"], "midwife", |_| None);
    assert_eq!(
        (never.reachable, never.steps.len(), never.from),
        (false, 0, None)
    );
}

#[test]
fn the_way_is_the_shortest_among_all() {
    // Against trying every way without a circle.
    fn walk(links: &[Link], at: &str, to: &str, seen: &[&str], cost: u32, best: &mut Option<u32>) {
        if at == to {
            *best = Some(best.map_or(cost, |best| best.min(cost)));
            return;
        }
        for link in links
            .iter()
            .filter(|link| link.from == at && !seen.contains(&link.to.as_str()))
        {
            let mut seen = seen.to_vec();
            seen.push(&link.to);
            walk(links, &link.to, to, &seen, cost + price(link), best);
        }
    }
    fn price(link: &Link) -> u32 {
        u32::try_from(link.via.len() % 37).expect("small")
    }
    let links = links();
    let mut reached = 0;
    for from in links.iter().map(|link| link.from.clone()) {
        for to in links.iter().map(|link| link.to.clone()) {
            let mut best = None;
            walk(&links, &from, &to, &[&from], 0, &mut best);
            let found = way(&[&from], &to, |link| Some(price(link)));
            assert_eq!(found.reachable.then_some(found.credit), best, "{from} {to}");
            reached += usize::from(found.reachable);
        }
    }
    assert!(reached > 50);
}
