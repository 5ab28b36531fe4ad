DROP INDEX achievement_replaced;
DROP INDEX learner_merged;
ALTER TABLE import_job DROP COLUMN undoing_since;
DROP INDEX source_job;
DROP TABLE source_again;
