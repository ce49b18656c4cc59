drop type job_status, job_type, goal_status, goal_metric_type, report_status, report_format, report_type, sync_status,
  sync_type, data_sync_service_name, dashboard_type, metric_type, service_name;
drop table ops.settings;
drop function ops.uuid7();
drop function ops.now();
drop schema ops;
