drop table ops.goal_readings;
drop table goals;
