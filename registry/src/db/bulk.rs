//! Many rows at once, by the fastest way that each engine has.

/// Inserts rows that are known to be new: by COPY on PostgreSQL, by a prepared statement on SQLite (both
/// inside the caller's transaction).
///
/// A macro, since the two engines' traits for this have nothing in common that a function could name.
macro_rules! insert {
    ($connection:expr, $table:expr, $rows:expr) => {{
        let rows = $rows;
        if rows.is_empty() {
            Ok::<(), diesel::result::Error>(())
        } else {
            match $connection {
                // One by one: many rows in one statement are a text that is parsed anew each
                // time, and bounded in its values.
                $crate::db::Connection::Sqlite(open) => rows.iter().try_for_each(|row| {
                    diesel::insert_into($table)
                        .values(row)
                        .execute(open)
                        .map(|_| ())
                }),
                $crate::db::Connection::Postgres(open) => diesel::copy_from($table)
                    .from_insertable(rows)
                    .execute(open)
                    .map(|_| ()),
            }
        }
    }};
}
pub(crate) use insert;

/// Inserts a row or a few. PostgreSQL keeps the plan of a single row's statement and would parse that of
/// several anew each time, where COPY has nothing to plan.
macro_rules! insert_few {
    ($connection:expr, $table:expr, $rows:expr) => {
        match $connection {
            $crate::db::Connection::Sqlite(open) => $rows.iter().try_for_each(|row| {
                diesel::insert_into($table)
                    .values(*row)
                    .execute(open)
                    .map(|_| ())
            }),
            $crate::db::Connection::Postgres(open) => match $rows {
                [] => Ok(()),
                [row] => diesel::insert_into($table)
                    .values(*row)
                    .execute(open)
                    .map(|_| ()),
                rows => diesel::copy_from($table)
                    .from_insertable(rows.to_vec())
                    .execute(open)
                    .map(|_| ()),
            },
        }
    };
}
pub(crate) use insert_few;
