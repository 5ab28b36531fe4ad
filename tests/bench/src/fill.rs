//! A database of invented people: a million achievements of 200 000 learners, 300 qualifications of 20 bodies,
//! and a thousand units, so that the planner sees what it would see.

use crate::{Failure, say};
use clap::Args;
use registry::db::{Connection, Id, Purpose, migrate};
use std::time::Instant;

/// How many learners there are.
pub(crate) const LEARNERS: u32 = 200_000;

/// The first twelve bytes of a learner's identifier; the number follows in four.
pub(crate) const LEARNER: &str = "019300000000700080000000";

const DATABASE: &str = "registry_bench";

/// The server on which the database is made.
#[derive(Args)]
pub(crate) struct Server {
    /// A PostgreSQL server and a database on it to connect to, as a user who may make databases
    #[arg(long, default_value = "postgres://postgres@127.0.0.1:5432/postgres")]
    pub(crate) server: String,
}

impl Server {
    /// The address of the trial's own database.
    pub(crate) fn database(&self) -> Result<String, Failure> {
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
        let mut connection = Connection::open(&self.server.server, Purpose::Write)?;
        connection.batch(&format!("DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)"))?;
        Ok(())
    }
}

impl Fill {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let began = Instant::now();
        let mut server = Connection::open(&self.server.server, Purpose::Write)?;
        server.batch(&format!("DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)"))?;
        server.batch(&format!("CREATE DATABASE {DATABASE}"))?;
        let mut connection = Connection::open(&self.server.database()?, Purpose::Write)?;
        migrate(&mut connection)?;
        for (what, sql) in [
            ("awarding bodies", BODIES.to_owned()),
            ("qualifications", QUALIFICATIONS.to_owned()),
            ("units", UNITS.to_owned()),
            ("learners", learners()),
            ("achievements", achievements()),
            ("statistics", "VACUUM (ANALYZE)".to_owned()),
            ("checkpoint", "CHECKPOINT".to_owned()),
        ] {
            connection.batch(&sql)?;
            say(&format!("{what}: {:.0?} since the start", began.elapsed()));
        }
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

const BODIES: &str = "
INSERT INTO awarding_body
SELECT 'RN' || 5000 + n, 'Invented Awarding Body ' || n, 'invented awarding body ' || n, 'Invented Awarding Body ' || n || ' Limited',
       'IAB' || n, 'Recognised', '2008-04-01', NULL, true
FROM generate_series(1, 20) n";

const QUALIFICATIONS: &str = "
INSERT INTO qualification
SELECT '500/' || lpad(n::text, 4, '0') || '/0', 'Invented Level ' || 1 + n % 6 || ' Diploma for the Children and Young People''s Workforce ' || n,
       'RN' || 5001 + n % 20, 'Invented Awarding Body ' || 1 + n % 20, 1 + n % 6, 'Level ' || 1 + n % 6, NULL,
       'Vocationally-Related Qualification', 'Available to learners', 20 + n % 60, 200 + n, 150 + n, '2010-09-01', NULL, NULL, true
FROM generate_series(1, 300) n";

const UNITS: &str = "
INSERT INTO unit
SELECT 'A/' || 600 + n / 10000 || '/' || lpad((n % 10000)::text, 4, '0'), 'Invented unit ' || n, 1 + n % 6, 1 + n % 9, 10 + n % 40, true
FROM generate_series(1, 1000) n";

fn learners() -> String {
    format!(
        "
INSERT INTO learner
SELECT '\\x{LEARNER}'::bytea || int4send(n), 'Given' || n % 1000, 'Family' || n, 'family' || n, date '1960-01-01' + n % 16000, 1 + n % 2,
       'ZZ' || n % 99 || ' 9ZZ', '[]', NULL, '2026-11-01 12:00:00'
FROM generate_series(1, {LEARNERS}) n;
INSERT INTO learner_alias
SELECT 'uln', '', 1000000000 + n, '\\x{LEARNER}'::bytea || int4send(n), 'body:RN5001', '2026-11-01 12:00:00'
FROM generate_series(1, {LEARNERS}) n"
    )
}

/// Five each, and those of one learner far apart, as awards of several years are.
fn achievements() -> String {
    format!(
        "
INSERT INTO achievement
SELECT '\\x019300000001700080000000'::bytea || int4send(n), '\\x{LEARNER}'::bytea || int4send(1 + n % {LEARNERS}), 'qualification',
       '500/' || lpad((1 + q)::text, 4, '0') || '/0', 'Invented Level ' || 1 + (1 + q) % 6 || ' Diploma as the result file names it',
       NULL, 'RN' || 5001 + (1 + q) % 20, 'Invented Awarding Body', date '2011-01-01' + n % 5000, NULL, date '2010-01-01' + n % 5000, NULL, NULL,
       'Pass', 1 + (1 + q) % 6, 30, 'final', date '2011-01-01' + n % 5000, NULL, 'award', 'attested', 'R' || n, 'C' || n, 'Centre ' || n % 500,
       NULL, NULL, NULL, 1, NULL, '2026-11-01 12:00:00'
FROM (SELECT n, (n::bigint * 7919 + n / {LEARNERS}) % 300 AS q FROM generate_series(1, 1000000) n) rows"
    )
}
