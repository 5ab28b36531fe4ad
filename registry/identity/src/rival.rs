//! Whom else the two of a pair could be. If a record is surely somebody else, and that one is not the other of
//! the pair, the pair cannot be one person; if that one is, it is one person too.

use crate::model::log_sum;

/// A third record: how it goes with either of the pair, in log-odds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rival {
    pub with_left: f32,
    pub with_right: f32,
}

/// What a third record adds to the log-odds of a pair. Of the five ways in which three records can be people, two
/// have the pair as one: with the third or without. That all three are one is as probable as its two stronger
/// bonds make it, and no more than the third bond allows: the three are not independent.
pub(crate) fn weight(pair: f32, rival: Rival) -> f32 {
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

#[cfg(test)]
mod tests {
    use super::*;

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
