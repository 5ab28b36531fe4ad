DROP INDEX claim_evidence_digest;
DROP INDEX claim_evidence_erase;
ALTER TABLE claim_evidence DROP COLUMN erase_on;
ALTER TABLE claim_evidence DROP COLUMN media_type;
DROP TABLE evidence_file;
