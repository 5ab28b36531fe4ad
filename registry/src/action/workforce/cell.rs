//! What figures are broken down by, and the tables that there are.

/// The most dimensions of a table.
pub const MOST_DIMENSIONS: usize = 3;

/// What figures can be broken down by. A role is of one sector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// The sector of the role.
    Sector,
    /// The role.
    Role,
    /// The highest level of a qualification that counts.
    Level,
    /// The professional status in force.
    Status,
    /// The area.
    Area,
}

impl Dimension {
    /// Every dimension.
    pub const ALL: [Self; 5] = [
        Self::Sector,
        Self::Role,
        Self::Level,
        Self::Status,
        Self::Area,
    ];

    /// Its place among [`Dimension::ALL`].
    #[must_use]
    pub fn place(self) -> usize {
        self as usize
    }

    fn bit(self) -> u8 {
        1 << self.place()
    }
}

/// The dimensions of a table, in no order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grouping(u8);

impl Grouping {
    /// Those of these dimensions.
    #[must_use]
    pub fn of(dimensions: &[Dimension]) -> Self {
        Self(dimensions.iter().fold(0, |all, one| all | one.bit()))
    }

    /// Those of every table that there is: of three dimensions at the most.
    pub fn all() -> impl Iterator<Item = Self> {
        let every = (0..1 << Dimension::ALL.len()).map(Self);
        every.filter(|one| one.dimensions().count() <= MOST_DIMENSIONS)
    }

    /// Its dimensions, in the order of [`Dimension::ALL`].
    pub fn dimensions(self) -> impl Iterator<Item = Dimension> {
        let all = Dimension::ALL.into_iter();
        all.filter(move |one| self.has(*one))
    }

    /// Whether a dimension is among them.
    #[must_use]
    pub fn has(self, dimension: Dimension) -> bool {
        self.0 & dimension.bit() != 0
    }

    /// The same with another dimension.
    #[must_use]
    pub fn with(self, dimension: Dimension) -> Self {
        Self(self.0 | dimension.bit())
    }

    /// The same without a dimension.
    #[must_use]
    pub fn without(self, dimension: Dimension) -> Self {
        Self(self.0 & !dimension.bit())
    }

    /// The number under which it is stored: a bit for each dimension, that of [`Dimension::Sector`] the lowest.
    #[must_use]
    pub fn number(self) -> i16 {
        self.0.into()
    }

    /// The same cells without saying twice where somebody works: a role tells the sector.
    pub(super) fn telling(self) -> Self {
        if self.has(Dimension::Role) {
            self.without(Dimension::Sector)
        } else {
            self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_twenty_six_tables_with_twenty_two_kinds_of_cells() {
        let all: Vec<Grouping> = Grouping::all().collect();
        assert_eq!(all.len(), 26);
        let mut telling: Vec<Grouping> = all.into_iter().map(Grouping::telling).collect();
        telling.sort();
        telling.dedup();
        assert_eq!(telling.len(), 22);
        let both = Grouping::of(&[Dimension::Role, Dimension::Sector]);
        assert_eq!((both.number(), both.telling().number()), (3, 2));
    }
}
