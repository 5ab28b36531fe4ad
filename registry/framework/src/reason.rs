//! Sentences of an explanation. Each cites the rule, where the rule was read, and the achievements it rests on.
//!
//! The Welsh texts are not yet reviewed by a translator. Words of a rule are data and stand as they were read.

use schema::{Language, Level};

/// Yes, no, or what the facts do not decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ternary {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// The facts do not say.
    Undetermined,
}

impl Ternary {
    /// Both must be so.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Undetermined,
        }
    }

    /// One of them is enough.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::No, Self::No) => Self::No,
            _ => Self::Undetermined,
        }
    }

    /// The answer to a question that may not have been answered.
    #[must_use]
    pub fn of(answer: Option<bool>) -> Self {
        match answer {
            Some(true) => Self::Yes,
            Some(false) => Self::No,
            None => Self::Undetermined,
        }
    }
}

/// One sentence of an explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What it says.
    pub says: Says,
    /// The rule it cites, by the code under which the rule stands in its table.
    pub rule: String,
    /// Where the rule was read.
    pub source: Option<String>,
    /// The achievements it rests on, by identifier.
    pub achievements: Vec<String>,
    /// Whether every figure it rests on was confirmed by a source.
    pub confirmed: bool,
}

impl Reason {
    /// A sentence citing a rule.
    #[must_use]
    pub fn new(says: Says, rule: impl Into<String>, source: Option<&str>, confirmed: bool) -> Self {
        Self {
            says,
            rule: rule.into(),
            source: source.map(str::to_owned),
            achievements: Vec::new(),
            confirmed,
        }
    }

    /// The same, resting on achievements.
    #[must_use]
    pub fn resting_on(mut self, achievements: impl IntoIterator<Item = String>) -> Self {
        self.achievements.extend(achievements);
        self
    }

    /// The sentence. What was not confirmed says so.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let text = self.says.text(language);
        match (self.confirmed, language) {
            (true, _) => text,
            (false, Language::English) => {
                format!("{text} (Rests on figures that no source confirmed.)")
            }
            (false, Language::Welsh) => {
                format!("{text} (Yn dibynnu ar ffigurau na chadarnhaodd unrhyw ffynhonnell.)")
            }
        }
    }
}

macro_rules! sentences {
    ($($(#[$meta:meta])* $name:ident { $($field:ident: $kind:ty),* } $english:literal $welsh:literal;)*) => {
        /// What a sentence says, with its particulars.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the particulars are the words in braces of the text above")]
        pub enum Says {
            $($(#[$meta])* #[doc = $english] $name { $($field: $kind),* },)*
        }

        impl Says {
            /// The sentence.
            #[must_use]
            pub fn text(&self, language: Language) -> String {
                match (self, language) {
                    $((Self::$name { $($field),* }, Language::English) => {
                        $(let $field = Shown($field);)*
                        format!($english)
                    }
                    (Self::$name { $($field),* }, Language::Welsh) => {
                        $(let $field = Shown($field);)*
                        format!($welsh)
                    })*
                }
            }
        }
    };
}

/// Shows a particular of a sentence.
struct Shown<'a, T>(&'a T);

impl std::fmt::Display for Shown<'_, String> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::fmt::Display for Shown<'_, u32> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl std::fmt::Display for Shown<'_, Level> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&crate::level::code(*self.0))
    }
}

sentences! {
    WholeHeld { title: String } "{title} is held." "Mae {title} wedi'i ennill.";
    GroupSatisfied { group: String, credit: u32, components: u32 } "{group}: satisfied, with {credit} credits in {components} parts." "{group}: wedi'i fodloni, gyda {credit} credyd mewn {components} rhan.";
    GroupLacks { group: String, credit: u32, least: u32, components: u32, parts: u32 } "{group}: {credit} of at least {least} credits and {components} of at least {parts} parts." "{group}: {credit} o leiaf {least} credyd a {components} o leiaf {parts} rhan.";
    GroupNotTaken { group: String, credit: u32 } "{group}: {credit} credits are held; another way costs less." "{group}: mae {credit} credyd wedi'u hennill; mae ffordd arall yn costio llai.";
    MostReached { group: String, most: u32 } "{group}: no more than {most} credits count here." "{group}: ni chyfrifir mwy na {most} credyd yma.";
    TotalReached { credit: u32, least: u32 } "{credit} credits count; {least} are required." "Mae {credit} credyd yn cyfrif; mae angen {least}.";
    TotalLacks { credit: u32, least: u32 } "{credit} credits count of the {least} required." "Mae {credit} credyd yn cyfrif o'r {least} sydd eu hangen.";
    FloorReached { credit: u32, level: Level, least: u32 } "{credit} credits count at {level} or above; {least} are required." "Mae {credit} credyd yn cyfrif ar {level} neu'n uwch; mae angen {least}.";
    FloorLacks { credit: u32, level: Level, least: u32 } "{credit} credits count at {level} or above, of the {least} required." "Mae {credit} credyd yn cyfrif ar {level} neu'n uwch, o'r {least} sydd eu hangen.";
    ToGain { credit: u32, units: String } "The least still to be gained is {credit} credits: {units}." "Y lleiaf sydd i'w ennill eto yw {credit} credyd: {units}.";
    Impossible { qualification: String } "No set of units completes {qualification}." "Nid oes unrhyw set o unedau yn cwblhau {qualification}.";
    NotDecided { least: u32 } "The cheapest way was not decided within the work allowed; it costs at least {least} credits." "Ni phenderfynwyd y ffordd rataf o fewn y gwaith a ganiateir; mae'n costio o leiaf {least} credyd.";
    Barred { counted: String, left_out: String, why: String } "{left_out} does not count beside {counted}. {why}" "Nid yw {left_out} yn cyfrif ochr yn ochr â {counted}. {why}";
    InPlace { title: String, unit: String } "{title} is accepted in place of {unit}." "Derbynnir {title} yn lle {unit}.";
    Exempt { unit: String } "There is an exemption from {unit}; it earns no credit of its own." "Mae eithriad rhag {unit}; nid yw'n ennill credyd ei hun.";
    TooOld { title: String, group: String, months: u32 } "{group}: {title} is not known to be younger than {months} months and does not count." "{group}: ni wyddys bod {title} yn iau na {months} mis ac nid yw'n cyfrif.";
    OverCap { title: String, most: u32 } "{title} does not count here: no more than {most} credits of this qualification may come by its route from its awarding body." "Nid yw {title} yn cyfrif yma: ni chaiff mwy na {most} credyd o'r cymhwyster hwn ddod drwy ei lwybr oddi wrth ei gorff dyfarnu.";
    OutcomeNotYet { unit: String, outcome: String, gap: String } "Not yet shown for {unit}: {outcome}. {gap}" "Heb ei ddangos eto ar gyfer {unit}: {outcome}. {gap}";
    OutcomeOpen { unit: String, outcome: String, gap: String } "For {unit} the evidence does not say: {outcome}. {gap}" "Ar gyfer {unit} nid yw'r dystiolaeth yn dweud: {outcome}. {gap}";
    CreditCapped { unit: String, most: u32 } "{unit}: all is shown. No more than {most} credits are granted to one person by this route, and it would go beyond them." "{unit}: dangoswyd y cyfan. Ni roddir mwy na {most} credyd i un person drwy'r llwybr hwn, a byddai'n mynd y tu hwnt iddynt.";
    CreditNotKnown { unit: String, most: u32 } "{unit}: all is shown. Its credit is not known, so that nobody can say whether it is within the {most} that are granted by this route." "{unit}: dangoswyd y cyfan. Ni wyddys faint o gredyd sydd iddi, felly ni ellir dweud a yw o fewn y {most} a roddir drwy'r llwybr hwn.";
    StillAsked { unit: String, qualification: String } "{unit} is still asked of you for {qualification}." "Gofynnir {unit} gennych o hyd ar gyfer {qualification}.";
    WorkedAs { role: String, from: String } "Work as {role} since {from} can show it." "Gall gwaith fel {role} ers {from} ei ddangos.";
    Developed { title: String, on: String } "What you learned on {on} can show it: {title}." "Gall yr hyn a ddysgoch ar {on} ei ddangos: {title}.";
    HeldInPlace { title: String } "{title} is on your record and is accepted in its place, or held to be equal." "Mae {title} ar eich cofnod ac fe'i derbynnir yn ei lle, neu fe'i hystyrir yn gyfwerth.";
    Met { requirement: String } "Met: {requirement}" "Bodlonwyd: {requirement}";
    Missing { requirement: String } "Not met: {requirement}" "Heb ei fodloni: {requirement}";
    NotKnown { requirement: String } "The record does not say: {requirement}" "Nid yw'r cofnod yn dweud: {requirement}";
    Lapsed { title: String, requirement: String } "{title} is no longer in force: {requirement}" "Nid yw {title} mewn grym mwyach: {requirement}";
    NothingAsked { role: String } "{role}: no requirement is in force on that day." "{role}: nid oes gofyniad mewn grym ar y diwrnod hwnnw.";
    Step { via: String, credit: u32 } "{via}: {credit} credits still to be gained." "{via}: {credit} credyd i'w hennill eto.";
    StepUnknown { via: String } "{via}: how much credit it takes is not known." "{via}: ni wyddys faint o gredyd sydd ei angen.";
    CountsAt { title: String, levels: String } "{title} counts at: {levels}." "Mae {title} yn cyfrif ar: {levels}.";
    NotApproved { title: String } "{title} is not full and relevant." "Nid yw {title} yn llawn a pherthnasol.";
    NotYetKnown { title: String, fact: String } "{title}: it is not known: {fact}" "{title}: ni wyddys: {fact}";
    FullNotKnown { title: String } "Whether {title} is full and relevant is not known from what is on record and on the lists that are loaded." "Ni wyddys a yw {title} yn llawn a pherthnasol o'r hyn sydd ar gofnod ac ar y rhestrau a lwythwyd.";
    MustHold { level: u32, requirement: String } "To count at level {level}: {requirement}" "I gyfrif ar lefel {level}: {requirement}";
    Holds { title: String, requirement: String } "{title} meets: {requirement}" "Mae {title} yn bodloni: {requirement}";
    NothingElse { title: String, requirement: String } "{title}: {requirement}" "{title}: {requirement}";
    Declared { fact: String } "Declared, not on record: {fact}" "Wedi'i ddatgan, nid ar gofnod: {fact}";
    Route { level: u32, text: String } "A possible route to level {level}, never by itself: {text}" "Llwybr posibl i lefel {level}, byth ohono'i hun: {text}";
    Unqualified { on: String } "On {on} nothing on record counts above unqualified." "Ar {on} nid oes dim ar gofnod yn cyfrif uwchlaw heb gymhwyster.";
    BandNeeds { band: String, children: u32, most: u32, adults: u32 } "{band}: {children} children, at most {most} to an adult: {adults} adults." "{band}: {children} o blant, dim mwy na {most} i bob oedolyn: {adults} o oedolion.";
    StaffEnough { have: u32, need: u32, what: String } "{need} needed, {have} there: {what}." "Mae angen {need}, mae {have} yno: {what}.";
    StaffLacks { have: u32, need: u32, what: String } "{need} needed, only {have} there: {what}." "Mae angen {need}, dim ond {have} sydd yno: {what}.";
    NoRule { what: String } "No rule is known for {what}." "Nid oes rheol yn hysbys ar gyfer {what}.";
}
