-- Who runs an import, until when by the database's clock, and whether it shall end instead. A claim stays until
-- its job has ended; one that ran out may be taken by another, under a token of its own.
CREATE TABLE import_claim (
    job_id BLOB PRIMARY KEY REFERENCES import_job (id),
    token BLOB NOT NULL UNIQUE,
    server TEXT NOT NULL,
    claimed_until TIMESTAMP NOT NULL,
    cancel_asked BOOLEAN NOT NULL
);

-- When each submitter had its last turn.
CREATE TABLE import_turn (
    submitter TEXT PRIMARY KEY,
    taken_at TIMESTAMP NOT NULL
);
