-- Who was merged before merges were kept stays merged. They cannot be told apart any more: identifiers and statements
-- are those of the one who was kept.
UPDATE source SET arrived_as = learner_id WHERE arrived_as IN (SELECT id FROM learner AS gone WHERE merged_into IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM learner_merge WHERE gone_id = gone.id OR kept_id = gone.id));
INSERT INTO learner_merge (id, gone_id, kept_id, origin, by_whom, reason, merged_at)
SELECT id, id, merged_into, 'source', 'registry', 'merged before merges were kept', created_at
FROM learner AS gone WHERE merged_into IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM learner_merge WHERE gone_id = gone.id OR kept_id = gone.id);
