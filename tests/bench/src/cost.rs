//! What the processor spent, on the asking side and in the database server, out of `/proc`.

use crate::Failure;
use std::fs;
use std::time::Duration;

/// The kernel's clock tick in which `/proc` counts: a hundredth of a second on every Linux there is.
const TICK: Duration = Duration::from_millis(10);

/// Whose processor time is told apart from the asking side's.
#[derive(Clone, Copy, Default)]
pub(crate) struct Meter {
    /// The database server's first process, where there is one.
    pub(crate) database: Option<u32>,
    /// The first process of the program that is asked, where there is one between the asking side and the database.
    pub(crate) program: Option<u32>,
}

/// Processor time spent so far.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    /// By this process and those it started and waited for.
    pub(crate) client: Duration,
    /// By the program that is asked, its children and those that ended included.
    pub(crate) program: Duration,
    /// By the database server's processes, those that ended included.
    pub(crate) server: Duration,
}

impl Meter {
    /// Only a database server.
    pub(crate) fn database(postmaster: u32) -> Self {
        Self {
            database: Some(postmaster),
            program: None,
        }
    }

    /// What is spent by now.
    pub(crate) fn now(self) -> Result<Cost, Failure> {
        let own = Usage::of("self")?;
        let mut cost = Cost {
            client: own.own + own.ended,
            program: Duration::ZERO,
            server: Duration::ZERO,
        };
        for (first, spent) in [
            (self.program, &mut cost.program),
            (self.database, &mut cost.server),
        ] {
            if let Some(first) = first {
                let usage = Usage::of(&first.to_string())?;
                *spent += usage.own + usage.ended;
            }
        }
        if self.program.is_none() && self.database.is_none() {
            return Ok(cost);
        }
        for entry in fs::read_dir("/proc")? {
            let name = entry?.file_name();
            let Some(process) = name
                .to_str()
                .filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()))
            else {
                continue;
            };
            // A process that ended since the folder was read.
            let Ok(usage) = Usage::of(process) else {
                continue;
            };
            if Some(usage.parent) == self.database {
                cost.server += usage.own;
            } else if Some(usage.parent) == self.program {
                cost.program += usage.own;
            }
        }
        Ok(cost)
    }
}

struct Usage {
    parent: u32,
    own: Duration,
    ended: Duration,
}

impl Usage {
    fn of(process: &str) -> Result<Self, Failure> {
        let text = fs::read_to_string(format!("/proc/{process}/stat"))?;
        // The name, in brackets, may hold anything; what follows the last bracket is fields.
        let (_, fields) = text.rsplit_once(')').ok_or("no process statistics")?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let number = |place: usize| -> Result<u32, Failure> {
            Ok(fields
                .get(place)
                .ok_or("short process statistics")?
                .parse()?)
        };
        Ok(Self {
            parent: number(1)?,
            own: TICK * (number(11)? + number(12)?),
            ended: TICK * (number(13)? + number(14)?),
        })
    }
}
