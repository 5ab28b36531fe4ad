-- What an awarding body pushed in the last day is summed up with each push.
CREATE INDEX import_job_body_received ON import_job (awarding_body, received_at, bytes_total) WHERE awarding_body IS NOT NULL;
-- So is how many of its imports have not ended.
CREATE INDEX import_job_body_state ON import_job (awarding_body, state) WHERE awarding_body IS NOT NULL;

-- Imports that are merged however wrong they look as a whole, and who said so.
CREATE TABLE quarantine_waiver (
    job_id BLOB PRIMARY KEY REFERENCES import_job (id),
    by_whom TEXT NOT NULL,
    at TIMESTAMP NOT NULL
);

-- Events on their way to those who asked to be told: one row an event and address, stored with what it tells.
-- `due_at` of one that is being sent is when another server may try, should this one be gone.
CREATE TABLE webhook_delivery (
    id BLOB PRIMARY KEY,
    awarding_body TEXT NOT NULL,
    url TEXT NOT NULL,
    content TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    due_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP,
    problem TEXT
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (url, state, due_at);
CREATE INDEX webhook_delivery_waiting ON webhook_delivery (state, created_at);
CREATE INDEX webhook_delivery_ended ON webhook_delivery (ended_at) WHERE ended_at IS NOT NULL;
