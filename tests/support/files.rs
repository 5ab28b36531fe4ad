//! Result files of invented people.

use std::fmt::Write;
use std::path::PathBuf;

/// A valid ULN of an invented learner.
pub(crate) fn uln(number: u32) -> String {
    (0..11)
        .find_map(|step| schema::Uln::from_stem(700_000_000 + number * 11 + step))
        .unwrap()
        .to_string()
}

/// A row of the registry's own columns, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row(pub(crate) Vec<(&'static str, String)>);

impl Row {
    /// An award of an invented learner of that number, with a result identifier.
    pub(crate) fn award(learner: u32, result: &str) -> Self {
        Self::default()
            .with("uln", uln(learner))
            .with("given_name", "Ada")
            .with(
                "family_name",
                format!(
                    "Invented{}",
                    "abcdefghij".chars().nth(learner as usize % 10).unwrap()
                ),
            )
            .with(
                "date_of_birth",
                format!("19{:02}-04-0{}", 70 + learner % 29, 1 + learner % 9),
            )
            .with("qualification_number", "500/9170/0")
            .with(
                "title",
                "Diploma for the Children and Young People's Workforce",
            )
            .with("result_id", result)
            .with("awarded_on", "2015-06-30")
            .with("grade", "Pass")
            .with("status", "final")
    }

    /// An award of another body, of a qualification that the register does not have.
    pub(crate) fn elsewhere(learner: u32, result: &str) -> Self {
        Self::award(learner, result)
            .with("qualification_number", "601/7898/X")
            .with("title", "An invented certificate")
    }

    /// The same with another value.
    pub(crate) fn with(mut self, column: &'static str, value: impl Into<String>) -> Self {
        self.0.retain(|(name, _)| *name != column);
        self.0.push((column, value.into()));
        self
    }

    /// The same without a value.
    pub(crate) fn without(mut self, column: &str) -> Self {
        self.0.retain(|(name, _)| *name != column);
        self
    }
}

/// The rows as a file, with whichever columns any of them has.
pub(crate) fn csv(rows: &[Row]) -> Vec<u8> {
    let mut columns: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().flat_map(|row| &row.0) {
        if !columns.contains(name) {
            columns.push(name);
        }
    }
    let mut text = columns.join(",");
    text.push('\n');
    for row in rows {
        let cells: Vec<String> = columns
            .iter()
            .map(|column| {
                let value = row
                    .0
                    .iter()
                    .find(|(name, _)| name == column)
                    .map_or("", |(_, value)| value);
                format!("\"{}\"", value.replace('"', "\"\""))
            })
            .collect();
        writeln!(text, "{}", cells.join(",")).unwrap();
    }
    text.into_bytes()
}

/// Learning events of one ULN as the Learning Records Service answers: number, subject code, date, grade.
pub(crate) fn learning_events(uln: &str, events: &[(&str, &str, &str, &str)]) -> Vec<u8> {
    let mut text = format!(
        "<GetLearnerLearningEventsResult xmlns=\"http://api.lrs.qcf.gov.uk/model\"><ResponseCode>WSRC0004</ResponseCode>\
         <FoundULN>{uln}</FoundULN><IncomingULN>{uln}</IncomingULN><LearnerRecord>"
    );
    for (id, code, day, grade) in events {
        write!(
            text,
            "<LearningEvent><AchievementAwardDate>{day}</AchievementAwardDate><AwardingOrganisationName>UNKNOWN\
             </AwardingOrganisationName><AwardingOrganisationUkprn>UNKNWN</AwardingOrganisationUkprn><Credits>0</Credits>\
             <DateLoaded>2016-01-02 03:04:05</DateLoaded><Grade>{grade}</Grade><ID>{id}</ID><Status>F</Status>\
             <Subject>An invented subject</Subject><SubjectCode>{code}</SubjectCode></LearningEvent>"
        )
        .unwrap();
    }
    text.push_str("</LearnerRecord></GetLearnerLearningEventsResult>");
    text.into_bytes()
}

/// What the Learning Records Service reports of ULNs: merged, unmerged or deleted, the number, the one that stands for
/// both, and the day.
pub(crate) fn uln_report(changes: &[(&str, &str, &str, &str)]) -> Vec<u8> {
    let mut text = String::from("<ULNReportResp><FromDate>2010-01-01</FromDate><ULNReport>");
    for (element, kind, number) in [
        ("Merged", "merged", "MergedULN"),
        ("Unmerged", "unmerged", "UnmergedULN"),
        ("Deleted", "deleted", "ULN"),
    ] {
        write!(text, "<{element}Learners>").unwrap();
        for (_, uln, master, day) in changes.iter().filter(|change| change.0 == kind) {
            write!(text, "<{element}Learner>").unwrap();
            if !master.is_empty() {
                write!(
                    text,
                    "<MasterULN>{master}</MasterULN><MasterFamilyName>Invented</MasterFamilyName>"
                )
                .unwrap();
            }
            write!(
                text,
                "<{number}>{uln}</{number}><{element}Date>{day}</{element}Date></{element}Learner>"
            )
            .unwrap();
        }
        write!(text, "</{element}Learners>").unwrap();
    }
    text.push_str("</ULNReport></ULNReportResp>");
    text.into_bytes()
}

/// The optional folder of real files; none, said loudly, where it is not there.
pub(crate) fn samples(what: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("IQF_SAMPLES").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/samples"),
        PathBuf::from,
    );
    let path = folder.join(what);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: no samples at {what}; set IQF_SAMPLES to their folder");
    None
}
