DROP INDEX import_job_state;
CREATE INDEX import_job_state ON import_job (state);
DROP INDEX import_job_body;
DROP INDEX import_job_caller;
