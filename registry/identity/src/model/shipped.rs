//! The weights that are shipped, for a register of England's workforce. Each is a round number from what is known
//! of people and of data entry; where there is data, `estimate` moves them as far as the data says.

use super::kind::{PairKind, Role};
use crate::compare::Field;

/// How many people the register is taken to hold: England's children and young people's workforce.
pub(crate) const POPULATION: f64 = 2_650_000.0;

/// How many records of each kind are expected in a register for one that comes in. Of people, one in sixty is a
/// twin; in one register both twins, couples or generations are found more rarely. Every second newcomer is known
/// already, a quarter of them at another address, one in twenty under another family name.
pub(crate) fn expected(kind: PairKind) -> f64 {
    match kind {
        PairKind::Same => 0.36,
        PairKind::Moved => 0.10,
        PairKind::Renamed => 0.015,
        PairKind::RenamedMoved => 0.015,
        PairKind::Twins => 0.012,
        PairKind::TwinsApart => 0.008,
        PairKind::Household => 0.2,
        PairKind::Relatives => 1.0,
        PairKind::Neighbours => 0.3,
        PairKind::LookAlike => 0.003,
        PairKind::Community => POPULATION * COMMUNITY,
        PairKind::Strangers => POPULATION * (1.0 - COMMUNITY),
    }
}

/// The share of pairs of strangers who share a stock of names, and how much more common a name is there.
pub(crate) const COMMUNITY: f64 = 0.05;
pub(crate) const COMMUNITY_SHARE: f32 = 8.0;

/// Data never takes a kind below this many a record, however clean it seems: that twins, people of one name and
/// unforeseen coincidences exist is known.
pub(crate) fn least(kind: PairKind) -> f64 {
    match kind {
        PairKind::Twins => 0.003,
        PairKind::TwinsApart => 0.002,
        PairKind::Household | PairKind::Neighbours => 0.005,
        PairKind::LookAlike => 0.001,
        PairKind::Moved => 0.001,
        PairKind::Renamed | PairKind::RenamedMoved => 0.000_5,
        PairKind::Same => 0.002,
        PairKind::Relatives => 0.01,
        PairKind::Community | PairKind::Strangers => 0.0,
    }
}

/// The probability of each grade from equality on, for the fields that a role has an expectation of; they need
/// not sum to 1.
pub(crate) fn table(role: Role, field: Field) -> Option<&'static [f64]> {
    Some(match (role, field) {
        (Role::Same, Field::Given) => &[0.87, 0.035, 0.015, 0.006, 0.03, 0.003, 0.012, 0.02],
        (Role::Twin, Field::Given) => &[0.0002, 0.004, 0.002, 0.0015, 0.002, 0.015, 0.04, 0.94],
        (Role::Kin, Field::Given) => &[0.03, 0.004, 0.008, 0.003, 0.001, 0.006, 0.03, 0.92],
        (Role::Alike, Field::Given) => &[0.87, 0.035, 0.02, 0.01, 0.03, 0.005, 0.012, 0.02],
        (Role::Chance, Field::Given) => &[0.004, 0.001, 0.003, 0.0005, 0.0003, 0.003, 0.01, 0.98],
        (Role::Same, Field::Family) => &[0.92, 0.01, 0.01, 0.003, 0.03, 0.004, 0.012, 0.01],
        (Role::Renamed, Field::Family) => &[0.0002, 0.001, 0.12, 0.1, 0.001, 0.002, 0.01, 0.77],
        (Role::Kin, Field::Family) => &[0.85, 0.01, 0.03, 0.003, 0.028, 0.004, 0.012, 0.065],
        (Role::Alike, Field::Family) => &[0.92, 0.01, 0.01, 0.005, 0.03, 0.005, 0.012, 0.01],
        (Role::Chance, Field::Family) => {
            &[0.0015, 0.0005, 0.002, 0.00002, 0.0002, 0.001, 0.006, 0.99]
        }
        (Role::Same, Field::Order) => &[0.993, 0.007],
        // That a name agrees crosswise by chance is counted with the name; the order itself then says nothing.
        (Role::Chance, Field::Order) => &[0.5, 0.5],
        (Role::Same, Field::Birth) => &[0.93, 0.01, 0.024, 0.012, 0.006, 0.006, 0.002, 0.01],
        (Role::Kin, Field::Birth) => &[0.0003, 0.0002, 0.003, 0.004, 0.04, 0.02, 0.04, 0.89],
        (Role::Alike, Field::Birth) => &[0.05, 0.003, 0.04, 0.02, 0.06, 0.03, 0.15, 0.68],
        (Role::Chance, Field::Birth) => {
            &[0.00006, 0.00005, 0.0006, 0.0004, 0.012, 0.006, 0.02, 0.96]
        }
        (Role::Same, Field::Gender) => &[0.99, 0.01],
        (Role::Chance, Field::Gender) => &[0.5, 0.5],
        (Role::Same, Field::Postcode) => &[0.93, 0.03, 0.02, 0.02],
        (Role::Moved, Field::Postcode) => &[0.004, 0.004, 0.2, 0.79],
        (Role::Chance, Field::Postcode) => &[0.000_002, 0.000_01, 0.0005, 0.9995],
        (Role::Same, Field::House) => &[0.93, 0.04, 0.03],
        (Role::Moved, Field::House) => &[0.015, 0.08, 0.9],
        (Role::Chance, Field::House) => &[0.01, 0.07, 0.92],
        (Role::Same, Field::Street) => &[0.84, 0.1, 0.01, 0.02, 0.03],
        (Role::Moved, Field::Street) => &[0.003, 0.002, 0.0005, 0.03, 0.96],
        (Role::Chance, Field::Street) => &[0.0005, 0.001, 0.0002, 0.02, 0.98],
        (Role::Same, Field::Locality) => &[0.8, 0.1, 0.1],
        (Role::Moved, Field::Locality) => &[0.01, 0.005, 0.98],
        (Role::Chance, Field::Locality) => &[0.001, 0.003, 0.995],
        (Role::Same, Field::Town) => &[0.92, 0.05, 0.03],
        (Role::Moved, Field::Town) => &[0.25, 0.02, 0.73],
        (Role::Chance, Field::Town) => &[0.005, 0.005, 0.99],
        (Role::Same, Field::County) => &[0.96, 0.04],
        (Role::Moved, Field::County) => &[0.5, 0.5],
        (Role::Chance, Field::County) => &[0.1, 0.9],
        (Role::Same, Field::Phone | Field::Email) => &[0.8, 0.03, 0.17],
        (Role::Kin, Field::Phone | Field::Email) => &[0.15, 0.01, 0.84],
        (Role::Chance, Field::Phone | Field::Email) => &[0.000_001, 0.000_01, 0.999],
        (Role::Same, Field::Uln | Field::Identifier) => &[0.97, 0.01, 0.02],
        // Two of a family who are registered together get neighbouring numbers, and are taken for each other.
        (Role::Kin, Field::Uln | Field::Identifier) => &[0.000_05, 0.01, 0.99],
        (Role::Chance, Field::Uln | Field::Identifier) => &[0.000_000_1, 0.000_01, 0.999_99],
        _ => return None,
    })
}
