//! A statement with who told it, when, and how far that is to be believed.

use chrono::NaiveDateTime;
use schema::{Date, RecognitionNumber, Statement, Verb};

/// What kind of source a statement came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceKind {
    /// The awarding body's push.
    AwardingBody,
    /// A learning records service.
    LearningRecords,
    /// A transcript.
    Transcript,
    /// A badge.
    Badge,
    /// A claim of prior learning.
    PriorLearning,
    /// A steward's hand.
    Steward,
}

impl SourceKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::AwardingBody,
        Self::LearningRecords,
        Self::Transcript,
        Self::Badge,
        Self::PriorLearning,
        Self::Steward,
    ];

    /// The name under which the kind is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AwardingBody => "awarding-body",
            Self::LearningRecords => "learning-records",
            Self::Transcript => "transcript",
            Self::Badge => "badge",
            Self::PriorLearning => "prior-learning",
            Self::Steward => "steward",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// How far a statement, and the award it speaks of, is to be believed. The better standing is the lesser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// The awarding body's own word.
    Attested,
    /// A trusted recorder's word.
    Recorded,
    /// Brought by the person, or by somebody whose word it is not: shown, never verified, never counted.
    SelfPresented,
}

impl Standing {
    /// The name under which the standing is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Attested => "attested",
            Self::Recorded => "recorded",
            Self::SelfPresented => "self-presented",
        }
    }

    /// The standing of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Attested, Self::Recorded, Self::SelfPresented]
            .into_iter()
            .find(|standing| standing.as_str() == text)
    }
}

/// One statement about one person.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// A digest of the submitter and everything stated, positions left out: equal statements are one.
    pub digest: [u8; 32],
    /// Who handed it in: a body, a recorder, an operator, the person. Statements of one submitter replace
    /// each other; those of different submitters stand side by side.
    pub submitter: String,
    /// What kind of source it came from.
    pub kind: SourceKind,
    /// How far it is to be believed.
    pub standing: Standing,
    /// The body whose award it is, or is said to be, where that is known by number.
    pub body: Option<RecognitionNumber>,
    /// When it was received, UTC.
    pub received_at: NaiveDateTime,
    /// The award to which it belongs in the record as it stands.
    pub award: Option<[u8; 16]>,
    /// What it says.
    pub statement: Statement,
}

/// The order of statements, the oldest first. See [`Told::order`].
pub(crate) type Order<'a> = (
    Date,
    bool,
    Option<NaiveDateTime>,
    Verb,
    SourceKind,
    &'a str,
    Option<NaiveDateTime>,
    [u8; 32],
);

impl Told {
    /// The order in which a submitter's statements follow each other: by the day on which the body says it
    /// acted. A statement without such a day counts as made on the day on which it was received.
    ///
    /// Within a day the verb decides, so that a create in a second file of the day does not undo the update
    /// in the first. Only undated statements of one day are put in order by the hour at which they arrived,
    /// since nothing else was said: those of one submitter and kind that tell of one thing among themselves, and those that withdraw
    /// and reinstate, which may follow each other several times a day. Of different submitters, or as a badge and as a row, neither
    /// corrects the other, and whichever was imported first must make no difference. Last comes the digest, so that the
    /// order is total.
    pub(crate) fn order(&self) -> Order<'_> {
        let acted = self.statement.action_date;
        let arrived = acted.is_none().then_some(self.received_at);
        let verb = self.statement.verb;
        let changes_standing = matches!(verb, Verb::Withdraw | Verb::Reinstate);
        (
            acted.unwrap_or_else(|| self.received_at.date()),
            changes_standing,
            arrived.filter(|_| changes_standing),
            verb,
            self.kind,
            &self.submitter,
            arrived,
            self.digest,
        )
    }

    /// Precedence of the source, the best first: the body's own push and what is decided in the registry,
    /// then what else the body has signed (a badge stays as it was on the day of its making), learning
    /// records, transcripts, and whatever else a person presents. (The register stands above all; it is asked
    /// when a record is read.)
    pub(crate) fn precedence(&self) -> u8 {
        match (self.standing, self.kind) {
            (Standing::Attested, SourceKind::Transcript | SourceKind::Badge) => 1,
            (Standing::Attested, _) => 0,
            (Standing::Recorded, _) => 2,
            (Standing::SelfPresented, SourceKind::Transcript) => 3,
            (Standing::SelfPresented, _) => 4,
        }
    }
}
