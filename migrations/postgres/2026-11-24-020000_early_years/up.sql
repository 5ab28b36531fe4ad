-- Which state of the Department for Education's list of early-years qualifications is in force. Whoever imports it
-- holds this row until the end of their transaction.
CREATE TABLE early_years_list (
    id SMALLINT PRIMARY KEY NOT NULL CHECK (id = 1),
    version BIGINT NOT NULL
);
INSERT INTO early_years_list (id, version) VALUES (1, 0);

-- Every entry of the list as it ever stood: by its reference, and the version of the list with which it came to say
-- so. Days are the first of the month from which and the last of the month until which it counts for who began then.
CREATE TABLE early_years_entry (
    reference TEXT NOT NULL,
    version BIGINT NOT NULL,
    level SMALLINT NOT NULL,
    started_from DATE,
    started_until DATE,
    title TEXT NOT NULL,
    body_name TEXT NOT NULL,
    number TEXT,
    notes TEXT,
    -- Identifiers, parted by colons, of the questions that decide whether it is full and relevant.
    questions TEXT NOT NULL,
    ratio_requirements TEXT NOT NULL,
    loaded_at TIMESTAMP NOT NULL,
    -- When it came to say something else.
    replaced_at TIMESTAMP,
    PRIMARY KEY (reference, version)
);
CREATE UNIQUE INDEX early_years_entry_in_force ON early_years_entry (reference) WHERE replaced_at IS NULL;
