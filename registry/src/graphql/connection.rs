//! Pages in the Relay form: `first` at most 100, cursors that mean nothing to anybody else. What a page
//! costs is said in `cost`.

use async_graphql::{Context, Result, SimpleObject};
use schema::Code;

use super::problem::fail;

/// The largest page, and the one that is given where none is asked for.
pub(super) const LARGEST: u8 = 100;

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

/// Which page is asked for: how many, and after what.
pub(super) struct Page<T> {
    /// How many it may have.
    pub(super) limit: i64,
    /// The last of the page before.
    pub(super) after: Option<T>,
}

impl<T> Page<T> {
    /// The page that `first` and `after` ask for; `read` understands the list's own cursors.
    pub(super) fn asked(
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<&str>,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Self> {
        let limit = match first.map(u8::try_from) {
            None => LARGEST,
            Some(Ok(first)) if first <= LARGEST => first,
            Some(_) => {
                let words = format!("first must be from 0 to {LARGEST}.");
                return Err(fail(context, Code::InputInvalid, words.as_str()));
            }
        };
        let after = after
            .map(|cursor| {
                let words = "after is no cursor of this list.";
                read(cursor).ok_or_else(|| fail(context, Code::InputInvalid, words))
            })
            .transpose()?;
        Ok(Self {
            limit: i64::from(limit),
            after,
        })
    }

    /// How many to read: whether more follow is told by the one too many.
    pub(super) fn with_one_more(&self) -> i64 {
        self.limit + 1
    }

    /// The page out of what was read, and about it.
    pub(super) fn of<N>(
        &self,
        mut found: Vec<N>,
        cursor: impl Fn(&N) -> String,
    ) -> (Vec<(String, N)>, PageInfo) {
        let limit = usize::try_from(self.limit).unwrap_or(0);
        let has_next_page = found.len() > limit;
        found.truncate(limit);
        let edges: Vec<(String, N)> = found.into_iter().map(|one| (cursor(&one), one)).collect();
        let info = PageInfo {
            has_next_page,
            has_previous_page: self.after.is_some(),
            start_cursor: edges.first().map(|(cursor, _)| cursor.clone()),
            end_cursor: edges.last().map(|(cursor, _)| cursor.clone()),
        };
        (edges, info)
    }
}

impl Page<usize> {
    /// What is on the page, and the one too many, of a list in memory whose members come with their places.
    pub(super) fn out_of<N>(&self, list: impl Iterator<Item = (usize, N)>) -> Vec<N> {
        let limit = usize::try_from(self.with_one_more()).unwrap_or(0);
        let following = list.filter(|(place, _)| self.after.is_none_or(|after| *place > after));
        following.take(limit).map(|(_, one)| one).collect()
    }
}

/// Declares the connection and edge types of a noun, and how a page of them is made of what was read.
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

        impl $connection {
            /// The page that was asked for, out of what was read.
            pub(in $crate::graphql) fn page<T, N>(
                asked: &$crate::graphql::connection::Page<T>,
                found: Vec<N>,
                cursor: impl Fn(&N) -> String,
                node: impl Fn(N) -> $node,
                $($total: i32,)?
            ) -> Self {
                let (edges, page_info) = asked.of(found, cursor);
                let edges = edges.into_iter().map(|(cursor, one)| $edge {
                    cursor,
                    node: node(one),
                });
                Self {
                    edges: edges.collect(),
                    page_info,
                    $($total,)?
                }
            }
        }
    };
}
pub(super) use connection;
