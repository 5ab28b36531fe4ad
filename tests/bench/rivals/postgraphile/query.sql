-- What PostGraphile 4.14.1 makes of the query `me` (one statement, prepared under a name), with lines joined.
select to_json((__local_0__."given_name")) as "givenName", to_json((__local_0__."family_name")) as "familyName", to_json((__local_0__."date_of_birth")) as "dateOfBirth", to_json((with __local_1__ as (select to_json((json_build_object('@node'::text, (json_build_object('title'::text, (__local_2__."title"), 'awardedOn'::text, (__local_2__."awarded_on"), 'grade'::text, (__local_2__."grade"), 'status'::text, (__local_2__."status"), 'level'::text, (__local_2__."level"), 'credit'::text, (__local_2__."credit"), 'route'::text, (__local_2__."route"), 'standing'::text, (__local_2__."standing"), 'certificateNumber'::text, (__local_2__."certificate_number"), '@subject'::text, (select json_build_object('number'::text, (__local_3__."number"), 'title'::text, (__local_3__."title"), 'level'::text, (__local_3__."level"), '@awardingBody'::text, (select json_build_object('name'::text, (__local_4__."name")) as object
from "rival"."body" as __local_4__
where (__local_3__."owner" = __local_4__."recognition_number") and (TRUE) and (TRUE)
)) as object
from "rival"."qualification" as __local_3__
where (__local_2__."subject_code" = __local_3__."number") and (TRUE) and (TRUE)
), '@awardingBody'::text, (select json_build_object('recognitionNumber'::text, (__local_5__."recognition_number"), 'name'::text, (__local_5__."name")) as object
from "rival"."body" as __local_5__
where (__local_2__."body_number" = __local_5__."recognition_number") and (TRUE) and (TRUE)
)))))) as "@edges" from (select __local_2__.*
from "rival"."achievement" as __local_2__
where (__local_2__."learner_id" = __local_0__."id") and (TRUE) and (TRUE)
order by __local_2__."id" ASC
limit 10
) __local_2__), __local_6__ as (select json_agg(to_json(__local_1__)) as data from __local_1__) select json_build_object('data'::text, coalesce((select __local_6__.data from __local_6__), '[]'::json)) )) as "@achievements"
from "rival"."learner" as __local_0__
where (__local_0__."id" = $1) and (TRUE) and (TRUE)
