-- Which state of the framework's tables is in force. Whoever imports tables holds this row until the end of their
-- transaction, so that no two imports are held against what the other replaces; whoever has read the tables asks
-- here, with each request, whether they still stand.
CREATE TABLE framework_version (
    id SMALLINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);
INSERT INTO framework_version (id, version) VALUES (1, 0);

-- Every text that a table of the framework ever had, whole, as it was imported.
CREATE TABLE framework_table (
    name TEXT NOT NULL,
    -- The version with which this text came into force.
    version BIGINT NOT NULL,
    -- SHA-256 of the text.
    digest TEXT NOT NULL,
    content TEXT NOT NULL,
    loaded_at TIMESTAMP NOT NULL,
    -- When another took its place.
    replaced_at TIMESTAMP,
    PRIMARY KEY (name, version)
);
CREATE UNIQUE INDEX framework_table_in_force ON framework_table (name) WHERE replaced_at IS NULL;
