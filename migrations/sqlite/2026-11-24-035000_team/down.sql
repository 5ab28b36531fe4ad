DROP TABLE clearance;
DROP TABLE team_member;
DROP TABLE team;
