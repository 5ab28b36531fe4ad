-- What people share of their records, with whoever has the token. Of the token only its SHA-256 is kept: it has 256 bits
-- of chance, so that nobody finds it from that. A share is its maker's as whom it was made, whatever is merged since.
CREATE TABLE share (
    id BYTEA PRIMARY KEY,
    -- Who is known no more, since the import that told of them was taken back, shares nothing; so nothing holds them back.
    learner_id BYTEA NOT NULL,
    token_hash BYTEA NOT NULL UNIQUE,
    -- The chosen fields, by name, with commas between them.
    fields TEXT NOT NULL,
    purpose TEXT,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP,
    views INTEGER NOT NULL
);
CREATE INDEX share_learner ON share (learner_id, id);

-- The achievements of a share, in the order chosen. One that is gone is no longer shared, so nothing holds it back.
CREATE TABLE share_achievement (
    share_id BYTEA NOT NULL REFERENCES share (id),
    place SMALLINT NOT NULL,
    achievement_id BYTEA NOT NULL,
    PRIMARY KEY (share_id, place)
);
