//! A claim at whatever stage it is stored, and what somebody asks of it by name. Only the methods of [`Claim`] move it: what
//! a stage has no method for is refused here.

use crate::decision::{Decision, Feedback, decide};
use crate::evidence::Evidence;
use crate::facts::Facts;
use crate::judgement::Judgement;
use crate::moves::{AppealAssured, Appointment, Assurance, Assured, Begun, Judged};
use crate::person::{Actor, Part};
use crate::stage::{
    Appeal, Appealed, Awarded, Claim, Closed, Declined, Draft, First, InAssessment, InAssurance,
    PartlyAwarded, State, Submitted, Withdrawn,
};
use schema::{Code, Date};

/// A claim at some stage.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the stages say what they are")]
pub enum AnyClaim {
    Draft(Claim<Draft>),
    Submitted(Claim<Submitted>),
    InAssessment(Claim<InAssessment<First>>),
    InAssurance(Claim<InAssurance<First>>),
    Awarded(Claim<Awarded>),
    PartlyAwarded(Claim<PartlyAwarded>),
    Declined(Claim<Declined>),
    Appealed(Claim<Appealed>),
    AppealInAssessment(Claim<InAssessment<Appeal>>),
    AppealInAssurance(Claim<InAssurance<Appeal>>),
    Closed(Claim<Closed>),
    Withdrawn(Claim<Withdrawn>),
}

/// What somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Adds evidence.
    AddEvidence(Box<Evidence>),
    /// Hands the claim in.
    Submit,
    /// Says who assesses and assures.
    Assign(Appointment),
    /// Judges outcomes.
    Judge(Vec<Judgement>),
    /// Assures a judgement.
    Assure {
        /// What the assurer says.
        says: Assurance,
        /// And why.
        note: Option<String>,
        /// The credit that the claimant has from the body by the route already.
        gained: u32,
    },
    /// Appeals against a decision.
    Appeal,
    /// Takes the claim back.
    Withdraw,
}

/// The kinds of action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the actions say what they are")]
pub enum ActionKind {
    AddEvidence,
    Submit,
    Assign,
    Judge,
    Assure,
    Appeal,
    Withdraw,
}

impl ActionKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::AddEvidence,
        Self::Submit,
        Self::Assign,
        Self::Judge,
        Self::Assure,
        Self::Appeal,
        Self::Withdraw,
    ];

    /// The name under which it is told: that of the mutation which does it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AddEvidence => "addEvidence",
            Self::Submit => "submitClaim",
            Self::Assign => "assignClaim",
            Self::Judge => "judgeClaim",
            Self::Assure => "assureClaim",
            Self::Appeal => "appealClaim",
            Self::Withdraw => "withdrawClaim",
        }
    }
}

impl Action {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> ActionKind {
        match self {
            Self::AddEvidence(_) => ActionKind::AddEvidence,
            Self::Submit => ActionKind::Submit,
            Self::Assign(_) => ActionKind::Assign,
            Self::Judge(_) => ActionKind::Judge,
            Self::Assure { .. } => ActionKind::Assure,
            Self::Appeal => ActionKind::Appeal,
            Self::Withdraw => ActionKind::Withdraw,
        }
    }
}

/// What was done.
#[derive(Debug)]
pub struct Done {
    /// The claim as it is now.
    pub claim: AnyClaim,
    /// What was decided, where anything was.
    pub decision: Option<Decision>,
}

impl From<AnyClaim> for Done {
    fn from(claim: AnyClaim) -> Self {
        Self {
            claim,
            decision: None,
        }
    }
}

/// Calls a method of whatever stage has it; all others refuse.
macro_rules! at_stage {
    ($claim:expr, $($stage:ident => |$at:ident| $move:expr),+ $(,)?) => {
        match $claim {
            $(AnyClaim::$stage($at) => $move,)+
            _ => return Err(Code::StateConflict),
        }
    };
}

impl AnyClaim {
    /// The claim of stored facts, at the stage that its state and what was done of it say. `judged`: whether, under appeal,
    /// everything was judged and the assurer has not sent it back.
    #[must_use]
    pub fn stored(state: State, judged: bool, facts: Facts) -> Self {
        match state {
            State::Draft => Self::Draft(Claim::at(facts)),
            State::Submitted => Self::Submitted(Claim::at(facts)),
            State::InAssessment => Self::InAssessment(Claim::at(facts)),
            State::InAssurance => Self::InAssurance(Claim::at(facts)),
            State::Awarded => Self::Awarded(Claim::at(facts)),
            State::PartlyAwarded => Self::PartlyAwarded(Claim::at(facts)),
            State::Declined => Self::Declined(Claim::at(facts)),
            State::UnderAppeal if judged => Self::AppealInAssurance(Claim::at(facts)),
            State::UnderAppeal if facts.assessor.is_some() => {
                Self::AppealInAssessment(Claim::at(facts))
            }
            State::UnderAppeal => Self::Appealed(Claim::at(facts)),
            State::Closed => Self::Closed(Claim::at(facts)),
            State::Withdrawn => Self::Withdrawn(Claim::at(facts)),
        }
    }

    /// Its state.
    #[must_use]
    pub fn state(&self) -> State {
        match self {
            Self::Draft(_) => State::Draft,
            Self::Submitted(_) => State::Submitted,
            Self::InAssessment(_) => State::InAssessment,
            Self::InAssurance(_) => State::InAssurance,
            Self::Awarded(_) => State::Awarded,
            Self::PartlyAwarded(_) => State::PartlyAwarded,
            Self::Declined(_) => State::Declined,
            Self::Appealed(_) | Self::AppealInAssessment(_) | Self::AppealInAssurance(_) => {
                State::UnderAppeal
            }
            Self::Closed(_) => State::Closed,
            Self::Withdrawn(_) => State::Withdrawn,
        }
    }

    /// Whether everything is judged and waits for the assurer.
    #[must_use]
    pub fn judged(&self) -> bool {
        matches!(self, Self::InAssurance(_) | Self::AppealInAssurance(_))
    }

    /// What is known of it.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        match self {
            Self::Draft(claim) => claim.facts(),
            Self::Submitted(claim) => claim.facts(),
            Self::InAssessment(claim) => claim.facts(),
            Self::InAssurance(claim) => claim.facts(),
            Self::Awarded(claim) => claim.facts(),
            Self::PartlyAwarded(claim) => claim.facts(),
            Self::Declined(claim) => claim.facts(),
            Self::Appealed(claim) => claim.facts(),
            Self::AppealInAssessment(claim) => claim.facts(),
            Self::AppealInAssurance(claim) => claim.facts(),
            Self::Closed(claim) => claim.facts(),
            Self::Withdrawn(claim) => claim.facts(),
        }
    }

    /// Does what is asked.
    ///
    /// # Errors
    /// [`Code::StateConflict`] where the stage has no such move; else as the move says.
    pub fn act(self, by: &Actor, action: Action, today: Date) -> Result<Done, Code> {
        Ok(match action {
            Action::AddEvidence(piece) => {
                let piece = *piece;
                at_stage!(self,
                    Draft => |at| Self::Draft(at.add_evidence(by, piece)?),
                    Submitted => |at| Self::Submitted(at.add_evidence(by, piece)?),
                    InAssessment => |at| Self::InAssessment(at.add_evidence(by, piece)?),
                    Appealed => |at| Self::Appealed(at.add_evidence(by, piece)?),
                    AppealInAssessment => |at| Self::AppealInAssessment(at.add_evidence(by, piece)?),
                )
                .into()
            }
            Action::Submit => at_stage!(self,
                Draft => |at| Self::Submitted(at.submit(by, today)?),
            )
            .into(),
            Action::Assign(who) => at_stage!(self,
                Submitted => |at| match at.assign(by, who, today)? {
                    Begun::Waits(at) => Self::Submitted(at),
                    Begun::Assesses(at) => Self::InAssessment(at),
                },
                InAssessment => |at| Self::InAssessment(at.assign(by, who)?),
                InAssurance => |at| Self::InAssurance(at.assign(by, who)?),
                Appealed => |at| match at.assign(by, who, today)? {
                    Begun::Waits(at) => Self::Appealed(at),
                    Begun::Assesses(at) => Self::AppealInAssessment(at),
                },
                AppealInAssessment => |at| Self::AppealInAssessment(at.assign(by, who)?),
                AppealInAssurance => |at| Self::AppealInAssurance(at.assign(by, who)?),
            )
            .into(),
            Action::Judge(judgements) => at_stage!(self,
                InAssessment => |at| match at.judge(by, judgements, today)? {
                    Judged::More(at) => Self::InAssessment(at),
                    Judged::All(at) => Self::InAssurance(at),
                },
                AppealInAssessment => |at| match at.judge(by, judgements, today)? {
                    Judged::More(at) => Self::AppealInAssessment(at),
                    Judged::All(at) => Self::AppealInAssurance(at),
                },
            )
            .into(),
            Action::Assure { says, note, gained } => {
                let note = note.as_deref();
                at_stage!(self,
                    InAssurance => |at| match at.assure(by, says, note, gained, today)? {
                        Assured::Returned(at) => Self::InAssessment(at).into(),
                        Assured::Awarded(at, decision) => Self::Awarded(at).decided(decision),
                        Assured::Partly(at, decision) => Self::PartlyAwarded(at).decided(decision),
                        Assured::Declined(at, decision) => Self::Declined(at).decided(decision),
                    },
                    AppealInAssurance => |at| match at.assure(by, says, note, gained, today)? {
                        AppealAssured::Returned(at) => Self::AppealInAssessment(at).into(),
                        AppealAssured::Closed(at, decision) => Self::Closed(at).decided(decision),
                    },
                )
            }
            Action::Appeal => at_stage!(self,
                PartlyAwarded => |at| Self::Appealed(at.appeal(by, today)?),
                Declined => |at| Self::Appealed(at.appeal(by, today)?),
            )
            .into(),
            Action::Withdraw => at_stage!(self,
                Draft => |at| Self::Withdrawn(at.withdraw(by)?),
                Submitted => |at| Self::Withdrawn(at.withdraw(by)?),
                InAssessment => |at| Self::Withdrawn(at.withdraw(by)?),
                InAssurance => |at| Self::Withdrawn(at.withdraw(by)?),
                Appealed => |at| Self::Closed(at.withdraw(by)?),
                AppealInAssessment => |at| Self::Closed(at.withdraw(by)?),
                AppealInAssurance => |at| Self::Closed(at.withdraw(by)?),
            )
            .into(),
        })
    }

    fn decided(self, decision: Decision) -> Done {
        Done {
            claim: self,
            decision: Some(decision),
        }
    }

    /// Closes the claim once the time for an appeal is over.
    ///
    /// # Errors
    /// [`Code::StateConflict`] before that, and where it waits for no appeal.
    pub fn close(self, today: Date) -> Result<Self, Code> {
        Ok(at_stage!(self,
            Awarded => |at| Self::Closed(at.close(today)?),
            PartlyAwarded => |at| Self::Closed(at.close(today)?),
            Declined => |at| Self::Closed(at.close(today)?),
        ))
    }

    /// What the stage has a move for.
    #[must_use]
    pub fn moves(&self) -> &'static [ActionKind] {
        use ActionKind::{AddEvidence, Appeal, Assign, Assure, Judge, Submit, Withdraw};
        match self {
            Self::Draft(_) => &[AddEvidence, Submit, Withdraw],
            Self::Submitted(_) | Self::Appealed(_) => &[AddEvidence, Assign, Withdraw],
            Self::InAssessment(_) | Self::AppealInAssessment(_) => {
                &[AddEvidence, Assign, Judge, Withdraw]
            }
            Self::InAssurance(_) | Self::AppealInAssurance(_) => &[Assign, Assure, Withdraw],
            Self::PartlyAwarded(_) | Self::Declined(_) => &[Appeal],
            Self::Awarded(_) | Self::Closed(_) | Self::Withdrawn(_) => &[],
        }
    }

    /// What somebody may do now, as far as it does not depend on what exactly they do.
    #[must_use]
    pub fn allowed(&self, by: &Actor, today: Date) -> Vec<ActionKind> {
        let facts = self.facts();
        let own = || facts.own(by).is_ok();
        let may = |kind: &ActionKind| match kind {
            ActionKind::AddEvidence => {
                own() || (self.assesses() && facts.given_to(by, Part::Assessor).is_ok())
            }
            ActionKind::Submit | ActionKind::Withdraw => own(),
            ActionKind::Appeal => own() && facts.due.is_none_or(|due| today <= due),
            ActionKind::Assign => {
                by.parts.contains(&Part::Body)
                    && by.body == Some(facts.terms.body)
                    && !facts.claims(&by.person)
            }
            ActionKind::Judge => facts.given_to(by, Part::Assessor).is_ok(),
            ActionKind::Assure => facts.given_to(by, Part::Assurer).is_ok(),
        };
        self.moves().iter().copied().filter(may).collect()
    }

    fn assesses(&self) -> bool {
        matches!(self, Self::InAssessment(_) | Self::AppealInAssessment(_))
    }

    /// What would close the gap: of a claim that was decided, else nothing. Caps are those of the decision; `gained` is what
    /// the claimant has from the body by the route by now.
    #[must_use]
    pub fn feedback(&self, gained: u32) -> Vec<Feedback> {
        match self {
            Self::PartlyAwarded(_) | Self::Declined(_) | Self::Closed(_) | Self::Appealed(_) => {
                decide(self.facts(), gained).feedback
            }
            _ => Vec::new(),
        }
    }
}
