//! What the list of early-years qualifications says of an award.

use super::Framework;
use super::early_years::Sought;
use framework::Award;
use framework::ratio::Listed;
use schema::Subject;

/// What the Department for Education's list of early-years qualifications says of `award`. While no list is loaded
/// nothing is: then whether a qualification is full and relevant stays open, and only statuses decide.
#[must_use]
pub fn listed(award: &Award, framework: &Framework) -> Listed {
    let number = match &award.subject {
        Subject::Qualification(number) => Some(number.to_string()),
        _ => None,
    };
    let sought = Sought {
        number: number.as_deref(),
        title: &award.title,
        level: award.level,
        body: award.body.as_deref(),
        started_on: award.started_on,
    };
    framework.early_years.listed(&sought, &framework.questions)
}
