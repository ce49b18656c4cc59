-- A reading is at most 1e15, but what a goal's readings add up to may be more: any finite number (NaN sorts above all).
alter table goals drop constraint goals_current_value_check,
  add constraint goals_current_value_check check (current_value > '-infinity' and current_value < 'infinity');
