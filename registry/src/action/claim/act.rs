//! Doing something on a claim: what is asked is held against the claim as it stands, by the crate `claim`, and all that
//! comes of it is stored in one transaction, the achievements of a decision with it.

use super::award;
use super::evidence::{NewEvidence, Said};
use super::file;
use super::look::{self, Looking, Seen, View};
use super::terms;
use super::who::Who;
use crate::access::{Caller, Right};
use crate::action::evidence::Taken;
use crate::action::framework::Framework;
use crate::app::App;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::claim::{
    self, Change, ClaimRow, EventRow, EvidenceRow, JudgementRow, Known, PartRow, Stored,
};
use crate::model::{access_entry, achievement};
use ::claim::{
    Action, ActionKind, AnyClaim, Appointment, Assurance, ClaimRoute, Decision, Evidence,
    EvidenceKind, Judgement, Part, State, Token,
};
use schema::{Code, RecognitionNumber, Route};
use std::collections::BTreeSet;
use std::sync::Arc;

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
enum Asked {
    Evidence(EvidenceKind, Box<Said>, Option<Taken>),
    Submit,
    Assign(Option<Token>, Option<Token>),
    Judge(Vec<Judgement>),
    Assure(Assurance, Option<String>),
    Appeal(String),
    Withdraw,
}

impl Asked {
    fn kind(&self) -> ActionKind {
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
    fn note(&self, looking: &Looking) -> Option<String> {
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

struct Doing<'a> {
    looking: &'a Looking,
    caller: &'a Caller,
    who: Who,
    framework: &'a Arc<Framework>,
}

impl Doing<'_> {
    fn run(
        &self,
        connection: &mut Connection,
        id: Id,
        version: Option<i32>,
        asked: Asked,
    ) -> Result<Seen, Error> {
        let none = || Error::from(Code::NotFound);
        let now = self.looking.now;
        claim::lock(connection, id)?;
        let stored = claim::load(connection, &[id])?;
        let viewed = look::viewed(connection, stored, &self.who, self.caller)?;
        // Whoever was told of a claim may testify in it; everybody else must see it.
        let testifies = matches!(&asked, Asked::Evidence(EvidenceKind::WitnessTestimony, ..));
        let viewed = viewed.into_iter().next();
        let seen = viewed.filter(|(_, view)| testifies || view.is_some_and(View::is_full));
        let (mut stored, view) = seen.ok_or_else(none)?;
        let mut more = vec![self.who.pair()];
        if let Asked::Assign(assessor, assurer) = &asked {
            let named = assessor.iter().chain(assurer);
            more.extend(named.map(|token| (token.clone(), None)));
        }
        let known = Known::of(connection, std::slice::from_ref(&stored), &more)?;
        if version.is_some_and(|version| version != stored.claim.version) {
            return Err(Error::from(Code::ClaimChanged));
        }
        if matches!(asked, Asked::Submit) {
            stored.claim.terms = self.terms_today(&stored)?;
        }
        let case = stored.case(&known)?;
        let note = asked.note(self.looking);
        let kind = asked.kind();
        let claimant = known.now(stored.claim.learner_id);
        let (mut evidence, mut brought) = (Vec::new(), None);
        let (returns, appeals) = (
            matches!(asked, Asked::Assure(Assurance::Return, _)),
            matches!(asked, Asked::Appeal(_)),
        );
        let appointed = match &asked {
            Asked::Assign(assessor, assurer) => (assessor.clone(), assurer.clone()),
            _ => (None, None),
        };
        let action = match asked {
            Asked::Evidence(kind, said, taken) => {
                let own = view == Some(View::Own);
                if kind.by() == Part::Claimant && !own {
                    return Err(Error::from(Code::Forbidden));
                }
                let by = (&self.who, claimant);
                let (row, outcomes) = said.row(connection, &stored, by, taken.as_ref(), now)?;
                file::room(self.looking, &stored, taken.as_ref())?;
                brought = taken;
                let piece = self.piece(kind, &row, outcomes, &known);
                evidence.push(row);
                Action::AddEvidence(Box::new(piece))
            }
            Asked::Submit => Action::Submit,
            Asked::Assign(assessor, assurer) => {
                let person = |token: Option<Token>| token.map(|one| known.person(Some(one), None));
                Action::Assign(Appointment {
                    assessor: person(assessor),
                    assurer: person(assurer),
                })
            }
            Asked::Judge(judgements) => Action::Judge(judgements),
            Asked::Assure(says, note) => {
                let held = achievement::rows_of_learners(connection, &[claimant])?;
                let gained = look::gained(held.iter(), &stored.claim.body, &stored.claim.route);
                Action::Assure { says, note, gained }
            }
            Asked::Appeal(_) => Action::Appeal,
            Asked::Withdraw => Action::Withdraw,
        };
        let before = case.facts().judgements.len();
        let done = case
            .act(&self.who.actor(&known), action, now.date())
            .map_err(Error::from)?;
        let after = &done.claim;
        let evidence = evidence
            .into_iter()
            .map(|row| {
                // By their whole names, as the engine knows them.
                let mut pieces = after.facts().evidence.iter();
                let outcomes = pieces.find(|piece| piece.id == row.id.bytes());
                (
                    row,
                    outcomes.map_or_else(Vec::new, |piece| piece.outcomes.clone()),
                )
            })
            .collect();
        let judgements = self.judgements(&stored, after, before);
        let parts = self.parts(&stored, appointed, returns, appeals);
        if kind == ActionKind::Withdraw && stored.state() == State::UnderAppeal {
            claim::set_aside(connection, id)?;
        }
        let (digest, granted) = match &done.decision {
            None => (stored.claim.digest.clone(), Vec::new()),
            Some(decision) => self.decided(connection, &stored, &judgements, decision, claimant)?,
        };
        let row = self.row(&stored, after, digest);
        let event = EventRow {
            claim_id: id,
            number: i32::try_from(stored.events.len()).unwrap_or(i32::MAX - 1) + 1,
            at: now,
            by_whom: self.caller.name(),
            part: part_of(view, kind).as_str().to_owned(),
            action: kind.as_str().to_owned(),
            from_state: stored.claim.state.clone(),
            to_state: row.state.clone(),
            note,
        };
        let changed = Change {
            erase_on: row.erase_on(now.date()),
            claim: row,
            parts,
            evidence,
            judgements,
            granted,
            event,
        };
        claim::change(connection, changed, stored.claim.version)?;
        if let Some(taken) = brought {
            taken.place(connection, now)?;
        }
        let seen = look::see(connection, self.looking, self.caller, &[id])?;
        for entry in look::rows(self.caller, &seen, now) {
            access_entry::insert(connection, &entry)?;
        }
        seen.into_iter().next().ok_or_else(none)
    }

    /// The terms of the day on which a claim is handed in.
    fn terms_today(&self, stored: &Stored) -> Result<String, Error> {
        let body = RecognitionNumber::parse(&stored.claim.body).map_err(Error::internal)?;
        let route = Route::parse(&stored.claim.route).and_then(ClaimRoute::of);
        let route = route.ok_or_else(|| Error::internal("a claim of no route"))?;
        let terms = terms::on(self.framework, body, route, self.looking.now.date());
        serde_json::to_string(&terms).map_err(Error::internal)
    }

    fn piece(
        &self,
        kind: EvidenceKind,
        row: &EvidenceRow,
        outcomes: Vec<String>,
        known: &Known,
    ) -> Evidence {
        Evidence {
            id: row.id.bytes(),
            kind,
            outcomes,
            dated_on: row.dated_on,
            // Looked at when the claim is handed in and judged, as the achievement stands then.
            of: None,
            counts: false,
            by: known.person(Some(self.who.token.clone()), self.who.learner),
        }
    }

    /// The judgements that are new.
    fn judgements(&self, stored: &Stored, after: &AnyClaim, before: usize) -> Vec<JudgementRow> {
        let new = after.facts().judgements.iter().skip(before);
        new.map(|one| {
            let cited = one
                .evidence
                .iter()
                .map(|id| Id::from_bytes(*id).show("evidence"));
            let cited: Vec<String> = cited.collect();
            JudgementRow {
                id: Id::new(),
                claim_id: stored.claim.id,
                outcome: one.outcome.clone(),
                met: one.met.as_str().to_owned(),
                evidence: serde_json::to_string(&cited).unwrap_or_else(|_| "[]".to_owned()),
                valid: one.qualities.valid,
                authentic: one.qualities.authentic,
                reliable: one.qualities.reliable,
                is_current: one.qualities.current,
                sufficient: one.qualities.sufficient,
                note: one.note.clone(),
                appeal: one.appeal,
                counts: true,
                issuer: self.who.token.issuer.clone(),
                subject: self.who.token.subject.clone(),
                by_learner: self.who.learner,
                judged_at: self.looking.now,
            }
        })
        .collect()
    }

    /// Who is what then; none where that stays.
    fn parts(
        &self,
        stored: &Stored,
        (assessor, assurer): (Option<Token>, Option<Token>),
        returns: bool,
        appeals: bool,
    ) -> Option<Vec<PartRow>> {
        if assessor.is_none() && assurer.is_none() && !returns && !appeals {
            return None;
        }
        let row = |part: &str, issuer: &str, subject: &str, learner_id| PartRow {
            claim_id: stored.claim.id,
            part: part.to_owned(),
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            learner_id,
            since: self.looking.now,
        };
        let mut parts = stored.parts.clone();
        for (part, token) in [("assessor", assessor), ("assurer", assurer)] {
            if let Some(token) = token {
                parts.retain(|one| one.part != part);
                parts.push(row(part, &token.issuer, &token.subject, None));
            }
        }
        if returns {
            let token = &self.who.token;
            parts.push(row(
                "returned",
                &token.issuer,
                &token.subject,
                self.who.learner,
            ));
        }
        if appeals {
            for one in &mut parts {
                if one.part != "claimant" {
                    "earlier".clone_into(&mut one.part);
                }
            }
            let judged = stored.judgements.iter();
            parts.extend(
                judged.map(|one| row("earlier", &one.issuer, &one.subject, one.by_learner)),
            );
        }
        let mut seen = BTreeSet::new();
        parts
            .retain(|one| seen.insert((one.part.clone(), one.issuer.clone(), one.subject.clone())));
        Some(parts)
    }

    /// The digest of the judgements by which it was decided, and what is granted, as achievements.
    fn decided(
        &self,
        connection: &mut Connection,
        stored: &Stored,
        new: &[JudgementRow],
        decision: &Decision,
        claimant: Id,
    ) -> Result<Granted, Error> {
        let judged: Vec<&JudgementRow> = stored.judgements.iter().chain(new).collect();
        let digest = award::digest(stored, &judged, &self.who.token, self.looking.now);
        let mut granted = Vec::with_capacity(decision.granted.len());
        for one in &decision.granted {
            let award = award::Award {
                stored,
                granted: one,
                digest,
                claimant,
                now: self.looking.now,
            };
            granted.push(award.grant(connection)?);
        }
        Ok((Some(digest.to_vec()), granted))
    }

    fn row(&self, stored: &Stored, after: &AnyClaim, digest: Option<Vec<u8>>) -> ClaimRow {
        let (was, now) = (&stored.claim, self.looking.now);
        let due = after.facts().due;
        let submits = stored.state() == State::Draft && after.state() == State::Submitted;
        ClaimRow {
            state: after.state().as_str().to_owned(),
            judged: after.judged(),
            version: was.version + 1,
            submitted_at: if submits { Some(now) } else { was.submitted_at },
            changed_at: now,
            due,
            reminded: if due == was.due { was.reminded } else { 0 },
            digest,
            ..was.clone()
        }
    }
}

/// A digest, and the achievements of units by place.
type Granted = (Option<Vec<u8>>, Vec<(i16, Id)>);

/// What somebody is on a claim when they do something.
fn part_of(view: Option<View>, kind: ActionKind) -> Part {
    match (view, kind) {
        (Some(View::Own), _) => Part::Claimant,
        (_, ActionKind::Assign) => Part::Body,
        (_, ActionKind::Assure) => Part::Assurer,
        (_, ActionKind::Judge) => Part::Assessor,
        (Some(View::Staff(_)), ActionKind::AddEvidence) => Part::Assessor,
        _ => Part::Witness,
    }
}
