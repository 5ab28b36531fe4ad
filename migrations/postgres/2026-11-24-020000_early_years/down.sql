DROP TABLE early_years_entry;
DROP TABLE early_years_list;
