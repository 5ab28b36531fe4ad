-- Identifiers are looked up some thousands at a time. With the value first an index always leads straight to
-- them; behind the kind, a planner without statistics reads every identifier of that kind instead.
ALTER TABLE learner_alias DROP CONSTRAINT learner_alias_pkey;
ALTER TABLE learner_alias ADD PRIMARY KEY (value, kind, scope);
-- Staged batches live for seconds: compressing them costs more than the space.
ALTER TABLE staged_batch ALTER COLUMN content SET STORAGE EXTERNAL;
