DROP TABLE framework_table;
DROP TABLE framework_version;
