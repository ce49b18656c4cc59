-- Not valid, so that a goal beyond the bounds does not keep the schema from going back; its next update is refused.
alter table goals drop constraint goals_current_value_check,
  add constraint goals_current_value_check check (current_value between -1e15 and 1e15) not valid;
