-- What a verification by certificate number does: the join by which the registry finds the award with its holder, a
-- receipt, an entry of the access ledger; one commit. Identifiers begin with the time, as the registry's do, so that new
-- rows stand together in the index; the receipt is as long as a signed one, and nobody signs it.
\set n random(1, 1000000)
\set r random(1, 4000000000000000000)
BEGIN;
SELECT achievement.*, qualification.*, unit.*, awarding_body.*, learner.*
FROM achievement
LEFT JOIN qualification ON achievement.subject_kind = :qualification AND achievement.subject_code = qualification.number
LEFT JOIN unit ON achievement.subject_kind = :unit AND achievement.subject_code = unit.reference
LEFT JOIN awarding_body ON coalesce(qualification.body, achievement.body) = awarding_body.recognition_number
INNER JOIN learner ON learner.id = achievement.learner_id
WHERE achievement.replaced_by IS NULL AND achievement.certificate_number = 'C' || :n
ORDER BY achievement.id
LIMIT 50;
INSERT INTO receipt (id, caller, outcome, purpose, achievement_id, checked_at, jwt)
VALUES (int8send((extract(epoch FROM clock_timestamp()) * 1000000)::bigint) || int8send(:r),
        'registry' || chr(31) || 'employer-' || :n % 50, 'VALID', 'Application for a post',
        '\x019300000001700080000000'::bytea || int4send(:n), clock_timestamp() AT TIME ZONE 'UTC', repeat('x', 690));
INSERT INTO access_entry (id, learner_id, at, by_whom, role, what, purpose, via)
VALUES (int8send((extract(epoch FROM clock_timestamp()) * 1000000)::bigint) || int8send(:r),
        '\x019300000000700080000000'::bytea || int4send(1 + :n % 200000), clock_timestamp() AT TIME ZONE 'UTC',
        'little-acorns-' || :n % 50 || ' (employer-' || :n % 50 || ')', 'employer', 'verification', 'Application for a post',
        'graphql');
COMMIT;
