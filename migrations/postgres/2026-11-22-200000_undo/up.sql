-- A statement is stored once, however often it is pushed. Which other imports told it too, and where in their files it
-- stood, is kept here, so that taking one import back leaves what another said as well. Nothing is checked against the
-- other tables: whoever drops a source drops these rows too.
CREATE TABLE source_again (
    source_id BYTEA NOT NULL,
    job_id BYTEA NOT NULL,
    position BYTEA NOT NULL,
    PRIMARY KEY (source_id, job_id)
);
CREATE INDEX source_again_job ON source_again (job_id);
CREATE INDEX source_job ON source (job_id, learner_id) WHERE job_id IS NOT NULL;

-- Imports that are being taken back, so that it goes on after a kill.
CREATE TABLE import_undoing (
    job_id BYTEA PRIMARY KEY,
    since TIMESTAMP NOT NULL
);

-- A row goes only where none refers to it, which is looked up for each.
CREATE INDEX learner_merged ON learner (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX achievement_replaced ON achievement (replaced_by) WHERE replaced_by IS NOT NULL;
