DROP TABLE share_achievement;
DROP TABLE share;
