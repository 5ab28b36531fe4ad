//! Rules of combination: a table of structures, one of their groups, one of barred units.

use super::table::Fault;
use super::{Row, RowError, read};
use crate::structure::{Barred, Contents, Group, LevelFloor, OtherCredit, Structure};
use std::collections::HashMap;

/// A row of `groups.csv`: a group, and where it belongs.
struct Placed {
    qualification: String,
    parent: Option<String>,
    group: Group,
}

/// Reads `structures.csv`, with the groups and barred units of the other two tables.
///
/// # Errors
/// Every [`RowError`] of the three tables; also a group without a place, and a structure without groups.
pub fn structures(
    text: &str,
    groups_text: &str,
    barred_text: &str,
) -> Result<Vec<Structure>, Vec<RowError>> {
    let mut trees = groups(groups_text)?;
    let mut bars = barred(barred_text)?;
    let required = ["qualification", "total_credit", "verified", "source"];
    let structures = read("structures", text, &required, |row| {
        let qualification = number(row)?;
        let total = row.number("total_credit")?;
        let floor = row.level("floor_level")?.zip(row.number("floor_credit")?);
        Ok((
            row.fault(
                "qualification",
                Fault::Contradiction("the structure has no groups".into()),
            ),
            Structure {
                qualification,
                title: row.owned("title"),
                level: row.level("level")?,
                also: row.qualifications("also"),
                total_credit: total.ok_or_else(|| row.fault("total_credit", Fault::Empty))?,
                floor: floor.map(|(level, credit)| LevelFloor { level, credit }),
                root: Group::new("", Contents::Groups(Vec::new())),
                barred: Vec::new(),
                confirmed: row.confirmed("verified")?,
                source: row.required("source")?,
            },
        ))
    })?;
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for (without, mut structure) in structures {
        match trees.remove(&structure.qualification) {
            Some(root) => {
                structure.root = root;
                structure.barred = bars.remove(&structure.qualification).unwrap_or_default();
                found.push(structure);
            }
            None => faults.push(without),
        }
    }
    if faults.is_empty() {
        Ok(found)
    } else {
        Err(faults)
    }
}

fn number(row: &Row<'_>) -> Result<String, RowError> {
    let number = row.qualification("qualification");
    number.ok_or_else(|| row.fault("qualification", Fault::Empty))
}

/// Reads `groups.csv`: the outermost group of each qualification, with the groups it holds.
///
/// # Errors
/// Every [`RowError`] of the table; also groups that belong to none, and a second outermost group.
pub fn groups(text: &str) -> Result<HashMap<String, Group>, Vec<RowError>> {
    let required = ["qualification", "group", "parent", "name", "kind"];
    let rows = read("groups", text, &required, |row| {
        let contents = match row.text("kind") {
            "groups" => Contents::Groups(Vec::new()),
            "units" => Contents::Units(row.list("units")),
            "other" => Contents::Other(OtherCredit {
                level: row.level("level")?,
                areas: row.list("areas"),
                within_months: row.number("within_months")?,
                part_only: row.yes("part_only")?.unwrap_or(false),
            }),
            other => {
                let fault = Fault::Not {
                    found: other.to_owned(),
                    expected: "units, groups or other",
                };
                return Err(row.fault("kind", fault));
            }
        };
        let placed = Placed {
            qualification: number(row)?,
            parent: row.owned("parent"),
            group: Group {
                code: row.required("group")?,
                name: row.required("name")?,
                minimum_credit: row.number("minimum_credit")?,
                maximum_credit: row.number("maximum_credit")?,
                minimum_components: row.number("minimum_components")?,
                maximum_components: row.number("maximum_components")?,
                contents,
                overlaps: row.yes("overlaps")?.unwrap_or(false),
            },
        };
        let lost = row.fault(
            "parent",
            Fault::Contradiction(
                "the group belongs to none before it, or is a second outermost one".into(),
            ),
        );
        Ok((placed, lost))
    })?;
    let mut trees: HashMap<String, Group> = HashMap::new();
    let mut faults = Vec::new();
    for (placed, lost) in rows {
        let tree = trees.get_mut(&placed.qualification);
        match (placed.parent, tree) {
            (None, None) => {
                trees.insert(placed.qualification, placed.group);
            }
            (Some(parent), Some(root)) => {
                if !hang(root, &parent, placed.group) {
                    faults.push(lost);
                }
            }
            _ => faults.push(lost),
        }
    }
    if faults.is_empty() {
        Ok(trees)
    } else {
        Err(faults)
    }
}

/// Puts a group into the one of that code.
fn hang(into: &mut Group, parent: &str, group: Group) -> bool {
    let here = into.code == parent;
    let Contents::Groups(children) = &mut into.contents else {
        return false;
    };
    if here {
        children.push(group);
        return true;
    }
    for child in children {
        if child.walk().iter().any(|(_, inner)| inner.code == parent) {
            return hang(child, parent, group);
        }
    }
    false
}

/// Reads `barred.csv`, by qualification.
///
/// # Errors
/// Every [`RowError`] of the table.
pub fn barred(text: &str) -> Result<HashMap<String, Vec<Barred>>, Vec<RowError>> {
    let rows = read("barred", text, &["qualification", "unit", "with"], |row| {
        Ok((
            number(row)?,
            Barred {
                unit: row.required("unit")?,
                with: row.list("with"),
                reason: row.owned("reason"),
            },
        ))
    })?;
    let mut bars: HashMap<String, Vec<Barred>> = HashMap::new();
    for (qualification, barred) in rows {
        bars.entry(qualification).or_default().push(barred);
    }
    Ok(bars)
}
