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

    /// The places of the table, those that lead nowhere first reached last.
    pub(super) fn downward(self) -> impl Iterator<Item = (usize, usize, usize)> {
        (0..=self.components).rev().flat_map(move |components| {
            (0..=self.credit).rev().flat_map(move |credit| {
                (0..=self.level)
                    .rev()
                    .map(move |level| (components, credit, level))
            })
        })
    }
}
