//! The one table of rights: what each role may. Whose data it may be done to is decided beside each action;
//! whether it may be done at all stands here and nowhere else. Source: the public contract, section 3.

use super::caller::Role;

/// Something that needs a right. What everybody may do, such as verifying what one was handed or reading
/// the framework, needs none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// Read the record of the learner whom the token names, and its access ledger.
    ReadOwnRecord,
    /// Share one's own record with others, and take that back.
    ShareOwnRecord,
    /// Run teams of people who shared with one's organisation.
    RunTeams,
    /// Claim prior learning, and keep a record of one's development.
    ClaimPriorLearning,
    /// Say who assesses and assures claims to one's own body.
    AssignClaims,
    /// Judge claims that are given to one.
    AssessClaims,
    /// Assure the judgement of claims that are given to one.
    AssureClaims,
    /// Read learners and results as far as they are one's own awards.
    ReadOwnAwards,
    /// Read any learner, to resolve who is who.
    ReadIdentities,
    /// Decide who is who: merge, split, resolve what is doubtful.
    ResolveIdentities,
    /// Keep receipts of verifications and read them again.
    KeepReceipts,
    /// Push results of one's own body.
    PushOwnResults,
    /// Push what is not one body's: learning events, transcripts.
    PushForOthers,
    /// Bring what one was given oneself.
    PresentOneself,
    /// Correct, withdraw and reinstate results of one's own body.
    ChangeOwnAwards,
    /// Read any import.
    ReadImports,
    /// Take back imports of one's own body.
    UndoOwnImports,
    /// Take back any import.
    UndoImports,
    /// Cancel any import.
    CancelImports,
    /// Read published figures of the workforce.
    ReadWorkforce,
}

/// Each right with the roles that have it.
pub const RIGHTS: &[(Right, &[Role])] = &[
    (Right::ReadOwnRecord, &[Role::Practitioner]),
    (Right::ShareOwnRecord, &[Role::Practitioner]),
    (Right::RunTeams, &[Role::Employer]),
    (Right::ClaimPriorLearning, &[Role::Practitioner]),
    (Right::AssignClaims, &[Role::AwardingBody]),
    (Right::AssessClaims, &[Role::Assessor]),
    (Right::AssureClaims, &[Role::QualityAssurer]),
    (Right::ReadOwnAwards, &[Role::AwardingBody]),
    (Right::ReadIdentities, &[Role::Steward]),
    (Right::ResolveIdentities, &[Role::Steward]),
    (
        Right::KeepReceipts,
        &[
            Role::Employer,
            Role::Practitioner,
            Role::AwardingBody,
            Role::Assessor,
            Role::QualityAssurer,
            Role::Steward,
        ],
    ),
    (Right::PushOwnResults, &[Role::AwardingBody]),
    (Right::PushForOthers, &[Role::Steward]),
    (Right::PresentOneself, &[Role::Practitioner]),
    (Right::ChangeOwnAwards, &[Role::AwardingBody]),
    (Right::ReadImports, &[Role::Steward]),
    (Right::UndoOwnImports, &[Role::AwardingBody]),
    (Right::UndoImports, &[Role::Steward]),
    (Right::CancelImports, &[Role::Steward]),
    (Right::ReadWorkforce, &[Role::Statistician]),
];
