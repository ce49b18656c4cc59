drop table data_syncs;
