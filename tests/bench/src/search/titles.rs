//! Titles such as the register has, of things that do not exist: bodies, levels and sizes that recur in most, subjects
//! of some thousands of words, few of them common.

use crate::seeded::Seeded;

const SIZES: [&str; 6] = [
    "Award",
    "Certificate",
    "Diploma",
    "Extended Certificate",
    "NVQ Diploma",
    "Extended Diploma",
];
const SUBJECTS: [&str; 40] = [
    "Management",
    "Health",
    "Social Care",
    "Education",
    "Training",
    "Business",
    "Engineering",
    "Construction",
    "Art",
    "Design",
    "Leadership",
    "Childcare",
    "Early Years",
    "Playwork",
    "Sport",
    "Fitness",
    "Hairdressing",
    "Beauty",
    "Therapy",
    "Hospitality",
    "Catering",
    "Food Safety",
    "First Aid",
    "Security",
    "Transport",
    "Logistics",
    "Accounting",
    "Computing",
    "Networking",
    "Animal Care",
    "Horticulture",
    "Agriculture",
    "Music",
    "Performance",
    "Media",
    "Photography",
    "English",
    "Mathematics",
    "Welding",
    "Plumbing",
];
const SYLLABLES: [&str; 24] = [
    "ba", "cor", "den", "fil", "gra", "hol", "ist", "jun", "kel", "lom", "mar", "nor", "ope",
    "pra", "qui", "ros", "sta", "tem", "ulm", "ver", "wes", "yor", "zan", "ath",
];

/// A part of `of`, the first the likeliest by far.
pub(super) fn skewed(chance: &mut Seeded, of: usize) -> usize {
    let part = chance.part();
    // Truncation is what is meant.
    ((part * part * part) * of as f64) as usize
}

/// A word of the long tail.
pub(super) fn rare(place: usize) -> String {
    let syllable = |place: usize| {
        SYLLABLES
            .get(place % SYLLABLES.len())
            .copied()
            .unwrap_or("ba")
    };
    let mut word = format!(
        "{}{}{}",
        syllable(place),
        syllable(place / SYLLABLES.len()),
        syllable(place * 7 + place / 11)
    );
    if place.is_multiple_of(3) {
        word.push_str("ing");
    }
    word
}

/// A qualification of the trial.
pub(super) struct Made {
    pub(super) number: String,
    pub(super) title: String,
    pub(super) body: String,
    pub(super) level: usize,
}

/// The qualification at a place.
pub(super) fn made(place: usize, chance: &mut Seeded) -> Made {
    let body = skewed(chance, 150);
    let level = 1 + skewed(chance, 7);
    let one = SUBJECTS
        .get(skewed(chance, SUBJECTS.len()))
        .copied()
        .unwrap_or("Art");
    let two = rare(skewed(chance, 6_000));
    let size = SIZES
        .get(skewed(chance, SIZES.len()))
        .copied()
        .unwrap_or("Award");
    let more = match place % 4 {
        0 => format!(
            " and {}",
            SUBJECTS
                .get(skewed(chance, SUBJECTS.len()))
                .copied()
                .unwrap_or("Art")
        ),
        1 => " for the Workplace".to_owned(),
        2 => format!(" ({})", rare(skewed(chance, 6_000))),
        _ => String::new(),
    };
    Made {
        number: format!(
            "{:03}/{:04}/{}",
            100 + place / 10_000,
            place % 10_000,
            place % 10
        ),
        title: format!("B{body}Q Level {level} {size} in {one} {two}{more}"),
        body: format!("RN{:04}", 5000 + body),
        level,
    }
}
