DROP TABLE workforce_row;
DROP TABLE workforce_table;
DROP TABLE workforce_snapshot;
