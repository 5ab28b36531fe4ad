//! GraphQL: the roots, one file a noun, and the limits within which a query runs. Resolvers call actions;
//! no query to the database stands here.

mod achievement;
mod catalogue;
mod claim;
mod connection;
mod cost;
mod coverage;
mod development;
mod document;
mod evaluated;
mod export;
mod framework;
mod identity;
mod import;
mod learner;
mod long_text;
mod node;
mod operation;
mod pathway;
mod problem;
mod progress;
mod ratio;
mod reason;
mod refusal;
mod scalar;
mod selection;
mod shape;
mod share;
mod source;
mod standing;
mod subject;
mod team;
mod token;
mod trace;
mod trusted;
mod upload;
mod usage;
mod variable;
mod verify;
mod workforce;

pub use document::{Budget, Documents, too_slow};
pub use operation::Way;
pub use problem::Speaks;
pub use trusted::DOCUMENT_ID;

use crate::access::Caller;
use crate::action;
use crate::action::claim::What;
use crate::app::App;
use async_graphql::{
    Context, ID, Object, Result, Schema, SchemaBuilder, Subscription, Upload, ValidationMode,
};
use catalogue::Qualifications;
use futures_util::Stream;
use problem::fail;
use schema::{Code, QualificationNumber, RecognitionNumber, Uln, Verb};
use std::sync::Arc;

/// The schema as it is served.
pub type Registry = Schema<Query, Mutation, Subscription>;

/// Everything that can be asked.
pub struct Query;

/// Everything that can be done.
pub struct Mutation;

/// Everything that can be followed.
pub struct Subscription;

/// The running registry, out of a resolver's context.
fn app<'a>(context: &Context<'a>) -> Result<&'a Arc<App>> {
    context.data::<Arc<App>>()
}

/// Who asks, out of a resolver's context.
fn caller<'a>(context: &Context<'a>) -> Result<&'a Caller> {
    context.data::<Caller>()
}

/// Reads the registry. What may be null and fails is null beside its error: `Option<Result<_>>` keeps the
/// failure in its place, `Result<Option<_>>` would take all that was asked beside it along.
#[Object]
impl Query {
    /// Anything that has an identifier: exactly what the typed path gives, to those who may see it.
    async fn node(&self, context: &Context<'_>, id: ID) -> Option<Result<node::Node>> {
        node::find(context, &id).await.transpose()
    }

    /// A regulated qualification by its number, with or without obliques.
    async fn qualification(
        &self,
        context: &Context<'_>,
        number: String,
    ) -> Option<Result<framework::Qualification>> {
        match QualificationNumber::parse(&number) {
            Ok(number) => framework::qualification(context, number).await.transpose(),
            Err(_) => Some(Err(fail(
                context,
                Code::InputInvalid,
                "A qualification number is seven digits and a digit or X, such as 601/7898/X.",
            ))),
        }
    }

    /// Qualifications, those first that fit best what is searched for: the words of a title, however many mistakes are
    /// in them within reason, the last as far as it is typed; a level such as `level 3`; a number or its beginning.
    /// `sector` is a sector's code or the register's subject area; `availableOn` a day on which, by the register,
    /// learners could be registered. Without `search` they come by number.
    #[expect(clippy::too_many_arguments, reason = "the arguments of the contract")]
    async fn qualifications(
        &self,
        context: &Context<'_>,
        search: Option<String>,
        level: Option<Vec<framework::Level>>,
        sector: Option<Vec<String>>,
        awarding_body: Option<String>,
        available_on: Option<scalar::Date>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<catalogue::QualificationConnection> {
        let given = catalogue::Given {
            search,
            level,
            sector,
            awarding_body,
            available_on,
            first,
            after,
        };
        catalogue::qualifications(context, given).await
    }

    /// Units, searched for as qualifications are; without `search` they come by reference.
    async fn units(
        &self,
        context: &Context<'_>,
        search: Option<String>,
        level: Option<Vec<framework::Level>>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<catalogue::UnitConnection> {
        let given = catalogue::Given {
            search,
            level,
            first,
            after,
            ..catalogue::Given::default()
        };
        catalogue::units(context, given).await
    }

    /// An awarding body by its recognition number, such as RN5217.
    async fn awarding_body(
        &self,
        context: &Context<'_>,
        recognition_number: String,
    ) -> Option<Result<framework::AwardingBody>> {
        match RecognitionNumber::parse(&recognition_number) {
            Ok(number) => framework::awarding_body(context, number).await.transpose(),
            Err(_) => Some(Err(fail(
                context,
                Code::InputInvalid,
                "A recognition number is RN and four digits.",
            ))),
        }
    }

    /// Two qualifications side by side, by their numbers: which units both have, what counts of the left in the
    /// right, where they differ.
    async fn compare_qualifications(
        &self,
        context: &Context<'_>,
        left: String,
        right: String,
    ) -> Result<catalogue::Comparison> {
        catalogue::compare(context, &left, &right).await
    }

    /// A unit by its reference, such as L/601/1693, with or without obliques; one that has none by what the
    /// framework calls it.
    async fn unit(
        &self,
        context: &Context<'_>,
        reference: String,
    ) -> Option<Result<catalogue::Unit>> {
        catalogue::unit(context, &reference).await.transpose()
    }

    /// A role of the workforce, by its code.
    async fn role(&self, context: &Context<'_>, code: String) -> Option<Result<catalogue::Role>> {
        catalogue::role(context, &code).await.transpose()
    }

    /// The roles of the workforce, of one sector where its code is given.
    async fn roles(
        &self,
        context: &Context<'_>,
        sector: Option<String>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<catalogue::RoleConnection> {
        catalogue::roles(context, sector, first, after).await
    }

    /// The sectors of the workforce.
    async fn sectors(&self, context: &Context<'_>) -> Result<Vec<catalogue::Sector>> {
        catalogue::sectors(context).await
    }

    /// The areas of the Common Core of skills and knowledge, of the edition of that year; of the latest where none
    /// is given.
    async fn common_core(
        &self,
        context: &Context<'_>,
        edition: Option<i32>,
    ) -> Result<Vec<catalogue::CommonCoreArea>> {
        catalogue::common_core(context, edition).await
    }

    /// National Occupational Standards; of those whose code, title or suite has every word of `search`.
    async fn standards(
        &self,
        context: &Context<'_>,
        search: Option<String>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<catalogue::StandardConnection> {
        catalogue::standards(context, search, first, after).await
    }

    /// The levels, and what each is called in Europe, Wales, Scotland, Ireland and higher education.
    async fn levels(&self, context: &Context<'_>) -> Result<Vec<catalogue::LevelEquivalence>> {
        catalogue::levels(context).await
    }

    /// The dimensions of the health service's Knowledge and Skills Framework.
    async fn ksf(&self, context: &Context<'_>) -> Result<Vec<catalogue::KsfDimension>> {
        catalogue::ksf(context).await
    }

    /// Facts about how prior learning is accredited: what it is, in which stages it goes, what evidence must be. Those of
    /// one topic where it is named, however it is written.
    async fn prior_learning_facts(
        &self,
        context: &Context<'_>,
        topic: Option<String>,
    ) -> Result<Vec<catalogue::PriorLearningFact>> {
        catalogue::prior_learning_facts(context, topic).await
    }

    /// The learner whom the token names.
    async fn me(&self, context: &Context<'_>) -> Option<Result<learner::Learner>> {
        learner::me(context).await.transpose()
    }

    /// A learner, by ULN or identifier: null without the right, as for one who does not exist.
    async fn learner(
        &self,
        context: &Context<'_>,
        uln: Option<String>,
        id: Option<ID>,
    ) -> Option<Result<learner::Learner>> {
        let selector = match (uln, id) {
            (Some(uln), None) => Uln::parse(&uln).ok().map(action::learner::Selector::Uln),
            (None, Some(id)) => {
                crate::db::Id::read("learner", &id).map(action::learner::Selector::Id)
            }
            _ => {
                let words = "Give either uln or id.";
                return Some(Err(fail(context, Code::InputInvalid, words)));
            }
        };
        learner::look(context, selector?).await.transpose()
    }

    /// Verifies one award, what somebody shared, or a document, and keeps a receipt.
    async fn verify(
        &self,
        context: &Context<'_>,
        input: verify::VerifyInput,
    ) -> Result<verify::Verification> {
        let mut answers = verify::verify(context, vec![input]).await?;
        answers
            .pop()
            .ok_or_else(|| fail(context, Code::Internal, None))
    }

    /// Verifies at most 100 awards, shares or documents, each with its own receipt, in the order given.
    async fn verify_many(
        &self,
        context: &Context<'_>,
        inputs: Vec<verify::VerifyInput>,
    ) -> Result<Vec<verify::Verification>> {
        if inputs.len() > 100 {
            return Err(fail(
                context,
                Code::TooMany,
                "At most 100 awards or shares are verified at once.",
            ));
        }
        verify::verify(context, inputs).await
    }

    /// The caller's own receipts, the newest first.
    async fn receipts(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<verify::ReceiptConnection> {
        verify::receipts(context, first, after).await
    }

    /// A team of one's own organisation: null without the right, as for one that does not exist.
    async fn team(&self, context: &Context<'_>, id: ID) -> Option<Result<team::Team>> {
        let id = crate::db::Id::read("team", &id)?;
        team::find(context, id).await.transpose()
    }

    /// The teams of one's own organisation, the oldest first.
    async fn teams(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<team::TeamConnection> {
        team::list(context, first, after).await
    }

    /// Figures of the workforce by at most three dimensions, as of the day of a published snapshot: of the latest where no
    /// day is given. For statisticians. Small numbers are not told, nor anything from which they could be found, however
    /// tables are combined.
    async fn workforce(
        &self,
        context: &Context<'_>,
        by: Vec<workforce::WorkforceDimension>,
        snapshot: Option<scalar::Date>,
    ) -> Result<workforce::WorkforceTable> {
        workforce::table(context, by, snapshot).await
    }

    /// A claim of prior learning: null without the right, as for one that does not exist.
    async fn claim(&self, context: &Context<'_>, id: ID) -> Option<Result<claim::Claim>> {
        claim::find(context, &id).await.transpose()
    }

    /// The claims that the caller may see, the newest first: one's own; a body's those that were handed in to it; an
    /// assessor's and a quality assurer's those that are given to them, or were.
    async fn claims(
        &self,
        context: &Context<'_>,
        state: Option<Vec<claim::ClaimState>>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<claim::ClaimConnection> {
        claim::list(context, state, first, after).await
    }

    /// An import, for whoever pushed it.
    async fn import_job(&self, context: &Context<'_>, id: ID) -> Option<Result<import::ImportJob>> {
        import::find(context, &id).await.transpose()
    }

    /// The imports that the caller may see, the newest first: a steward's are all, others' those that they
    /// pushed and those of the body for which they speak.
    async fn import_jobs(
        &self,
        context: &Context<'_>,
        state: Option<Vec<import::ImportState>>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<import::ImportJobConnection> {
        import::list(context, state, first, after).await
    }

    /// Pairs of learners who could be one person and wait for a steward, the oldest first. For stewards; each look
    /// stands in the access ledgers of both.
    async fn match_cases(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<identity::MatchCaseConnection> {
        identity::cases(context, first, after).await
    }
}

/// Changes the registry.
#[Object]
impl Mutation {
    /// Pushes a result file. The answer comes as soon as the file is kept; the import goes on. A file that
    /// looks wrong as a whole fails with `import-quarantined` and nothing of it is merged, unless
    /// `despiteQuarantine` says that it is right as it is.
    #[expect(clippy::too_many_arguments, reason = "the arguments of the contract")]
    async fn start_import(
        &self,
        context: &Context<'_>,
        adapter: String,
        file: Upload,
        awarding_body: Option<String>,
        mode: Option<import::ImportMode>,
        dry_run: Option<bool>,
        idempotency_key: Option<String>,
        despite_quarantine: Option<bool>,
    ) -> Result<import::ImportJob> {
        let asked = import::Asked {
            adapter,
            awarding_body,
            mode,
            dry_run: dry_run.unwrap_or(false),
            despite_quarantine: despite_quarantine.unwrap_or(false),
            idempotency_key,
        };
        import::start(context, asked, file).await
    }

    /// Takes a whole import back: a body one of its own, a steward any. What another import told too stays. So does
    /// what a later import or a correction changed: the issue `changed-since` lists each such record, and the same
    /// call again takes it back once that change is gone. The answer waits for a few seconds; a large import is taken
    /// back after it, until which its state stays as it was. Taken back twice it is answered as the first time.
    async fn undo_import(&self, context: &Context<'_>, id: ID) -> Result<import::ImportJob> {
        import::undo(context, &id).await
    }

    /// Cancels an import, by whoever pushed it, the body whose results it holds, or a steward: nothing of it will
    /// count. One that is being merged batch by batch counts in part already and cannot be cancelled: wait
    /// until it has ended, and undo it.
    async fn cancel_import(&self, context: &Context<'_>, id: ID) -> Result<import::ImportJob> {
        import::cancel(context, &id).await
    }

    /// Withdraws an award of one's own body, as of today.
    async fn withdraw_achievement(
        &self,
        context: &Context<'_>,
        id: ID,
        reason: String,
    ) -> Result<achievement::Achievement> {
        achievement::change(context, &id, Verb::Withdraw, reason).await
    }

    /// Takes back the withdrawal of an award of one's own body, as of today.
    async fn reinstate_achievement(
        &self,
        context: &Context<'_>,
        id: ID,
        reason: String,
    ) -> Result<achievement::Achievement> {
        achievement::change(context, &id, Verb::Reinstate, reason).await
    }

    /// Corrects an award of one's own body, as of now. What it said before stays in its history. The same
    /// correction sent again changes nothing more. By the day on which the body acted, as with everything
    /// that a body tells: a record pushed later with a later action date, or without one on a later day,
    /// counts over the correction; one with an earlier action date does not, nor the very record again that
    /// was corrected.
    async fn correct_achievement(
        &self,
        context: &Context<'_>,
        id: ID,
        input: achievement::CorrectionInput,
    ) -> Result<achievement::Achievement> {
        achievement::correct(context, &id, input).await
    }

    /// Shares achievements of one's own with whoever is given the token. The token is in this answer, and never again.
    async fn share_record(
        &self,
        context: &Context<'_>,
        input: share::ShareInput,
    ) -> Result<share::Share> {
        share::make(context, input).await
    }

    /// Exports one's own record, or achievements of it, as a signed document that others accept.
    async fn export_record(
        &self,
        context: &Context<'_>,
        input: export::ExportInput,
    ) -> Result<export::Export> {
        export::make(context, input).await
    }

    /// Takes a share of one's own back: from then on its token is as one that never was. Taken back twice it is answered as
    /// the first time.
    async fn revoke_share(&self, context: &Context<'_>, id: ID) -> Result<share::Share> {
        share::revoke(context, &id).await
    }

    /// Makes a team of one's own organisation.
    async fn create_team(
        &self,
        context: &Context<'_>,
        input: team::TeamInput,
    ) -> Result<team::Team> {
        team::make(context, input).await
    }

    /// Adds somebody who shared their record, in a role by its code. What the team sees of them is what the share gives, for
    /// as long as it does. Somebody who is in the team in that role already is known by the newer share from now on.
    async fn add_team_member(
        &self,
        context: &Context<'_>,
        team: ID,
        share_token: String,
        role: String,
        from: scalar::Date,
    ) -> Result<team::Team> {
        team::add(context, &team, share_token, role, from).await
    }

    /// Says somebody's last day in a team.
    async fn remove_team_member(
        &self,
        context: &Context<'_>,
        team: ID,
        member: ID,
        to: scalar::Date,
    ) -> Result<team::Team> {
        team::remove(context, &team, &member, to).await
    }

    /// Records that a check of somebody in a team was seen, by whoever calls this: never what it said.
    async fn record_clearance(
        &self,
        context: &Context<'_>,
        team: ID,
        member: ID,
        input: team::ClearanceInput,
    ) -> Result<team::Team> {
        team::clear(context, &team, &member, input).await
    }

    /// Opens a claim of prior learning, as a draft. Its terms are those of the awarding body on the day on which it is handed in.
    async fn open_claim(
        &self,
        context: &Context<'_>,
        input: claim::ClaimInput,
    ) -> Result<claim::Claim> {
        claim::open(context, input).await
    }

    /// Adds evidence to a claim: one's own, until it is assured; as a witness, with a token of one's own, to a claim of which one
    /// was told; as its assessor what one saw.
    async fn add_evidence(
        &self,
        context: &Context<'_>,
        claim: ID,
        input: claim::EvidenceInput,
    ) -> Result<claim::Claim> {
        let what = What::AddEvidence(input.read(context)?);
        claim::act(context, &claim, None, what).await
    }

    /// Hands a claim of one's own in. There must be evidence on which its route rests, for each of its units.
    async fn submit_claim(&self, context: &Context<'_>, id: ID) -> Result<claim::Claim> {
        claim::act(context, &id, None, What::Submit).await
    }

    /// Says, as the awarding body, who assesses and who assures a claim: by the subject of their token, where the registry trusts
    /// one issuer alone, else by issuer and subject as `issuer|subject`. Assessment begins with the assessor. Nobody is both, or
    /// on the claimant's side; in an appeal nobody who assessed or assured before.
    async fn assign_claim(
        &self,
        context: &Context<'_>,
        id: ID,
        assessor: Option<ID>,
        quality_assurer: Option<ID>,
    ) -> Result<claim::Claim> {
        let what = What::Assign {
            assessor: assessor.map(|id| id.0),
            assurer: quality_assurer.map(|id| id.0),
        };
        claim::act(context, &id, None, what).await
    }

    /// Judges outcomes of a claim that is given to one. An outcome that is judged again has the later judgement. Once every outcome
    /// was judged the claim goes into assurance. `version` is that of the claim on which the judgement rests: who comes second
    /// is told `claim-changed`.
    async fn judge_claim(
        &self,
        context: &Context<'_>,
        id: ID,
        judgements: Vec<claim::JudgementInput>,
        version: i32,
    ) -> Result<claim::Claim> {
        let judgements = judgements.into_iter().map(Into::into).collect();
        claim::act(context, &id, Some(version), What::Judge(judgements)).await
    }

    /// Assures the judgement of a claim that is given to one. AGREE decides the claim: what is granted is on the claimant's record
    /// in the same moment. RETURN hands it back to the assessor; OVERTURN decides that nothing of what was judged to be met is:
    /// both say why. `version` as of `judgeClaim`.
    async fn assure_claim(
        &self,
        context: &Context<'_>,
        id: ID,
        decision: claim::AssuranceDecision,
        note: Option<String>,
        version: i32,
    ) -> Result<claim::Claim> {
        let says = decision.into();
        claim::act(context, &id, Some(version), What::Assure { says, note }).await
    }

    /// Appeals against the decision of a claim of one's own that was not granted whole. Others judge and assure anew what was
    /// not granted; what was stays.
    async fn appeal_claim(
        &self,
        context: &Context<'_>,
        id: ID,
        grounds: String,
    ) -> Result<claim::Claim> {
        claim::act(context, &id, None, What::Appeal { grounds }).await
    }

    /// Takes a claim of one's own back that is not decided; of one under appeal, the appeal: what was decided stands then.
    async fn withdraw_claim(&self, context: &Context<'_>, id: ID) -> Result<claim::Claim> {
        claim::act(context, &id, None, What::Withdraw).await
    }

    /// Enters something into one's own development record.
    async fn record_development(
        &self,
        context: &Context<'_>,
        input: development::DevelopmentInput,
    ) -> Result<development::DevelopmentEntry> {
        development::record(context, input).await
    }

    /// Decides, as a steward, whether the two of a pair are one person. The same decision again changes nothing.
    async fn resolve_match(
        &self,
        context: &Context<'_>,
        id: ID,
        decision: identity::MatchDecision,
        reason: String,
    ) -> Result<identity::MatchCase> {
        identity::resolve(context, &id, decision, reason).await
    }

    /// Merges two learners, as a steward: the identifiers of `merge` answer with `keep` from then on. What was told of
    /// each stays told of that one, so that this can be taken back whatever comes between.
    async fn merge_learners(
        &self,
        context: &Context<'_>,
        keep: ID,
        merge: ID,
        reason: String,
    ) -> Result<identity::Merge> {
        identity::merge(context, &keep, &merge, reason).await
    }

    /// Takes a merge back, as a steward: each of the two has exactly their own again, with what was told since, and
    /// likeness does not join them any more.
    async fn split_merge(
        &self,
        context: &Context<'_>,
        id: ID,
        reason: String,
    ) -> Result<identity::Merge> {
        identity::split(context, &id, reason).await
    }
}

/// Follows what goes on in the registry.
#[Subscription]
impl Subscription {
    /// An import, for whoever may see it: as it stands now, and then each change, at most a few a second,
    /// until it has ended.
    async fn import_progress(
        &self,
        context: &Context<'_>,
        id: ID,
    ) -> Result<impl Stream<Item = import::ImportJob>> {
        import::follow(context, &id).await
    }

    /// A claim, for whoever may see it: as it stands now, and then each change, until it has ended.
    async fn claim_changed(
        &self,
        context: &Context<'_>,
        id: ID,
    ) -> Result<impl Stream<Item = Result<claim::Claim>>> {
        claim::follow(context, &id).await
    }
}

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query, Mutation, Subscription)
        .register_output_type::<node::Node>()
        .disable_suggestions()
        // Counted in `cost` before; this is what the engine must be able to hold.
        .limit_recursive_depth(130)
}

/// The schema, twice: one that validates a document, and one for documents that passed before. What a
/// document may ask for is counted in `cost`, before either runs it.
#[must_use]
pub fn build(app: &Arc<App>) -> (Registry, Registry) {
    let of = |mode| {
        let builder = builder()
            .data(app.clone())
            .data(Qualifications::loader(app))
            .validation_mode(mode);
        if app.config.graphql.introspection {
            builder.finish()
        } else {
            builder.disable_introspection().finish()
        }
    };
    (of(ValidationMode::Strict), of(ValidationMode::Fast))
}

/// The schema in its own language, as it is published.
#[must_use]
pub fn sdl() -> String {
    let options = async_graphql::SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items();
    let mut text = builder().finish().sdl_with_options(options);
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}
