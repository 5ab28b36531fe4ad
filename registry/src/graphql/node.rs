//! Anything that has an identifier. Each kind is found by the action that the typed path uses, so that the
//! rights and the ledger are the same.

use super::achievement::Achievement;
use super::catalogue::{self, Role, Unit};
use super::claim::{self, Claim};
use super::development::{self, DevelopmentEntry};
use super::framework::{self, AwardingBody, Qualification};
use super::identity::{self, MatchCase, Merge};
use super::import::{self, ImportJob};
use super::learner::{self, Learner};
use super::share::{self, Share};
use super::team::{self, Team};
use super::verify::{self, Receipt};
use crate::action::learner::Selector;
use crate::db::Id;
use async_graphql::{Context, ID, Interface, Result};
use schema::{QualificationNumber, RecognitionNumber};

/// Anything that has an identifier.
#[expect(
    clippy::large_enum_variant,
    reason = "made once an answer and handed on, never kept"
)]
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The identifier."))]
pub enum Node {
    /// A learner.
    Learner(Learner),
    /// An achievement.
    Achievement(Achievement),
    /// A qualification.
    Qualification(Qualification),
    /// A unit.
    Unit(Unit),
    /// An awarding body.
    AwardingBody(AwardingBody),
    /// A role of the workforce.
    Role(Role),
    /// A receipt.
    Receipt(Receipt),
    /// An import.
    ImportJob(ImportJob),
    /// Two learners who could be one person.
    MatchCase(MatchCase),
    /// That two learners were found to be one.
    Merge(Merge),
    /// What a person shares.
    Share(Share),
    /// An employer's team.
    Team(Team),
    /// A claim of prior learning.
    Claim(Claim),
    /// An entry of a development record.
    DevelopmentEntry(DevelopmentEntry),
}

pub(super) async fn find(context: &Context<'_>, id: &ID) -> Result<Option<Node>> {
    let Some((kind, key)) = id.split_once('_') else {
        return Ok(None);
    };
    Ok(match kind {
        "learner" => match Id::read("learner", id) {
            Some(id) => learner::look(context, Selector::Id(id))
                .await?
                .map(Node::Learner),
            None => None,
        },
        "achievement" => match Id::read("achievement", id) {
            Some(id) => super::achievement::look(context, id)
                .await?
                .map(Node::Achievement),
            None => None,
        },
        "qualification" => match QualificationNumber::parse(key) {
            Ok(number) => framework::qualification(context, number)
                .await?
                .map(Node::Qualification),
            Err(_) => None,
        },
        "unit" => catalogue::unit(context, key).await?.map(Node::Unit),
        "role" => catalogue::role(context, key).await?.map(Node::Role),
        "awarding-body" => match RecognitionNumber::parse(key) {
            Ok(number) => framework::awarding_body(context, number)
                .await?
                .map(Node::AwardingBody),
            Err(_) => None,
        },
        "receipt" => match Id::read("receipt", id) {
            Some(id) => verify::receipt(context, id).await?.map(Node::Receipt),
            None => None,
        },
        "match" => match Id::read("match", id) {
            Some(id) => identity::case(context, id).await?.map(Node::MatchCase),
            None => None,
        },
        "merge" => match Id::read("merge", id) {
            Some(id) => identity::merged(context, id).await?.map(Node::Merge),
            None => None,
        },
        "share" => match Id::read("share", id) {
            Some(id) => share::find(context, id).await?.map(Node::Share),
            None => None,
        },
        "team" => match Id::read("team", id) {
            Some(id) => team::find(context, id).await?.map(Node::Team),
            None => None,
        },
        "claim" => claim::find(context, id).await?.map(Node::Claim),
        "development" => match Id::read("development", id) {
            Some(id) => development::find(context, id)
                .await?
                .map(Node::DevelopmentEntry),
            None => None,
        },
        "import" => import::find(context, id).await?.map(Node::ImportJob),
        _ => None,
    })
}
