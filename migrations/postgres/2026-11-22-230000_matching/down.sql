DROP TABLE learner_merge;
DROP TABLE match_pair;
DROP TABLE learner_key;
ALTER TABLE source DROP COLUMN own_achievement_id;
DROP INDEX source_learner;
CREATE UNIQUE INDEX source_learner ON source (learner_id, digest);
DROP INDEX learner_alias_arrived;
ALTER TABLE learner_alias DROP COLUMN arrived_as;
ALTER TABLE learner DROP COLUMN own_facts;
