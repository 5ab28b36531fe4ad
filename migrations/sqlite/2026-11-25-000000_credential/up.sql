-- The lists in which it is told whether issued credentials hold: a bit for each. What the bits are is not stored; it follows
-- from the record each time a list is asked for.
CREATE TABLE status_list (
    number INTEGER PRIMARY KEY,
    -- What a set bit says: 'revocation' or 'suspension'.
    purpose TEXT NOT NULL,
    -- How many places were given away. None is ever given twice.
    taken INTEGER NOT NULL
);

-- The credentials that were issued. Who is known no more holds none; so nothing holds them back.
CREATE TABLE credential (
    id BLOB PRIMARY KEY,
    -- The learner as whom they were when it was issued, whatever was merged since.
    learner_id BLOB NOT NULL,
    -- 'badge', of one award, or 'record', of several.
    kind TEXT NOT NULL,
    list INTEGER NOT NULL REFERENCES status_list (number),
    -- The place in that list, drawn by chance, so that it tells nothing of when or for whom it was issued.
    place INTEGER NOT NULL,
    issued_at TIMESTAMP NOT NULL,
    -- The credential without its proof, as JSON; in a record the badges stand as their identifiers.
    content TEXT NOT NULL,
    UNIQUE (list, place)
);
CREATE INDEX credential_learner ON credential (learner_id, id);

-- The awards that a credential tells of, with a digest of what it says of each, so that it is seen when that is no longer so.
CREATE TABLE credential_award (
    credential_id BLOB NOT NULL REFERENCES credential (id),
    achievement_id BLOB NOT NULL,
    says BLOB NOT NULL,
    PRIMARY KEY (credential_id, achievement_id)
);
CREATE INDEX credential_award_achievement ON credential_award (achievement_id);
