-- Imports are listed the newest first: those that a caller pushed, those of a body, those of a state.
CREATE INDEX import_job_caller ON import_job (caller, id);
CREATE INDEX import_job_body ON import_job (awarding_body, id) WHERE awarding_body IS NOT NULL;
DROP INDEX import_job_state;
CREATE INDEX import_job_state ON import_job (state, id);
