//! Two qualifications side by side.

use super::{Unit, framework};
use crate::action::framework::Framework;
use crate::graphql::framework::{Qualification, qualification};
use crate::graphql::problem::fail;
use crate::model::qualification::QualificationRow;
use async_graphql::{Context, Result, SimpleObject};
use framework::Compared;
use framework::structure::Compiled;
use schema::{Code, Level, QualificationNumber};

/// Two qualifications side by side.
#[derive(SimpleObject)]
pub struct Comparison {
    /// The one.
    pub left: Qualification,
    /// The other.
    pub right: Qualification,
    /// The units that both have, or that stand for each other; as the left has them.
    pub shared_units: Vec<Unit>,
    /// The credit of those units, up to what the right one requires in all.
    pub transferable_credit: i32,
    /// Where they differ, in English.
    pub differences: Vec<String>,
}

/// Compares two qualifications that are known.
pub(in crate::graphql) async fn compare(
    context: &Context<'_>,
    left: &str,
    right: &str,
) -> Result<Comparison> {
    let left = find(context, left).await?;
    let right = find(context, right).await?;
    let framework = framework(context).await?;
    let found = {
        let left = side(&framework, &left.0);
        let right = side(&framework, &right.0);
        framework::compare(&left, &right, |key| {
            framework.unit(key).map(|unit| &unit.facts)
        })
    };
    let shared = found.shared_units.iter();
    Ok(Comparison {
        shared_units: shared.map(|key| Unit::named(&framework, key)).collect(),
        transferable_credit: i32::try_from(found.transferable_credit).unwrap_or(i32::MAX),
        differences: found.differences,
        left,
        right,
    })
}

fn side<'a>(framework: &'a Framework, row: &'a QualificationRow) -> Compared<'a> {
    let whole = |number: Option<i32>| number.and_then(|number| u32::try_from(number).ok());
    Compared {
        number: &row.number,
        title: &row.title,
        level: row.level.and_then(Level::from_place),
        total_credit: whole(row.total_credit),
        guided_learning_hours: whole(row.guided_learning_hours),
        kind: row.kind.as_deref(),
        structure: framework.structure(&row.number).map(Compiled::structure),
        units: &[],
    }
}

async fn find(context: &Context<'_>, number: &str) -> Result<Qualification> {
    let parsed = QualificationNumber::parse(number).map_err(|_| {
        let words = "A qualification number is seven digits and a digit or X, such as 601/7898/X.";
        fail(context, Code::InputInvalid, words)
    })?;
    let found = qualification(context, parsed).await?;
    found.ok_or_else(|| {
        let words = format!("No qualification {parsed} is known.");
        fail(context, Code::NotFound, words.as_str())
    })
}
