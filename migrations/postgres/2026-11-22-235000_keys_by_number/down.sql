ALTER TABLE learner_key DROP CONSTRAINT learner_key_pkey;
ALTER TABLE learner_key ADD PRIMARY KEY (key, learner_id);
