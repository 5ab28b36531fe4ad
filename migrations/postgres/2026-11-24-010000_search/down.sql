DROP TABLE search_pending;
DROP TABLE search_spelling;
DROP TABLE search_word;
DROP TABLE search_posting;
DROP INDEX qualification_body;
DROP TABLE qualification_sector;
