//! Awarding bodies, qualifications and units that do not exist. They are the same in every set of one version,
//! so that sets of different seeds can be imported beside one register.
//!
//! Recognition numbers begin at RN9001 and qualification numbers with 99, where the register has none; check
//! characters fit.

use crate::draw::{Draw, Purpose, day};
use chrono::Datelike;
use quick_xml::escape::escape;
use schema::Date;
use std::ops::Range;

/// The years in which awards are made.
pub(crate) const YEARS: Range<i32> = 2009..2026;

/// An awarding body, and how it writes its files.
pub(crate) struct Body {
    pub(crate) number: String,
    pub(crate) name: String,
    pub(crate) acronym: String,
    /// Its name as it stands in XML.
    pub(crate) name_xml: String,
    pub(crate) delimiter: u8,
    pub(crate) day_first: bool,
    pub(crate) carriage_return: bool,
    /// Its registered qualifications that can be certificated throughout a year, by year.
    by_year: Vec<Vec<usize>>,
    /// A qualification that the register does not have.
    pub(crate) unregistered: usize,
}

/// What an award can be of.
pub(crate) struct Subject {
    /// The qualification number or unit reference.
    pub(crate) code: String,
    pub(crate) title: String,
    pub(crate) title_xml: String,
    pub(crate) level: &'static str,
    pub(crate) credit: u32,
    pub(crate) kind: &'static str,
    /// Grades, the lowest first.
    pub(crate) grades: &'static [&'static str],
    pub(crate) body: usize,
    /// The qualification of which a unit is a part.
    pub(crate) part_of: Option<usize>,
    /// The units of a qualification.
    pub(crate) units: Range<usize>,
    registered: bool,
    from: Date,
    until: Option<Date>,
    certification_until: Option<Date>,
}

/// What there is to be awarded, and by whom.
pub(crate) struct Catalogue {
    pub(crate) bodies: Vec<Body>,
    pub(crate) subjects: Vec<Subject>,
    /// The share of all awards that are a body's own.
    weights: Vec<u32>,
}

const NAMES: &[(&str, &str)] = &[
    ("Larkrise Awards", "LARKRISE"),
    ("Tor Vale Assessment Board", "TVAB"),
    ("Corff Dyfarnu Dyffryn Môn", "CDDM"),
    ("Harbour & Heath Qualifications", "H&H"),
    ("Northern Playwork Institute", "NPI"),
    ("Meadowcroft Certification", "MEADOWCROFT"),
    ("Institute of Early Practice", "IEP"),
    ("Saltmarsh Examinations", "SALTMARSH"),
    ("Quillbrook Awarding", "QUILLBROOK"),
    ("Guild of Residential Care", "GRC"),
    ("Fernhollow Learning", "FERNHOLLOW"),
    ("United Youth Work Board", "UYWB"),
    ("Beacon Hill Awarding", "BEACON HILL"),
    ("Society for Foster Learning", "SFL"),
    ("Wrenfield Vocational", "WRENFIELD"),
    ("Ashdown & Partners", "ADP"),
    ("Cwmni Cymwysterau'r Cwm", "CCC"),
    ("Stonebridge Skills", "STONEBRIDGE"),
    ("Open Door Accreditation", "ODA"),
    ("Applemere College Awards", "APPLEMERE"),
    ("Family Support Board", "FSB"),
    ("Kestrel Professional", "KESTREL"),
    ("Lanternlight Training", "LANTERNLIGHT"),
    ("Inspectorate of Play", "IOP"),
];
const AREAS: &[&str] = &[
    "Early Years Practice",
    "Playwork",
    "Children's Residential Care",
    "Youth Work Practice",
    "Learning Support",
    "Family Support",
    "Foster Care",
    "Childminding",
    "Speech and Language Support",
    "Special Educational Needs",
    "Paediatric First Aid",
    "Safeguarding Children",
    "Leadership in Children's Services",
    "Outdoor Learning",
    "Social Pedagogy",
    "Nursery Nursing",
    "School Meals and Midday Supervision",
    "Educational Welfare",
    "Adventure Activities",
    "Creative Work with Children",
];
const UNITS: &[&str] = &[
    "Understand how children develop",
    "Support positive behaviour",
    "Promote equality and inclusion",
    "Work with parents, families and carers",
    "Support children's speech, language and communication",
    "Keep children safe",
    "Plan for play",
    "Observe and assess",
    "Reflect on one's own practice",
    "Support transitions",
    "Promote healthy eating",
    "Work in a team",
    "Lead and supervise others",
    "Support bilingual learners",
    "Use technology with children",
    "Respond to accidents and illness",
];
const LEVELS: &[&str] = &[
    "Level 1", "Level 2", "Level 3", "Level 3", "Level 4", "Level 5", "Level 6",
];
const SIZES: &[(&str, u32, u32)] = &[
    ("Award", 1, 12),
    ("Certificate", 13, 36),
    ("Diploma", 37, 90),
];
const KINDS: &[&str] = &[
    "Vocationally-Related Qualification",
    "QCF",
    "Occupational Qualification",
    "National Vocational Qualification",
];
const PASS: &[&str] = &["Pass"];
const SCALES: &[&[&str]] = &[
    PASS,
    PASS,
    &["Pass", "Merit", "Distinction"],
    &["E", "D", "C", "B", "A", "A*"],
    &["P", "M", "D", "D*"],
];

/// How many qualifications a body has, and how many units each.
const QUALIFICATIONS: usize = 30;
const UNITS_EACH: usize = 6;

impl Catalogue {
    pub(crate) fn new() -> Self {
        let mut draw = Draw::of(0, Purpose::Catalogue, 0);
        let mut catalogue = Self {
            bodies: Vec::new(),
            subjects: Vec::new(),
            weights: Vec::new(),
        };
        for (place, (name, acronym)) in NAMES.iter().enumerate() {
            let mut body = Body {
                number: format!("RN{}", 9001 + place),
                name: (*name).to_owned(),
                acronym: (*acronym).to_owned(),
                name_xml: escape(name.to_uppercase()).into_owned(),
                delimiter: if place % 5 == 3 { b';' } else { b',' },
                day_first: place % 3 == 1,
                carriage_return: place % 4 == 2,
                by_year: Vec::new(),
                unregistered: 0,
            };
            let mut own = Vec::new();
            for count in 0..QUALIFICATIONS {
                // Some run through all years, so that there is always something to award.
                own.push(catalogue.add_qualification(place, true, count < 4, &mut draw));
            }
            body.unregistered = catalogue.add_qualification(place, false, true, &mut draw);
            body.by_year = YEARS
                .map(|year| catalogue.certificable(&own, year))
                .collect();
            catalogue.weights.push(1000 / (place as u32 + 4));
            catalogue.bodies.push(body);
        }
        catalogue
    }

    pub(crate) fn body(&self, place: usize) -> Option<&Body> {
        self.bodies.get(place)
    }

    pub(crate) fn subject(&self, place: usize) -> Option<&Subject> {
        self.subjects.get(place)
    }

    /// A body, the large ones more often.
    pub(crate) fn draw_body(&self, draw: &mut Draw) -> usize {
        draw.weighted(&self.weights)
    }

    /// The qualifications of a body that can be awarded in a year.
    pub(crate) fn offered(&self, body: usize, year: i32) -> &[usize] {
        let place = usize::try_from(year - YEARS.start).unwrap_or(usize::MAX);
        let years = self.bodies.get(body).map(|body| &body.by_year);
        years
            .and_then(|years| years.get(place))
            .map_or(&[], Vec::as_slice)
    }

    fn certificable(&self, own: &[usize], year: i32) -> Vec<usize> {
        let (first, last) = (day(year, 1, 1), day(year, 12, 31));
        let runs = |place: &&usize| {
            self.subjects.get(**place).is_some_and(|one| {
                one.from <= first && one.certification_until.is_none_or(|until| until >= last)
            })
        };
        own.iter().filter(runs).copied().collect()
    }

    /// Adds a qualification with its units; answers its place.
    fn add_qualification(
        &mut self,
        body: usize,
        registered: bool,
        always: bool,
        draw: &mut Draw,
    ) -> usize {
        let place = self.subjects.len();
        let ordinal = place as u32;
        let level = draw.pick(LEVELS);
        let (size, least, most) = draw.pick(SIZES);
        let area = draw.pick(AREAS);
        let begins = draw.between(2007, 2020);
        let ends = begins + draw.between(5, 10);
        let (begins, ends) = if always {
            (2008, None)
        } else {
            (begins, Some(ends).filter(|ends| *ends < 2024))
        };
        let year = |year: u32| i32::try_from(year).unwrap_or_default();
        let title = format!("{level} {size} in {area}");
        let (from, until, certification_until) = (
            day(year(begins), 9, 1),
            ends.map(|ends| day(year(ends), 8, 31)),
            ends.map(|ends| day(year(ends) + 3, 8, 31)),
        );
        self.subjects.push(Subject {
            code: qualification_number(ordinal),
            title_xml: escape(title.as_str()).into_owned(),
            title,
            level,
            credit: draw.between(least, most),
            kind: draw.pick(KINDS),
            grades: draw.pick(SCALES),
            body,
            part_of: None,
            units: place + 1..place + 1 + UNITS_EACH,
            registered,
            from,
            until,
            certification_until,
        });
        for _ in 0..UNITS_EACH {
            let number = self.subjects.len() as u32;
            let title = format!("{} ({area})", draw.pick(UNITS));
            self.subjects.push(Subject {
                code: unit_reference(number),
                title_xml: escape(title.as_str()).into_owned(),
                title,
                level,
                credit: draw.between(1, 8),
                kind: "Unit",
                grades: PASS,
                body,
                part_of: Some(place),
                units: 0..0,
                registered,
                from,
                until,
                certification_until,
            });
        }
        place
    }

    /// The register's extract of organisations, in the columns of Ofqual's.
    pub(crate) fn organisations(&self) -> Vec<Vec<String>> {
        let mut rows = vec![words(&[
            "Recognition Number",
            "Name",
            "Legal Name",
            "Acronym",
            "Ofqual Status",
            "Ofqual Recognised From",
            "Ofqual Recognised To",
        ])];
        for body in &self.bodies {
            rows.push(vec![
                body.number.clone(),
                body.name.clone(),
                format!("{} Limited", body.name),
                body.acronym.clone(),
                "Recognised".to_owned(),
                "2008-01-01 00:00:00.0000000".to_owned(),
                String::new(),
            ]);
        }
        rows
    }

    /// The register's extract of qualifications, in the columns of Ofqual's.
    pub(crate) fn qualifications(&self) -> Vec<Vec<String>> {
        let mut rows = vec![words(&[
            "Qualification Number",
            "Qualification Title",
            "Owner Organisation Recognition Number",
            "Owner Organisation Name",
            "Owner Organisation Acronym",
            "Qualification Level",
            "Qualification Sub Level",
            "EQF Level",
            "Qualification Type",
            "Total Credits",
            "Qualification Status",
            "Operational Start Date",
            "Operational End Date",
            "Certification End Date",
            "Total Qualification Time",
            "Guided Learning Hours",
            "Offered In England",
            "Offered In Northern Ireland",
            "Grading Scale",
        ])];
        let registered = |one: &&Subject| one.registered && one.part_of.is_none();
        for one in self.subjects.iter().filter(registered) {
            let Some(body) = self.bodies.get(one.body) else {
                continue;
            };
            let date = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
            let status = match one.until {
                Some(until) if until.year() < 2025 => "No longer awarded",
                _ => "Available to learners",
            };
            rows.push(vec![
                one.code.clone(),
                one.title.clone(),
                body.number.clone(),
                body.name.clone(),
                body.acronym.clone(),
                one.level.to_owned(),
                "None".to_owned(),
                String::new(),
                one.kind.to_owned(),
                one.credit.to_string(),
                status.to_owned(),
                date(Some(one.from)),
                date(one.until),
                date(one.certification_until),
                (one.credit * 10).to_string(),
                (one.credit * 7).to_string(),
                "True".to_owned(),
                "False".to_owned(),
                one.grades.join("|"),
            ]);
        }
        rows
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// What the weights 8 to 2 over seven digits leave modulo 11.
fn remainder(digits: &str) -> usize {
    let sum: u32 = digits
        .bytes()
        .zip((2..=8).rev())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    (sum % 11) as usize
}

fn qualification_number(ordinal: u32) -> String {
    let digits = format!("99{ordinal:05}");
    let check = b"0123456789X".get(remainder(&digits)).copied();
    let (first, rest) = digits.split_at(3);
    format!("{first}/{rest}/{}", char::from(check.unwrap_or_default()))
}

fn unit_reference(ordinal: u32) -> String {
    let digits = format!("99{ordinal:05}");
    let letter = b"ADFHJKLMRTY".get(remainder(&digits)).copied();
    let (first, rest) = digits.split_at(3);
    format!("{}/{first}/{rest}", char::from(letter.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use schema::{CheckResult, QualificationNumber, RecognitionNumber, UnitReference};
    use std::collections::HashSet;

    #[test]
    fn every_number_is_well_formed_fits_and_is_given_once() {
        let catalogue = Catalogue::new();
        let mut seen = HashSet::new();
        for subject in &catalogue.subjects {
            let check = match subject.part_of {
                None => QualificationNumber::parse(&subject.code).map(|one| one.check()),
                Some(_) => UnitReference::parse(&subject.code).map(|one| one.check()),
            };
            assert_eq!(check, Ok(CheckResult::Fits), "{}", subject.code);
            assert!(seen.insert(&subject.code), "{}", subject.code);
        }
        for body in &catalogue.bodies {
            assert!(RecognitionNumber::parse(&body.number).is_ok());
        }
    }

    #[test]
    fn every_body_has_something_to_award_in_every_year() {
        let catalogue = Catalogue::new();
        for body in 0..catalogue.bodies.len() {
            for year in YEARS {
                // One learner has at most eight awards, each of another subject.
                let offered = catalogue.offered(body, year);
                assert!(offered.len() >= 4, "{body} {year}");
                for place in offered {
                    let subject = catalogue.subject(*place).map(|one| (one.body, one.part_of));
                    assert_eq!(subject, Some((body, None)));
                }
            }
        }
    }
}
