-- Files of evidence. Each content lies once, sealed, under a name that tells nothing; who brought it, for which claim, stands in
-- claim_evidence, by its digest.
CREATE TABLE evidence_file (
    -- SHA-256 of the content, in hexadecimal digits.
    digest TEXT PRIMARY KEY,
    -- The file's name in the folder.
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    stored_at TIMESTAMP NOT NULL,
    -- When the file was removed, since no claim needed it any more.
    erased_at TIMESTAMP
);
CREATE INDEX evidence_file_name ON evidence_file (name);

ALTER TABLE claim_evidence ADD COLUMN media_type TEXT;
-- From which day on the claim does not need the file any more: none while the claim goes on.
ALTER TABLE claim_evidence ADD COLUMN erase_on DATE;
CREATE INDEX claim_evidence_erase ON claim_evidence (erase_on) WHERE erased_at IS NULL;
CREATE INDEX claim_evidence_digest ON claim_evidence (digest) WHERE erased_at IS NULL;
