//! What the processor spent, on the asking side and in the database server, out of `/proc`.

use crate::Failure;
use std::fs;
use std::time::Duration;

/// The kernel's clock tick in which `/proc` counts: a hundredth of a second on every Linux there is.
const TICK: Duration = Duration::from_millis(10);

/// Processor time spent so far.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    /// By this process and those it started and waited for.
    pub(crate) client: Duration,
    /// By the database server's processes, those that ended included.
    pub(crate) server: Duration,
}

impl Cost {
    /// What is spent by now, with the server of that process id.
    pub(crate) fn now(postmaster: u32) -> Result<Self, Failure> {
        let own = Usage::of("self")?;
        let parent = Usage::of(&postmaster.to_string())?;
        let mut server = parent.own + parent.ended;
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
            if usage.parent == postmaster {
                server += usage.own;
            }
        }
        Ok(Self {
            client: own.own + own.ended,
            server,
        })
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
