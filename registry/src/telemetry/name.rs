//! Names for traces and the slow-query log, made so that nothing of anybody can be in them.

/// The longest name of an operation that is told.
const LONGEST: usize = 40;

/// The name of an operation, where it is letters and underscores alone: a client chooses it, and could put a
/// number of somebody's in it.
#[must_use]
pub fn operation(name: &str) -> Option<&str> {
    let plain = name
        .bytes()
        .all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    (plain && !name.is_empty() && name.len() <= LONGEST).then_some(name)
}

/// A statement's text without its values: those that are bound stand behind a mark of diesel's, and literals
/// give way to `?`.
#[must_use]
pub fn statement(query: &str) -> String {
    let text = query.split(" -- binds").next().unwrap_or_default();
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut before = ' ';
    while let Some(character) = rest.next() {
        match character {
            '\'' => {
                // Two quotes in a row are one within the literal.
                while let Some(inner) = rest.next() {
                    if inner == '\'' && rest.next_if_eq(&'\'').is_none() {
                        break;
                    }
                }
                plain.push('?');
            }
            digit
                if digit.is_ascii_digit()
                    && !before.is_alphanumeric()
                    && !"_$\"".contains(before) =>
            {
                while rest
                    .next_if(|next| next.is_ascii_alphanumeric() || *next == '.')
                    .is_some()
                {}
                plain.push('?');
            }
            other => plain.push(other),
        }
        before = character;
    }
    plain
}

/// What a statement does to which table, such as `SELECT achievement`.
#[must_use]
pub fn summary(query: &str) -> String {
    let mut words = query
        .split(|character: char| character.is_whitespace() || "(),;".contains(character))
        .filter(|word| !word.is_empty());
    let verb = words.next().unwrap_or_default().to_ascii_uppercase();
    let leads = match verb.as_str() {
        "SELECT" | "DELETE" => "FROM",
        "INSERT" | "REPLACE" => "INTO",
        "UPDATE" => "",
        "WITH" | "BEGIN" | "COMMIT" | "ROLLBACK" | "SAVEPOINT" | "RELEASE" | "SET" | "PRAGMA"
        | "COPY" => return verb,
        _ => return "OTHER".to_owned(),
    };
    let table = if leads.is_empty() {
        words.next()
    } else {
        words
            .by_ref()
            .find(|word| word.eq_ignore_ascii_case(leads))
            .and_then(|_| words.next())
    };
    let named = |table: &&str| {
        table
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic() || b"_\"`.".contains(&byte))
    };
    match table.filter(named) {
        Some(table) => format!("{verb} {}", table.replace(['"', '`'], "")),
        None => verb,
    }
}

#[cfg(test)]
mod tests {
    use super::{operation, statement, summary};

    #[test]
    fn no_value_is_left_in_a_statement() {
        for (query, plain) in [
            (
                "SELECT `a`.`id` FROM `a` WHERE `a`.`x` = ? -- binds: [\"Ada\"]",
                "SELECT `a`.`id` FROM `a` WHERE `a`.`x` = ?",
            ),
            ("SELECT 'Ada''s' || x", "SELECT ? || x"),
            (
                "SELECT \"a1\".\"b2\" WHERE y = $12",
                "SELECT \"a1\".\"b2\" WHERE y = $12",
            ),
            ("LIMIT 1000000 OFFSET 0x1F", "LIMIT ? OFFSET ?"),
            ("SELECT 'never closed", "SELECT ?"),
        ] {
            assert_eq!(statement(query), plain, "{query}");
        }
    }

    #[test]
    fn a_summary_is_a_verb_and_a_table() {
        for (query, name) in [
            ("SELECT `a`.`id` FROM (`a` INNER JOIN `b`)", "SELECT a"),
            (
                "INSERT INTO \"receipt\" (\"id\") VALUES ($1)",
                "INSERT receipt",
            ),
            ("UPDATE `job` SET x = ?", "UPDATE job"),
            ("DELETE  FROM \"staged\"", "DELETE staged"),
            ("SELECT 1", "SELECT"),
            ("select 'from Ada'", "SELECT"),
            ("SAVEPOINT diesel_savepoint_1", "SAVEPOINT"),
            ("DROP TABLE x", "OTHER"),
            ("", "OTHER"),
        ] {
            assert_eq!(summary(query), name, "{query}");
        }
    }

    #[test]
    fn an_operation_is_named_where_no_number_can_be_in_it() {
        assert_eq!(operation("Verify"), Some("Verify"));
        assert_eq!(operation("q1000000042"), None);
        assert_eq!(operation(&"a".repeat(41)), None);
        assert_eq!(operation(""), None);
    }
}
