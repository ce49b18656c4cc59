drop table ops.goal_forecasts;
