DELETE FROM learner_alias WHERE kind IN ('reported-uln', 'reported-retired-uln');
UPDATE learner_alias SET kind = 'uln' WHERE kind IN ('retired-uln', 'deleted-uln');
DROP TABLE uln_change;
