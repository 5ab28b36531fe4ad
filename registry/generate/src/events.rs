//! Learning events as the Learning Records Service answers them, one answer a learner. Files are of a size that
//! can still be looked at.

use crate::folder::{BUFFER, Counted, Folder};
use crate::manifest::{Counts, Outcome, ResultFile};
use crate::text::Short;
use std::io::{self, BufWriter, Write};

/// After so many events a file is closed, at the end of a learner's: about 50 MB.
const EVENTS: u64 = 50_000;

const OPEN: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
<!-- Synthetic: invented learners. -->\n\
<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>\n\
<GetLearnerLearningEventsResponse xmlns=\"http://tempuri.org/\" xmlns:a=\"http://api.lrs.qcf.gov.uk/model\" \
xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">\n";
const CLOSE: &str = "</GetLearnerLearningEventsResponse>\n</s:Body></s:Envelope>\n";

/// The fields of one event that differ, as they stand in XML.
pub(crate) struct Event<'a> {
    pub(crate) awarded_on: Short,
    pub(crate) provider: Short,
    pub(crate) body: &'a str,
    pub(crate) credit: Short,
    pub(crate) loaded_on: Short,
    pub(crate) grade: &'a str,
    pub(crate) id: Short,
    pub(crate) level: &'a str,
    pub(crate) started_on: Short,
    pub(crate) kind: &'a str,
    pub(crate) provisional: bool,
    pub(crate) title: &'a str,
    pub(crate) code: &'a str,
}

/// The files of learning events.
#[derive(Default)]
pub(crate) struct Events {
    open: Option<File>,
    done: Vec<ResultFile>,
    /// The answer that is being put together.
    answer: String,
}

struct File {
    writer: BufWriter<Counted>,
    path: String,
    counts: Counts,
}

impl Events {
    /// Begins the answer about a learner; answers the path of the file in which it will stand.
    pub(crate) fn begin(&mut self, folder: &mut dyn Folder, uln: &str) -> io::Result<&str> {
        if let Some(full) = self.open.take_if(|file| file.counts.records >= EVENTS) {
            self.done.push(full.finish()?);
        }
        if self.open.is_none() {
            let path = format!("lrs/events-{:04}.xml", self.done.len() + 1);
            let mut writer = BufWriter::with_capacity(BUFFER, Counted::create(folder, &path)?);
            writer.write_all(OPEN.as_bytes())?;
            self.open = Some(File {
                writer,
                path,
                counts: Counts::default(),
            });
        }
        self.answer.clear();
        self.answer
            .push_str("<GetLearnerLearningEventsResult><a:ResponseCode>WSRC0004</a:ResponseCode>");
        for name in ["FoundULN", "IncomingULN"] {
            element(&mut self.answer, name, uln);
        }
        self.answer.push_str("<a:LearnerRecord>\n");
        Ok(self.open.as_ref().map_or("", |file| &file.path))
    }

    /// Adds an event to the answer; answers its number in the file.
    pub(crate) fn add(&mut self, event: &Event<'_>, outcome: Outcome) -> u64 {
        let answer = &mut self.answer;
        answer.push_str("<a:LearningEvent>");
        element(answer, "AchievementAwardDate", event.awarded_on.as_str());
        element(answer, "AchievementProviderName", "INVENTED TRAINING");
        element(answer, "AchievementProviderUkprn", event.provider.as_str());
        element(answer, "AwardingOrganisationName", event.body);
        element(answer, "AwardingOrganisationUkprn", "UNKNWN");
        nil(answer, "CollectionType");
        element(answer, "Credits", event.credit.as_str());
        answer.push_str("<a:DateLoaded>");
        answer.push_str(event.loaded_on.as_str());
        answer.push_str(" 09:30:00</a:DateLoaded>");
        element(answer, "Grade", event.grade);
        element(answer, "ID", event.id.as_str());
        element(answer, "LanguageForAssessment", "English");
        element(answer, "Level", event.level);
        nil(answer, "ParticipationEndDate");
        element(answer, "ParticipationStartDate", event.started_on.as_str());
        element(answer, "QualificationType", event.kind);
        element(answer, "Restriction", "0");
        nil(answer, "ReturnNumber");
        element(answer, "Source", "AO");
        element(answer, "Status", if event.provisional { "P" } else { "F" });
        element(answer, "Subject", event.title);
        element(answer, "SubjectCode", event.code);
        element(answer, "UnderDataChallenge", "N");
        answer.push_str("</a:LearningEvent>\n");
        self.open.as_mut().map_or(0, |file| {
            file.counts.count(outcome);
            file.counts.records
        })
    }

    /// Writes the answer.
    pub(crate) fn end(&mut self) -> io::Result<()> {
        self.answer
            .push_str("</a:LearnerRecord></GetLearnerLearningEventsResult>\n");
        match &mut self.open {
            Some(file) => file.writer.write_all(self.answer.as_bytes()),
            None => Ok(()),
        }
    }

    pub(crate) fn finish(mut self) -> io::Result<Vec<ResultFile>> {
        if let Some(last) = self.open.take() {
            self.done.push(last.finish()?);
        }
        Ok(self.done)
    }
}

impl File {
    fn finish(mut self) -> io::Result<ResultFile> {
        self.writer.write_all(CLOSE.as_bytes())?;
        self.writer.flush()?;
        Ok(ResultFile {
            path: self.path,
            documents: None,
            adapter: "lrs",
            awarding_body: None,
            bytes: self.writer.get_ref().bytes,
            expected: self.counts,
        })
    }
}

fn element(text: &mut String, name: &str, value: &str) {
    text.push_str("<a:");
    text.push_str(name);
    text.push('>');
    text.push_str(value);
    text.push_str("</a:");
    text.push_str(name);
    text.push('>');
}

fn nil(text: &mut String, name: &str) {
    text.push_str("<a:");
    text.push_str(name);
    text.push_str(" i:nil=\"true\"/>");
}
