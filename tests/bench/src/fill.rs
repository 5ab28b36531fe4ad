//! A database of invented people: a million achievements of 200 000 learners, 300 qualifications of 20 bodies,
//! and a thousand units, so that the planner sees what it would see. The same rows on either engine.

use crate::{Failure, say};
use clap::Args;
use registry::db::{Connection, Engine, Id, Purpose, migrate};
use std::path::Path;
use std::time::Instant;

/// How many learners there are.
pub(crate) const LEARNERS: u32 = 200_000;

/// How many achievements.
pub(crate) const ACHIEVEMENTS: u32 = 1_000_000;

/// The first twelve bytes of a learner's identifier; the number follows in four.
pub(crate) const LEARNER: &str = "019300000000700080000000";

/// The same of an achievement's.
const ACHIEVEMENT: &str = "019300000001700080000000";

const DATABASE: &str = "registry_bench";

/// The server on which the database is made.
#[derive(Args, Clone)]
pub(crate) struct Server {
    /// A PostgreSQL server and a database on it to connect to, as a user who may make databases; or
    /// sqlite://PATH, where the file itself is the database
    #[arg(long, default_value = "postgres://postgres@127.0.0.1:5432/postgres")]
    pub(crate) server: String,
}

impl Server {
    /// The address of the trial's own database.
    pub(crate) fn database(&self) -> Result<String, Failure> {
        if Engine::of(&self.server)? == Engine::Sqlite {
            return Ok(self.server.clone());
        }
        self.named(DATABASE)
    }

    fn named(&self, name: &str) -> Result<String, Failure> {
        let (start, _) = self
            .server
            .rsplit_once('/')
            .ok_or("the server's address names no database to connect to")?;
        Ok(format!("{start}/{name}"))
    }

    /// Makes an empty database in place of any of that name; answers its address.
    pub(crate) fn make(&self, name: &str) -> Result<String, Failure> {
        self.drop(name)?;
        let mut server = Connection::open(&self.server, Purpose::Write)?;
        server.batch(&format!("CREATE DATABASE {name}"))?;
        self.named(name)
    }

    /// Drops the database of that name.
    pub(crate) fn drop(&self, name: &str) -> Result<(), Failure> {
        let mut server = Connection::open(&self.server, Purpose::Write)?;
        server.batch(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
        Ok(())
    }

    /// Removes the trial's database, where it is.
    fn remove(&self) -> Result<(), Failure> {
        match Engine::of(&self.server)? {
            Engine::Postgres => self.drop(DATABASE)?,
            Engine::Sqlite => {
                let path = self.server.trim_start_matches("sqlite://");
                for end in ["", "-wal", "-shm"] {
                    let file = format!("{path}{end}");
                    if Path::new(&file).exists() {
                        std::fs::remove_file(file)?;
                    }
                }
            }
        }
        Ok(())
    }
}

#[derive(Args)]
pub(crate) struct Fill {
    #[command(flatten)]
    server: Server,
}

#[derive(Args)]
pub(crate) struct Drop {
    #[command(flatten)]
    server: Server,
}

impl Drop {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        self.server.remove()
    }
}

impl Fill {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let began = Instant::now();
        self.server.remove()?;
        let engine = Engine::of(&self.server.server)?;
        if engine == Engine::Postgres {
            let mut server = Connection::open(&self.server.server, Purpose::Write)?;
            server.batch(&format!("CREATE DATABASE {DATABASE}"))?;
        }
        let mut connection = Connection::open(&self.server.database()?, Purpose::Write)?;
        migrate(&mut connection)?;
        let words = Words {
            engine,
            learners: LEARNERS,
            achievements: ACHIEVEMENTS,
        };
        for (what, sql) in words.all() {
            connection.transaction(|connection| connection.batch(&sql))?;
            say(&format!("{what}: {:.0?} since the start", began.elapsed()));
        }
        let last: &[&str] = match engine {
            Engine::Postgres => &["VACUUM (ANALYZE)", "CHECKPOINT"],
            // No statistics: the registry gathers none there, and with them SQLite plans a statement anew for
            // each value.
            Engine::Sqlite => &["PRAGMA wal_checkpoint(TRUNCATE)"],
        };
        for sql in last {
            connection.batch(sql)?;
        }
        say(&format!(
            "statistics: {:.0?} since the start",
            began.elapsed()
        ));
        Ok(())
    }
}

/// The identifier of the learner of that number.
pub(crate) fn learner(number: u32) -> Id {
    let mut bytes = [0; 16];
    let prefix = u128::from_str_radix(LEARNER, 16).unwrap_or_default();
    bytes.copy_from_slice(&((prefix << 32) | u128::from(number)).to_be_bytes());
    Id::from_bytes(bytes)
}

/// The few words in which the engines differ. `||` binds closer than `+` on one of them: sums stand in brackets.
struct Words {
    engine: Engine,
    learners: u32,
    achievements: u32,
}

impl Words {
    /// What is written, in its order.
    fn all(&self) -> [(&'static str, String); 6] {
        [
            ("awarding bodies", self.bodies()),
            ("qualifications", self.qualifications()),
            ("units", self.units()),
            ("learners", self.learners()),
            ("their ULNs", self.ulns()),
            ("achievements", self.achievements()),
        ]
    }

    /// Rows of `n` from 1.
    fn numbers(&self, last: u32) -> String {
        match self.engine {
            Engine::Postgres => format!("(SELECT generate_series(1, {last})::bigint AS n)"),
            Engine::Sqlite => format!(
                "(WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {last}) SELECT n FROM series)"
            ),
        }
    }

    /// The identifier of twelve bytes and a number.
    fn id(&self, start: &str, number: &str) -> String {
        match self.engine {
            Engine::Postgres => format!("'\\x{start}'::bytea || int4send(({number})::integer)"),
            Engine::Sqlite => format!("unhex(printf('{start}%08x', {number}))"),
        }
    }

    /// So many days after a day.
    fn day(&self, first: &str, days: &str) -> String {
        match self.engine {
            Engine::Postgres => format!("date '{first}' + ({days})::integer"),
            Engine::Sqlite => format!("date('{first}', '+' || ({days}) || ' days')"),
        }
    }

    /// A number with four digits.
    fn four(&self, number: &str) -> String {
        match self.engine {
            Engine::Postgres => format!("lpad(({number})::text, 4, '0')"),
            Engine::Sqlite => format!("printf('%04d', {number})"),
        }
    }

    fn bodies(&self) -> String {
        format!(
            "
INSERT INTO awarding_body (recognition_number, name, name_key, legal_name, acronym, status, recognised_from, recognised_until, registered)
SELECT 'RN' || (5000 + n), 'Invented Awarding Body ' || n, 'invented awarding body ' || n,
       'Invented Awarding Body ' || n || ' Limited', 'IAB' || n, 'Recognised', '2008-04-01', NULL, true
FROM {} AS numbers",
            self.numbers(20)
        )
    }

    fn qualifications(&self) -> String {
        format!(
            "
INSERT INTO qualification (number, title, body, body_name, level, level_stated, eqf_level, kind, status, total_credit, total_qualification_time,
  guided_learning_hours, operational_from, operational_until, certification_until, registered)
SELECT '500/' || {} || '/0',
       'Invented Level ' || (1 + n % 6) || ' Diploma for the Children and Young People''s Workforce ' || n,
       'RN' || (5001 + n % 20), 'Invented Awarding Body ' || (1 + n % 20), 1 + n % 6, 'Level ' || (1 + n % 6), NULL,
       'Vocationally-Related Qualification', 'Available to learners', 20 + n % 60, 200 + n, 150 + n, '2010-09-01', NULL,
       NULL, true
FROM {} AS numbers",
            self.four("n"),
            self.numbers(300)
        )
    }

    fn units(&self) -> String {
        format!(
            "
INSERT INTO unit (reference, title, level, credit, guided_learning_hours, confirmed)
SELECT 'A/600/' || {}, 'Invented unit ' || n, 1 + n % 6, 1 + n % 9, 10 + n % 40, true
FROM {} AS numbers",
            self.four("n"),
            self.numbers(1000)
        )
    }

    fn learners(&self) -> String {
        format!(
            "
INSERT INTO learner (id, given_name, family_name, family_key, date_of_birth, gender, postcode, former_names, merged_into, created_at)
SELECT {}, 'Given' || (n % 1000), 'Family' || n, 'family' || n, {}, 1 + n % 2, 'ZZ' || (n % 99) || ' 9ZZ', '[]', NULL,
       '2026-11-01 12:00:00'
FROM {} AS numbers",
            self.id(LEARNER, "n"),
            self.day("1960-01-01", "n % 16000"),
            self.numbers(self.learners)
        )
    }

    fn ulns(&self) -> String {
        format!(
            "
INSERT INTO learner_alias (kind, scope, value, learner_id, arrived_as, given_by, known_from)
SELECT 'uln', '', 1000000000 + n, {id}, {id}, 'body:RN5001', '2026-11-01 12:00:00'
FROM {} AS numbers",
            self.numbers(self.learners),
            id = self.id(LEARNER, "n")
        )
    }

    /// Five each, and those of one learner far apart, as awards of several years are.
    fn achievements(&self) -> String {
        let day = self.day("2011-01-01", "n % 5000");
        let learners = self.learners;
        format!(
            "
INSERT INTO achievement (id, learner_id, subject_kind, subject_code, title, part_of, body, body_stated, awarded_on, awarded_on_stated,
  started_on, valid_from, valid_until, grade, level, credit, status, status_since, status_reason, route, standing, result_id,
  certificate_number, centre, registration_number, registration_conditions, registration_state, version, replaced_by, changed_at)
SELECT {}, {}, 'qualification', '500/' || {} || '/0',
       'Invented Level ' || (1 + (1 + q) % 6) || ' Diploma as the result file names it', NULL, 'RN' || (5001 + (1 + q) % 20),
       'Invented Awarding Body', {day}, NULL, {}, NULL, NULL, 'Pass', 1 + (1 + q) % 6, 30, 'final', {day}, NULL, 'award',
       'attested', 'R' || n, 'C' || n, 'Centre ' || (n % 500), NULL, NULL, NULL, 1, NULL, '2026-11-01 12:00:00'
FROM (SELECT n, (n * 7919 + n / {learners}) % 300 AS q FROM {} AS numbers) AS numbered",
            self.id(ACHIEVEMENT, "n"),
            self.id(LEARNER, &format!("1 + n % {learners}")),
            self.four("1 + q"),
            self.day("2010-01-01", "n % 5000"),
            self.numbers(self.achievements)
        )
    }
}

#[cfg(test)]
#[expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]
mod tests {
    use super::*;
    use diesel::RunQueryDsl;

    /// Migrations change the tables: what is written here must still be what they hold.
    #[test]
    fn the_statements_fit_the_tables() {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite://{}", folder.path().join("filled.db").display());
        let mut connection = Connection::open(&address, Purpose::Write).unwrap();
        migrate(&mut connection).unwrap();
        let words = Words {
            engine: Engine::Sqlite,
            learners: 200,
            achievements: 1000,
        };
        for (what, sql) in words.all() {
            connection
                .batch(&sql)
                .unwrap_or_else(|error| panic!("{what}: {error}"));
        }
        let Connection::Sqlite(open) = &mut connection else {
            panic!("not SQLite")
        };
        let known: i64 = diesel::select(diesel::dsl::sql::<diesel::sql_types::BigInt>(
            "(SELECT count(*) FROM achievement a JOIN learner_alias l ON l.arrived_as = a.learner_id
              JOIN qualification q ON q.number = a.subject_code)",
        ))
        .get_result(open)
        .unwrap();
        assert_eq!(known, 1000);
    }
}
