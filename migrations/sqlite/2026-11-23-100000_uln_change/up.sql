-- What whoever issues ULNs said became of them, each statement once an import that told it, so that what is taken back
-- leaves what another import said as well. What follows stands in learner_alias and learner_merge.
CREATE TABLE uln_change (
    uln TEXT NOT NULL,
    -- merged, unmerged or deleted.
    action TEXT NOT NULL,
    -- The number that stands for both, or did; empty for one that was deleted.
    master TEXT NOT NULL,
    changed_on DATE NOT NULL,
    job_id BLOB NOT NULL,
    PRIMARY KEY (uln, action, master, changed_on, job_id)
) WITHOUT ROWID;
CREATE INDEX uln_change_master ON uln_change (master);
CREATE INDEX uln_change_job ON uln_change (job_id);
