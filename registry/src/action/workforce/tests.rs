//! Attacks on published figures: by whoever has every table and this program.

use super::super::protect::protect;
use super::*;
use proptest::prelude::*;

/// Everything that is published of a workforce.
fn publication(workforce: &[Group]) -> Vec<(Grouping, Vec<Row>)> {
    let protected = protected(workforce);
    Grouping::all()
        .map(|table| (table, rows(table, &protected, &[], &[]).unwrap_or_default()))
        .collect()
}

fn protected(workforce: &[Group]) -> Vec<Group> {
    let people = protect(workforce);
    let all = workforce.iter().zip(people);
    all.filter(|(_, people)| *people > 0)
        .map(|(group, people)| Group {
            keys: group.keys,
            people,
        })
        .collect()
}

/// A workforce: of each of a few roles, levels, statuses and areas so many. Each two roles are of a sector.
fn workforce() -> impl Strategy<Value = Vec<Group>> {
    let people = prop_oneof![3 => 1..5_u32, 2 => 1..12_u32, 1 => 1..90_u32];
    let keys = (0..4_usize, 0..3_usize, 0..2_usize, 0..4_usize);
    proptest::collection::btree_map(keys, people, 0..60).prop_map(|all| {
        let group = |((role, level, status, area), people)| Group {
            keys: [role / 2, role, level, status, area],
            people,
        };
        all.into_iter().map(group).collect()
    })
}

fn small(people: u64) -> bool {
    (1..5).contains(&people)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// The argument of the module: the protected workforce has no small cell in any table, and if it were the truth the same
    /// would have been published. So nobody can exclude it.
    #[test]
    fn a_workforce_without_small_cells_gives_the_same_publication(truth in workforce()) {
        let possible = protected(&truth);
        for table in Grouping::all() {
            for (cell, people) in sums(table, &possible) {
                prop_assert!(!small(people), "{table:?} {cell:?}: {people}");
            }
        }
        prop_assert_eq!(&protected(&possible), &possible);
        prop_assert_eq!(publication(&truth), publication(&possible));
    }

    /// What is few is in no table; what is told is a multiple of five, and not far from what is so.
    #[test]
    fn small_cells_are_suppressed_and_the_others_are_near_the_truth(truth in workforce()) {
        for (table, rows) in publication(&truth) {
            let people = sums(table, &truth);
            for row in rows {
                let so = people.get(&row.keys).copied().unwrap_or_default();
                let Some(told) = row.people else { continue };
                prop_assert!(so >= 5, "{table:?} {:?}: {told} of {so}", row.keys);
                prop_assert!(told % 5 == 0 && told >= 10);
                prop_assert!(told.abs_diff(so) <= 15, "{table:?} {:?}: {told} of {so}", row.keys);
            }
        }
    }

    /// Who is in no small cell is counted as they are: to the nearest five.
    #[test]
    fn without_small_cells_everything_is_to_the_nearest_five(truth in workforce()) {
        let large: Vec<Group> = truth.into_iter()
            .map(|group| Group { people: group.people + 4, ..group })
            .collect();
        for (table, rows) in publication(&large) {
            let people = sums(table, &large);
            for row in rows {
                let so = people.get(&row.keys).copied().unwrap_or_default();
                prop_assert_eq!(row.people, told(so));
            }
        }
    }

    /// What small cells lose others gain.
    #[test]
    fn totals_stay_near_what_they_are(truth in workforce()) {
        let all: u32 = truth.iter().map(|group| group.people).sum();
        let protected: u32 = protect(&truth).iter().sum();
        prop_assert!(all.abs_diff(protected) <= 10, "{protected} of {all}");
    }
}

/// What is published of each table: keys and figures, one after the other.
type Published = Vec<(Grouping, Vec<Option<u64>>)>;

/// An attacker who knows that there are two roles and two areas with up to six people in each, tries every such workforce,
/// and keeps those that give exactly the figures that were published: of no cell of any table do all that are left say
/// that it has 1 to 4 people.
#[test]
fn who_tries_every_workforce_finds_no_small_cell() {
    const MOST: u32 = 6;
    let mut worlds: HashMap<Published, Vec<Vec<Group>>> = HashMap::new();
    for number in 0..(MOST + 1).pow(4) {
        let mut left = number;
        let mut groups = Vec::new();
        for (role, area) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let people = left % (MOST + 1);
            left /= MOST + 1;
            if people > 0 {
                let keys = [0, role, 0, 0, area];
                groups.push(Group { keys, people });
            }
        }
        let told = publication(&groups).into_iter().map(|(table, rows)| {
            let rows = rows.into_iter().flat_map(|row| {
                let keys = row.keys.map(|key| Some(key as u64));
                keys.into_iter().chain([row.people])
            });
            (table, rows.collect())
        });
        worlds.entry(told.collect()).or_default().push(groups);
    }
    assert!(worlds.len() > 10, "{} publications", worlds.len());
    for possible in worlds.values() {
        for table in Grouping::all() {
            let all: Vec<BTreeMap<Cell, u64>> =
                possible.iter().map(|groups| sums(table, groups)).collect();
            let cells: BTreeSet<Cell> = all.iter().flat_map(|sums| sums.keys().copied()).collect();
            for cell in cells {
                let mut of = all
                    .iter()
                    .map(|sums| sums.get(&cell).copied().unwrap_or_default());
                assert!(
                    !of.all(small),
                    "{table:?} {cell:?} has surely 1 to 4 people in each of {possible:?}"
                );
            }
        }
    }
}

#[test]
fn a_table_is_a_grid_of_whoever_is_told_of_and_has_a_row_for_each_need() {
    let group = |role, area, people| Group {
        keys: [role, role, 0, 0, area],
        people,
    };
    let protected = [group(0, 0, 40), group(1, 1, 5)];
    let needed = [group(2, 0, 12), group(1, 1, 0)];
    let table = Grouping::of(&[Dimension::Role, Dimension::Area]);
    let rows = rows(table, &protected, &needed, &[]).unwrap_or_default();
    let told: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row.keys[1],
                row.keys[4],
                row.people,
                row.needed,
                row.provision,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (1, 1, Some(40), None, None),
            (1, 2, None, None, None),
            (2, 1, None, None, None),
            (2, 2, None, Some(0), None),
            (3, 1, None, Some(12), None),
        ]
    );
}

#[test]
fn a_table_of_too_many_rows_is_not_published() {
    let group = |role: usize, area: usize| Group {
        keys: [0, role, 0, 0, area],
        people: 10,
    };
    let many: Vec<Group> = (0..400).map(|number| group(number, number)).collect();
    let pairs = Grouping::of(&[Dimension::Role, Dimension::Area]);
    assert_eq!(rows(pairs, &many, &[], &[]), None, "160 000 combinations");
    let single = Grouping::of(&[Dimension::Role]);
    assert_eq!(
        rows(single, &many, &[], &[]).map(|rows| rows.len()),
        Some(400)
    );
}
