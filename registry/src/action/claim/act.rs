//! Doing something on a claim: what is asked is held against the claim as it stands, by the crate `claim`, and all that
//! comes of it is stored in one transaction, the achievements of a decision with it.

use super::doing::Doing;
use super::evidence::{NewEvidence, Said};
use super::file;
use super::look::{Looking, Seen};
use super::who::Who;
use crate::access::{Caller, Right};
use crate::action::evidence::Taken;
use crate::app::App;
use crate::db::Id;
use crate::error::Error;
use ::claim::{ActionKind, Assurance, EvidenceKind, Judgement, Part, Token};
use schema::Code;

/// What is done.
#[derive(Debug, Clone)]
pub enum What {
    /// Evidence is added.
    AddEvidence(NewEvidence),
    /// The claim is handed in.
    Submit,
    /// It is said who assesses and who assures, each by the name of their token.
    Assign {
        /// The assessor.
        assessor: Option<String>,
        /// The assurer.
        assurer: Option<String>,
    },
    /// Outcomes are judged.
    Judge(Vec<Judgement>),
    /// A judgement is assured.
    Assure {
        /// What the assurer says.
        says: Assurance,
        /// And why.
        note: Option<String>,
    },
    /// A decision is appealed against.
    Appeal {
        /// Why.
        grounds: String,
    },
    /// The claim is taken back.
    Withdraw,
}

impl What {
    /// The right without which nobody does it.
    fn right(&self) -> Option<Right> {
        match self {
            Self::AddEvidence(new) => match new.kind.by() {
                Part::Witness => None,
                Part::Assessor => Some(Right::AssessClaims),
                _ => Some(Right::ClaimPriorLearning),
            },
            Self::Submit | Self::Appeal { .. } | Self::Withdraw => Some(Right::ClaimPriorLearning),
            Self::Assign { .. } => Some(Right::AssignClaims),
            Self::Judge(_) => Some(Right::AssessClaims),
            Self::Assure { .. } => Some(Right::AssureClaims),
        }
    }
}

/// What is asked, as far as it could be checked before the claim is read.
pub(super) enum Asked {
    Evidence(EvidenceKind, Box<Said>, Option<Taken>),
    Submit,
    Assign(Option<Token>, Option<Token>),
    Judge(Vec<Judgement>),
    Assure(Assurance, Option<String>),
    Appeal(String),
    Withdraw,
}

impl Asked {
    pub(super) fn kind(&self) -> ActionKind {
        match self {
            Self::Evidence(..) => ActionKind::AddEvidence,
            Self::Submit => ActionKind::Submit,
            Self::Assign(..) => ActionKind::Assign,
            Self::Judge(_) => ActionKind::Judge,
            Self::Assure(..) => ActionKind::Assure,
            Self::Appeal(_) => ActionKind::Appeal,
            Self::Withdraw => ActionKind::Withdraw,
        }
    }

    /// What was said of it, for the claim's history.
    pub(super) fn note(&self, looking: &Looking) -> Option<String> {
        match self {
            Self::Assign(assessor, assurer) => {
                let named = [("assessor", assessor), ("quality assurer", assurer)];
                let named: Vec<String> = named
                    .into_iter()
                    .filter_map(|(part, token)| {
                        let token = token.as_ref()?;
                        let name = looking.naming.show(&token.issuer, &token.subject);
                        Some(format!("{part}: {name}"))
                    })
                    .collect();
                Some(named.join(", ")).filter(|note| !note.is_empty())
            }
            Self::Assure(says, note) => {
                let says = match says {
                    Assurance::Agree => "agree",
                    Assurance::Return => "return",
                    Assurance::Overturn => "overturn",
                };
                Some(match note {
                    Some(note) => format!("{says}: {note}"),
                    None => says.to_owned(),
                })
            }
            Self::Appeal(grounds) => Some(grounds.clone()),
            _ => None,
        }
    }
}

/// Does it. `version` is that of the claim on which it rests, where whoever asks says so.
///
/// # Errors
/// [`Code::Unauthenticated`], [`Code::Forbidden`]; [`Code::NotFound`] where the caller does not see the claim, as where there
/// is none; [`Code::ClaimChanged`] where it has another version by now; else as the moves of the crate `claim` say.
#[tracing::instrument(target = "registry::trace", name = "claim::act", skip_all)]
pub async fn act(
    app: &App,
    caller: &Caller,
    id: Option<Id>,
    version: Option<i32>,
    what: What,
) -> Result<Seen, Error> {
    match what.right() {
        Some(right) => caller.demand(right)?,
        None if caller.identity.is_none() => return Err(Error::from(Code::Unauthenticated)),
        None => {}
    }
    let id = id.ok_or_else(|| Error::from(Code::NotFound))?;
    let looking = Looking::of(app);
    let mut asked = check(what, &looking)?;
    if let Asked::Evidence(_, said, taken) = &mut asked
        && let Some(new) = said.file()
    {
        *taken = Some(file::take(app, caller, id, new).await?);
    }
    let framework = app.framework().await?;
    let (asker, now) = (caller.clone(), looking.now);
    if caller.learner.is_some() {
        // Remembered also where what is asked is refused: by that it may be.
        app.db
            .write(move |connection| Who::asks(connection, &asker)?.remember(connection, now))
            .await?;
    }
    let caller = caller.clone();
    let seen = app
        .db
        .write(move |connection| {
            let doing = Doing {
                looking: &looking,
                caller: &caller,
                who: Who::asks(connection, &caller)?,
                framework: &framework,
            };
            doing.run(connection, id, version, asked)
        })
        .await?;
    app.claims.news(id);
    Ok(seen)
}

fn check(what: What, looking: &Looking) -> Result<Asked, Error> {
    let today = looking.now.date();
    let read = |name: Option<String>| name.map(|name| looking.naming.read(&name)).transpose();
    Ok(match what {
        What::AddEvidence(new) => Asked::Evidence(new.kind, Box::new(new.checked(today)?), None),
        What::Submit => Asked::Submit,
        What::Assign { assessor, assurer } => Asked::Assign(read(assessor)?, read(assurer)?),
        What::Judge(judgements) => {
            let noted = judgements.into_iter().map(|one| {
                let note = super::text("A note", one.note.clone())?;
                Ok(Judgement { note, ..one })
            });
            Asked::Judge(noted.collect::<Result<_, Error>>()?)
        }
        What::Assure { says, note } => Asked::Assure(says, super::text("A note", note)?),
        What::Appeal { grounds } => {
            let grounds = super::text("The grounds of an appeal", Some(grounds))?;
            let needed = || Error::with(Code::InputInvalid, "Say on which grounds you appeal.");
            Asked::Appeal(grounds.ok_or_else(needed)?)
        }
        What::Withdraw => Asked::Withdraw,
    })
}
