//! Whether a team is in ratio in a room.

use super::look::{Member, Team};
use super::stand::{of, shared_awards};
use crate::action::framework::{Framework, Prepared};
use crate::action::share::{Field, Shared};
use crate::app::App;
use crate::error::Error;
use framework::ratio::{
    AgeBand, Declared, EvidenceKind, NeedKind, RoomStaff, RoomStanding, evidence, in_ratio,
};
use framework::{Award, Ternary};
use schema::{Code, Date, RegistrationState, Subject};
use std::sync::Arc;

/// The most bands of age in a room, and the oldest child and the most children that are asked about.
const MOST: (usize, u32, u32) = (20, 300, 10_000);
/// The status of a school teacher.
const TEACHER: &str = "QTS";

impl Team {
    /// Whether the team is in ratio on a day, in its setting, with these children, by what its people share. Somebody who
    /// shares nothing is there, and at which level they count is not known; nor is it, on another day than today, of whoever
    /// does not share the days of their awards: asked for one day after the other, it would tell those days.
    ///
    /// # Errors
    /// [`Code::InputInvalid`] for bands that cannot be; [`Error`] where the rules could not be asked.
    pub async fn in_ratio(
        &self,
        app: &App,
        framework: Arc<Framework>,
        members: Vec<Arc<Member>>,
        children: Vec<AgeBand>,
        on: Date,
    ) -> Result<RoomStanding, Error> {
        check(&children)?;
        let prepared = app.engines.prepare(framework).await?;
        let setting = self.row.setting.clone().unwrap_or_default();
        let today = app.clock.now().date();
        let work = move || {
            let there = members.iter().filter(|member| member.row.is_there(on));
            let staff: Vec<RoomStaff> = there
                .map(|member| staff(&prepared, member, on, today))
                .collect();
            let numbers = &prepared.framework.ratio_numbers;
            in_ratio(numbers, &setting, &children, &staff, on)
        };
        app.engines.run(work).await
    }
}

fn check(children: &[AgeBand]) -> Result<(), Error> {
    let (bands, oldest, most) = MOST;
    let wrong = |band: &AgeBand| {
        band.from_months >= band.to_months || band.to_months > oldest || band.children > most
    };
    if children.is_empty() || children.len() > bands || children.iter().any(wrong) {
        let words = format!(
            "children: 1 to {bands} bands, each from fewer to more months, to {oldest} at most, of {most} children at most."
        );
        return Err(Error::with(Code::InputInvalid, words));
    }
    Ok(())
}

fn staff(prepared: &Prepared, member: &Member, on: Date, today: Date) -> RoomStaff {
    let told = |shared: &&Shared| on == today || shared.fields.tell(Field::AwardedOn);
    let Some(shared) = member.shared.as_ref().filter(told) else {
        return RoomStaff {
            levels: [Ternary::Undetermined; 3],
            teacher: Ternary::Undetermined,
            first_aid: Ternary::Undetermined,
        };
    };
    let awards = shared_awards(shared, prepared);
    let ratio = of(prepared, &awards).ratio(on, Declared::default());
    let at = |level: u8| {
        let mut levels = ratio.levels.iter();
        let found = levels.find(|one| one.level == level);
        found.map_or(Ternary::Undetermined, |one| one.counts)
    };
    let teaches = |award: &Award| {
        matches!(&award.subject, Subject::ProfessionalStatus(code) if code == TEACHER)
            && award.awarded_by(on)
            && award.valid_on(on)
            && award
                .state
                .is_none_or(|state| state == RegistrationState::Current)
    };
    RoomStaff {
        levels: [at(6), at(3), at(2)],
        teacher: if awards.iter().any(teaches) {
            Ternary::Yes
        } else {
            Ternary::No
        },
        first_aid: first_aid(prepared, &awards, on),
    }
}

/// Whether paediatric first aid is in date: not known where no day of it is.
fn first_aid(prepared: &Prepared, awards: &[Award], on: Date) -> Ternary {
    let valid: Vec<Award> = awards
        .iter()
        .filter(|award| award.valid_on(on))
        .cloned()
        .collect();
    let shown = evidence(&prepared.framework.evidence, &valid);
    let aid = shown
        .iter()
        .filter(|one| one.kind == EvidenceKind::FirstAid);
    let renewed = renewed(prepared, on);
    aid.fold(Ternary::No, |all, one| {
        all.or(match (one.awarded_on, renewed) {
            (Some(day), _) if day > on => Ternary::No,
            (Some(_), Some(0)) => Ternary::Yes,
            (Some(day), Some(months)) => {
                let last = day.checked_add_months(chrono::Months::new(u32::from(months)));
                Ternary::of(Some(last.is_none_or(|last| on <= last)))
            }
            _ => Ternary::Undetermined,
        })
    })
}

/// After how many months paediatric first aid is renewed, by the rules in force on that day; 0: never.
fn renewed(prepared: &Prepared, on: Date) -> Option<u16> {
    let rules = prepared.framework.ratio_rules.iter().filter(|rule| {
        let (from, until) = rule.on;
        from.is_none_or(|from| from <= on) && until.is_none_or(|until| on <= until)
    });
    let mut needs = rules.flat_map(|rule| &rule.needs);
    needs.find_map(|need| match need.what {
        NeedKind::FirstAid { renew_months, .. } => Some(renew_months),
        _ => None,
    })
}
