-- Two with numbers are never compared: of the keys of the many who have one, those of the few who have none are asked.
ALTER TABLE learner_key DROP CONSTRAINT learner_key_pkey;
ALTER TABLE learner_key ADD PRIMARY KEY (numbered, key, learner_id);
