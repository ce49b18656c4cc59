drop table ops.events;
drop table ops.job_run_logs;
drop table ops.job_runs;
drop function ops.job_runs_immutable();
