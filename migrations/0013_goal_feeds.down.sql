drop trigger series_fed_deleted on metrics;
drop trigger series_fed_updated_from on metrics;
drop trigger series_fed_updated_to on metrics;
drop trigger series_fed_inserted on metrics;
drop function ops.feed_goals();
drop function ops.queue_goal_feed(jsonb);
drop function ops.goal_feed_id(jsonb, timestamptz);
