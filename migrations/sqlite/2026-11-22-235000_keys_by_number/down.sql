CREATE TABLE learner_key_old (
    key BIGINT NOT NULL,
    learner_id BLOB NOT NULL,
    numbered BOOLEAN NOT NULL,
    PRIMARY KEY (key, learner_id)
) WITHOUT ROWID;
INSERT INTO learner_key_old (key, learner_id, numbered) SELECT key, learner_id, numbered FROM learner_key;
DROP TABLE learner_key;
ALTER TABLE learner_key_old RENAME TO learner_key;
