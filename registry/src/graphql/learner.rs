//! A learner's record.

use super::achievement::{Achievement, AchievementConnection, AchievementStatus};
use super::connection::{Page, connection};
use super::coverage::{self, AreaCoverage};
use super::framework::Level;
use super::pathway::{self, Pathway};
use super::problem::told;
use super::progress::{self, Progress};
use super::ratio::{self, RatioFactsInput, RatioStanding};
use super::scalar::{Date, DateTime};
use super::standing::{self, Standing};
use super::{app, caller};
use crate::action::learner::{self, Seen, Selector, Wanted};
use crate::action::view::Moment;
use crate::db::Id;
use crate::model::achievement::Held;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use schema::Route;
use std::collections::BTreeSet;

/// A person and their record, as far as the one who asks may see it.
#[derive(Clone)]
pub struct Learner(pub(super) Seen);

/// A person and their record, as far as the one who asks may see it.
#[Object]
impl Learner {
    /// The registry's own identifier: it means nothing outside.
    pub async fn id(&self) -> ID {
        ID(self.0.row.id.show("learner"))
    }

    /// The ULN; where the issuer joined several, the one first known here.
    async fn uln(&self, context: &Context<'_>) -> Option<Result<String>> {
        if let Some(ulns) = &self.0.ulns {
            return ulns.first().cloned().map(Ok);
        }
        let id = self.0.row.id;
        let app = match app(context) {
            Ok(app) => app,
            Err(error) => return Some(Err(error)),
        };
        let ulns = app.db.read(move |connection| learner::ulns(connection, id));
        match ulns.await {
            Ok(ulns) => ulns.into_iter().next().map(Ok),
            Err(error) => Some(Err(told(context, &error))),
        }
    }

    /// Given names, as the best source last gave them.
    async fn given_name(&self) -> Option<&str> {
        self.0.row.given_name.as_deref()
    }

    /// Family name, as the best source last gave it.
    async fn family_name(&self) -> Option<&str> {
        self.0.row.family_name.as_deref()
    }

    /// Date of birth.
    async fn date_of_birth(&self) -> Option<Date> {
        self.0.row.date_of_birth.map(Date)
    }

    /// Other family names under which the person was told of, the newest first.
    async fn former_names(&self) -> Vec<String> {
        self.0.row.former_names()
    }

    /// The record: each award once, however many sources tell of it, in the order in which the registry
    /// learned of them. `asOf` asks what was true on a day, `knownAt` what the registry knew at a time.
    async fn achievements(
        &self,
        context: &Context<'_>,
        status: Option<Vec<AchievementStatus>>,
        as_of: Option<Date>,
        known_at: Option<DateTime>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<AchievementConnection> {
        let read = |cursor: &str| Id::read("achievement", cursor);
        let page = Page::asked(context, first, after.as_deref(), read)?;
        let moment = Moment {
            as_of: as_of.map(|day| day.0),
            known_at: known_at.map(|time| time.0),
        };
        let plain = status.is_none() && moment.is_now() && page.after.is_none();
        let held = match &self.0.first_page {
            // The person was read with one more than this page, so it is known whether that is all.
            Some(first) if plain && first.limit > page.limit => first.held.clone(),
            _ => self.held(context, moment).await?,
        };
        let short = self
            .0
            .first_page
            .as_ref()
            .is_some_and(|page| plain && page.held.len() as i64 >= page.limit);
        let wanted = |held: &Held| match &status {
            Some(status) => status
                .iter()
                .any(|status| status.as_str() == held.achievement.status),
            None => true,
        };
        let held: Vec<Held> = held.into_iter().filter(wanted).collect();
        let total = if short {
            self.held(context, moment).await?.len()
        } else {
            held.len()
        };
        let rest = held
            .into_iter()
            .filter(|held| page.after.is_none_or(|after| held.achievement.id > after));
        let take = usize::try_from(page.with_one_more()).unwrap_or(0);
        Ok(AchievementConnection::page(
            &page,
            rest.take(take).collect(),
            |held: &Held| held.achievement.id.show("achievement"),
            |held| Achievement::of(held, self.0.view, Some(self.0.clone())),
            i32::try_from(total).unwrap_or(i32::MAX),
        ))
    }

    /// The credit of what stands and is a body's or a trusted recorder's word, each subject once, at one
    /// level or at all. A unit counts with its qualification where that is held too; an exemption earns none.
    async fn credit_total(&self, context: &Context<'_>, level: Option<Level>) -> Result<i32> {
        let held = self.held(context, Moment::default()).await?;
        let level = level.and_then(Level::level);
        let counts = |held: &&Held| {
            held.achievement.status == "final"
                && held.achievement.standing != "self-presented"
                && Route::parse(&held.achievement.route) != Some(Route::Exemption)
        };
        let whole: BTreeSet<&str> = held
            .iter()
            .filter(counts)
            .filter(|held| {
                held.achievement.subject_kind == "qualification" && held.credit().unwrap_or(0) > 0
            })
            .map(|held| held.achievement.subject_code.as_str())
            .collect();
        let mut seen = BTreeSet::new();
        Ok(held
            .iter()
            .filter(counts)
            .filter(|held| {
                held.achievement
                    .part_of
                    .as_deref()
                    .is_none_or(|number| !whole.contains(number))
            })
            .filter(|held| {
                seen.insert((
                    &held.achievement.subject_kind,
                    &held.achievement.subject_code,
                ))
            })
            .filter(|held| level.is_none() || held.level() == level)
            .filter_map(Held::credit)
            .sum())
    }

    /// How far the person has come towards a qualification, by its number: today, or by the record as it stood on an
    /// earlier day. Only what is final and a body's or a trusted recorder's word counts.
    async fn progress(
        &self,
        context: &Context<'_>,
        qualification: String,
        as_of: Option<Date>,
    ) -> Result<Progress> {
        progress::progress(context, self, &qualification, as_of).await
    }

    /// The qualifications that the person is closest to and has not completed, of a sector (by its code) or at all; 3
    /// where `first` does not say, 20 at most.
    async fn nearest(
        &self,
        context: &Context<'_>,
        sector: Option<String>,
        first: Option<i32>,
    ) -> Result<Vec<Progress>> {
        progress::nearest(context, self, sector, first).await
    }

    /// Whether the person meets what a role, by its code, asks: today or on a day.
    async fn standing(
        &self,
        context: &Context<'_>,
        role: String,
        as_of: Option<Date>,
    ) -> Result<Standing> {
        standing::standing(context, self, role, as_of).await
    }

    /// The way from where the person stands to a role, by its code, that takes the least credit still to be gained.
    async fn pathway(&self, context: &Context<'_>, to: String) -> Result<Pathway> {
        pathway::pathway(context, self, to).await
    }

    /// Whether the person counts in the early-years ratios on a day, by what is on record and what is declared here.
    async fn counts_in_ratio(
        &self,
        context: &Context<'_>,
        on: Date,
        facts: Option<RatioFactsInput>,
    ) -> Result<RatioStanding> {
        ratio::ratio(context, self, on, facts).await
    }

    /// Which areas of the Common Core's newest edition the person's units cover.
    async fn common_core_coverage(&self, context: &Context<'_>) -> Result<Vec<AreaCoverage>> {
        coverage::coverage(context, self).await
    }

    /// Whom else this learner was found to be, by whom and why, ended merges too: for stewards; nothing for others.
    async fn merges(&self, context: &Context<'_>) -> Result<Vec<super::identity::Merge>> {
        super::identity::merges(context, self.0.row.id).await
    }

    /// What the person shares, the newest first, ended shares too: for the person alone.
    async fn shares(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<super::share::ShareConnection> {
        super::share::list(context, &self.0, first, after).await
    }

    /// The person's claims of prior learning, the newest first: for the person alone.
    async fn claims(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<super::claim::ClaimConnection> {
        super::claim::of_learner(context, &self.0, first, after).await
    }

    /// Which units that a role, by its code, still asks for are within reach by prior learning, and which evidence would serve:
    /// for the person alone.
    async fn suggested_claims(
        &self,
        context: &Context<'_>,
        role: String,
    ) -> Result<Vec<super::claim::ClaimSuggestion>> {
        super::claim::suggested(context, self, role).await
    }

    /// What the person did to develop, and how they were inducted, the newest first: for the person alone.
    async fn development(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<super::development::DevelopmentConnection> {
        super::development::list(context, &self.0, first, after).await
    }

    /// Who looked at this record, the newest first: for the person alone.
    async fn access_ledger(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<AccessConnection> {
        let read = |cursor: &str| Id::read("access", cursor);
        let page = Page::asked(context, first, after.as_deref(), read)?;
        let rows = learner::ledger(app(context)?, &self.0, page.after, page.with_one_more()).await;
        Ok(AccessConnection::page(
            &page,
            rows.map_err(|error| told(context, &error))?,
            |row| row.id.show("access"),
            |row| AccessEntry {
                at: DateTime(row.at),
                by: row.by_whom,
                role: row.role,
                what: row.what,
                purpose: row.purpose,
                via: row.via,
            },
        ))
    }
}

impl Learner {
    async fn held(&self, context: &Context<'_>, moment: Moment) -> Result<Vec<Held>> {
        let held = learner::achievements(app(context)?, self.0.row.id, self.0.view, moment).await;
        held.map_err(|error| told(context, &error))
    }
}

/// A look at somebody's data.
#[derive(SimpleObject)]
pub struct AccessEntry {
    /// When.
    at: DateTime,
    /// Who.
    by: String,
    /// In which role.
    role: String,
    /// At what.
    what: String,
    /// Why, as stated.
    purpose: Option<String>,
    /// By which way.
    via: String,
}

connection!(AccessConnection, AccessEdge, AccessEntry, "looks");

/// The learner whom the token names; the first page of achievements is read in the same hop.
pub(super) async fn me(context: &Context<'_>) -> Result<Option<Learner>> {
    let ahead = context.look_ahead();
    let achievements = ahead.field("achievements").exists().then_some(101);
    let wanted = Wanted {
        ulns: ahead.field("uln").exists(),
        achievements,
    };
    let seen = learner::own(app(context)?, caller(context)?, wanted).await;
    seen.map(|seen| seen.map(Learner))
        .map_err(|error| told(context, &error))
}

pub(super) async fn look(context: &Context<'_>, selector: Selector) -> Result<Option<Learner>> {
    let seen = learner::look(app(context)?, caller(context)?, selector).await;
    seen.map(|seen| seen.map(Learner))
        .map_err(|error| told(context, &error))
}
