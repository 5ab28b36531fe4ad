//! What becomes of a claim: the move of the crate `claim`, and everything that is stored of it, in one transaction.

use super::act::Asked;
use super::award;
use super::file;
use super::look::{self, Looking, Seen, View};
use super::terms;
use super::who::Who;
use crate::access::Caller;
use crate::action::framework::Framework;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::claim::{
    self, Change, ClaimRow, EventRow, EvidenceRow, JudgementRow, Known, PartRow, Stored,
};
use crate::model::{access_entry, achievement};
use ::claim::{
    Action, ActionKind, AnyClaim, Appointment, Assurance, ClaimRoute, Decision, Evidence,
    EvidenceKind, Part, State, Token,
};
use schema::{Code, RecognitionNumber, Route};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Who does something, and with what it is done.
pub(super) struct Doing<'a> {
    pub(super) looking: &'a Looking,
    pub(super) caller: &'a Caller,
    pub(super) who: Who,
    pub(super) framework: &'a Arc<Framework>,
}

impl Doing<'_> {
    /// Does what is asked, within a transaction; the claim as it is then.
    ///
    /// # Errors
    /// As of [`super::act`].
    pub(super) fn run(
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
                let held = taken.as_ref().map(|taken| taken.hold(connection, now));
                let held = held.transpose()?;
                let by = (&self.who, claimant);
                let (row, outcomes) = said.row(connection, &stored, by, taken.as_ref(), now)?;
                file::room(self.looking, &stored, taken.as_ref())?;
                brought = taken.zip(held);
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
        if let Some((taken, held)) = brought {
            taken.place(connection, held, now)?;
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
