//! What would close the gap, in sentences.

use super::look::Seen;
use ::claim::{Feedback, Quality};
use framework::{Reason, Says};
use schema::Language;

/// What would close the gap of a claim that was decided; nothing of one that is not, or that was granted whole.
#[must_use]
pub fn feedback(seen: &Seen, language: Language) -> Vec<Reason> {
    let gaps = seen.case.feedback(seen.gained);
    gaps.into_iter()
        .map(|gap| sentence(seen, gap, language))
        .collect()
}

fn sentence(seen: &Seen, gap: Feedback, language: Language) -> Reason {
    let source = seen.case.facts().terms.source.clone();
    let unit_of = |place: usize| {
        let unit = seen.stored.units.get(place);
        unit.map_or_else(String::new, |unit| unit.title.clone())
    };
    let outcome = |name: &str| {
        let row = seen.stored.outcomes.iter().find(|row| row.name == name);
        let unit = row.and_then(|row| usize::try_from(row.unit_place).ok());
        let title = row.map_or_else(|| name.to_owned(), |row| row.title.clone());
        (unit.map(unit_of).unwrap_or_default(), title)
    };
    let reference = |place: usize| {
        let unit = seen.stored.units.get(place);
        unit.map_or_else(String::new, |unit| unit.reference.clone())
    };
    let (rule, says) = match gap {
        Feedback::NotYet {
            outcome: name,
            lacking: lacks,
            note,
        } => {
            let (unit, title) = outcome(&name);
            let gap = lacking(&lacks, note, language);
            let says = Says::OutcomeNotYet {
                unit,
                outcome: title,
                gap,
            };
            (name, says)
        }
        Feedback::Undetermined {
            outcome: name,
            lacking: lacks,
            note,
        } => {
            let (unit, title) = outcome(&name);
            let gap = lacking(&lacks, note, language);
            let says = Says::OutcomeOpen {
                unit,
                outcome: title,
                gap,
            };
            (name, says)
        }
        Feedback::CapReached { unit, most } => {
            let says = Says::CreditCapped {
                unit: unit_of(unit),
                most: u32::from(most),
            };
            (reference(unit), says)
        }
        Feedback::CreditUnknown { unit, most } => {
            let says = Says::CreditNotKnown {
                unit: unit_of(unit),
                most: u32::from(most),
            };
            (reference(unit), says)
        }
    };
    Reason::new(says, rule, source.as_deref(), true)
}

/// What the evidence for an outcome is to become, and what was said of it.
fn lacking(lacking: &[Quality], note: Option<String>, language: Language) -> String {
    let words = lacking.iter().map(|quality| match (quality, language) {
        (Quality::Valid, Language::English) => "valid: it speaks of this outcome",
        (Quality::Authentic, Language::English) => "authentic: it is your own",
        (Quality::Reliable, Language::English) => "reliable: others would judge it alike",
        (Quality::Current, Language::English) => "current: it shows what you can do now",
        (Quality::Sufficient, Language::English) => {
            "sufficient: it shows all that the outcome asks"
        }
        (Quality::Valid, Language::Welsh) => "ddilys: mae'n sôn am y deilliant hwn",
        (Quality::Authentic, Language::Welsh) => "ddiffuant: eich gwaith chi ydyw",
        (Quality::Reliable, Language::Welsh) => "ddibynadwy: byddai eraill yn ei farnu yr un fath",
        (Quality::Current, Language::Welsh) => {
            "gyfredol: mae'n dangos yr hyn y gallwch ei wneud nawr"
        }
        (Quality::Sufficient, Language::Welsh) => {
            "ddigonol: mae'n dangos y cyfan y mae'r deilliant yn gofyn amdano"
        }
    });
    let words: Vec<&str> = words.collect();
    let mut said = match (words.is_empty(), language) {
        (true, _) => String::new(),
        (false, Language::English) => format!("Bring evidence that is {}.", words.join("; ")),
        (false, Language::Welsh) => format!("Dewch â thystiolaeth sy'n {}.", words.join("; ")),
    };
    if let Some(note) = note {
        if !said.is_empty() {
            said.push(' ');
        }
        said.push_str(&note);
    }
    said
}
