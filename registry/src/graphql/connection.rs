//! Pages in the Relay form: `first` at most 100, cursors that mean nothing to anybody else.

use async_graphql::{Context, Result, SimpleObject};
use schema::Code;

use super::problem::fail;

/// The largest page, and the one that is given where none is asked for.
const LARGEST: i32 = 100;

/// About a page.
#[derive(SimpleObject, Clone, Default)]
pub struct PageInfo {
    /// Whether more follows.
    pub has_next_page: bool,
    /// Whether anything comes before.
    pub has_previous_page: bool,
    /// The cursor of the first.
    pub start_cursor: Option<String>,
    /// The cursor of the last.
    pub end_cursor: Option<String>,
}

/// How many are asked for.
pub(super) fn limit(context: &Context<'_>, first: Option<i32>) -> Result<i64> {
    match first {
        None => Ok(i64::from(LARGEST)),
        Some(first) if (0..=LARGEST).contains(&first) => Ok(i64::from(first)),
        Some(_) => Err(fail(
            context,
            Code::InputInvalid,
            "first must be from 0 to 100.",
        )),
    }
}

/// What a page costs.
pub(super) fn cost(first: Option<i32>, each: usize) -> usize {
    let first = usize::try_from(first.unwrap_or(LARGEST).clamp(0, LARGEST)).unwrap_or(0);
    1 + first * each
}

/// A page out of at most `limit` + 1 things: whether more follow is told by the one too many.
pub(super) fn page<T>(
    mut found: Vec<T>,
    limit: i64,
    after: bool,
    cursor: impl Fn(&T) -> String,
) -> (Vec<(String, T)>, PageInfo) {
    let limit = usize::try_from(limit).unwrap_or(0);
    let has_next_page = found.len() > limit;
    found.truncate(limit);
    let edges: Vec<(String, T)> = found.into_iter().map(|one| (cursor(&one), one)).collect();
    let info = PageInfo {
        has_next_page,
        has_previous_page: after,
        start_cursor: edges.first().map(|(cursor, _)| cursor.clone()),
        end_cursor: edges.last().map(|(cursor, _)| cursor.clone()),
    };
    (edges, info)
}

/// Declares the connection and edge types of a noun.
macro_rules! connection {
    ($connection:ident, $edge:ident, $node:ty, $what:literal $(, $total:ident)?) => {
        #[doc = concat!("A page of ", $what, ".")]
        #[derive(async_graphql::SimpleObject)]
        pub struct $connection {
            #[doc = concat!("The ", $what, " of the page.")]
            pub edges: Vec<$edge>,
            /// About the page.
            pub page_info: $crate::graphql::connection::PageInfo,
            $(
                /// How many there are in all.
                pub $total: i32,
            )?
        }

        #[doc = concat!("One of the ", $what, " of a page.")]
        #[derive(async_graphql::SimpleObject)]
        pub struct $edge {
            /// Where it stands: hand it in as `after` to get what follows.
            pub cursor: String,
            /// The thing itself.
            pub node: $node,
        }
    };
}
pub(super) use connection;
