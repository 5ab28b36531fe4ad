//! What is known of one claim, at whatever stage it is.

use crate::evidence::Evidence;
use crate::judgement::Judgement;
use crate::person::{Actor, Part, Person};
use crate::route::ClaimRoute;
use crate::terms::{Assessors, Sampling, Terms};
use schema::{Code, Date};

/// An identifier of the registry's.
pub type Key = [u8; 16];

/// A unit that is claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its reference.
    pub reference: String,
    /// Its credit, where known.
    pub credit: Option<u16>,
    /// References that the framework accepts in its place.
    pub equivalents: Vec<String>,
    /// Whether it was granted already.
    pub granted: bool,
}

/// An outcome against which the claim is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// Its name within the claim.
    pub name: String,
    /// The place of its unit.
    pub unit: usize,
    /// What it says.
    pub title: String,
}

/// What is known of one claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The claim's identifier, which also decides what of it is sampled.
    pub id: Key,
    /// The route.
    pub route: ClaimRoute,
    /// The terms: those of the day on which it was submitted.
    pub terms: Terms,
    /// The units.
    pub units: Vec<Unit>,
    /// The outcomes.
    pub outcomes: Vec<Criterion>,
    /// The evidence.
    pub evidence: Vec<Evidence>,
    /// The judgements, the oldest first: of an outcome the last one counts.
    pub judgements: Vec<Judgement>,
    /// Whose claim it is.
    pub claimant: Person,
    /// Who assesses, in this round.
    pub assessor: Option<Person>,
    /// Who assures, in this round.
    pub assurer: Option<Person>,
    /// Who sent a judgement back to the assessor, in this round.
    pub returned: Vec<Person>,
    /// Who assessed or assured before an appeal.
    pub earlier: Vec<Person>,
    /// The day by which what comes next is due.
    pub due: Option<Date>,
}

impl Facts {
    /// The outcome of that name; where the claim is of one unit, the code alone names it too.
    #[must_use]
    pub fn outcome(&self, name: &str) -> Option<&Criterion> {
        self.outcomes.iter().find(|one| {
            let (unit, code) = one.name.rsplit_once(':').unwrap_or(("", &one.name));
            one.name == name || (self.units.len() == 1 && !unit.is_empty() && code == name)
        })
    }

    /// The outcomes that are to be judged: of every unit that is not granted.
    pub fn open(&self) -> impl Iterator<Item = &Criterion> {
        self.outcomes
            .iter()
            .filter(|one| self.units.get(one.unit).is_some_and(|unit| !unit.granted))
    }

    /// The judgement of an outcome that counts.
    #[must_use]
    pub fn judgement(&self, outcome: &str) -> Option<&Judgement> {
        let mut of = self.judgements.iter().rev();
        of.find(|one| one.outcome == outcome)
    }

    /// The open outcomes that the assurer is to look at: all, or so many as the terms ask for. Which ones follows from the
    /// claim's identifier, so that nobody can choose them.
    #[must_use]
    pub fn sample(&self) -> Vec<&Criterion> {
        let mut open: Vec<&Criterion> = self.open().collect();
        let Sampling::Share(share) = self.terms.sampling else {
            return open;
        };
        let many = (open.len() * usize::from(share)).div_ceil(100).max(1);
        // FNV-1a: any even mixing does, and it must stay the same for ever.
        let mixed = |name: &str| {
            self.id
                .iter()
                .chain(name.as_bytes())
                .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                    (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
                })
        };
        open.sort_by_key(|one| mixed(&one.name));
        open.truncate(many);
        open
    }

    /// Everybody who testifies for the claimant.
    pub fn witnesses(&self) -> impl Iterator<Item = &Person> {
        let testimonies = self.evidence.iter();
        testimonies
            .filter(|one| one.kind.by() == Part::Witness)
            .map(|one| &one.by)
    }

    /// Whether somebody is on the claimant's side.
    pub(crate) fn claims(&self, who: &Person) -> bool {
        self.claimant.same(who) || self.witnesses().any(|one| one.same(who))
    }

    /// Answers nothing where somebody may assess, or assure, beside everybody else on the claim: those who are to do the
    /// other, and those who did.
    ///
    /// # Errors
    /// [`Code::SamePerson`].
    pub(crate) fn beside(
        &self,
        part: Part,
        who: &Person,
        other: Option<&Person>,
    ) -> Result<(), Code> {
        let did_other = if part == Part::Assessor {
            self.returned.iter().any(|one| one.same(who))
        } else {
            self.judgements.iter().any(|one| one.by.same(who))
        };
        let both = did_other
            || self.claims(who)
            || self.earlier.iter().any(|one| one.same(who))
            || other.is_some_and(|one| one.same(who));
        if both { Err(Code::SamePerson) } else { Ok(()) }
    }

    /// Answers nothing where somebody may do what assessor or assurer do: it is they, on nobody else's side, and the body's
    /// terms let them.
    ///
    /// # Errors
    /// [`Code::Forbidden`] where it is given to another, or to nobody; [`Code::SamePerson`];
    /// [`Code::AssessorNotAllowed`].
    pub(crate) fn given_to(&self, by: &Actor, part: Part) -> Result<(), Code> {
        by.demand(part)?;
        let (own, other) = match part {
            Part::Assessor => (&self.assessor, &self.assurer),
            _ => (&self.assurer, &self.assessor),
        };
        if !own.as_ref().is_some_and(|own| own.same(&by.person)) {
            return Err(Code::Forbidden);
        }
        self.beside(part, &by.person, other.as_ref())?;
        if self.terms.assessors == Assessors::Own && by.body != Some(self.terms.body) {
            return Err(Code::AssessorNotAllowed);
        }
        Ok(())
    }

    /// Answers nothing where it is the claimant.
    ///
    /// # Errors
    /// [`Code::Forbidden`].
    pub(crate) fn own(&self, by: &Actor) -> Result<(), Code> {
        by.demand(Part::Claimant)?;
        if self.claimant.same(&by.person) {
            Ok(())
        } else {
            Err(Code::Forbidden)
        }
    }

    /// Answers nothing where the evidence is what the route rests on, for every unit, and there is some for every outcome
    /// where it is judged by outcome.
    ///
    /// # Errors
    /// [`Code::EvidenceMissing`].
    pub(crate) fn supported(&self) -> Result<(), Code> {
        let unit = |place: usize, unit: &Unit| {
            let names = self.outcomes.iter().filter(|one| one.unit == place);
            let names: Vec<&str> = names.map(|one| one.name.as_str()).collect();
            self.evidence.iter().any(|piece| {
                piece
                    .outcomes
                    .iter()
                    .any(|name| names.contains(&name.as_str()))
                    && self
                        .route
                        .rests_on(piece, &unit.reference, &unit.equivalents)
            })
        };
        let mut units = self.units.iter().enumerate();
        if units.all(|(place, one)| unit(place, one)) {
            Ok(())
        } else {
            Err(Code::EvidenceMissing)
        }
    }
}
