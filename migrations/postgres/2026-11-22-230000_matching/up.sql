-- Who is whom, concluded from likeness and from decisions, and never final. Identifiers, names, statements and
-- what each learner alone was told to be stay with the learner as whom they came (`arrived_as`); only `merged_into`
-- and the `learner_id` of what is read by person say where they belong now.
ALTER TABLE learner ADD COLUMN own_facts TEXT;

ALTER TABLE learner_alias ADD COLUMN arrived_as BYTEA;
UPDATE learner_alias SET arrived_as = learner_id;
ALTER TABLE learner_alias ALTER COLUMN arrived_as SET NOT NULL;
CREATE INDEX learner_alias_arrived ON learner_alias (arrived_as) WHERE arrived_as <> learner_id;

-- The same statement about two learners stays two when they become one.
DROP INDEX source_learner;
CREATE UNIQUE INDEX source_learner ON source (learner_id, digest, arrived_as);
-- The award under which a statement stood before its learner was merged, where that is another one.
ALTER TABLE source ADD COLUMN own_achievement_id BYTEA;

-- Keys of likeness: learners with a key in common are worth comparing, unless both have a number.
CREATE TABLE learner_key (
    key BIGINT NOT NULL,
    learner_id BYTEA NOT NULL,
    numbered BOOLEAN NOT NULL,
    PRIMARY KEY (key, learner_id)
);

-- Two learners who could be one person.
CREATE TABLE match_pair (
    id BYTEA PRIMARY KEY,
    left_id BYTEA NOT NULL REFERENCES learner (id),
    right_id BYTEA NOT NULL REFERENCES learner (id),
    -- Of the two alone, and with everybody else who could be either.
    log_odds REAL NOT NULL,
    total_odds REAL NOT NULL,
    -- What follows from likeness: link, case or none.
    verdict TEXT NOT NULL,
    -- What a steward decided: same or different.
    ruling TEXT,
    ruled_by TEXT,
    ruled_at TIMESTAMP,
    reason TEXT,
    UNIQUE (left_id, right_id)
);
CREATE INDEX match_pair_right ON match_pair (right_id);
CREATE INDEX match_pair_open ON match_pair (id) WHERE verdict = 'case' AND ruling IS NULL;

-- Two learners who were found to be one, by whom and why; ended when that was taken back.
CREATE TABLE learner_merge (
    id BYTEA PRIMARY KEY,
    gone_id BYTEA NOT NULL REFERENCES learner (id),
    kept_id BYTEA NOT NULL REFERENCES learner (id),
    origin TEXT NOT NULL,
    by_whom TEXT NOT NULL,
    reason TEXT NOT NULL,
    merged_at TIMESTAMP NOT NULL,
    split_at TIMESTAMP,
    split_by TEXT,
    split_reason TEXT
);
CREATE INDEX learner_merge_gone ON learner_merge (gone_id);
CREATE INDEX learner_merge_kept ON learner_merge (kept_id);
