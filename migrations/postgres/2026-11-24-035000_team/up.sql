-- An employer's teams, of people who shared with it. What a team knows of a person is what the share gives, for as long
-- as it does; the team itself keeps only what the employer said: role, from when and until when.
CREATE TABLE team (
    id BYTEA PRIMARY KEY,
    employer TEXT NOT NULL,
    name TEXT NOT NULL,
    setting TEXT,
    created_at TIMESTAMP NOT NULL,
    created_by TEXT NOT NULL
);
CREATE INDEX team_employer ON team (employer, id);

CREATE TABLE team_member (
    id BYTEA PRIMARY KEY,
    team_id BYTEA NOT NULL REFERENCES team (id),
    share_id BYTEA NOT NULL REFERENCES share (id),
    role TEXT NOT NULL,
    from_day DATE NOT NULL,
    to_day DATE,
    added_at TIMESTAMP NOT NULL,
    added_by TEXT NOT NULL
);
CREATE INDEX team_member_team ON team_member (team_id, id);
CREATE INDEX team_member_share ON team_member (share_id);

-- That a check of somebody was seen, by whom and when; never what it said.
CREATE TABLE clearance (
    id BYTEA PRIMARY KEY,
    member_id BYTEA NOT NULL REFERENCES team_member (id),
    kind TEXT NOT NULL,
    reference TEXT,
    seen_by TEXT NOT NULL,
    seen_on DATE NOT NULL,
    recorded_at TIMESTAMP NOT NULL
);
CREATE INDEX clearance_member ON clearance (member_id, id);
