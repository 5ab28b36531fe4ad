DROP TABLE credential_award;
DROP TABLE credential;
DROP TABLE status_list;
