drop table scheduled_jobs;
