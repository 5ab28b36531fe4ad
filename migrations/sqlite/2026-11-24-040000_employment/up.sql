-- Who works where, as stated by whom; what is needed; and what places there are to learn it. What is not said is empty, so
-- that the same said again is the same row. What is counted by role, area and day is found by index.
CREATE TABLE post_held (
    -- As whom it was said; nothing holds back who is known no more.
    learner_id BLOB NOT NULL,
    employer TEXT NOT NULL,
    setting TEXT NOT NULL,
    role TEXT NOT NULL,
    area TEXT NOT NULL,
    from_day DATE NOT NULL,
    to_day DATE,
    stated_by TEXT NOT NULL,
    imported_at TIMESTAMP NOT NULL,
    PRIMARY KEY (learner_id, employer, setting, role, area, from_day)
);
CREATE INDEX post_held_role ON post_held (role, area, from_day);

CREATE TABLE post_needed (
    role TEXT NOT NULL,
    area TEXT NOT NULL,
    from_day DATE NOT NULL,
    to_day DATE,
    posts INTEGER NOT NULL,
    stated_by TEXT NOT NULL,
    imported_at TIMESTAMP NOT NULL,
    PRIMARY KEY (role, area, from_day, stated_by)
);

CREATE TABLE provision (
    role TEXT NOT NULL,
    area TEXT NOT NULL,
    from_day DATE NOT NULL,
    to_day DATE,
    places INTEGER NOT NULL,
    stated_by TEXT NOT NULL,
    imported_at TIMESTAMP NOT NULL,
    PRIMARY KEY (role, area, from_day, stated_by)
);
