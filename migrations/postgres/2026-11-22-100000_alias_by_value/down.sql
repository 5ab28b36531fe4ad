ALTER TABLE staged_batch ALTER COLUMN content SET STORAGE EXTENDED;
ALTER TABLE learner_alias DROP CONSTRAINT learner_alias_pkey;
ALTER TABLE learner_alias ADD PRIMARY KEY (kind, scope, value);
