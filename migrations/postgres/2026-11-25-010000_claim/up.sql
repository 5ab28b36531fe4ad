-- Claims of prior learning. Whoever is known no more, since the import that told of them was taken back, claims nothing; so
-- nothing here holds a learner back.
CREATE TABLE claim (
    id BYTEA PRIMARY KEY,
    -- As whom it was opened, whatever is merged since.
    learner_id BYTEA NOT NULL,
    body TEXT NOT NULL,
    route TEXT NOT NULL,
    state TEXT NOT NULL,
    -- Under appeal: whether everything is judged and waits for the assurer.
    judged BOOLEAN NOT NULL,
    statement TEXT,
    -- The terms that apply, as JSON: those of the day on which it was submitted, before that those of the day on which it
    -- was opened.
    terms TEXT NOT NULL,
    version INTEGER NOT NULL,
    opened_at TIMESTAMP NOT NULL,
    -- From when on the body sees it.
    submitted_at TIMESTAMP,
    changed_at TIMESTAMP NOT NULL,
    -- By when what comes next is due, and of what those concerned were reminded since it came into its state.
    due DATE,
    reminded SMALLINT NOT NULL,
    -- SHA-256 over the judgements by which it was decided.
    digest BYTEA
);
CREATE INDEX claim_learner ON claim (learner_id, id);
CREATE INDEX claim_body ON claim (body, id);
CREATE INDEX claim_due ON claim (due);

CREATE TABLE claim_unit (
    claim_id BYTEA NOT NULL REFERENCES claim (id),
    place SMALLINT NOT NULL,
    reference TEXT NOT NULL,
    title TEXT NOT NULL,
    level SMALLINT,
    credit INTEGER,
    -- References that the framework accepts in its place, with bars between them.
    equivalents TEXT NOT NULL,
    -- The achievement that it was granted as.
    achievement_id BYTEA,
    PRIMARY KEY (claim_id, place)
);

-- The outcomes as they were when the claim was opened.
CREATE TABLE claim_outcome (
    claim_id BYTEA NOT NULL REFERENCES claim (id),
    place SMALLINT NOT NULL,
    unit_place SMALLINT NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    -- A JSON list.
    criteria TEXT NOT NULL,
    PRIMARY KEY (claim_id, place)
);

-- Who is what on a claim: claimant, assessor, assurer; returned (who sent a judgement back), earlier (who assessed or assured
-- before an appeal). Issuer and subject of their token, and the learner whom it named where it named one.
CREATE TABLE claim_part (
    claim_id BYTEA NOT NULL REFERENCES claim (id),
    part TEXT NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    learner_id BYTEA,
    since TIMESTAMP NOT NULL,
    PRIMARY KEY (claim_id, part, issuer, subject)
);
CREATE INDEX claim_part_who ON claim_part (subject, issuer, claim_id);

-- Whom tokens named as their bearer's record, when these acted on claims.
CREATE TABLE token_learner (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    learner_id BYTEA NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    PRIMARY KEY (subject, issuer, learner_id)
);
CREATE INDEX token_learner_learner ON token_learner (learner_id);

CREATE TABLE claim_evidence (
    id BYTEA PRIMARY KEY,
    claim_id BYTEA NOT NULL REFERENCES claim (id),
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    -- Of a file.
    digest TEXT,
    size BIGINT,
    -- What else was said of it, JSON.
    details TEXT,
    achievement_id BYTEA,
    development_id BYTEA,
    dated_on DATE,
    -- What makes it known again in another claim: the digest of a file or of what is said.
    mark BYTEA NOT NULL,
    -- Whether somebody else claimed with the same before.
    seen_elsewhere BOOLEAN NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    by_learner BYTEA,
    added_at TIMESTAMP NOT NULL,
    -- When the file was erased, by the terms.
    erased_at TIMESTAMP
);
CREATE INDEX claim_evidence_claim ON claim_evidence (claim_id, id);
CREATE INDEX claim_evidence_mark ON claim_evidence (mark);
CREATE INDEX claim_evidence_development ON claim_evidence (development_id);

CREATE TABLE claim_evidence_outcome (
    evidence_id BYTEA NOT NULL REFERENCES claim_evidence (id),
    outcome TEXT NOT NULL,
    PRIMARY KEY (evidence_id, outcome)
);

CREATE TABLE claim_judgement (
    id BYTEA PRIMARY KEY,
    claim_id BYTEA NOT NULL REFERENCES claim (id),
    outcome TEXT NOT NULL,
    met TEXT NOT NULL,
    -- Identifiers, a JSON list.
    evidence TEXT NOT NULL,
    valid BOOLEAN NOT NULL,
    authentic BOOLEAN NOT NULL,
    reliable BOOLEAN NOT NULL,
    is_current BOOLEAN NOT NULL,
    sufficient BOOLEAN NOT NULL,
    note TEXT,
    appeal BOOLEAN NOT NULL,
    -- False for those of an appeal that was given up.
    counts BOOLEAN NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    by_learner BYTEA,
    judged_at TIMESTAMP NOT NULL
);
CREATE INDEX claim_judgement_claim ON claim_judgement (claim_id, id);

CREATE TABLE claim_event (
    claim_id BYTEA NOT NULL REFERENCES claim (id),
    number INTEGER NOT NULL,
    at TIMESTAMP NOT NULL,
    -- As others may know them.
    by_whom TEXT NOT NULL,
    part TEXT NOT NULL,
    action TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    note TEXT,
    PRIMARY KEY (claim_id, number)
);

-- What people did to develop, and how they were inducted.
CREATE TABLE development_entry (
    id BYTEA PRIMARY KEY,
    learner_id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    minutes INTEGER,
    on_day DATE NOT NULL,
    -- Codes of areas of the Common Core, and of standards, with bars between them.
    areas TEXT NOT NULL,
    standards TEXT NOT NULL,
    recorded_at TIMESTAMP NOT NULL
);
CREATE INDEX development_entry_learner ON development_entry (learner_id, id);
