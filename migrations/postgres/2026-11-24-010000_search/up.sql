-- To which sectors qualifications belong, by whoever says so (`source`), folded as words are compared.
CREATE TABLE qualification_sector (
    number TEXT NOT NULL,
    source TEXT NOT NULL,
    sector TEXT NOT NULL,
    PRIMARY KEY (number, source, sector)
);
CREATE INDEX qualification_body ON qualification (body, number);

-- What can be found by which word. `size` is how many words the title has: of two titles with the same words the
-- shorter one says it more exactly. Written in the transaction that writes what is found.
CREATE TABLE search_posting (
    kind TEXT NOT NULL,
    word TEXT COLLATE "C" NOT NULL,
    key TEXT NOT NULL,
    size SMALLINT NOT NULL,
    PRIMARY KEY (kind, word, key)
);
CREATE INDEX search_posting_in_order ON search_posting (kind, word, size, key);

-- Words are compared byte by byte, so that those with one beginning stand together in every locale.
-- Every word, and how many there are to be found by it: who searches begins with the rarest.
CREATE TABLE search_word (
    kind TEXT NOT NULL,
    word TEXT COLLATE "C" NOT NULL,
    entries BIGINT NOT NULL,
    PRIMARY KEY (kind, word)
);

-- What is left of a word without one or two of its letters. Two words that differ by so many mistakes have one of
-- these in common, so that what was meant is found by equality alone.
CREATE TABLE search_spelling (
    deletion TEXT COLLATE "C" NOT NULL,
    word TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (deletion, word)
);

-- Kinds whose entries were stored before there was an index. Whoever opens the database next makes it, in one
-- transaction with taking the row away.
CREATE TABLE search_pending (kind TEXT PRIMARY KEY NOT NULL);
INSERT INTO search_pending SELECT 'qualification' WHERE EXISTS (SELECT 1 FROM qualification);
INSERT INTO search_pending SELECT 'unit' WHERE EXISTS (SELECT 1 FROM unit);
