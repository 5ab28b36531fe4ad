//! Whom else the two of a pair could be. If a record is surely somebody else, and that one is not the other of
//! the pair, the pair cannot be one person; if that one is, it is one person too.

use crate::model::log_sum;

/// A third record: how it goes with either of the pair, in log-odds.
#[derive(Debug, Clone, Copy)]
struct Rival {
    with_left: f32,
    with_right: f32,
}

/// What a third record adds to the log-odds of a pair. Of the five ways in which three records can be people, two
/// have the pair as one: with the third or without. That all three are one is as probable as its two stronger
/// bonds make it, and no more than the third bond allows: the three are not independent.
fn weight(pair: f32, rival: Rival) -> f32 {
    let Rival {
        with_left,
        with_right,
    } = rival;
    let weakest = pair.min(with_left).min(with_right);
    let all = pair + with_left + with_right - weakest.max(0.0);
    let one = log_sum(&[pair, all]);
    let apart = log_sum(&[0.0, with_left, with_right]);
    let told = one - apart - pair;
    // A weak bond is no bridge: what is probable twice over is not yet sure.
    if told > 0.0 && weakest_bond(with_left, with_right) < BRIDGE {
        0.0
    } else {
        told
    }
}

/// From these log-odds on a third record may join two.
const BRIDGE: f32 = 7.0;

fn weakest_bond(with_left: f32, with_right: f32) -> f32 {
    with_left.min(with_right)
}

/// What all rivals of a pair tell. Of those that tell the same only the strongest counts, since what they tell is not
/// independent.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Told {
    /// The strongest for or against, by the side whose rival it is.
    strongest: [f32; 2],
    /// The strongest against, by the side to which that record is bound more strongly.
    against: [f32; 2],
    /// The strongest for the pair, of either side.
    joining: f32,
}

impl Told {
    /// Hears of a rival of that side (0 or 1): how the pair goes together, how the rival goes with that side, and how
    /// with the other.
    pub(crate) fn hear(&mut self, side: usize, pair: f32, with_mine: f32, with_its: f32) {
        let told = weight(
            pair,
            Rival {
                with_left: with_mine,
                with_right: with_its,
            },
        );
        if let Some(most) = self.strongest.get_mut(side)
            && told.abs() > most.abs()
        {
            *most = told;
        }
        self.joining = self.joining.max(told);
        let bound = if with_mine >= with_its {
            side
        } else {
            1 - side
        };
        if let Some(least) = self.against.get_mut(bound) {
            *least = least.min(told);
        }
    }

    /// What it comes to within one file, where one third record is a rival of both sides and must not count twice:
    /// whoever joins the two does so once, and whoever parts them does it for the side that it belongs to.
    pub(crate) fn within(&self) -> f32 {
        self.joining + self.against.iter().sum::<f32>()
    }

    /// What it comes to between two files. Each is taken to list a person once: nobody in one speaks for somebody in
    /// it.
    pub(crate) fn between(&self) -> f32 {
        self.strongest.iter().sum::<f32>().min(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::probability;
    use proptest::prelude::*;

    /// What third records, known by how they go with either side, make of a pair within one file.
    fn within(pair: f32, rivals: &[(f32, f32)]) -> f32 {
        let mut told = Told::default();
        for (with_left, with_right) in rivals {
            told.hear(0, pair, *with_left, *with_right);
            told.hear(1, pair, *with_right, *with_left);
        }
        pair + told.within()
    }

    #[test]
    fn one_third_record_counts_once() {
        let one = within(-2.0, &[(7.5, 7.5)]);
        assert!((probability(one) - 0.992).abs() < 0.001, "{one}");
        // A fourth that says the same adds nothing, whichever side is a little nearer to it.
        let two = within(-2.0, &[(7.6, 7.5), (7.5, 7.6)]);
        assert!((one - two).abs() < 0.1, "{one} {two}");
        // One that is surely the left of the pair parts them once; another, of the right, parts them again.
        let left = within(3.0, &[(9.0, -4.0)]);
        assert!((left - within(3.0, &[(9.0, -4.0), (9.0, -4.0)])).abs() < 1e-6);
        assert!(within(3.0, &[(9.0, -4.0), (-4.0, 9.0)]) < left - 3.0);
    }

    #[test]
    fn between_files_nobody_joins_two() {
        let mut told = Told::default();
        told.hear(0, 1.0, 12.0, 12.0);
        assert!(told.between().abs() < f32::EPSILON);
        told.hear(1, 1.0, 12.0, -4.0);
        let lowered = told.strongest[0] + told.strongest[1];
        assert!((told.between() - lowered.min(0.0)).abs() < f32::EPSILON);
    }

    proptest! {
        #[test]
        fn order_and_sides_do_not_matter(pair in -8.0_f32..14.0, rivals in prop::collection::vec((-9.0_f32..14.0, -9.0_f32..14.0), 0..5)) {
            let there = within(pair, &rivals);
            let back: Vec<(f32, f32)> = rivals.iter().rev().map(|(one, other)| (*other, *one)).collect();
            prop_assert!((there - within(pair, &back)).abs() < 1e-3);
            prop_assert!(there.is_finite());
        }
    }

    #[test]
    fn a_better_candidate_lowers_and_a_common_friend_raises() {
        let stranger = Rival {
            with_left: -10.0,
            with_right: -10.0,
        };
        assert!(weight(2.0, stranger).abs() < 0.01);
        let better = Rival {
            with_left: 12.0,
            with_right: -4.0,
        };
        assert!(2.0 + weight(2.0, better) < -1.5);
        let friend = Rival {
            with_left: 12.0,
            with_right: 12.0,
        };
        assert!(1.0 + weight(1.0, friend) > 8.0);
    }

    #[test]
    fn sides_do_not_matter() {
        let (one, other) = (3.0, -2.0);
        let there = weight(
            1.5,
            Rival {
                with_left: one,
                with_right: other,
            },
        );
        let back = weight(
            1.5,
            Rival {
                with_left: other,
                with_right: one,
            },
        );
        assert!((there - back).abs() < 1e-6);
    }
}
