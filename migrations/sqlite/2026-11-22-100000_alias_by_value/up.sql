-- Identifiers are looked up by value, some thousands at a time; the same key as on PostgreSQL, where it matters.
CREATE TABLE learner_alias_new (
    kind TEXT NOT NULL,
    scope TEXT NOT NULL,
    value TEXT NOT NULL,
    learner_id BLOB NOT NULL REFERENCES learner (id),
    given_by TEXT NOT NULL,
    known_from TIMESTAMP NOT NULL,
    PRIMARY KEY (value, kind, scope)
);
INSERT INTO learner_alias_new SELECT kind, scope, value, learner_id, given_by, known_from FROM learner_alias;
DROP TABLE learner_alias;
ALTER TABLE learner_alias_new RENAME TO learner_alias;
CREATE INDEX learner_alias_learner ON learner_alias (learner_id);
