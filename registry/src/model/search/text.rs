//! A statement that is put together: how many conditions it has is known when it is asked. Values are bound, and one
//! that stands in several places once.

use crate::db::Connection;
use diesel::prelude::*;
use diesel::sql_types::{Date as SqlDate, SmallInt, Text as SqlText};
use schema::Date;

/// A value of a statement.
enum Value {
    Text(String),
    Small(i16),
    Day(Date),
}

/// A statement's values, and how a place for one is written.
pub(super) struct Values {
    sign: char,
    all: Vec<Value>,
}

impl Values {
    pub(super) fn new(connection: &Connection) -> Self {
        Self {
            sign: match connection {
                Connection::Sqlite(_) => '?',
                Connection::Postgres(_) => '$',
            },
            all: Vec::new(),
        }
    }

    /// The place of a text.
    pub(super) fn text(&mut self, text: &str) -> String {
        self.put(Value::Text(text.to_owned()))
    }

    /// The places of texts, in brackets.
    pub(super) fn texts<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) -> String {
        let places: Vec<String> = texts.into_iter().map(|text| self.text(text)).collect();
        format!("({})", places.join(", "))
    }

    /// The place of a small number.
    pub(super) fn small(&mut self, number: i16) -> String {
        self.put(Value::Small(number))
    }

    /// The place of a day.
    pub(super) fn day(&mut self, day: Date) -> String {
        self.put(Value::Day(day))
    }

    fn put(&mut self, value: Value) -> String {
        self.all.push(value);
        format!("{}{}", self.sign, self.all.len())
    }

    /// Runs a statement with these values.
    pub(super) fn load<R>(self, connection: &mut Connection, sql: &str) -> QueryResult<Vec<R>>
    where
        R: QueryableByName<diesel::sqlite::Sqlite> + QueryableByName<diesel::pg::Pg> + 'static,
    {
        macro_rules! run {
            ($open:expr, $engine:ty) => {{
                let mut query = diesel::sql_query(sql).into_boxed::<$engine>();
                for value in self.all {
                    query = match value {
                        Value::Text(text) => query.bind::<SqlText, _>(text),
                        Value::Small(number) => query.bind::<SmallInt, _>(number),
                        Value::Day(day) => query.bind::<SqlDate, _>(day),
                    };
                }
                query.load($open)
            }};
        }
        match connection {
            Connection::Sqlite(open) => run!(open, diesel::sqlite::Sqlite),
            Connection::Postgres(open) => run!(open, diesel::pg::Pg),
        }
    }
}

/// Conditions, all of which must hold.
#[derive(Default)]
pub(super) struct Conditions(String);

impl Conditions {
    pub(super) fn and(&mut self, condition: &str) {
        if !self.0.is_empty() {
            self.0.push_str(" AND ");
        }
        self.0.push_str(condition);
    }

    pub(super) fn as_str(&self) -> &str {
        if self.0.is_empty() { "1 = 1" } else { &self.0 }
    }
}
