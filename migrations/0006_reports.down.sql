drop table ops.deliveries;
drop table ops.report_files;
drop table reports;
