//! Every stable code with its texts: what is wrong with a record, with a request, with an import as a whole,
//! and what a verification's check says. One table, so that a code means the same everywhere.
//!
//! The Welsh texts are not yet reviewed by a translator.

/// How much an issue matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The record counts; a person should know.
    Warning,
    /// The record does not count.
    Error,
}

impl Severity {
    /// The severity's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// The languages in which the registry speaks to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Welsh.
    Welsh,
}

macro_rules! codes {
    ($($name:ident $text:literal $english:literal $welsh:literal;)*) => {
        /// A stable code. Its text never changes once published.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $english] $name,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The code as it is published, kebab-case.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// What it means and what to do, in plain words.
            #[must_use]
            pub fn message(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::English) => $english,
                      (Self::$name, Language::Welsh) => $welsh,)*
                }
            }
        }
    };
}

codes! {
    // What can be wrong with a record.
    UlnInvalid "uln-invalid" "The ULN is not a valid number: its shape or its check digit is wrong. Correct it, or leave it empty and give names and date of birth." "Nid yw'r ULN yn rhif dilys: mae ei ffurf neu ei ddigid gwirio yn anghywir. Cywirwch ef, neu gadewch ef yn wag a rhowch enwau a dyddiad geni.";
    LearnerNotIdentified "learner-not-identified" "The record does not say who it is about. Give a ULN, or given name, family name and date of birth." "Nid yw'r cofnod yn dweud am bwy y mae. Rhowch ULN, neu enw cyntaf, enw teuluol a dyddiad geni.";
    DateInvalid "date-invalid" "A date is not a real day of the form YYYY-MM-DD." "Nid yw dyddiad yn ddiwrnod go iawn ar ffurf BBBB-MM-DD.";
    BirthDateImplausible "birth-date-implausible" "The date of birth is in the future or before 1900." "Mae'r dyddiad geni yn y dyfodol neu cyn 1900.";
    DatesContradict "dates-contradict" "A period ends before it begins." "Mae cyfnod yn gorffen cyn iddo ddechrau.";
    AwardDateInFuture "award-date-in-future" "The date of award lies in the future. It is kept as stated and not taken as the date of award." "Mae dyddiad y dyfarniad yn y dyfodol. Fe'i cedwir fel y'i nodwyd ond ni chaiff ei dderbyn fel dyddiad y dyfarniad.";
    SubjectMissing "subject-missing" "The record does not say what was achieved. Give a qualification number, a unit reference, a status, a register or a title." "Nid yw'r cofnod yn dweud beth a gyflawnwyd. Rhowch rif cymhwyster, cyfeirnod uned, statws, cofrestr neu deitl.";
    SubjectKindUnknown "subject-kind-unknown" "The kind of subject is not one of qualification, unit, status, registration." "Nid yw'r math o bwnc yn un o qualification, unit, status, registration.";
    SubjectNotRecognised "subject-not-recognised" "The code is no qualification number, unit reference or status that is known. The result is kept under the words stated." "Nid yw'r cod yn rhif cymhwyster, yn gyfeirnod uned nac yn statws hysbys. Cedwir y canlyniad o dan y geiriau a nodwyd.";
    QualificationNumberCheck "qualification-number-check" "The check character of the qualification number does not fit. The number is taken as it stands." "Nid yw nod gwirio rhif y cymhwyster yn cyd-fynd. Derbynnir y rhif fel y mae.";
    QualificationNumberSuffix "qualification-number-suffix" "Something follows the qualification number. The number itself is taken." "Mae rhywbeth yn dilyn rhif y cymhwyster. Derbynnir y rhif ei hun.";
    UnitReferenceCheck "unit-reference-check" "The check letter of the unit reference does not fit. The reference is taken as it stands." "Nid yw llythyren wirio cyfeirnod yr uned yn cyd-fynd. Derbynnir y cyfeirnod fel y mae.";
    PartOfInvalid "part-of-invalid" "The qualification of which the unit is a part has no valid number." "Nid oes rhif dilys gan y cymhwyster y mae'r uned yn rhan ohono.";
    BodyInvalid "awarding-body-invalid" "The awarding body's number is not of the form RN and four digits." "Nid yw rhif y corff dyfarnu ar ffurf RN a phedwar digid.";
    BodyMismatch "body-mismatch" "The result is another awarding body's. A body pushes only its own results." "Canlyniad corff dyfarnu arall yw hwn. Dim ond ei ganlyniadau ei hun y mae corff yn eu gwthio.";
    BodyUnknown "awarding-body-unknown" "The register does not know the awarding body. The result is kept and marked." "Nid yw'r gofrestr yn adnabod y corff dyfarnu. Cedwir y canlyniad a'i farcio.";
    QualificationUnknown "qualification-unknown" "The register does not know the qualification. The result is kept and marked." "Nid yw'r gofrestr yn adnabod y cymhwyster. Cedwir y canlyniad a'i farcio.";
    VerbUnknown "action-unknown" "The action is not one of create, update, promote, withdraw, reinstate." "Nid yw'r weithred yn un o create, update, promote, withdraw, reinstate.";
    StatusUnknown "status-unknown" "The status is not one of provisional, final." "Nid yw'r statws yn un o provisional, final.";
    RouteUnknown "route-unknown" "The route is not one of award, rpl, credit-transfer, exemption, equivalence." "Nid yw'r llwybr yn un o award, rpl, credit-transfer, exemption, equivalence.";
    RegistrationStateUnknown "registration-state-unknown" "The state of the registration is not one of current, suspended, lapsed, removed." "Nid yw cyflwr y cofrestriad yn un o current, suspended, lapsed, removed.";
    LevelUnknown "level-unknown" "The level is no single level of the framework. It is kept as stated." "Nid yw'r lefel yn un lefel o'r fframwaith. Fe'i cedwir fel y'i nodwyd.";
    CreditInvalid "credit-invalid" "The credit is not a whole number from 0 to 2000." "Nid yw'r credyd yn rhif cyfan o 0 i 2000.";
    ProofInvalid "proof-invalid" "What the adapter says of a proof is not of the published form." "Nid yw'r hyn a ddywed yr addasydd am brawf ar y ffurf a gyhoeddwyd.";
    TextInvalid "text-invalid" "A field holds control characters." "Mae maes yn cynnwys nodau rheoli.";
    TextTooLong "text-too-long" "A field is longer than the registry keeps." "Mae maes yn hirach nag y mae'r gofrestrfa yn ei gadw.";
    ResultOfAnother "result-of-another-learner" "The result identifier or certificate number is already another learner's. Correct it, or withdraw the other result first." "Mae dynodydd y canlyniad neu rif y dystysgrif eisoes yn perthyn i ddysgwr arall. Cywirwch ef, neu tynnwch y canlyniad arall yn ôl yn gyntaf.";
    LearnerMismatch "learner-mismatch" "The record is about somebody else than the person who brings it." "Mae'r cofnod am rywun heblaw'r person sy'n dod ag ef.";
    PersonUnknown "person-unknown" "Nobody is known by this ULN or identifier." "Nid oes neb yn hysbys wrth yr ULN neu'r dynodydd hwn.";
    NumberInvalid "number-invalid" "It is not a whole number from 0 to 10000000." "Nid yw'n rhif cyfan o 0 i 10000000.";
    RecordUnreadable "record-unreadable" "The adapter's record could not be read." "Ni ellid darllen cofnod yr addasydd.";
    UlnHeldByAnother "uln-held-by-another" "The ULN is already held by a learner whose names and birth date disagree. The result was kept for a learner of its own; a steward should look." "Mae'r ULN eisoes yn perthyn i ddysgwr y mae ei enwau a'i ddyddiad geni yn anghytuno. Cadwyd y canlyniad ar gyfer dysgwr ar wahân; dylai stiward edrych.";
    UlnDeleted "uln-deleted" "Whoever issues ULNs has deleted this one. The result was kept with those that were told under it; the number no longer finds the learner. Correct it." "Mae pwy bynnag sy'n cyhoeddi ULNau wedi dileu hwn. Cadwyd y canlyniad gyda'r rhai a adroddwyd oddi tano; nid yw'r rhif yn dod o hyd i'r dysgwr mwyach. Cywirwch ef.";
    UlnChangeInvalid "uln-change-invalid" "A change of a ULN says merged, unmerged or deleted, of two different numbers or, for deleted, of one, and a day that is not in the future." "Mae newid i ULN yn dweud merged, unmerged neu deleted, am ddau rif gwahanol neu, ar gyfer deleted, am un, a diwrnod nad yw yn y dyfodol.";
    UlnChangeNotIssuers "uln-change-not-issuers" "What became of a ULN is said by whoever issues them, in a file that an operator or steward imports from a trusted recorder." "Pwy bynnag sy'n cyhoeddi ULNau sy'n dweud beth a ddaeth o un, mewn ffeil y mae gweithredwr neu stiward yn ei mewnforio gan gofnodwr dibynadwy.";
    UlnNotKnown "uln-not-known" "No result was told under this ULN. What became of it is remembered, and takes effect when one is told." "Ni soniwyd am unrhyw ganlyniad o dan yr ULN hwn. Cofir beth a ddaeth ohono, a daw i rym pan sonnir am un.";
    LearnerAmbiguous "learner-ambiguous" "More than one learner has exactly these names and this birth date. The result was kept for a learner of its own; a steward should look." "Mae gan fwy nag un dysgwr yr union enwau hyn a'r dyddiad geni hwn. Cadwyd y canlyniad ar gyfer dysgwr ar wahân; dylai stiward edrych.";
    AwardNotKnown "award-not-known" "The action speaks of an award that was not told before. It was kept, so that it takes effect once the award is told." "Mae'r weithred yn sôn am ddyfarniad na soniwyd amdano o'r blaen. Fe'i cadwyd, fel y daw i rym pan sonnir am y dyfarniad.";
    OutsideRegisterDates "outside-register-dates" "By the register the qualification could not be certificated on the date of award." "Yn ôl y gofrestr ni ellid ardystio'r cymhwyster ar ddyddiad y dyfarniad.";
    LevelDiffers "level-differs" "The register states another level; the register's is shown." "Mae'r gofrestr yn nodi lefel arall; dangosir lefel y gofrestr.";
    CreditDiffers "credit-differs" "The register states another credit; the register's is shown." "Mae'r gofrestr yn nodi credyd arall; dangosir credyd y gofrestr.";
    BodyDiffers "awarding-body-differs" "The register names another awarding body; the register's is shown." "Mae'r gofrestr yn enwi corff dyfarnu arall; dangosir un y gofrestr.";
    TitleDiffers "title-differs" "The register has another title; the register's is shown." "Mae gan y gofrestr deitl arall; dangosir un y gofrestr.";
    QualificationWithdrawn "qualification-withdrawn" "By the register the qualification is no longer awarded, and nothing says that this award was made while it could be. State the date of award." "Yn ôl y gofrestr ni ddyfernir y cymhwyster mwyach, ac nid oes dim yn dweud i'r dyfarniad hwn gael ei wneud tra gellid ei wneud. Nodwch ddyddiad y dyfarniad.";
    PartOfAnothers "part-of-anothers" "By the register the qualification of which the unit is a part is another awarding body's." "Yn ôl y gofrestr cymhwyster corff dyfarnu arall yw'r un y mae'r uned yn rhan ohono.";
    FactDiffers "fact-differs" "Another source of the same award says something else; by precedence it was not taken." "Mae ffynhonnell arall o'r un dyfarniad yn dweud rhywbeth gwahanol; yn ôl blaenoriaeth ni chafodd ei dderbyn.";
    ChangedSince "changed-since" "A later import or a correction changed the same result, so what this import said of it stays. Take the later one back first and then this one again, or correct the result." "Newidiodd mewnforio neu gywiriad diweddarach yr un canlyniad, felly mae'r hyn a ddywedodd y mewnforio hwn amdano yn aros. Tynnwch yr un diweddarach yn ôl yn gyntaf ac yna hwn eto, neu cywirwch y canlyniad.";
    TooManyIssues "too-many-issues" "There are more issues than the report keeps. Mend those that are listed and push again." "Mae mwy o broblemau nag y mae'r adroddiad yn eu cadw. Trwsiwch y rhai a restrir a gwthiwch eto.";

    // What can end an import.
    AdapterNotFound "adapter-not-found" "No library of that name was found in the adapter directories." "Ni chafwyd llyfrgell o'r enw hwnnw yn y cyfeiriaduron addaswyr.";
    AdapterIncompatible "adapter-incompatible" "The adapter's library was built for another registry." "Adeiladwyd llyfrgell yr addasydd ar gyfer cofrestrfa arall.";
    AdapterUnloadable "adapter-unloadable" "The adapter's library could not be loaded." "Ni ellid llwytho llyfrgell yr addasydd.";
    AdapterPanicked "adapter-panicked" "The adapter failed with a panic. Its authors must mend it; nothing was imported." "Methodd yr addasydd. Rhaid i'w awduron ei drwsio; ni fewnforiwyd dim.";
    AdapterCrashed "adapter-crashed" "The adapter crashed. Its authors must mend it; nothing was imported." "Chwalodd yr addasydd. Rhaid i'w awduron ei drwsio; ni fewnforiwyd dim.";
    AdapterExited "adapter-exited" "The adapter ended its process. Its authors must mend it; nothing was imported." "Daeth yr addasydd â'i broses i ben. Rhaid i'w awduron ei drwsio; ni fewnforiwyd dim.";
    AdapterSandbox "adapter-sandbox-violation" "The adapter tried what an adapter may not do. Nothing was imported." "Ceisiodd yr addasydd wneud yr hyn na chaiff addasydd ei wneud. Ni fewnforiwyd dim.";
    AdapterStalled "adapter-stalled" "The adapter was silent for too long and was ended. Nothing was imported." "Bu'r addasydd yn dawel yn rhy hir a daethpwyd ag ef i ben. Ni fewnforiwyd dim.";
    AdapterTimeout "adapter-timeout" "The adapter used more time than allowed and was ended. Nothing was imported." "Defnyddiodd yr addasydd fwy o amser nag a ganiateir. Ni fewnforiwyd dim.";
    AdapterMemory "adapter-out-of-memory" "The adapter used more memory than allowed. Nothing was imported." "Defnyddiodd yr addasydd fwy o gof nag a ganiateir. Ni fewnforiwyd dim.";
    AdapterOutput "adapter-too-much-output" "The adapter gave more records, issues or bytes than allowed. Nothing was imported." "Rhoddodd yr addasydd fwy o gofnodion, problemau neu feitiau nag a ganiateir. Ni fewnforiwyd dim.";
    AdapterProtocol "adapter-protocol" "The adapter's answer broke the protocol. Nothing was imported." "Torrodd ateb yr addasydd y protocol. Ni fewnforiwyd dim.";
    AdapterStoppedEarly "adapter-stopped-early" "The adapter ended before it had read the whole file. Nothing was imported." "Gorffennodd yr addasydd cyn darllen y ffeil gyfan. Ni fewnforiwyd dim.";
    AdapterRefused "adapter-refused" "The adapter refused the file." "Gwrthododd yr addasydd y ffeil.";
    SandboxUnavailable "sandbox-unavailable" "This machine cannot confine an adapter (Landlock or seccomp is missing). Set adapters.sandbox to \"best-effort\" only if you trust every adapter." "Ni all y peiriant hwn gyfyngu ar addasydd (mae Landlock neu seccomp ar goll). Gosodwch adapters.sandbox i \"best-effort\" dim ond os ydych yn ymddiried ym mhob addasydd.";
    ImportRejected "import-rejected" "At least one record was rejected, and the mode is atomic: nothing was changed." "Gwrthodwyd o leiaf un cofnod, a'r modd yw atomig: ni newidiwyd dim.";
    ImportQuarantined "import-quarantined" "The file looks wrong as a whole and was held: nothing was merged. Mend it; or, where it is right as it is, push it again and say that you know (despite=quarantine)." "Mae'r ffeil yn edrych yn anghywir yn ei chyfanrwydd ac fe'i daliwyd: ni chyfunwyd dim. Trwsiwch hi; neu, os yw'n gywir fel y mae, gwthiwch hi eto a dywedwch eich bod yn gwybod (despite=quarantine).";
    ImportCancelled "import-cancelled" "The import was cancelled. Nothing was imported." "Canslwyd y mewnforio. Ni fewnforiwyd dim.";
    FileEmpty "file-empty" "The file is empty." "Mae'r ffeil yn wag.";
    SpoolLost "spool-lost" "The pushed file is no longer there. Push it again." "Nid yw'r ffeil a wthiwyd yno mwyach. Gwthiwch hi eto.";

    // What can be wrong with a request.
    BadRequest "bad-request" "The request could not be understood." "Ni ellid deall y cais.";
    Unauthenticated "unauthenticated" "A valid bearer token is needed." "Mae angen tocyn cludwr dilys.";
    TokenExpired "token-expired" "The token has expired. Ask its issuer for a new one." "Mae'r tocyn wedi dod i ben. Gofynnwch i'w gyhoeddwr am un newydd.";
    Forbidden "forbidden" "The token does not carry the right to do this." "Nid yw'r tocyn yn rhoi'r hawl i wneud hyn.";
    NotFound "not-found" "There is nothing here that you may see." "Nid oes dim yma y cewch ei weld.";
    MethodNotAllowed "method-not-allowed" "The address does not take this method." "Nid yw'r cyfeiriad yn derbyn y dull hwn.";
    NotAcceptable "not-acceptable" "None of the accepted media types can be given." "Ni ellir rhoi dim o'r mathau a dderbynnir.";
    UnsupportedMediaType "unsupported-media-type" "The content's media type is not taken here." "Ni dderbynnir y math hwn o gynnwys yma.";
    TooLarge "too-large" "The content is larger than allowed." "Mae'r cynnwys yn fwy nag a ganiateir.";
    TooSlow "too-slow" "Nothing arrived for too long." "Ni chyrhaeddodd dim am ormod o amser.";
    DigestMismatch "digest-mismatch" "The content does not have the digest that was sent with it." "Nid oes gan y cynnwys y crynodeb a anfonwyd gydag ef.";
    IdempotencyConflict "idempotency-conflict" "The idempotency key was used with other content before." "Defnyddiwyd yr allwedd unigrywedd gyda chynnwys arall o'r blaen.";
    RequestInvalid "request-invalid" "The request was read, and is not of the form that is asked for here." "Darllenwyd y cais, ac nid yw ar y ffurf y gofynnir amdani yma.";
    UpgradeRequired "upgrade-required" "This address takes WebSockets only." "Dim ond WebSockets y mae'r cyfeiriad hwn yn eu derbyn.";
    DocumentUnknown "document-unknown" "There is no trusted document of this identifier." "Nid oes dogfen ymddiried gyda'r dynodydd hwn.";
    DocumentNotTrusted "document-not-trusted" "Only trusted documents are run here. Name one by its identifier." "Dim ond dogfennau ymddiried a redir yma. Enwch un yn ôl ei dynodydd.";
    PreflightMissing "preflight-missing" "A multipart request needs the header GraphQL-Require-Preflight." "Mae ar gais aml-ran angen y pennyn GraphQL-Require-Preflight.";
    GetRefused "get-refused" "This operation is not taken over GET. Send it with POST." "Ni dderbynnir y weithred hon dros GET. Anfonwch hi gyda POST.";
    InputInvalid "input-invalid" "An argument is not valid." "Nid yw dadl yn ddilys.";
    RulesUnknown "rules-unknown" "No rules of combination are loaded for this qualification. Ask for one whose structure is not null." "Nid oes rheolau cyfuno wedi'u llwytho ar gyfer y cymhwyster hwn. Gofynnwch am un nad yw ei structure yn null.";
    RoleUnknown "role-unknown" "There is no role of this code. The field roles lists every role with its code." "Nid oes rôl gyda'r cod hwn. Mae'r maes roles yn rhestru pob rôl gyda'i chod.";
    SnapshotNotPublished "snapshot-not-published" "No figures of the workforce are published of this day." "Nid oes ffigurau o'r gweithlu wedi'u cyhoeddi ar gyfer y diwrnod hwn.";
    SectorUnknown "sector-unknown" "There is no sector of this code. The field sectors lists every sector with its code." "Nid oes sector gyda'r cod hwn. Mae'r maes sectors yn rhestru pob sector gyda'i god.";
    RateLimited "rate-limited" "Too much was asked in a short time. Wait as long as Retry-After says, and ask again." "Gofynnwyd am ormod mewn amser byr. Arhoswch cyhyd ag y mae Retry-After yn ei ddweud, a gofynnwch eto.";
    QuotaExceeded "quota-exceeded" "An awarding body's quota is used up. Wait as long as Retry-After says, and push again." "Mae cwota'r corff dyfarnu wedi'i ddefnyddio. Arhoswch cyhyd ag y mae Retry-After yn ei ddweud, a gwthiwch eto.";
    TooMany "too-many" "More was asked for at once than is allowed." "Gofynnwyd am fwy ar unwaith nag a ganiateir.";
    QueryTooComplex "query-too-complex" "The query is deeper or costs more than allowed. Ask for less at once." "Mae'r ymholiad yn ddyfnach neu'n costio mwy nag a ganiateir. Gofynnwch am lai ar unwaith.";
    QueryUnreadable "query-unreadable" "The document cannot be read as GraphQL." "Ni ellir darllen y ddogfen fel GraphQL.";
    QueryTooSlow "query-too-slow" "The query took longer than allowed and was given up. Ask for less at once." "Cymerodd yr ymholiad fwy o amser nag a ganiateir a rhoddwyd y gorau iddo. Gofynnwch am lai ar unwaith.";
    QueryInvalid "query-invalid" "The query does not fit the schema." "Nid yw'r ymholiad yn cyd-fynd â'r sgema.";
    StateConflict "state-conflict" "The thing is not in a state in which this can be done." "Nid yw'r peth mewn cyflwr lle gellir gwneud hyn.";
    ClaimChanged "claim-changed" "Somebody else changed the claim meanwhile. Look at it as it is now, and try again with its version." "Newidiodd rhywun arall yr hawliad yn y cyfamser. Edrychwch arno fel y mae nawr, a rhowch gynnig arall arni gyda'i fersiwn.";
    SamePerson "same-person" "Nobody can be on both sides of a claim, or judge their own." "Ni all neb fod ar ddwy ochr hawliad, na barnu eu hawliad eu hunain.";
    AssessorNotAllowed "assessor-not-allowed" "The awarding body's terms let only those assess and assure whose token names the body." "Mae telerau'r corff dyfarnu yn gadael i'r rhai y mae eu tocyn yn enwi'r corff yn unig asesu a sicrhau.";
    UnitUnknown "unit-unknown" "The framework has no unit of this reference. The field units finds units." "Nid oes uned gyda'r cyfeirnod hwn yn y fframwaith. Mae'r maes units yn dod o hyd i unedau.";
    UnitExcluded "unit-excluded" "The awarding body's terms let this unit not be claimed by this route." "Nid yw telerau'r corff dyfarnu yn gadael i'r uned hon gael ei hawlio drwy'r llwybr hwn.";
    OutcomesNotLoaded "outcomes-not-loaded" "The learning outcomes of a unit are not loaded here, and prior learning is assessed against them. An operator imports the framework's table outcomes." "Nid yw deilliannau dysgu uned wedi'u llwytho yma, ac asesir dysgu blaenorol yn eu herbyn. Mae gweithredwr yn mewnforio tabl outcomes y fframwaith.";
    OutcomeUnknown "outcome-unknown" "The claim has no outcome of this name. Its field outcomes lists each with its name." "Nid oes deilliant gyda'r enw hwn yn yr hawliad. Mae ei faes outcomes yn rhestru pob un gyda'i enw.";
    OutcomeSettled "outcome-settled" "The unit of this outcome is granted already." "Mae uned y deilliant hwn wedi'i chaniatáu eisoes.";
    EvidenceUnknown "evidence-unknown" "The claim has no such piece of evidence." "Nid oes darn o dystiolaeth o'r fath yn yr hawliad.";
    EvidenceMissing "evidence-missing" "For a unit of the claim there is no evidence of the kind on which its route rests." "Ar gyfer un o unedau'r hawliad nid oes tystiolaeth o'r math y mae ei lwybr yn dibynnu arno.";
    EvidenceTooOld "evidence-too-old" "By the awarding body's terms the evidence is too old, or of no known day." "Yn ôl telerau'r corff dyfarnu mae'r dystiolaeth yn rhy hen, neu heb ddiwrnod hysbys.";
    EvidenceTruncated "evidence-truncated" "The end of the file is missing. Send it again, whole." "Mae diwedd y ffeil ar goll. Anfonwch hi eto, yn gyfan.";
    EvidenceMistyped "evidence-mistyped" "The file is not what its name or its media type says, or is more than one thing. Send it as what it is." "Nid y ffeil yw'r hyn y mae ei henw neu ei math yn ei ddweud, neu mae'n fwy nag un peth. Anfonwch hi fel yr hyn ydyw.";
    EvidenceExecutable "evidence-executable" "The file is a program, or holds one, such as macros or scripts. Send what it shows as a PDF or a picture." "Rhaglen yw'r ffeil, neu mae'n cynnwys un, megis macros neu sgriptiau. Anfonwch yr hyn y mae'n ei ddangos fel PDF neu lun.";
    EvidenceTypeUnknown "evidence-type-unknown" "Files of this type are not taken. Send a PDF, a picture (PNG, JPEG, WebP), an office document without macros, or plain text in UTF-8." "Ni dderbynnir ffeiliau o'r math hwn. Anfonwch PDF, llun (PNG, JPEG, WebP), dogfen swyddfa heb facros, neu destun plaen yn UTF-8.";
    EvidenceInfected "evidence-infected" "The scanner found something harmful in the file. Nothing of it was kept." "Canfu'r sganiwr rywbeth niweidiol yn y ffeil. Ni chadwyd dim ohoni.";
    EvidenceNotScanned "evidence-not-scanned" "The file could not be looked at for harmful content, so it was not kept. Try again later." "Ni ellid archwilio'r ffeil am gynnwys niweidiol, felly ni chafodd ei chadw. Rhowch gynnig arall arni'n nes ymlaen.";
    EvidenceErased "evidence-erased" "The file was erased when the time for which it is kept was over. Its digest is still there." "Dilëwyd y ffeil pan ddaeth yr amser i'w chadw i ben. Mae ei chrynodeb yno o hyd.";
    JudgementContradicts "judgement-contradicts" "An outcome is met only by evidence that is valid, authentic, reliable, current and sufficient." "Dim ond tystiolaeth sy'n ddilys, yn ddiffuant, yn ddibynadwy, yn gyfredol ac yn ddigonol sy'n bodloni deilliant.";
    NothingToOverturn "nothing-to-overturn" "Nothing was judged to be met. Agree, or return it." "Ni farnwyd bod dim wedi'i fodloni. Cytunwch, neu dychwelwch ef.";
    AppealTooLate "appeal-too-late" "The time in which this decision could be appealed against is over." "Mae'r amser i apelio yn erbyn y penderfyniad hwn ar ben.";
    Unavailable "unavailable" "The registry cannot answer now. Try again shortly." "Ni all y gofrestrfa ateb nawr. Rhowch gynnig arall arni cyn bo hir.";
    DiskFull "disk-full" "There is no space left to keep this. Nothing was kept; try again later." "Nid oes lle ar ôl i gadw hyn. Ni chadwyd dim; rhowch gynnig arall arni'n nes ymlaen.";
    Internal "internal" "Something went wrong inside. The registry's operators can find it by the id." "Aeth rhywbeth o'i le y tu mewn. Gall gweithredwyr y gofrestrfa ddod o hyd iddo yn ôl yr id.";

    // What a check of a verification says.
    NotEstablished "not-established" "Nothing could be established from what was given." "Ni ellid sefydlu dim o'r hyn a roddwyd.";
    Attested "attested" "The awarding body itself told of this award." "Y corff dyfarnu ei hun a soniodd am y dyfarniad hwn.";
    Recorded "recorded" "A trusted recorder, such as the Learning Records Service, told of this award; it is the recorder's word." "Cofnodwr dibynadwy, megis y Gwasanaeth Cofnodion Dysgu, a soniodd am y dyfarniad hwn; gair y cofnodwr ydyw.";
    SelfPresented "self-presented" "The person brought this themselves; no key or push of the awarding body proves it." "Y person ei hun a ddaeth â hyn; nid oes allwedd na gwthiad gan y corff dyfarnu yn ei brofi.";
    FactsAgree "facts-agree" "Family name and date of birth agree with the record." "Mae'r enw teuluol a'r dyddiad geni yn cytuno â'r cofnod.";
    ShareStands "share-stands" "The person shares this, and has not taken it back." "Mae'r person yn rhannu hyn, ac nid yw wedi'i dynnu'n ôl.";
    DayNotShared "day-not-shared" "Whether it stood on that day is not told, since the person does not share the day of the award. Ask without asOf for how it stands now." "Ni ddywedir a oedd yn sefyll ar y diwrnod hwnnw, gan nad yw'r person yn rhannu diwrnod y dyfarniad. Gofynnwch heb asOf am sut y mae'n sefyll nawr.";
    StatusFinal "status-final" "The award stands." "Mae'r dyfarniad yn sefyll.";
    StatusProvisional "status-provisional" "The award is provisional: the body has not made it final." "Dyfarniad dros dro ydyw: nid yw'r corff wedi ei gadarnhau.";
    StatusWithdrawn "status-withdrawn" "The awarding body has withdrawn the award." "Mae'r corff dyfarnu wedi tynnu'r dyfarniad yn ôl.";
    StatusExpired "status-expired" "The award was valid only until an earlier day." "Dim ond tan ddiwrnod cynharach yr oedd y dyfarniad yn ddilys.";
    StatusNotYet "status-not-yet-valid" "The award is valid only from a later day." "Dim ond o ddiwrnod diweddarach y mae'r dyfarniad yn ddilys.";
    RegistrationNotCurrent "registration-not-current" "The registration is suspended, lapsed or removed." "Mae'r cofrestriad wedi'i atal, wedi dod i ben neu wedi'i ddileu.";
    Registered "registered" "The register knows the qualification or body and agrees." "Mae'r gofrestr yn adnabod y cymhwyster neu'r corff ac yn cytuno.";
    NotRegistered "not-registered" "The register loaded here does not know the qualification or the awarding body." "Nid yw'r gofrestr a lwythwyd yma yn adnabod y cymhwyster na'r corff dyfarnu.";

    // What is wrong with a credential as a document.
    DocumentUnreadable "document-unreadable" "The file is no credential in a form that is read here: JSON, a JWT, or a PNG or SVG image that holds one." "Nid yw'r ffeil yn gymhwyster digidol ar ffurf a ddarllenir yma: JSON, JWT, neu ddelwedd PNG neu SVG sy'n cynnwys un.";
    DocumentTooDeep "document-too-deep" "The document nests more deeply than is read." "Mae'r ddogfen yn nythu'n ddyfnach nag a ddarllenir.";
    DocumentTooComplex "document-too-complex" "The document has more parts than are read." "Mae gan y ddogfen fwy o rannau nag a ddarllenir.";
    MemberTwice "member-twice" "The same member stands twice in one object; programs would disagree about which one counts." "Mae'r un aelod yn ymddangos ddwywaith mewn un gwrthrych; byddai rhaglenni'n anghytuno pa un sy'n cyfrif.";
    NumberInexact "number-inexact" "A number is larger than programs agree on. Write it as text." "Mae rhif yn fwy nag y mae rhaglenni'n cytuno arno. Ysgrifennwch ef fel testun.";
    ImageWithoutCredential "image-without-credential" "The image holds no credential." "Nid yw'r ddelwedd yn cynnwys cymhwyster digidol.";
    ImageUnreadable "image-unreadable" "The image is damaged, or holds more than one credential." "Mae'r ddelwedd wedi'i difrodi, neu'n cynnwys mwy nag un cymhwyster digidol.";
    CredentialTokenUnreadable "credential-token-unreadable" "The credential's JWT is not of the form that the standard says." "Nid yw JWT y cymhwyster digidol ar y ffurf y mae'r safon yn ei nodi.";
    NotACredential "not-a-credential" "The document does not say that it is a verifiable credential with an issuer and a subject." "Nid yw'r ddogfen yn dweud ei bod yn gymhwyster dilysadwy gyda chyhoeddwr a gwrthrych.";
    NotAPresentation "not-a-presentation" "The document does not say that it is a verifiable presentation." "Nid yw'r ddogfen yn dweud ei bod yn gyflwyniad dilysadwy.";
    KeyDocumentInvalid "key-document-invalid" "The document holds no key of its own that may assert and is of a known kind." "Nid yw'r ddogfen yn cynnwys allwedd ei hun a gaiff ddatgan ac sydd o fath hysbys.";

    // What a check of a credential's proof says.
    ProofVerified "proof-verified" "Nothing was changed since it was signed." "Ni newidiwyd dim ers ei lofnodi.";
    ProofMissing "proof-missing" "The credential carries no proof." "Nid oes prawf gyda'r cymhwyster digidol.";
    ProofMismatch "proof-mismatch" "The signature does not fit: the credential was changed, or another key signed it." "Nid yw'r llofnod yn cyd-fynd: newidiwyd y cymhwyster digidol, neu fe'i llofnodwyd ag allwedd arall.";
    ProofMalformed "proof-malformed" "The proof lacks something or is not of the form that the standard says." "Mae rhywbeth ar goll o'r prawf neu nid yw ar y ffurf y mae'r safon yn ei nodi.";
    ProofPurposeWrong "proof-purpose-wrong" "The proof was not made to assert a credential." "Ni wnaed y prawf er mwyn datgan cymhwyster digidol.";
    ChallengeWrong "challenge-wrong" "The proof does not answer the challenge that was given." "Nid yw'r prawf yn ateb yr her a roddwyd.";
    DomainWrong "domain-wrong" "The proof was made for somebody else." "Gwnaed y prawf ar gyfer rhywun arall.";
    ProofExpired "proof-expired" "The proof itself was valid only until an earlier time." "Dim ond tan amser cynharach yr oedd y prawf ei hun yn ddilys.";
    ProofNotYet "proof-not-yet-valid" "The proof says that it was made later than now." "Mae'r prawf yn dweud iddo gael ei wneud yn hwyrach na nawr.";
    ProofUnsupported "proof-unsupported" "This kind of proof is not checked here." "Nid yw'r math hwn o brawf yn cael ei wirio yma.";
    ProofTooCostly "proof-too-costly" "The document is built so that checking its proof would cost too much." "Lluniwyd y ddogfen fel y byddai gwirio ei phrawf yn costio gormod.";
    AlgorithmRefused "algorithm-refused" "The signature's algorithm is none, a shared secret's, or not the key's." "Mae algorithm y llofnod yn ddim, yn un cyfrinach a rennir, neu nid yw'n perthyn i'r allwedd.";
    KeyUnknown "key-unknown" "The key that the proof names is not known here." "Nid yw'r allwedd y mae'r prawf yn ei henwi yn hysbys yma.";
    IssuerKeysUnreachable "issuer-keys-unreachable" "The issuer's keys could not be had from its address. Try again." "Ni ellid cael allweddi'r cyhoeddwr o'i gyfeiriad. Rhowch gynnig arall arni.";
    KeyNoLongerValid "key-no-longer-valid" "The key was revoked, or had expired when the proof was made." "Diddymwyd yr allwedd, neu roedd wedi dod i ben pan wnaed y prawf.";
    ContextUnknown "context-unknown" "The document names a JSON-LD context that is not among those known here. None is fetched." "Mae'r ddogfen yn enwi cyd-destun JSON-LD nad yw ymhlith y rhai hysbys yma. Ni chaiff yr un ei nôl.";
    ContextInline "context-inline" "The document brings a JSON-LD context of its own, which could give its words another meaning." "Mae'r ddogfen yn dod â'i chyd-destun JSON-LD ei hun, a allai roi ystyr arall i'w geiriau.";
    TermUndefined "term-undefined" "A member, type or value is not defined by the document's contexts, so that no proof covers it." "Nid yw aelod, math neu werth wedi'i ddiffinio gan gyd-destunau'r ddogfen, felly nid oes prawf yn ei gwmpasu.";
    LinkedDataInvalid "linked-data-invalid" "The document is not valid JSON-LD under its contexts." "Nid yw'r ddogfen yn JSON-LD dilys o dan ei chyd-destunau.";
    ClaimsContradict "claims-contradict" "The token's claims and the credential within say different things." "Mae hawliadau'r tocyn a'r cymhwyster digidol ynddo yn dweud pethau gwahanol.";
    IssuerEstablished "issuer-established" "The key that signed is the issuer's." "Allwedd y cyhoeddwr yw'r un a lofnododd.";
    IssuerMismatch "issuer-mismatch" "The key that signed belongs to somebody else than the issuer named." "Mae'r allwedd a lofnododd yn perthyn i rywun heblaw'r cyhoeddwr a enwir.";
    IssuerNotEstablished "issuer-not-established" "Whose key signed is not known here." "Nid yw'n hysbys yma allwedd pwy a lofnododd.";
    CredentialCurrent "credential-current" "The credential is within its dates." "Mae'r cymhwyster digidol o fewn ei ddyddiadau.";
    CredentialExpired "credential-expired" "The credential was valid only until an earlier time." "Dim ond tan amser cynharach yr oedd y cymhwyster digidol yn ddilys.";
    CredentialNotYet "credential-not-yet-valid" "The credential is valid only from a later time." "Dim ond o amser diweddarach y mae'r cymhwyster digidol yn ddilys.";
    CredentialDatesInvalid "credential-dates-invalid" "A date of the credential is not a time with its zone, or ends before it begins." "Nid yw dyddiad yn y cymhwyster digidol yn amser gyda'i gylchfa, neu mae'n gorffen cyn dechrau.";
    IssuerUnknown "issuer-unknown" "The issuer signed this, and is not among those that are known here." "Y cyhoeddwr a lofnododd hyn, ac nid yw ymhlith y rhai sy'n hysbys yma.";
    SchemaValid "schema-valid" "The credential has what its standard asks for." "Mae gan y cymhwyster digidol yr hyn y mae ei safon yn gofyn amdano.";
    SchemaInvalid "schema-invalid" "The credential lacks what its standard asks for, or has it in another form." "Nid oes gan y cymhwyster digidol yr hyn y mae ei safon yn gofyn amdano, neu mae ar ffurf arall.";
    SchemaUnknown "schema-unknown" "No standard that is known here is of this kind of credential." "Nid oes safon hysbys yma ar gyfer y math hwn o gymhwyster digidol.";
    NotRevoked "not-revoked" "The issuer's status list says that the credential holds." "Mae rhestr statws y cyhoeddwr yn dweud bod y cymhwyster digidol yn dal.";
    RevocationNotOffered "revocation-not-offered" "The issuer names no list in which it would say that the credential no longer holds." "Nid yw'r cyhoeddwr yn enwi rhestr lle byddai'n dweud nad yw'r cymhwyster digidol yn dal mwyach.";
    CredentialRevoked "credential-revoked" "The issuer has revoked the credential." "Mae'r cyhoeddwr wedi diddymu'r cymhwyster digidol.";
    CredentialSuspended "credential-suspended" "The issuer says that the credential does not hold for now: the award was withdrawn, or is told otherwise by now." "Mae'r cyhoeddwr yn dweud nad yw'r cymhwyster digidol yn dal ar hyn o bryd: tynnwyd y dyfarniad yn ôl, neu fe'i hadroddir yn wahanol erbyn hyn.";
    CredentialSuperseded "credential-superseded" "The record says something else by now. Ask the holder for a new document." "Mae'r cofnod yn dweud rhywbeth arall erbyn hyn. Gofynnwch i'r deiliad am ddogfen newydd.";
    StatusUnsupported "status-unsupported" "The credential says in a way that is not known here where to ask whether it holds." "Mae'r cymhwyster digidol yn dweud mewn ffordd nad yw'n hysbys yma ble i ofyn a yw'n dal.";
    StatusListUnreachable "status-list-unreachable" "The issuer's status list could not be had. Try again." "Ni ellid cael rhestr statws y cyhoeddwr. Rhowch gynnig arall arni.";
    StatusListInvalid "status-list-invalid" "The status list is of no form that the standard knows, or another than the one that is named." "Nid yw'r rhestr statws ar ffurf y mae'r safon yn ei hadnabod, neu mae'n un arall na'r un a enwir.";
    StatusListExpired "status-list-expired" "The status list that was found is not of this time." "Nid yw'r rhestr statws a ganfuwyd o'r amser hwn.";
    StatusListUnproved "status-list-not-proved" "Nothing proves that the status list is the issuer's: it was changed, or signed by somebody else." "Nid oes dim yn profi mai rhestr statws y cyhoeddwr ydyw: fe'i newidiwyd, neu fe'i llofnodwyd gan rywun arall.";
    NotAskedOffline "not-asked-offline" "Whether this still holds can only be asked for, and nobody was asked." "Dim ond drwy ofyn y gellir gwybod a yw hyn yn dal, ac ni ofynnwyd i neb.";

    // What can be wrong with the registry's own keys.
    KeySealed "key-sealed" "The registry's key is sealed, and no secret to open it is configured." "Mae allwedd y gofrestrfa wedi'i selio, ac nid oes cyfrinach i'w hagor wedi'i ffurfweddu.";
    KeySealWrong "key-seal-wrong" "The secret that is configured does not open the registry's key, or the file was changed. Nothing was written." "Nid yw'r gyfrinach a ffurfweddwyd yn agor allwedd y gofrestrfa, neu newidiwyd y ffeil. Ni ysgrifennwyd dim.";

    // What can be wrong with an export.
    NothingToExport "nothing-to-export" "Nothing of the record can be signed: awards of which the awarding body or a trusted recorder told, that are final and stand." "Ni ellir llofnodi dim o'r cofnod: dyfarniadau y soniodd y corff dyfarnu neu gofnodwr dibynadwy amdanynt, sy'n derfynol ac yn sefyll.";
}

impl Code {
    /// The code of that published text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_kebab_case_unique_and_said_in_both_languages() {
        let mut seen = HashSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.as_str()), "{code} stands twice");
            assert!(
                code.as_str()
                    .bytes()
                    .all(|byte| byte == b'-' || byte.is_ascii_lowercase()),
                "{code}"
            );
            assert_eq!(Code::parse(code.as_str()), Some(*code));
            for language in [Language::English, Language::Welsh] {
                assert!(code.message(language).ends_with('.'), "{code}");
            }
            assert_ne!(
                code.message(Language::English),
                code.message(Language::Welsh),
                "{code}"
            );
        }
    }
}
