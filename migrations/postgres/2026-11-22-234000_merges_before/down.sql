DELETE FROM learner_merge WHERE reason = 'merged before merges were kept';
