//! The measures of a group's table, and where a step in it leads.

/// The measures of a table: components, credit, credit at level.
#[derive(Clone, Copy)]
pub(super) struct Measure {
    pub(super) components: usize,
    /// Whether components are counted no further than the table's end, or must not pass it.
    pub(super) saturates: bool,
    pub(super) credit: usize,
    pub(super) level: usize,
}

impl Measure {
    pub(super) fn size(self) -> usize {
        (self.components + 1) * (self.credit + 1) * (self.level + 1)
    }

    pub(super) fn index(self, components: usize, credit: usize, level: usize) -> usize {
        (components * (self.credit + 1) + credit) * (self.level + 1) + level
    }

    /// Where one more component of that credit leads; none where it would be one too many.
    pub(super) fn step(
        self,
        from: (usize, usize, usize),
        credit: usize,
        level: usize,
    ) -> Option<usize> {
        let components = match (from.0 < self.components, self.saturates) {
            (true, _) => from.0 + 1,
            (false, true) => from.0,
            (false, false) => return None,
        };
        Some(self.index(
            components,
            (from.1 + credit).min(self.credit),
            (from.2 + level).min(self.level),
        ))
    }

    /// The places of the table, from the last to the first, so that a step leads to where one has been.
    pub(super) fn downward(self) -> Downward {
        Downward {
            measure: self,
            left: self.size(),
            place: (self.components, self.credit, self.level),
        }
    }

    /// How many choices that are alike in everything can be of use together.
    pub(super) fn useful(self, credit: usize, level: usize, minimum: usize) -> usize {
        let of = |most: usize, each: usize| most.checked_div(each).map_or(0, |times| times + 1);
        of(self.credit, credit)
            .max(of(self.level, level))
            .max(minimum)
            .max(1)
    }
}

/// Walks a table downward: the index, and the place it stands for.
pub(super) struct Downward {
    measure: Measure,
    left: usize,
    place: (usize, usize, usize),
}

impl Iterator for Downward {
    type Item = (usize, (usize, usize, usize));

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let now = self.place;
        self.place = match now {
            (components, credit, level) if level > 0 => (components, credit, level - 1),
            (components, credit, _) if credit > 0 => (components, credit - 1, self.measure.level),
            (components, _, _) => (
                components.saturating_sub(1),
                self.measure.credit,
                self.measure.level,
            ),
        };
        Some((self.left, now))
    }
}
