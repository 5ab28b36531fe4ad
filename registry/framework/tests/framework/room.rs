//! Whether a room is in ratio.

use crate::support::day;
use framework::Ternary;
use framework::ratio::{AgeBand, RoomStaff, RoomStanding, in_ratio, ratio_numbers};
use framework::shipped::Table;

const YES: Ternary = Ternary::Yes;
const NO: Ternary = Ternary::No;
const OPEN: Ternary = Ternary::Undetermined;

fn staff(level: u8) -> RoomStaff {
    let at = |one: u8| if level >= one { YES } else { NO };
    RoomStaff {
        levels: [at(6), at(3), at(2)],
        teacher: NO,
        first_aid: YES,
    }
}

fn teacher() -> RoomStaff {
    RoomStaff {
        teacher: YES,
        ..staff(6)
    }
}

fn children(from_months: u32, to_months: u32, children: u32) -> AgeBand {
    AgeBand {
        from_months,
        to_months,
        children,
    }
}

fn ask(setting: &str, bands: &[AgeBand], staff: &[RoomStaff], on: &str) -> RoomStanding {
    let numbers = ratio_numbers(Table::RatioNumbers.shipped()).expect("numbers");
    assert_eq!(numbers.len(), 11);
    in_ratio(&numbers, setting, bands, staff, day(on))
}

fn room(bands: &[AgeBand], levels: &[u8], on: &str) -> Ternary {
    let staff: Vec<RoomStaff> = levels.iter().map(|level| staff(*level)).collect();
    ask("group provider", bands, &staff, on).outcome
}

#[test]
fn two_year_olds_were_four_and_are_five_to_an_adult() {
    let five = [children(24, 36, 5)];
    assert_eq!(room(&five, &[3], "2023-09-03"), NO);
    assert_eq!(room(&five, &[3], "2023-09-04"), YES);
    assert_eq!(room(&[children(24, 36, 4)], &[3], "2023-09-03"), YES);
    assert_eq!(room(&[children(24, 36, 6)], &[3], "2023-09-04"), NO);
}

#[test]
fn one_at_level_three_and_half_of_the_others_at_level_two() {
    let fifteen = [children(24, 35, 15)];
    assert_eq!(room(&fifteen, &[3, 2, 0], "2024-01-01"), YES);
    assert_eq!(room(&fifteen, &[3, 0, 0], "2024-01-01"), NO);
    assert_eq!(room(&fifteen, &[2, 2, 2], "2024-01-01"), NO);
    assert_eq!(room(&fifteen, &[3, 3, 0], "2024-01-01"), YES);
}

#[test]
fn three_year_olds_are_thirteen_where_level_six_works_with_them_else_eight() {
    let thirteen = [children(36, 60, 13)];
    assert_eq!(room(&thirteen, &[6], "2024-01-01"), YES);
    assert_eq!(room(&thirteen, &[3], "2024-01-01"), NO);
    assert_eq!(room(&thirteen, &[3, 2], "2024-01-01"), YES);
    assert_eq!(room(&[children(36, 60, 8)], &[3], "2024-01-01"), YES);
}

#[test]
fn each_age_is_staffed_by_itself_and_nobody_twice() {
    let mixed = [children(24, 36, 5), children(36, 60, 8)];
    assert_eq!(room(&mixed, &[3, 3], "2024-01-01"), YES);
    assert_eq!(
        room(&mixed, &[3, 2], "2024-01-01"),
        NO,
        "each asks one at level 3"
    );
    assert_eq!(room(&mixed, &[6, 3], "2024-01-01"), YES);
}

#[test]
fn what_no_record_says_of_under_twos_stays_open() {
    let babies = [children(0, 24, 3)];
    let standing = ask("group", &babies, &[staff(3)], "2024-01-01");
    assert_eq!(standing.outcome, OPEN);
    assert!(standing.explanation.iter().any(|reason| {
        reason.rule == "N01" && reason.text(schema::Language::English).contains("under two")
    }));
    assert_eq!(room(&babies, &[2], "2024-01-01"), NO);
}

#[test]
fn a_level_that_is_open_leaves_the_room_open() {
    let mut open = staff(2);
    open.levels = [NO, OPEN, YES];
    let bands = [children(24, 36, 5)];
    assert_eq!(ask("group", &bands, &[open], "2024-01-01").outcome, OPEN);
    let mut aid = staff(3);
    aid.first_aid = OPEN;
    assert_eq!(
        ask("group", &bands, &[aid.clone()], "2024-01-01").outcome,
        OPEN
    );
    aid.first_aid = NO;
    assert_eq!(ask("group", &bands, &[aid], "2024-01-01").outcome, NO);
}

#[test]
fn classes_are_led_by_school_teachers() {
    let reception = |staff: &[RoomStaff]| {
        ask("reception", &[children(48, 60, 30)], staff, "2024-01-01").outcome
    };
    assert_eq!(reception(&[teacher()]), YES);
    assert_eq!(reception(&[staff(6)]), NO);
    assert_eq!(
        ask(
            "reception class",
            &[children(48, 60, 31)],
            &[teacher()],
            "2024-01-01"
        )
        .outcome,
        NO
    );
    let nursery = |staff: &[RoomStaff]| {
        ask(
            "maintained-nursery",
            &[children(36, 48, 26)],
            staff,
            "2024-01-01",
        )
        .outcome
    };
    assert_eq!(nursery(&[teacher(), staff(3)]), YES);
    assert_eq!(nursery(&[staff(6), staff(3)]), NO);
}

#[test]
fn a_band_across_two_ages_is_certain_only_if_the_younger_would_do() {
    assert_eq!(room(&[children(30, 42, 5)], &[3], "2024-01-01"), YES);
    assert_eq!(room(&[children(30, 42, 8)], &[3], "2024-01-01"), OPEN);
    assert_eq!(room(&[children(30, 42, 9)], &[3], "2024-01-01"), NO);
}

#[test]
fn an_unknown_setting_or_age_has_no_rule() {
    assert_eq!(
        ask("a ship", &[children(24, 36, 1)], &[staff(6)], "2024-01-01").outcome,
        OPEN
    );
    assert_eq!(
        ask("group", &[children(200, 210, 1)], &[staff(6)], "2024-01-01").outcome,
        OPEN
    );
    assert_eq!(
        ask("group", &[children(24, 36, 1)], &[staff(6)], "2007-01-01").outcome,
        OPEN
    );
}
