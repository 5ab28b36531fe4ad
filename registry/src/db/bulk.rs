//! Many rows at once, by the fastest way that each engine has.

/// Inserts rows that are known to be new: by COPY on PostgreSQL, by prepared statements on SQLite (both
/// inside the caller's transaction). SQLite takes at most 32766 values in a statement, which is a thousand
/// rows of the widest table.
///
/// A macro, since the two engines' traits for this have nothing in common that a function could name.
macro_rules! insert {
    ($connection:expr, $table:expr, $rows:expr) => {{
        let rows = $rows;
        if rows.is_empty() {
            Ok::<(), diesel::result::Error>(())
        } else {
            match $connection {
                $crate::db::Connection::Sqlite(open) => rows.chunks(1000).try_for_each(|rows| {
                    diesel::insert_into($table)
                        .values(rows)
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
