DROP TABLE webhook_delivery;
DROP TABLE quarantine_waiver;
DROP INDEX import_job_body_state;
DROP INDEX import_job_body_received;
