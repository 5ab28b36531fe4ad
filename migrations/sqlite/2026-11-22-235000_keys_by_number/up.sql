-- Two with numbers are never compared: of the keys of the many who have one, those of the few who have none are asked.
CREATE TABLE learner_key_new (
    numbered BOOLEAN NOT NULL,
    key BIGINT NOT NULL,
    learner_id BLOB NOT NULL,
    PRIMARY KEY (numbered, key, learner_id)
) WITHOUT ROWID;
INSERT INTO learner_key_new (numbered, key, learner_id) SELECT numbered, key, learner_id FROM learner_key;
DROP TABLE learner_key;
ALTER TABLE learner_key_new RENAME TO learner_key;
