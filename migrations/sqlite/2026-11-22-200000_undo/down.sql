DROP INDEX achievement_replaced;
DROP INDEX learner_merged;
DROP TABLE import_undoing;
DROP INDEX source_job;
DROP TABLE source_again;
