drop table ops.forecast_cache;
drop index ops.job_runs_by_state;
drop index ops.job_runs_by_time;
drop table ops.job_run_totals;
alter table scheduled_jobs drop column history_days, drop column failures_in_a_row;
