//! What is asked of the framework by name.

use super::Framework;
use framework::catalogue::{
    CommonCoreArea, KsfDimension, Outcome, Requirement, RequirementKind, Role, Sector, Standard,
    Unit,
};
use framework::structure::Compiled;
use schema::{Date, UnitReference, fold_name};

/// What a unit is called outside the framework: by its reference, where it has one, else by its key.
#[must_use]
pub fn reference_of(unit: &Unit) -> String {
    let name = unit.reference.as_ref().unwrap_or(&unit.facts.key);
    UnitReference::parse(name).map_or_else(|_| name.clone(), |reference| reference.to_string())
}

impl Framework {
    /// A unit by its key or its reference.
    #[must_use]
    pub fn unit(&self, key: &str) -> Option<&Unit> {
        self.units.get(*self.index.units.get(key)?)
    }

    /// Whether some unit of the framework accepts one of this key in its place.
    #[must_use]
    pub fn is_accepted(&self, key: &str) -> bool {
        let mut units = self.units.iter();
        units.any(|unit| unit.facts.equivalents.iter().any(|other| other == key))
    }

    /// What whoever gains a unit has learned, in the table's order.
    pub fn outcomes_of(&self, unit: &str) -> impl Iterator<Item = &Outcome> {
        let places = self.index.outcomes.get(unit).into_iter().flatten();
        places.filter_map(|place| self.outcomes.get(*place))
    }

    /// A role by its code.
    #[must_use]
    pub fn role(&self, code: &str) -> Option<&Role> {
        self.roles.get(self.role_place(code)?)
    }

    /// Where in the table of roles one stands.
    #[must_use]
    pub fn role_place(&self, code: &str) -> Option<usize> {
        self.index.roles.get(code).copied()
    }

    /// What a role asks on a day, in the table's order.
    pub fn requirements_of<'a>(
        &'a self,
        role: &'a str,
        day: Date,
    ) -> impl Iterator<Item = &'a Requirement> {
        let requirements = self.requirements.iter();
        requirements.filter(move |one| one.role == role && one.in_force(day))
    }

    /// The roles to which a way leads from one, each once, in the order of the ways.
    #[must_use]
    pub fn next(&self, role: &str) -> Vec<usize> {
        let mut found = Vec::new();
        for link in self.links.iter().filter(|link| link.from == role) {
            if let Some(place) = self.role_place(&link.to)
                && !found.contains(&place)
            {
                found.push(place);
            }
        }
        found
    }

    /// A sector by its code.
    #[must_use]
    pub fn sector(&self, code: &str) -> Option<&Sector> {
        self.sectors.get(*self.index.sectors.get(code)?)
    }

    /// The sectors for which a qualification counts: those with a role that asks for it by its number, or to which
    /// a way leads by it. In the table's order.
    pub fn sectors_of(&self, qualification: &str) -> impl Iterator<Item = &Sector> {
        let names = |number: &String| number == qualification;
        let asking = self.requirements.iter().filter(|one| match &one.kind {
            RequirementKind::Qualification(numbers) => numbers.iter().any(names),
            _ => false,
        });
        let leading = self.links.iter();
        let leading = leading.filter(|link| link.qualification.as_ref().is_some_and(names));
        let roles = asking
            .map(|one| one.role.as_str())
            .chain(leading.map(|link| link.to.as_str()));
        let codes: Vec<&str> = roles
            .filter_map(|role| Some(self.role(role)?.sector.as_str()))
            .collect();
        let sectors = self.sectors.iter();
        sectors.filter(move |sector| codes.contains(&sector.code.as_str()))
    }

    /// The year of the Common Core's latest edition; none where no area is known.
    #[must_use]
    pub fn edition(&self) -> Option<u16> {
        self.common_core.iter().map(|area| area.edition).max()
    }

    /// An area of the Common Core's latest edition.
    #[must_use]
    pub fn area(&self, code: &str) -> Option<&CommonCoreArea> {
        let edition = self.edition()?;
        let mut areas = self.common_core.iter();
        areas.find(|area| area.edition == edition && area.code == code)
    }

    /// A standard by its code.
    #[must_use]
    pub fn standard(&self, code: &str) -> Option<&Standard> {
        self.standards.get(self.standard_place(code)?)
    }

    /// Where in the table of standards one stands.
    #[must_use]
    pub fn standard_place(&self, code: &str) -> Option<usize> {
        self.index.standards.get(code).copied()
    }

    /// Where the standards stand whose code, title and suite together have every word of `search`, however it is
    /// written.
    pub fn standards_with(&self, search: &str) -> impl Iterator<Item = usize> {
        let folded = fold_name(search);
        let words: Vec<String> = folded.split(' ').map(str::to_owned).collect();
        let standards = self.index.words.iter().enumerate();
        standards
            .filter(move |(_, text)| words.iter().all(|word| text.contains(word.as_str())))
            .map(|(place, _)| place)
    }

    /// A dimension of the Knowledge and Skills Framework.
    #[must_use]
    pub fn dimension(&self, code: &str) -> Option<&KsfDimension> {
        self.ksf.iter().find(|one| one.code == code)
    }

    /// The rules of combination of a qualification, by its number with obliques.
    #[must_use]
    pub fn structure(&self, qualification: &str) -> Option<&Compiled> {
        self.structures.get(qualification)
    }

    /// The other qualifications with the same rules of combination, by number.
    pub fn equivalents_of(&self, qualification: &str) -> impl Iterator<Item = String> {
        let structure = self.structure(qualification).map(Compiled::structure);
        structure
            .into_iter()
            .flat_map(|one| [&one.qualification].into_iter().chain(&one.also))
            .filter(move |number| *number != qualification)
            .cloned()
    }
}
