-- The spine: people, what sources said of them, what the registry concludes, and who looked.
-- Identifiers are UUIDs of version 7 as 16 bytes; times are UTC without zone, to the microsecond.

CREATE TABLE learner (
    id BLOB PRIMARY KEY,
    given_name TEXT,
    family_name TEXT,
    family_key TEXT,
    date_of_birth DATE,
    gender INTEGER,
    postcode TEXT,
    former_names TEXT NOT NULL,
    merged_into BLOB REFERENCES learner (id),
    created_at TIMESTAMP NOT NULL
);

-- Identifiers by which others know a learner. A ULN is one of them and not a key: its issuer merges,
-- unmerges and deletes ULNs.
CREATE TABLE learner_alias (
    kind TEXT NOT NULL,
    scope TEXT NOT NULL,
    value TEXT NOT NULL,
    learner_id BLOB NOT NULL REFERENCES learner (id),
    given_by TEXT NOT NULL,
    known_from TIMESTAMP NOT NULL,
    PRIMARY KEY (kind, scope, value)
);
CREATE INDEX learner_alias_learner ON learner_alias (learner_id);

-- Every full name with birth date under which a learner was told of, folded.
CREATE TABLE learner_name (
    name_key TEXT NOT NULL,
    learner_id BLOB NOT NULL REFERENCES learner (id),
    PRIMARY KEY (name_key, learner_id)
);
CREATE INDEX learner_name_learner ON learner_name (learner_id);

CREATE TABLE awarding_body (
    recognition_number TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    legal_name TEXT,
    acronym TEXT,
    status TEXT,
    recognised_from DATE,
    recognised_until DATE,
    registered BOOLEAN NOT NULL
);
CREATE INDEX awarding_body_name ON awarding_body (name_key);

CREATE TABLE qualification (
    number TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    body TEXT,
    body_name TEXT,
    level INTEGER,
    level_stated TEXT,
    eqf_level INTEGER,
    kind TEXT,
    status TEXT,
    total_credit INTEGER,
    total_qualification_time INTEGER,
    guided_learning_hours INTEGER,
    operational_from DATE,
    operational_until DATE,
    certification_until DATE,
    registered BOOLEAN NOT NULL
);

CREATE TABLE unit (
    reference TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    level INTEGER,
    credit INTEGER,
    guided_learning_hours INTEGER,
    confirmed BOOLEAN NOT NULL
);

-- Extracts of the register that give titles without numbers: kept for search, never joined to a result.
CREATE TABLE catalogue_title (
    title TEXT NOT NULL,
    body_name TEXT NOT NULL,
    level_stated TEXT NOT NULL,
    kind TEXT NOT NULL,
    acronym TEXT,
    status TEXT,
    PRIMARY KEY (title, body_name, level_stated, kind)
);

-- What the registry concludes from the sources of one award.
CREATE TABLE achievement (
    id BLOB PRIMARY KEY,
    learner_id BLOB NOT NULL REFERENCES learner (id),
    subject_kind TEXT NOT NULL,
    subject_code TEXT NOT NULL,
    title TEXT NOT NULL,
    part_of TEXT,
    body TEXT,
    body_stated TEXT,
    awarded_on DATE,
    awarded_on_stated TEXT,
    started_on DATE,
    valid_from DATE,
    valid_until DATE,
    grade TEXT,
    level INTEGER,
    credit INTEGER,
    status TEXT NOT NULL,
    status_since DATE,
    status_reason TEXT,
    route TEXT NOT NULL,
    standing TEXT NOT NULL,
    result_id TEXT,
    certificate_number TEXT,
    centre TEXT,
    registration_number TEXT,
    registration_conditions TEXT,
    registration_state TEXT,
    version INTEGER NOT NULL,
    replaced_by BLOB,
    changed_at TIMESTAMP NOT NULL
);
CREATE INDEX achievement_learner ON achievement (learner_id, id);
CREATE INDEX achievement_certificate ON achievement (certificate_number) WHERE certificate_number IS NOT NULL;

-- Every state in which an achievement ever stood, when it was true and when the registry knew it.
CREATE TABLE achievement_version (
    achievement_id BLOB NOT NULL REFERENCES achievement (id),
    number INTEGER NOT NULL,
    status TEXT NOT NULL,
    grade TEXT,
    awarded_on DATE,
    reason TEXT,
    true_from DATE,
    known_from TIMESTAMP NOT NULL,
    known_until TIMESTAMP,
    PRIMARY KEY (achievement_id, number)
);

-- What was said, as it was said: `record` holds the adapter's record unchanged.
CREATE TABLE source (
    id BLOB PRIMARY KEY,
    learner_id BLOB NOT NULL REFERENCES learner (id),
    arrived_as BLOB NOT NULL,
    achievement_id BLOB NOT NULL REFERENCES achievement (id),
    digest BLOB NOT NULL,
    submitter TEXT NOT NULL,
    kind TEXT NOT NULL,
    standing TEXT NOT NULL,
    body TEXT,
    adapter TEXT NOT NULL,
    job_id BLOB,
    result_key TEXT,
    certificate_key TEXT,
    received_at TIMESTAMP NOT NULL,
    record BLOB NOT NULL
);
CREATE UNIQUE INDEX source_learner ON source (learner_id, digest);
CREATE INDEX source_achievement ON source (achievement_id);
CREATE INDEX source_result ON source (result_key) WHERE result_key IS NOT NULL;
CREATE INDEX source_certificate ON source (certificate_key) WHERE certificate_key IS NOT NULL;

-- One leaf for each change of an achievement: a salted commitment, no personal data. The log gives the
-- leaves their places when it takes them in.
CREATE TABLE log_leaf (
    id BLOB PRIMARY KEY,
    achievement_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    salt BLOB NOT NULL,
    commitment BLOB NOT NULL,
    appended_at TIMESTAMP NOT NULL,
    place INTEGER UNIQUE
);

CREATE TABLE import_job (
    id BLOB PRIMARY KEY,
    caller TEXT NOT NULL,
    submitter TEXT NOT NULL,
    adapter TEXT NOT NULL,
    awarding_body TEXT,
    learner_id BLOB,
    kind TEXT NOT NULL,
    standing TEXT NOT NULL,
    mode TEXT NOT NULL,
    dry_run BOOLEAN NOT NULL,
    digest TEXT NOT NULL,
    idempotency_key TEXT,
    state TEXT NOT NULL,
    server TEXT,
    bytes_read INTEGER NOT NULL,
    bytes_total INTEGER,
    records INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    promoted INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL,
    reinstated INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    needs_person INTEGER NOT NULL,
    issues INTEGER NOT NULL,
    merged_batches INTEGER NOT NULL,
    error_code TEXT,
    error_message TEXT,
    received_at TIMESTAMP NOT NULL,
    started_at TIMESTAMP,
    ended_at TIMESTAMP
);
CREATE UNIQUE INDEX import_job_idempotency ON import_job (caller, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX import_job_state ON import_job (state);

CREATE TABLE import_issue (
    job_id BLOB NOT NULL REFERENCES import_job (id),
    ordinal INTEGER NOT NULL,
    severity TEXT NOT NULL,
    code TEXT NOT NULL,
    message TEXT,
    row_number INTEGER,
    column_number INTEGER,
    path TEXT,
    byte_offset INTEGER,
    restricted BOOLEAN NOT NULL,
    PRIMARY KEY (job_id, ordinal)
);

-- Batches as the adapter gave them, between reading and merging.
CREATE TABLE staged_batch (
    job_id BLOB NOT NULL REFERENCES import_job (id),
    ordinal INTEGER NOT NULL,
    records INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (job_id, ordinal)
);

CREATE TABLE receipt (
    id BLOB PRIMARY KEY,
    caller TEXT NOT NULL,
    outcome TEXT NOT NULL,
    purpose TEXT,
    achievement_id BLOB,
    checked_at TIMESTAMP NOT NULL,
    jwt TEXT NOT NULL
);
CREATE INDEX receipt_caller ON receipt (caller, id);

-- Who looked at whose data. A look that found nobody has no learner, and is kept all the same.
CREATE TABLE access_entry (
    id BLOB PRIMARY KEY,
    learner_id BLOB,
    at TIMESTAMP NOT NULL,
    by_whom TEXT NOT NULL,
    role TEXT NOT NULL,
    what TEXT NOT NULL,
    purpose TEXT,
    via TEXT NOT NULL
);
CREATE INDEX access_entry_learner ON access_entry (learner_id, id);
