//! A fixed set of small numbers, held in a few machine words.

/// How many members a set can have: more options than any structure that was looked at offers (an adult care
/// diploma lists about 150 units).
pub(crate) const CAPACITY: usize = 512;
const WORDS: usize = CAPACITY / 64;

/// A set of numbers below [`CAPACITY`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Bits([u64; WORDS]);

impl Bits {
    pub(crate) fn insert(&mut self, member: usize) {
        if let Some(word) = self.0.get_mut(member / 64) {
            *word |= 1 << (member % 64);
        }
    }

    pub(crate) fn remove(&mut self, member: usize) {
        if let Some(word) = self.0.get_mut(member / 64) {
            *word &= !(1 << (member % 64));
        }
    }

    pub(crate) fn contains(&self, member: usize) -> bool {
        self.0
            .get(member / 64)
            .is_some_and(|word| word >> (member % 64) & 1 == 1)
    }

    pub(crate) fn with(mut self, member: usize) -> Self {
        self.insert(member);
        self
    }

    pub(crate) fn union(&self, other: &Self) -> Self {
        let mut out = *self;
        for (word, more) in out.0.iter_mut().zip(other.0) {
            *word |= more;
        }
        out
    }

    pub(crate) fn intersection(&self, other: &Self) -> Self {
        let mut out = *self;
        for (word, mask) in out.0.iter_mut().zip(other.0) {
            *word &= mask;
        }
        out
    }

    pub(crate) fn without(&self, other: &Self) -> Self {
        let mut out = *self;
        for (word, mask) in out.0.iter_mut().zip(other.0) {
            *word &= !mask;
        }
        out
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// The members, the lowest first.
    pub(crate) fn iter(&self) -> Members {
        Members {
            words: self.0,
            word: 0,
        }
    }
}

/// Walks the members of a set.
pub(crate) struct Members {
    words: [u64; WORDS],
    word: usize,
}

impl Iterator for Members {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        loop {
            let word = self.words.get_mut(self.word)?;
            if *word == 0 {
                self.word += 1;
                continue;
            }
            let bit = word.trailing_zeros() as usize;
            *word &= *word - 1;
            return Some(self.word * 64 + bit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_come_back_in_order_and_nothing_lies_beyond() {
        let mut bits = Bits::default();
        for member in [0, 63, 64, 511, 512, 9000] {
            bits.insert(member);
        }
        assert_eq!(bits.iter().collect::<Vec<_>>(), [0, 63, 64, 511]);
        assert!(bits.contains(511) && !bits.contains(512));
        bits.remove(63);
        assert_eq!(bits.len(), 3);
        let other = Bits::default().with(64).with(5);
        assert_eq!(bits.union(&other).len(), 4);
        assert_eq!(bits.intersection(&other).iter().collect::<Vec<_>>(), [64]);
        assert_eq!(bits.without(&other).len(), 2);
        assert!(Bits::default().is_empty());
    }
}
