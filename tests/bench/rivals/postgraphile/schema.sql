-- What PostGraphile serves: views over the registry's own tables, with the registry's own indexes below them, named and
-- related by smart comments so that its answers have the registry's bytes. The views decide what the registry's model
-- decides: the register's title, level and credit go before the source's, and its owner before the body that was named.
DROP SCHEMA IF EXISTS rival CASCADE;
CREATE SCHEMA rival;

CREATE FUNCTION rival.level_name(place smallint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT ('{ENTRY_1,ENTRY_2,ENTRY_3,L1,L2,L3,L4,L5,L6,L7,L8}'::text[])[place + 1] $$;
COMMENT ON FUNCTION rival.level_name(smallint) IS E'@omit';

CREATE VIEW rival.learner AS
SELECT id, given_name, family_name, date_of_birth FROM public.learner;
COMMENT ON VIEW rival.learner IS E'@primaryKey id';

CREATE VIEW rival.body AS
SELECT recognition_number, name FROM public.awarding_body;
COMMENT ON VIEW rival.body IS E'@primaryKey recognition_number';

CREATE VIEW rival.qualification AS
SELECT number, title, rival.level_name(level) AS level, body AS owner FROM public.qualification;
COMMENT ON VIEW rival.qualification IS
E'@primaryKey number\n@foreignKey (owner) references rival.body (recognition_number)|@fieldName body';

CREATE VIEW rival.achievement AS
SELECT achievement.id, achievement.learner_id, achievement.awarded_on, achievement.grade, achievement.certificate_number,
       CASE WHEN qualification.registered THEN qualification.title ELSE achievement.title END AS title,
       upper(achievement.status) AS status,
       rival.level_name(CASE WHEN qualification.registered THEN coalesce(qualification.level, achievement.level)
                             ELSE achievement.level END) AS level,
       CASE WHEN qualification.registered THEN coalesce(qualification.total_credit, achievement.credit)
            ELSE achievement.credit END AS credit,
       CASE achievement.route WHEN 'rpl' THEN 'RPL' ELSE upper(replace(achievement.route, '-', '_')) END AS route,
       upper(replace(achievement.standing, '-', '_')) AS standing,
       qualification.number AS subject_code,
       coalesce(qualification.body, achievement.body) AS body_number
FROM public.achievement
LEFT JOIN public.qualification
       ON achievement.subject_kind = 'qualification' AND achievement.subject_code = qualification.number
WHERE achievement.replaced_by IS NULL;
COMMENT ON VIEW rival.achievement IS
E'@primaryKey id\n@foreignKey (learner_id) references rival.learner (id)|@foreignFieldName achievements\n@foreignKey (subject_code) references rival.qualification (number)|@fieldName qualification\n@foreignKey (body_number) references rival.body (recognition_number)|@fieldName body';
