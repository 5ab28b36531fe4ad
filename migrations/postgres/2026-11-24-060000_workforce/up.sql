-- Figures of the workforce, as they are told: counts of people are protected and rounded, and what is not told is not kept.
-- A snapshot that was published is never changed.
CREATE TABLE workforce_snapshot (
    day DATE PRIMARY KEY,
    published_at TIMESTAMP NOT NULL
);

-- Each table of a snapshot by its dimensions: sector 1, role 2, level 4, status 8, area 16. Without a number of rows it has
-- more than are published.
CREATE TABLE workforce_table (
    day DATE NOT NULL REFERENCES workforce_snapshot (day),
    dimensions SMALLINT NOT NULL,
    row_count INTEGER,
    PRIMARY KEY (day, dimensions)
);

-- What the table does not have is empty. No people: few or nobody. No posts or places: nobody says how many.
CREATE TABLE workforce_row (
    day DATE NOT NULL,
    dimensions SMALLINT NOT NULL,
    sector TEXT NOT NULL,
    role TEXT NOT NULL,
    level TEXT NOT NULL,
    status TEXT NOT NULL,
    area TEXT NOT NULL,
    people INTEGER,
    needed INTEGER,
    provision INTEGER,
    PRIMARY KEY (day, dimensions, sector, role, level, status, area),
    FOREIGN KEY (day, dimensions) REFERENCES workforce_table (day, dimensions)
);
