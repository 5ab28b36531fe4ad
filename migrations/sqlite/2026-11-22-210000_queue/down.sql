DROP TABLE import_turn;
DROP TABLE import_claim;
