drop table ops.metric_definitions;
drop table metrics;
