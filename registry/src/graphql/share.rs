//! What a person shares of their record.

use super::achievement::Achievement;
use super::connection::{Page, connection};
use super::problem::{fail, told};
use super::scalar::DateTime;
use super::{app, caller};
use crate::action::learner::Seen;
use crate::action::share::{self, Fields, New, OwnShare, Token};
use crate::action::view::View;
use crate::db::Id;
use async_graphql::{Context, ID, InputObject, Object, Result};
use schema::Code;

/// Chosen achievements with chosen fields of them, shared until a time with whoever has the token. Each is told as it stands
/// when it is looked at.
pub struct Share {
    share: OwnShare,
    /// The token, in the answer that makes it.
    token: Option<Token>,
}

/// Chosen achievements with chosen fields of them, shared until a time with whoever has the token. Each is told as it stands
/// when it is looked at.
#[Object]
impl Share {
    /// The identifier.
    pub async fn id(&self) -> ID {
        ID(self.share.row.id.show("share"))
    }

    /// The token: only in the answer that makes the share. It is kept nowhere and cannot be told again.
    async fn token(&self) -> Option<&str> {
        self.token.as_ref().map(Token::as_str)
    }

    /// The address to hand on, which holds the token in the answer that makes the share, and ends before it in every other.
    async fn url(&self, context: &Context<'_>) -> Result<String> {
        let token = self.token.as_ref().map_or("", Token::as_str);
        Ok(format!("{}/check/{token}", app(context)?.config.origin()))
    }

    /// The achievements, as they stand now, in the order chosen.
    async fn achievements(&self) -> Vec<Achievement> {
        let held = self.share.held.iter().cloned();
        held.map(|held| Achievement::of(held, View::Own, None))
            .collect()
    }

    /// The chosen fields. Title, status, route and whose word it is are told in any case.
    async fn fields(&self) -> Vec<&'static str> {
        Fields::stored(&self.share.row.fields).names()
    }

    /// What it is for, in the person's words.
    async fn purpose(&self) -> Option<&str> {
        self.share.row.purpose.as_deref()
    }

    /// From when on it gives nothing.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.share.row.expires_at)
    }

    /// How often somebody else looked: by verifying, or at a team whose member shares with it.
    async fn views(&self) -> i32 {
        self.share.row.views
    }

    /// When it was taken back.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.share.row.revoked_at.map(DateTime)
    }
}

connection!(ShareConnection, ShareEdge, Share, "shares");

/// What shall be shared.
#[derive(InputObject)]
pub struct ShareInput {
    /// The achievements, 1 to 100, one's own.
    achievements: Vec<ID>,
    /// The fields that are told of them: `givenName`, `familyName`, `title`, `awardingBody`, `level`, `credit`, `awardedOn`,
    /// `grade`, `status`, `route`, `standing`, `registerEntry`. Every one of them where this is left out; beside them, where it is
    /// named, `induction`: an employer's team sees how one was inducted. `title`, `status`,
    /// `route` and `standing` in any case, so an empty list gives these alone. What the public register says of a
    /// `registerEntry` (level, credit, body) comes with it.
    fields: Option<Vec<String>>,
    /// What it is for, for oneself to remember.
    purpose: Option<String>,
    /// From when on it gives nothing: within five years.
    expires_at: DateTime,
}

pub(super) async fn make(context: &Context<'_>, input: ShareInput) -> Result<Share> {
    let app = app(context)?;
    let read = |id: &ID| Id::read("achievement", id);
    let new = New {
        achievements: input.achievements.iter().map(read).collect(),
        fields: input.fields,
        purpose: input.purpose,
        expires_at: input.expires_at.0,
    };
    let made = share::make(app, caller(context)?, new).await;
    let made = made.map_err(|error| told(context, &error))?;
    Ok(Share {
        share: made.share,
        token: Some(made.token),
    })
}

pub(super) async fn revoke(context: &Context<'_>, id: &ID) -> Result<Share> {
    let id = Id::read("share", id).ok_or_else(|| fail(context, Code::NotFound, None))?;
    let share = share::revoke(app(context)?, caller(context)?, id).await;
    share
        .map(|share| Share { share, token: None })
        .map_err(|error| told(context, &error))
}

pub(super) async fn find(context: &Context<'_>, id: Id) -> Result<Option<Share>> {
    let found = share::find(app(context)?, caller(context)?, id).await;
    found
        .map(|found| found.map(|share| Share { share, token: None }))
        .map_err(|error| told(context, &error))
}

pub(super) async fn list(
    context: &Context<'_>,
    learner: &Seen,
    first: Option<i32>,
    after: Option<String>,
) -> Result<ShareConnection> {
    let read = |cursor: &str| Id::read("share", cursor);
    let page = Page::asked(context, first, after.as_deref(), read)?;
    let rows = share::list(app(context)?, learner, page.after, page.with_one_more()).await;
    Ok(ShareConnection::page(
        &page,
        rows.map_err(|error| told(context, &error))?,
        |share| share.row.id.show("share"),
        |share| Share { share, token: None },
    ))
}
