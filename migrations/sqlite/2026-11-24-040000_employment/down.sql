DROP TABLE provision;
DROP TABLE post_needed;
DROP TABLE post_held;
